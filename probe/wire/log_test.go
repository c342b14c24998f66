package wire

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"mailmedic/probe/evidence"
)

// newLog is a transcript whose clock stands still.
func newLog() *Log {
	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	return NewLog(at, func() time.Time { return at })
}

// texts is the transcript in one column, "> " before what was sent.
func texts(l *Log) []string {
	var out []string
	for _, line := range l.Lines() {
		arrow := "< "
		if line.Sent {
			arrow = "> "
		}
		out = append(out, arrow+line.Text)
	}
	return out
}

func TestLog(t *testing.T) {
	start := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	now := start
	l := NewLog(start, func() time.Time { return now })
	now = start.Add(12 * time.Millisecond)
	l.Received("* OK hi", false)
	now = start.Add(1500 * time.Millisecond)
	l.Sent("a NOOP", true)
	want := []evidence.Line{
		{At: 12, Text: "* OK hi"},
		{At: 1500, Sent: true, Encrypted: true, Text: "a NOOP"},
	}
	if diff := cmp.Diff(want, l.Lines()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	l.Lines()[0].Text = "changed"
	if got := l.Lines()[0].Text; got != "* OK hi" {
		t.Errorf("Lines is no copy: got %q", got)
	}
}

func TestLogLinesAreValidAndBounded(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"as it is", "grüße\x1b[31m\u202e", "grüße\x1b[31m\u202e"},
		{"Latin-1", "b\xfcro", "b\uFFFDro"},
		{"1000 characters", strings.Repeat("ü", 1000), strings.Repeat("ü", 1000)},
		{"1001 characters", strings.Repeat("ü", 1001), strings.Repeat("ü", 999) + "…"},
		{"a megabyte of bad bytes", strings.Repeat("\xff", 1<<20), "\uFFFD"},
		{"a megabyte", strings.Repeat("x", 1<<20), strings.Repeat("x", 999) + "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLog()
			l.Received(tt.text, false)
			got := l.Lines()
			if got[0].Text != tt.want || !utf8.ValidString(got[0].Text) {
				t.Errorf("got %q, want %q", got[0].Text, tt.want)
			}
			saved, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			var read []evidence.Line
			if err := json.Unmarshal(saved, &read); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(got, read); diff != "" {
				t.Errorf("changed by saving: %s", diff)
			}
		})
	}
}

func TestLogIsCutAfter2000Lines(t *testing.T) {
	l := newLog()
	for range 2500 {
		l.Received("x", false)
	}
	got := l.Lines()
	if len(got) != 2000 || got[1998].Text != "x" || got[1999].Text != "…" {
		t.Errorf("got %d lines that end in %q, want 2000 that end in a mark", len(got), got[len(got)-1].Text)
	}
}

// TestLogIsCutAfterManyBytes: lines of a thousand characters would make megabytes for each
// path. What was sent is listed all the same, because the transcript promises that.
func TestLogIsCutAfterManyBytes(t *testing.T) {
	l := newLog()
	for range 1000 {
		l.Received(strings.Repeat("\x01", 1000), false)
	}
	l.Sent("a LOGOUT", false)
	l.Received("a OK", false)
	got, size := l.Lines(), 0
	for _, line := range got {
		size += len(line.Text)
	}
	n := len(got)
	if size > 256<<10+100 || got[n-2].Text != "…" || got[n-1].Text != "a LOGOUT" {
		t.Errorf("got %d lines of %d bytes that end in %.20q, %.20q; want at most 256 KiB, a mark, and the goodbye", n, size, got[n-2].Text, got[n-1].Text)
	}
}

func TestLogSealed(t *testing.T) {
	l := newLog()
	l.Sent("a LOGOUT", true)
	l.Seal()
	l.Sent("T3 CAPABILITY", true)
	if diff := cmp.Diff([]string{"> a LOGOUT"}, texts(l)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestLogConcurrent(t *testing.T) {
	l := newLog()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				l.Sent("x", true)
				l.Lines()
			}
		})
	}
	all.Wait()
	if got := len(l.Lines()); got != 200 {
		t.Errorf("got %d lines, want 200", got)
	}
}
