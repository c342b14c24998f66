package pages

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	p := Page{Code: "MM900", Title: "A short title", Sections: []Section{
		{Heading: "In short", Text: "Words that are longer than the line and\nbreak `here`."},
		{Heading: "How to fix it", Text: "1. First of all, do this.\n2. Then do\n   that.\n\n- A point.\n\nUse port\n587. It works."},
		{Heading: "How to confirm it by hand", Text: "Type:\n\n    openssl s_client -connect {host}:{port} # {login}\n    second"},
		{Heading: "Sources", Text: "RFC 1\nRFC 2"},
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
		`    openssl s_client \`,
		`        -connect \`,
		`        mail.example:PORT # \`,
		"        NAME",
		"    second",
		"",
		"SOURCES",
		"  - RFC 1",
		"  - RFC 2",
		"",
	}, "\n")
	if got := p.At(Place{Host: "mail.example"}).Text(30); got != want {
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

// What a command quotes may be wider than the terminal, and words that cannot be broken.
func TestEveryPageKeepsToTheWidth(t *testing.T) {
	for _, p := range inAll(t) {
		p = p.At(Place{})
		for _, width := range []int{40, 80} {
			for line := range strings.SplitSeq(p.Text(width), "\n") {
				words := strings.TrimPrefix(strings.TrimSpace(line), "- ")
				if utf8.RuneCountInString(line) > width && strings.Contains(words, " ") && !strings.ContainsAny(words, `'"`) {
					t.Errorf("%s: %d columns of %d: %s", p.Code, utf8.RuneCountInString(line), width, line)
				}
			}
		}
	}
}

func TestNoPlaceholderIsLeft(t *testing.T) {
	places := []Place{
		{},
		{Host: "mail.example", Port: 993, Protocol: "imap", Encryption: "tls", Login: "alice", Address: "alice@mail.example"},
		{Host: "mail.example", Port: 587, Protocol: "smtp", Encryption: "starttls"},
	}
	left := regexp.MustCompile(`\{[a-z-]+\}|<!--`)
	for _, p := range inAll(t) {
		for _, at := range places {
			if found := left.FindString(strings.ReplaceAll(p.At(at).Text(80), "%{time_connect}", "")); found != "" {
				t.Errorf("%s at %+v: %s is left", p.Code, at, found)
			}
		}
	}
}

func TestFold(t *testing.T) {
	for _, tt := range []struct {
		command string
		width   int
		want    string
	}{
		{"dig +short mail.example", 40, "dig +short mail.example"},
		{"dig +short mail.example", 16, "dig +short \\|    mail.example"},
		{`curl -X 'LIST "" "*"' --user alice`, 24, `curl -X 'LIST "" "*"' \|    --user alice`},
		{"openssl s_client -connect mail.example:993 -servername mail.example", 50, `openssl s_client -connect mail.example:993 \|    -servername mail.example`},
		{"averyverylongword", 5, "averyverylongword"},
		{"", 5, ""},
	} {
		if got := strings.Join(Fold(tt.command, tt.width), "|"); got != tt.want {
			t.Errorf("Fold(%q, %d) = %q, want %q", tt.command, tt.width, got, tt.want)
		}
	}
}
