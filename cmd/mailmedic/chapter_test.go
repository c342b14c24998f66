package main

import (
	"maps"
	"slices"
	"testing"

	"mailmedic/report/messages"
)

func TestProse(t *testing.T) {
	for _, test := range []struct{ line, kept, said string }{
		{"", "", ""},
		{"A line is a paragraph:  mailmedic help", "", "A line is a paragraph:  mailmedic help"},
		{"  mailmedic help check", "  mailmedic help check", ""},
		{"  NO_COLOR    no colour", "  NO_COLOR    ", "no colour"},
		{"  A, B, ...  two names", "  A, B, ...  ", "two names"},
		{"    provider: ./example.yaml", "    provider: ./example.yaml", ""},
	} {
		if kept, said := prose(test.line); kept != test.kept || said != test.said {
			t.Errorf("%q: got %q and %q, want %q and %q", test.line, kept, said, test.kept, test.said)
		}
	}
}

// A name that is words is said in the reader's language, and its explanation stays in its
// column; one that is typed stays as it is.
func TestChapterInNorwegian(t *testing.T) {
	text := "  bad, then works        three lines\n  LC_ALL, LC_CTYPE, LANG  three lines\n"
	want := "  feil, så virker        tre linjer\n  LC_ALL, LC_CTYPE, LANG  tre linjer\n"
	if got := chapter(text, messages.In(messages.Bokmal)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// English is what stands in the source, to the last blank.
func TestChapterInEnglish(t *testing.T) {
	for _, text := range append(slices.Collect(maps.Values(chapters())), checkNotes, "", "no end of line") {
		if got := chapter(text, nil); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
}
