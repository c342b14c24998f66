package main

import (
	"maps"
	"slices"
	"testing"
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

// English is what stands in the source, to the last blank.
func TestChapterInEnglish(t *testing.T) {
	for _, text := range append(slices.Collect(maps.Values(chapters())), checkNotes, "", "no end of line") {
		if got := chapter(text, nil); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
}
