package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mailmedic/checks"
	"mailmedic/report/messages"
)

// night is when the runs of these tests begin.
func night() time.Time { return time.Date(2026, 9, 30, 2, 0, 0, 0, time.UTC) }

// ran is the report of a run: "ok", "3" for one that was not finished, "130" for one that was
// stopped, or else its codes, behind "warn" where mail works all the same.
func ran(words string) *Report {
	r := blank(Tool{Version: "1.0.0"})
	r.Run.ID, r.Input.Address, r.Input.Provider = "K7Q-294-M", "joe@example.net", "example"
	fields := strings.Fields(words)
	switch fields[0] {
	case "ok":
		r.Verdict.Status = OK
		return r
	case "3", "130":
		fmt.Sscan(fields[0], &r.Verdict.ExitCode)
		return r
	case "warn":
		r.Verdict.Status, r.Verdict.ExitCode, fields = Warning, 1, fields[1:]
	default:
		r.Verdict.Status, r.Verdict.ExitCode = Problem, 2
	}
	for _, code := range fields {
		r.Verdict.Codes = append(r.Verdict.Codes, checks.Code(code))
	}
	return r
}

// Each row is a night of runs: the minute at which a run began, what it came to, and what was
// told of it.
func TestWatched(t *testing.T) {
	type run struct {
		minute int
		words  string
		kind   NewsKind
		says   string // in what is printed
	}
	for _, tt := range []struct {
		about    string
		patience Patience
		runs     []run
	}{
		{"works all night", Patience{2, 24 * time.Hour}, []run{{0, "ok", NoNews, ""}, {5, "ok", NoNews, ""}}},
		{"one bad run", Patience{2, 24 * time.Hour}, []run{{0, "MM303", NoNews, ""}, {5, "ok", NoNews, ""}, {10, "MM303", NoNews, ""}, {15, "ok", NoNews, ""}}},
		{"the table of the help", Patience{2, 24 * time.Hour}, []run{
			{0, "ok", NoNews, ""},
			{5, "MM101", NoNews, ""},
			{10, "MM101", Broke, "=== mail report K7Q-294-M begins, "},
			{15, "MM101", NoNews, ""},
			{20, "MM306", Differs, "New since the last report: MM306. Gone: MM101."},
			{25, "MM306", NoNews, ""},
			{90, "ok", Recovers, "The fault lasted 1 hour, from 2026-09-30 02:05 +00:00 on: MM306."},
			{95, "ok", NoNews, ""},
		}},
		{"confirmed by another fault", Patience{2, 24 * time.Hour}, []run{{0, "MM101", NoNews, ""}, {5, "MM306", Broke, ""}}},
		{"at once", Patience{1, 24 * time.Hour}, []run{{0, "MM101", Broke, ""}, {5, "ok", Recovers, "5 minutes"}}},
		{"patient", Patience{3, 24 * time.Hour}, []run{{0, "MM101", NoNews, ""}, {5, "MM101", NoNews, ""}, {10, "MM101", Broke, ""}}},
		{"a warning is bad", Patience{1, 24 * time.Hour}, []run{{0, "warn MM408", Broke, ""}}},
		{"codes in another order", Patience{1, 24 * time.Hour}, []run{{0, "MM303 MM403", Broke, ""}, {5, "MM403 MM303", NoNews, ""}}},
		{"one more", Patience{1, 24 * time.Hour}, []run{{0, "MM303", Broke, ""}, {5, "MM303 MM403", Differs, "New since the last report: MM403. The rest is as it was."}}},
		{"one less", Patience{1, 24 * time.Hour}, []run{{0, "MM303 MM403 MM601", Broke, ""}, {5, "MM601", Differs, "Gone since the last report: MM303 and MM403. The rest is as it was."}}},
		{"worse", Patience{1, 24 * time.Hour}, []run{{0, "warn MM306", Broke, ""}, {5, "MM306", Differs, "It got worse since the last report, for the same reason."}, {10, "warn MM306", NoNews, ""}, {15, "MM306", NoNews, ""}}},
		{"reminded", Patience{1, time.Hour}, []run{
			{0, "MM303", Broke, ""}, {59, "MM303", NoNews, ""}, {60, "MM303", Remains, "The fault has not changed since 2026-09-30 02:00 +00:00."}, {90, "MM303", NoNews, ""}, {120, "MM303", Remains, ""},
		}},
		{"comes and goes with another", Patience{1, 24 * time.Hour}, []run{
			{0, "MM301", Broke, ""}, {5, "MM504", Differs, ""}, {10, "MM301", NoNews, ""}, {15, "MM504", NoNews, ""}, {59, "MM301", NoNews, ""}, {60, "MM301", Differs, "New since the last report: MM301. Gone: MM504."},
		}},
		{"a run that was not finished is no fault", Patience{2, 24 * time.Hour}, []run{{0, "3", NoNews, ""}, {5, "3", NoNews, ""}, {10, "ok", NoNews, ""}}},
		{"and no recovery", Patience{1, 24 * time.Hour}, []run{{0, "MM303", Broke, ""}, {5, "3", NoNews, ""}, {10, "MM303", NoNews, ""}, {15, "ok", Recovers, ""}}},
		{"nor does it keep a fault from being confirmed", Patience{2, 24 * time.Hour}, []run{{0, "MM303", NoNews, ""}, {5, "3", NoNews, ""}, {10, "MM303", Broke, ""}}},
		{"blind for long", Patience{1, time.Hour}, []run{{0, "3", NoNews, ""}, {30, "3", NoNews, ""}, {60, "3", Blind, "No test could be finished since 2026-09-30 02:00 +00:00."}, {90, "3", NoNews, ""}, {120, "3", Blind, ""}}},
		{"no longer blind", Patience{1, time.Hour}, []run{{0, "3", NoNews, ""}, {60, "3", Blind, ""}, {120, "3", Blind, ""}, {130, "ok", Sees, "no test could be finished since 2026-09-30 02:00 +00:00."}, {140, "ok", NoNews, ""}}},
		{"no longer blind, and nothing works", Patience{1, time.Hour}, []run{{0, "3", NoNews, ""}, {60, "3", Blind, ""}, {65, "MM303", Broke, ""}, {70, "ok", Recovers, "The fault lasted 5 minutes"}, {75, "ok", NoNews, ""}}},
		{"no longer blind, behind one bad run", Patience{2, time.Hour}, []run{{0, "3", NoNews, ""}, {60, "3", Blind, ""}, {65, "MM303", NoNews, ""}, {70, "ok", Sees, ""}}},
		{"not blind for long", Patience{1, time.Hour}, []run{{0, "3", NoNews, ""}, {30, "ok", NoNews, ""}, {60, "3", NoNews, ""}, {119, "3", NoNews, ""}}},
		{"stopped", Patience{1, 24 * time.Hour}, []run{{0, "130", NoNews, ""}, {5, "MM303", Broke, ""}, {10, "130", NoNews, ""}, {15, "MM303", NoNews, ""}}},
		{"logins that rest follow from those that were rejected", Patience{1, 24 * time.Hour}, []run{{0, "MM701", Broke, ""}, {5, "MM714", NoNews, ""}, {60, "MM701", NoNews, ""}, {65, "MM714 MM303", Differs, "New since the last report: MM303."}}},
		{"logins that rest, for one who was told of none", Patience{1, 24 * time.Hour}, []run{{0, "MM714", Broke, ""}, {5, "MM714", NoNews, ""}, {60, "MM701", Differs, ""}}},
		{"the clock was ahead", Patience{1, time.Hour}, []run{{1000, "MM303", Broke, ""}, {0, "MM303", NoNews, ""}, {61, "ok", Recovers, "The fault lasted 1 hour, from 2026-09-30 02:00"}}},
	} {
		var w Watch
		for _, run := range tt.runs {
			now := night().Add(time.Duration(run.minute) * time.Minute)
			r := ran(run.words)
			var news News
			news, w = Watched(w, r, now, tt.patience)
			if news.Kind != run.kind {
				t.Errorf("%s: minute %d, %s: got the news %q, want %q", tt.about, run.minute, run.words, news.Kind, run.kind)
			}
			text := NewsText(news, r, now, TextOptions{})
			if !strings.Contains(text, run.says) || (text == "") != (run.kind == NoNews) {
				t.Errorf("%s: minute %d, %s: got the text %q, want %q in it", tt.about, run.minute, run.words, text, run.says)
			}
		}
	}
}

