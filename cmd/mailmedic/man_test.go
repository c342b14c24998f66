package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/mailtest/debian"
	"mailmedic/report"
)

// TestManPage reads the page as it is shown, by a reader of manual pages that also tells what
// is wrong with one.
func TestManPage(t *testing.T) {
	debian.RequireTools(t, "mandoc")
	commands := (&program{}).commands().Commands
	page := manPage(commands, time.Date(2026, 11, 22, 1, 0, 0, 0, time.FixedZone("", 2*60*60)))
	if said := mandoc(t, page, "-T", "lint", "-W", "style"); said != "" {
		t.Errorf("mandoc has something to say:\n%s", said)
	}
	shown := mandoc(t, page, "-T", "ascii", "-O", "width=80")
	var headings []string
	for line := range strings.Lines(shown) {
		line = strings.TrimRight(line, "\n")
		if n := report.Width(line); n > 80 && !strings.HasPrefix(strings.TrimSpace(line), "mailmedic ") {
			t.Errorf("got %d columns, want 80 at most: %s", n, line)
		}
		if line != "" && line[0] >= 'A' && line[0] <= 'Z' && !strings.HasPrefix(line, "MAILMEDIC") {
			headings = append(headings, line)
		}
	}
	want := []string{"NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "COMMANDS", "ACCOUNTS", "AGAIN AND AGAIN", "FORMATS", "PRIVACY", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO"}
	if !slices.Equal(headings, want) {
		t.Errorf("got the headings %q, want %q", headings, want)
	}
	if !strings.Contains(shown, "2026-11-21") {
		t.Errorf("got no 2026-11-21, the day in UTC, in the last line:\n%s", shown[max(0, len(shown)-200):])
	}

	words := strings.Fields(shown)
	var missing []string
	need := func(text string) {
		if !strings.Contains(strings.Join(words, " "), strings.Join(strings.Fields(text), " ")) {
			missing = append(missing, text)
		}
	}
	for _, c := range commands {
		need("mailmedic " + c.Name + " " + c.ArgsUsage)
		need(c.UsageText)
		need(c.Description)
		for _, f := range c.Flags {
			name, text, _ := strings.Cut(flagHelp(f, nil), "\n")
			need(name)
			need(text)
		}
	}
	for _, e := range ends() {
		need(e.name + ": " + e.when.String())
	}
	need(environment)
	need(accountsHelp)
	if missing != nil {
		t.Errorf("the page lacks %q", missing)
	}
}

// mandoc runs the reader and returns the page without the backspaces that make it bold.
func mandoc(t *testing.T, page string, arguments ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "mandoc", arguments...)
	cmd.Stdin = strings.NewReader(page)
	out, err := cmd.CombinedOutput()
	if err != nil && len(out) == 0 {
		t.Fatalf("mandoc %s: %v", strings.Join(arguments, " "), err)
	}
	var plain []rune
	for _, r := range string(out) {
		if r == '\b' && len(plain) > 0 {
			plain = plain[:len(plain)-1]
			continue
		}
		plain = append(plain, r)
	}
	return string(plain)
}

func TestEscaped(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"plain", "plain"},
		{"--flag", `\-\-flag`},
		{".netrc", `\&.netrc`},
		{"'quoted' `so` and \"so\"", `\(aqquoted\(aq \(gaso\(ga and \(dqso\(dq`},
		{`C:\mail`, `C:\email`},
		{"~/x^y", `\(ti/x\(hay`},
	} {
		if got := escaped(test.in); got != test.want {
			t.Errorf("escaped(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}
