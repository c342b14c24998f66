package pages

import (
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	p := Page{Code: "MM900", Title: "A short title", Sections: []Section{
		{"In short", "Words that are longer than the line and\nbreak `here`."},
		{"How to fix it", "1. First of all, do this.\n2. Then do\n   that.\n\n- A point.\n\nUse port\n587. It works."},
		{"How to confirm it by hand", "Type:\n\n    openssl s_client -connect {host}:{port} # {login}\n    second"},
		{"Sources", "RFC 1\nRFC 2"},
	}}
	want := strings.Join([]string{
		"MM900  A short title",
		"",
		"IN SHORT",
		"  Words that are longer than",
		`  the line and break "here".`,
		"",
		"HOW TO FIX IT",
		"  1. First of all, do this.",
		"  2. Then do that.",
		"",
		"  - A point.",
		"",
		"  Use port 587. It works.",
		"",
		"HOW TO CONFIRM IT BY HAND",
		"  Type:",
		"",
		"    openssl s_client -connect mail.example:PORT # NAME",
		"    second",
		"",
		"SOURCES",
		"  - RFC 1",
		"  - RFC 2",
		"",
	}, "\n")
	if got := p.Text(map[string]string{"host": "mail.example", "port": ""}, 30); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestTextHangsListItems(t *testing.T) {
	got := layout("10. one two three four five", 16)
	want := []string{"10. one two", "    three four", "    five"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Commands are the one thing that may be wider than the terminal, and words that
// cannot be broken.
func TestEveryPageKeepsToTheWidth(t *testing.T) {
	for _, p := range mustAll(t) {
		commands := map[string]bool{}
		for _, s := range p.Sections {
			for line := range strings.SplitSeq(filled(s.Text, nil), "\n") {
				if strings.HasPrefix(line, "    ") {
					commands[strings.TrimSpace(line)] = true
				}
			}
		}
		for _, width := range []int{40, 80} {
			for line := range strings.SplitSeq(p.Text(nil, width), "\n") {
				words := strings.TrimPrefix(strings.TrimSpace(line), "- ")
				if len(line) > width && strings.Contains(words, " ") && !commands[words] {
					t.Errorf("%s: %d columns of %d: %s", p.Code, len(line), width, line)
				}
			}
		}
	}
}

func TestNoPlaceholderIsLeft(t *testing.T) {
	for _, p := range mustAll(t) {
		text := p.Text(nil, 80)
		for _, name := range []string{"{host}", "{port}", "{login}", "{address}", "{domain}", "{folder}", "{uid}"} {
			if strings.Contains(text, name) {
				t.Errorf("%s: %s is left", p.Code, name)
			}
		}
	}
}