// What comes and goes for a year must not fill the disk.
func TestWatchStaysSmall(t *testing.T) {
	var w Watch
	for i := range 10000 {
		_, w = Watched(w, ran(fmt.Sprintf("MM%03d", i%1000)), night().Add(time.Duration(i)*time.Minute), Patience{1, time.Hour})
	}
	if len(w.Told) > mostTold {
		t.Errorf("got %d reports that are remembered, want at most %d", len(w.Told), mostTold)
	}
}

func TestNewsText(t *testing.T) {
	began, now := night(), night().Add(130*time.Minute)
	r := ran("ok")
	want := "Mail works again.\nIt works since 2026-09-30 04:10 +00:00: joe@example.net at example.\nThe fault lasted 2 hours, from 2026-09-30 02:00 +00:00 on: MM303 and MM403.\n"
	if got := NewsText(News{Kind: Recovers, Since: began, Codes: []checks.Code{"MM303", "MM403"}}, r, now, TextOptions{}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	r.Run.Simulated, r.Run.Scenario, r.Input.Address = true, "x\x1b", "joe\n@example.net"
	if got := NewsText(News{Kind: Recovers, Since: began}, r, now, TextOptions{}); strings.Count(got, "\n") != 3 || !strings.HasPrefix(got, `SIMULATED (x\x1b). Mail works again.`) {
		t.Errorf("got %q, want three lines, and SIMULATED", got)
	}

	e, found, why := blocked25("send")
	r = build(e, found, why, nil, Options{}, titles)
	lines := strings.Split(strings.TrimSuffix(NewsText(News{Kind: Broke}, r, now, TextOptions{}), "\n"), "\n")
	if first, last := lines[0], lines[len(lines)-1]; first != fmt.Sprintf("=== mail report K7Q-294-M begins, %d lines ===", len(lines)-2) || last != fmt.Sprintf("=== mail report K7Q-294-M ends, %d lines ===", len(lines)-2) {
		t.Errorf("got the marks %q and %q around %d lines", first, last, len(lines)-2)
	}
	if got := NewsText(News{Kind: Broke}, r, now, TextOptions{Quiet: true}); strings.Contains(got, "===") {
		t.Errorf("got %q, want the verdict alone", got)
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "less than a minute", -time.Hour: "less than a minute", time.Minute: "1 minute", 59 * time.Minute: "59 minutes",
		time.Hour: "1 hour", 47 * time.Hour: "47 hours", 48 * time.Hour: "2 days", 100 * 24 * time.Hour: "100 days",
	} {
		if got := (*messages.Speaker)(nil).Say(span(d)); got != want {
			t.Errorf("%s: got %q, want %q", d, got, want)
		}
	}
}
