package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/leonelquinteros/gotext"

	mail "mailmedic/checks/program"
	"mailmedic/report/messages"
)

// TestNoEnglishAmidNorwegian runs commands in Norwegian and looks for messages in English.
// One whose words are the same in both, or that has none yet, is not looked for.
func TestNoEnglishAmidNorwegian(t *testing.T) {
	english, quotes := english(t, messages.Bokmal), elsewhere(t)
	file := filepath.Join(t.TempDir(), ".mbsyncrc")
	if err := os.WriteFile(file, []byte("IMAPAccount a\nHost imap.runbox.com\nPort 143\nUser alice\nSSLType None\n\nIMAPStore a-remote\nAccount a\nPath Mail\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, words := range [][]string{
		{"help"},
		{"help", "check"},
		{"help", "settings"},
		{"help", "client"},
		{"help", "completion"},
		{"help", "accounts"},
		{"help", "environment"},
		{"help", "exit-codes"},
		{"settings"},
		{"settings", "bob@example.org"},
		{"settings", "bob@example.org", "--app", "thunderbird"},
		{"settings", "bob@example.org", "--app", "outlook"},
		{"settings", "--app", "mutt"},
		{"settings", "--app", "android", "--files", "."},
		{"client", file, "-v"},
		{"client", filepath.Join(t.TempDir(), "none")},
		{"demo", "--list"},
		{"check", "bob@example.org", "--accounts", file},
		{"check", "--accounts", file},
	} {
		io, read := streams(t)
		run(t.Context(), append([]string{"mailmedic"}, append(words, "--lang", "nb")...), io)
		out := read(io.out) + read(io.err)
		if out == "" {
			t.Errorf("%q: got nothing", words)
		}
		for _, found := range amid(out, english, quotes) {
			t.Errorf("%q: got %q, want it in Norwegian", words, found)
		}
	}
}

// english lists the messages that a language says otherwise.
func english(t *testing.T, l messages.Language) map[string]bool {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(top, "report/messages", string(l)+".po"))
	if err != nil {
		t.Fatal(err)
	}
	po := gotext.NewPo()
	po.Parse(data)
	other := map[string]bool{}
	for id, translation := range po.GetDomain().GetTranslations() {
		for form, said := range map[string]string{id: translation.Trs[0], translation.PluralID: translation.Trs[1]} {
			if form != "" && said != "" && said != form {
				other[form] = true
			}
		}
	}
	return other
}

// elsewhere lists what is quoted in any language: names on the screens of mail programs,
// and the provider's own words.
func elsewhere(t *testing.T) []string {
	t.Helper()
	var quotes []string
	for _, p := range mail.All() {
		for _, f := range mail.Fields() {
			_, name := cutPath(p.Where(f))
			quotes = append(quotes, name)
		}
	}
	for _, issue := range load(t, "runbox").Issues {
		quotes = append(quotes, issue.Title)
	}
	return quotes
}

// amid finds messages in a text, whose lines may be broken anywhere. One of few words must
// stand by itself in a column; of one with gaps, it is the longest part without one. What
// is there to be typed is the same in every language.
func amid(text string, english map[string]bool, quotes []string) []string {
	const telling = 3 // words that nobody writes by chance
	var found []string
	typed := func(message string) bool { return strings.HasPrefix(message, "mailmedic ") }
	for line := range strings.Lines(text) {
		for cell := range strings.SplitSeq(strings.TrimSpace(line), "  ") {
			if cell = strings.TrimSpace(cell); english[cell] && strings.Contains(cell, " ") && !typed(cell) && !slices.Contains(quotes, cell) {
				found = append(found, cell)
			}
		}
	}
	flat := strings.Join(strings.Fields(text), " ")
	for _, quote := range quotes {
		if quote != "" {
			flat = strings.ReplaceAll(flat, quote, "")
		}
	}
	for message := range english {
		longest := ""
		for part := range strings.SplitSeq(gap.ReplaceAllString(message, "\x00"), "\x00") {
			if part = strings.Join(strings.Fields(part), " "); len(part) > len(longest) {
				longest = part
			}
		}
		if len(strings.Fields(longest)) >= telling && strings.Contains(flat, longest) && !typed(message) {
			found = append(found, message)
		}
	}
	return found
}

// gap is a verb of a format, and what cli has in the place of one.
var gap = regexp.MustCompile("%(?:\\[\\d+\\])?[-+# 0-9.]*[a-zA-Z%]|^`[^`]*` ")

// A test that looks for what is not there must be able to find it.
func TestAmid(t *testing.T) {
	english := map[string]bool{"no colour": true, "It took %d seconds to answer here.": true, "folder here": true, "Sent": true}
	for _, test := range []struct {
		text string
		want int
	}{
		{"  NO_COLOR   ingen farge\n", 0},
		{"  NO_COLOR   no colour\n", 1},
		{"Det er no colour her.\n", 0},
		{"It took 5 seconds to\n  answer here.\n", 1},
		{"Message folder here  a\n", 0},
		{"folder here  a\n", 1},
		{"Sent  INBOX.Sent\n", 0},
	} {
		if got := amid(test.text, english, []string{"Message folder here"}); len(got) != test.want {
			t.Errorf("%q: got %q, want %d", test.text, got, test.want)
		}
	}
}
