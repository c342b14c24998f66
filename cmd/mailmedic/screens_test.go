package main

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// codes takes the codes out of a JSON list, sorted, one a line: "codes stdout code FILE".
func codes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: codes FILE FIELD TO")
	}
	var rows []map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &rows))
	var found []string
	for _, row := range rows {
		code, _ := row[args[1]].(string)
		found = append(found, code)
	}
	slices.Sort(found)
	if len(found) < 50 {
		ts.Fatalf("%s has %d codes, which cannot be all", args[0], len(found))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(strings.Join(found, "\n")+"\n"), 0o600))
}

// screens shows simulated situations on several kinds of screens, and looks for what does
// not belong on each: "screens healthy network-down".
func screens(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: screens SCENARIO...")
	}
	escape := regexp.MustCompile(`\x1b\[[0-9;]*m`)
	for _, name := range args {
		show := func(env []string, flags ...string) string {
			cmd := process(ts, append([]string{"mailmedic", "check", "--demo", name, "--no-input", "--timeout", "1s"}, flags...))
			cmd.Env = append(cmd.Env, env...)
			var out bytes.Buffer
			cmd.Stdout = &out
			exitCode(ts, cmd.Run())
			if out.Len() == 0 {
				ts.Fatalf("%s with %q says nothing", name, env)
			}
			return out.String()
		}
		plain := show(nil)
		for line := range strings.Lines(plain) {
			said := strings.NewReplacer("STARTTLS", "", "SSL/TLS", "").Replace(line)
			if regexp.MustCompile(`DNS|TLS|TCP|SNI|x509|dial tcp|EOF`).MatchString(said) {
				ts.Fatalf("%s uses a word of specialists: %s", name, line)
			}
		}
		if strings.Contains(plain, "\x1b") {
			ts.Fatalf("%s has escape codes in a pipe", name)
		}
		if colored := show(nil, "--color", "always"); colored == escape.ReplaceAllString(colored, "") || alike(escape.ReplaceAllString(colored, "")) != alike(plain) {
			ts.Fatalf("%s in colour says something else, or has no colour:\n%s\nwant\n%s", name, colored, plain)
		}
		for _, env := range []string{"NO_COLOR=1", "TERM=dumb", "FORCE_COLOR=0", "CLICOLOR=0"} {
			if strings.Contains(show([]string{env}), "\x1b") {
				ts.Fatalf("%s has escape codes with %s", name, env)
			}
		}
		if !strings.Contains(show([]string{"FORCE_COLOR=1"}), "\x1b[") || strings.Contains(show([]string{"FORCE_COLOR=1", "NO_COLOR=1"}), "\x1b[") {
			ts.Fatalf("%s: FORCE_COLOR is not obeyed, or beats NO_COLOR", name)
		}
		for _, b := range show([]string{"LC_ALL=C"}) {
			if b > 0x7E {
				ts.Fatalf("%s has %q in an ASCII locale", name, b)
			}
		}
		for env, most := range map[string]int{"COLUMNS=40": 40, "COLUMNS=60": 60, "COLUMNS=200": 80} {
			for line := range strings.Lines(show([]string{env})) {
				if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > most {
					ts.Fatalf("%s with %s has a line of %d columns: %s", name, env, n, line)
				}
			}
		}
	}
}

// alike is a report without what two runs differ in: names, times and what they do to the layout.
func alike(text string) string {
	text = regexp.MustCompile(`[A-Z][0-9][A-Z]-?[0-9]{3}-?[A-Z]|[0-9]+(\.[0-9]+)? m?s\b|[0-9]{2}:[0-9]{2}`).ReplaceAllString(text, "")
	return strings.Join(strings.Fields(text), " ")
}
