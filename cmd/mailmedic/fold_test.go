package main

import (
	"regexp"
	"strings"
	"testing"

	"mailmedic/probe/mailtest"
)

func TestFold(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"what fits stays", "  a    b", "  a    b"},
		{"prose", "There is no such thing as a short sentence.", "There is no such thing as a\nshort sentence."},
		{"a long word", "See ftp://archive.example.org/a/long/name", "See\nftp://archive.example.org/a/lo\nng/name"},
		{"the column stays", "  check  test everything and explain", "  check  test everything and\n         explain"},
		{"a list", "  - one that is longer than the line", "  - one that is longer than\n    the line"},
		{"a column too narrow", "  a name that is long  text that needs room", "  a name that is long\n      text that needs room"},
		{"set in too far", "                    text that needs room", "      text that needs room"},
		{"a command of mailmedic", "  mailmedic check you@example.net --no-login", "  mailmedic check you@example.net --no-login"},
		{"another command", "    openssl s_client -connect host:993", "    openssl s_client -connect host:993"},
		{"to be typed", "Write it as in:  mailmedic check you@example.net", "Write it as in:\nmailmedic check you@example.net"},
		{"to be typed, and it fits", "Or else you may write it like this:  --timeout 10s", "Or else you may write it like\nthis:  --timeout 10s"},
		{"a command amid prose", "What somebody saved with the command  mailmedic check --json  is read.", "What somebody saved with the\ncommand  mailmedic check\n--json  is read."},
		{"two sentences", "Did you mean send?  There are receive, send and both.", "Did you mean send?  There are\nreceive, send and both."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := fold(test.text+"\n", 30); got != test.want+"\n" {
				t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
			}
		})
	}
}

// However narrow a screen says it is, nothing is lost and nothing hangs.
func TestFoldOnAnyWidth(t *testing.T) {
	want := strings.Join(strings.Fields(overview), "")
	for width := range 100 {
		if got := strings.Join(strings.Fields(fold(overview, width)), ""); got != want {
			t.Errorf("%d columns: got %s, want %s", width, got, want)
		}
	}
}

// An example that does not work is worse than none.
func TestHelpNamesScenariosThatExist(t *testing.T) {
	known := map[string]bool{}
	for _, s := range mailtest.Scenarios() {
		known[s.Name] = true
	}
	text := overview
	for _, c := range (&program{}).commands().Commands {
		text += helpText(c, nil)
	}
	named := regexp.MustCompile(`mailmedic demo ([a-z0-9][a-z0-9-]*)`).FindAllStringSubmatch(text, -1)
	if len(named) == 0 {
		t.Fatal("the help names no scenario")
	}
	for _, match := range named {
		if !known[match[1]] {
			t.Errorf("%s: there is no such scenario", match[0])
		}
	}
}
