//go:build linux

package main

import (
	"bytes"
	"context"
	"strings"
	"syscall"
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
			ctx, cancel := context.WithTimeout(t.Context(), longestRun)
			defer cancel()
			shown, code := asked(ctx, s, "[y/N] ", c.keys, append([]string{"demo", "healthy"}, strings.Fields(c.flags)...)...)
			if code != 0 || !strings.Contains(shown, c.shown) || strings.Contains(shown, c.never) || strings.Contains(shown, "===") {
				t.Errorf("got exit code %d, want %q, and neither %q nor marks, on the screen:\n%s", code, c.shown, c.never, shown)
			}
		})
	}
}

// asked runs the program on a terminal and types keys when a question is there. Without keys
// there must be no question.
func asked(ctx context.Context, s *sandbox, question, keys string, words ...string) (shown string, code int) {
	s.t.Helper()
	screen, terminal, err := pseudoterminal()
	if err != nil {
		s.t.Fatalf("open a terminal: %v", err)
	}
	defer screen.Close()
	cmd := s.command(ctx, words...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	err = cmd.Start()
	terminal.Close()
	if err != nil {
		s.t.Fatal(err)
	}
	var all bytes.Buffer
	buffer := make([]byte, 4096)
	for told := false; ; {
		n, gone := screen.Read(buffer)
		all.Write(buffer[:n])
		if !told && bytes.Contains(all.Bytes(), []byte(question)) {
			told = true
			if _, err := screen.WriteString(keys); err != nil || keys == "" {
				s.t.Errorf("a question without an answer, %v: %s", err, all.String())
			}
		}
		if gone != nil {
			break // the program has closed the terminal
		}
	}
	_ = cmd.Wait() // the exit code tells
	return all.String(), cmd.ProcessState.ExitCode()
}
