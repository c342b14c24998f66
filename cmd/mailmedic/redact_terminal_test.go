//go:build linux

package main

import (
	"strings"
	"testing"
)

// TestRedactOnATerminal: on the user's own screen a report hides as much as anywhere, unless
// they ask for all of it and say so again. There is nothing to count there, so no marks.
func TestRedactOnATerminal(t *testing.T) {
	for name, c := range map[string]struct {
		flags string
		keys  string // typed at the question
		shown string
		never string
	}{
		"as it is":  {"", "", "a***@runbox.com", "alice"},
		"off":       {"--redact off", "y\n", "alice@runbox.com", "a***"},
		"in a word": {"--redact off", " Yes\n", "alice@runbox.com", "a***"},
		"not sure":  {"--redact off", "\n", "They stay hidden.", "alice"},
		"no":        {"--redact off", "n\n", "a***@runbox.com", "alice"},
		"no answer": {"--redact off", "\x04", "a***@runbox.com", "alice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sandboxed(t, nil)
			k := talkTo(s, 30, append([]string{"demo", "healthy"}, strings.Fields(c.flags)...)...)
			if c.keys != "" {
				k.say("[y/N] ", c.keys)
			}
			k.end(0)
			if !strings.Contains(k.shown, c.shown) || strings.Contains(k.shown, c.never) || strings.Contains(k.shown, "===") {
				t.Errorf("want %q, and neither %q nor marks, on the screen:\n%s", c.shown, c.never, k.shown)
			}
			if asked := strings.Contains(k.shown, "[y/N] "); asked != (c.keys != "") {
				t.Errorf("it asked: %t, want %t:\n%s", asked, c.keys != "", k.shown)
			}
		})
	}
}
