package report

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"mailmedic/checks"
)

// turns are runs a minute apart: what each came to, and how long it took.
func turns() (all []*Report) {
	for i, words := range []string{"ok", "warn MM303", "MM101", "3", "warn MM303 MM403"} {
		r := ran(words)
		at := night().Add(time.Duration(i) * time.Minute)
		r.Run.StartedAt, r.Run.DurationMS = &at, int64(100*(i+1))
		if words == "MM101" {
			r.Run.DurationMS, r.Verdict.CanReceive, r.Verdict.CanSend = 9900, "no", "no"
			r.Findings = []Finding{{Code: "MM101", Title: "No network connection"}}
		}
		all = append(all, r)
	}
	return all
}

func TestSeries(t *testing.T) {
	s := NewSeries()
	for _, r := range turns() {
		s.Add(r)
	}
	if s.Runs != 5 || s.OK != 1 || s.Warning != 2 || s.Problem != 1 || s.Unknown != 1 {
		t.Errorf("got %+v, want 5 runs: 1 ok, 2 warnings, 1 problem, 1 unknown", s)
	}
	if s.ExitCode != 2 {
		t.Errorf("got exit code %d, want 2 before 3", s.ExitCode)
	}
	if len(s.Codes) != 3 || s.Codes[0] != (Often{"MM303", "", 2}) {
		t.Errorf("got %+v, want MM303 first, twice", s.Codes)
	}
	want := `
5 runs, from 2026-09-30 02:00 +00:00 to 2026-09-30 02:04 +00:00.
  OK      1 run
  WARN    2 runs
  FAIL    1 run
  UNSURE  1 run
  MM303   2 runs:
  MM101   1 run: No network connection
  MM403   1 run:
The slowest run took 9.9 s, at 02:02:00.
Nothing was changed, sent or uploaded.
`
	if got := SeriesText(s, nil, TextOptions{}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := NewSeries().ExitCode; got != 130 {
		t.Errorf("got exit code %d of no run, want 130: nothing is known to work", got)
	}
	well := NewSeries()
	if well.Add(turns()[0]); well.ExitCode != 0 {
		t.Errorf("got exit code %d of a run that went well, want 0", well.ExitCode)
	}
	if got := SeriesText(NewSeries(), nil, TextOptions{}); got != "No run was finished.\n" {
		t.Errorf("got %q of no run", got)
	}
}

func TestTurnLine(t *testing.T) {
	var b strings.Builder
	all := turns()
	b.WriteString(RoundHead(all[0], TextOptions{}))
	for _, r := range all {
		b.WriteString(RoundLine(r, TextOptions{}))
	}
	want := `Time      State   Receive  Send     Took    Codes
02:00:00  OK      -        -        0.1 s
02:01:00  WARN    -        -        0.2 s   MM303
02:02:00  FAIL    no       no       9.9 s   MM101
02:03:00  UNSURE  -        -        0.4 s
02:04:00  WARN    -        -        0.5 s   MM303 and MM403
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}

	many := ran("MM101 MM202 MM303 MM404 MM505 MM606 MM707 MM808 MM909 MM102 MM203 MM304")
	many.Verdict.Codes = append(many.Verdict.Codes, checks.Code("MM\x1b"))
	for _, width := range []int{40, 60, 80} {
		for _, line := range strings.Split(RoundHead(many, TextOptions{Width: width})+RoundLine(many, TextOptions{Width: width}), "\n") {
			if Width(line) > width || strings.Contains(line, "\x1b") {
				t.Errorf("%d columns: got %q", width, line)
			}
		}
	}
	coloured := RoundLine(all[2], TextOptions{Color: true})
	if plain := RoundLine(all[2], TextOptions{}); plain != regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(coloured, "") || plain == coloured {
		t.Errorf("got %q in colour, want it laid over %q", coloured, plain)
	}
}

// A screen reader gets no columns: each thing is named where it stands.
func TestRoundLineSpoken(t *testing.T) {
	r := turns()[0]
	head, line := RoundHead(r, TextOptions{Spoken: true}), RoundLine(r, TextOptions{Spoken: true})
	if head != "" || !strings.HasPrefix(line, "Time 02:00:00, State OK, Receive ") || strings.Contains(line, "  ") {
		t.Errorf("got %q and %q, want no head, and a line that names its parts", head, line)
	}
}
