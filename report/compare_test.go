package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailmedic/checks"
	"mailmedic/checks/cause"
	"mailmedic/probe/evidence"
)

// onlyCause is a run in which one cause was named, on some paths.
func onlyCause(e *evidence.Evidence, code checks.Code, stage checks.Stage, paths ...string) *Report {
	var found []checks.Finding
	for _, path := range paths {
		found = append(found, checks.Finding{Code: code, Severity: checks.Fault, Stage: stage, Path: path, Text: "x"})
	}
	if len(paths) == 0 {
		found = append(found, checks.Finding{Code: code, Severity: checks.Fault, Stage: stage, Text: "x"})
	}
	return New(e, found, []cause.Diagnosis(nil), found, Options{})
}

func wellRun() *Report { return New(healthy(), nil, nil, nil, Options{}) }

// cafe is the same mailbox on another computer, in another network.
func cafe(r *Report) *Report {
	e := *r.Evidence
	e.Run.ID = "R6M-402-D"
	e.Host.LinkV4 = evidence.Link{Name: "wlan0", Address: "10.0.0.7"}
	e.Host.Resolvers = []string{"10.0.0.1:53"}
	moved := *r
	moved.Run.ID = "R6M-402-D"
	moved.Evidence = &e
	moved.Environment.Resolver = "10.0.0.1:53"
	return &moved
}

// later is another run on the same computer.
func later(r *Report) *Report {
	again := *r
	again.Run.ID = "T2B-555-N"
	return &again
}

// blockedReport is the run in which port 25 is blocked.
func blockedReport() *Report {
	e, found, why := blocked25("send")
	return New(e, found, why, nil, Options{})
}

func compareBoth(t *testing.T, a, b *Report) (Comparison, string) {
	t.Helper()
	c := Compare(a, b)
	var out strings.Builder
	if err := ComparisonText(&out, c, nil, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	return c, out.String()
}

func TestCompareOutcome(t *testing.T) {
	refused := func() *Report {
		e := healthy()
		e.Logins = nil
		rejectLogin(e, "imap-993", "joe", evidence.Typed)
		return onlyCause(e, "MM701", checks.StageLogin, "imap-993")
	}
	unclear := func() *Report {
		e := healthy()
		e.Run.Ended = evidence.Stopped
		return New(e, nil, nil, nil, Options{})
	}
	for _, c := range []struct {
		name          string
		before, after *Report
		want          Outcome
		exit          int
		says, unsaid  []string
	}{
		{"the same", blockedReport(), blockedReport(), Unchanged, 0, []string{"Same.", "unchanged: 6 ports, MM303"}, []string{"smtp-25", "->  ", "verdict"}},
		{"the same elsewhere", wellRun(), cafe(wellRun()), Unchanged, 0, []string{"Same.", "name server"}, []string{"imap-993"}},
		{"repaired", blockedReport(), wellRun(), Better, 1, []string{"Better.", "smtp-25", "MM303 -> works", "gone: ", "unchanged: 5 ports"}, []string{"smtp-587"}},
		{"broken", wellRun(), blockedReport(), Worse, 2, []string{"Worse.", "works -> MM303", "new: "}, nil},
		{"one for another", blockedReport(), refused(), Worse, 2, []string{"MM701", "MM303"}, nil},
		{"not finished", wellRun(), unclear(), Changed, 1, []string{"Changed."}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, said := compareBoth(t, c.before, c.after)
			if got.Outcome != c.want || got.ExitCode != c.exit {
				t.Errorf("got %s and exit %d, want %s and %d:\n%s", got.Outcome, got.ExitCode, c.want, c.exit, said)
			}
			for _, words := range c.says {
				if !strings.Contains(said, words) {
					t.Errorf("it does not say %q:\n%s", words, said)
				}
			}
			for _, words := range c.unsaid {
				if strings.Contains(said, words) {
					t.Errorf("it says %q, of what did not change:\n%s", words, said)
				}
			}
		})
	}
}

// TestCompareFacts changes one fact at a time, and wants that one said.
func TestCompareFacts(t *testing.T) {
	for _, c := range []struct {
		what   What
		of     string
		change func(*evidence.Evidence)
	}{
		{WhatAddresses, "smtp.example.net", func(e *evidence.Evidence) {
			e.Lookups = slices.Clone(e.Lookups)
			e.Lookups[4].Answers = []string{"203.0.113.9"}
		}},
		{WhatCertificate, "imap-993", func(e *evidence.Evidence) {
			e.Session("imap-993").Secure.Chain = []evidence.Certificate{{Issuer: "CN=Shield"}}
		}},
		{WhatFolders, "imap-993", func(e *evidence.Evidence) {
			e.Session("imap-993").Folders.List = e.Session("imap-993").Folders.List[:2]
		}},
		{WhatLogin, "smtp", func(e *evidence.Evidence) { e.Logins[1].Result = evidence.ForNow }},
		{WhatNetwork, "", func(e *evidence.Evidence) { e.Host.LinkV4.Name = "tun0" }},
		{WhatSystem, "", func(e *evidence.Evidence) { e.Host.OS = "windows" }},
		{WhatAccount, "", func(e *evidence.Evidence) { e.Account.Address = "ann@example.net" }},
		{WhatVersion, "", func(e *evidence.Evidence) { e.Run.Version = "1.1.0" }},
		{WhatStep, "imap-143", func(e *evidence.Evidence) { e.Session("imap-143").Login = done(3) }},
	} {
		before := healthy()
		before.Host.LinkV4.Name = "wlan0"
		after := healthy()
		after.Host.LinkV4.Name = "wlan0"
		c.change(after)
		got := Compare(New(before, nil, nil, nil, Options{}), New(after, nil, nil, nil, Options{}))
		if !slices.ContainsFunc(got.Changes, func(change Change) bool { return change.What == c.what && change.Of == c.of }) {
			t.Errorf("%s: got %+v, want a change of %q", c.what, got.Changes, c.of)
		}
		if got := Compare(New(before, nil, nil, nil, Options{}), New(before, nil, nil, nil, Options{})); len(got.Changes) > 0 {
			t.Errorf("nothing changed: got %+v", got.Changes)
		}
	}
}

// TestCompareTexts compares what a text can tell, with a document and with another text.
func TestCompareTexts(t *testing.T) {
	was, _ := paste(t, supportLabel+Support(blockedReport()))
	is, _ := paste(t, text(t, wellRun(), TextOptions{}))
	for name, pair := range map[string][2]*Report{
		"line and text": {was, is}, "line and document": {was, wellRun()}, "document and text": {blockedReport(), is},
	} {
		got, said := compareBoth(t, pair[0], pair[1])
		if got.Outcome != Better || !strings.Contains(said, "MM303 -> works") || len(got.Unchanged.Paths) != 5 {
			t.Errorf("%s: got %s:\n%s", name, got.Outcome, said)
		}
	}
	if got, said := compareBoth(t, was, blockedReport()); got.Outcome != Unchanged {
		t.Errorf("a document and its own support line: got %s:\n%s", got.Outcome, said)
	}
}

// firstLines is what is left of a text that was cut off.
func firstLines(text string, n int) string {
	return strings.Join(strings.Split(text, "\n")[:n], "\n")
}

// TestCompareCut compares a text that ends early: what the missing part may have held has
// neither come nor gone, and nothing is better or worse.
func TestCompareCut(t *testing.T) {
	refused := func() *Report {
		e := healthy()
		e.Run.ID = "R6M-402-D"
		e.Logins = nil
		rejectLogin(e, "imap-993", "joe", evidence.Typed)
		return onlyCause(e, "MM701", checks.StageLogin, "imap-993")
	}
	first12 := func(r *Report) *Report {
		cut, part := paste(t, firstLines(text(t, r, TextOptions{Marks: true}), 12))
		if part.Whole {
			t.Fatalf("got %+v of 12 lines, want a part", part)
		}
		return cut
	}
	for _, c := range []struct {
		name          string
		before, after *Report
		want          Outcome
		unsaid        string
	}{
		{"its own beginning", first12(refused()), refused(), Unchanged, "MM701"},
		{"the whole of a beginning", refused(), first12(refused()), Unchanged, "MM701"},
		{"the beginning of a run with a closed port", first12(blockedReport()), blockedReport(), Unchanged, "MM303 "},
		{"a beginning, and it works", first12(refused()), wellRun(), Changed, "MM701"},
		{"a closed port, and it works", first12(blockedReport()), cafe(wellRun()), Changed, "MM303"},
		{"it works, and a beginning", wellRun(), first12(refused()), Changed, "MM701"},
	} {
		got, said := compareBoth(t, c.before, c.after)
		if got.Outcome != c.want || got.ExitCode != 65 || got.Fault.Side != SideUnknown || strings.Contains(said, c.unsaid) {
			t.Errorf("%s: got %s, exit %d, fault %s; want %s, exit 65, fault unknown, and nothing of %s:\n%s", c.name, got.Outcome, got.ExitCode, got.Fault.Side, c.want, c.unsaid, said)
		}
	}
}

// TestBlame says whose side a fault is on, and is no surer than the two reports allow.
func TestBlame(t *testing.T) {
	resolver := func(host string) *Report {
		e := healthy()
		return onlyCause(e, "MM201", checks.StageDNS, host)
	}
	down := func() *Report {
		e := healthy()
		kill(e, "imap-993")
		return onlyCause(e, "MM302", checks.StageTCP, "imap-993")
	}
	refused := func() *Report { return onlyCause(healthy(), "MM701", checks.StageLogin, "imap-993") }
	opened := func() *Report {
		e := healthy()
		e.Session("imap-993").Secure.Chain = []evidence.Certificate{{Issuer: "CN=Shield"}}
		return onlyCause(e, "MM401", checks.StageTLS, "imap-993")
	}
	other := wellRun()
	other.Input.Provider = "elsewhere"
	otherEvidence := *other.Evidence
	otherEvidence.Profile.Name, otherEvidence.Profile.Title = "elsewhere", "Elsewhere"
	other.Evidence = &otherEvidence
	line, _ := paste(t, supportLabel+Support(blockedReport()))
	works, _ := paste(t, supportLabel+Support(cafe(wellRun())))
	first12, _ := paste(t, firstLines(text(t, blockedReport(), TextOptions{Marks: true}), 12))
	for _, c := range []struct {
		name string
		a, b *Report
		want string
	}{
		{"port 25, and it works elsewhere", blockedReport(), cafe(wellRun()), "before network likely"},
		{"it works, and port 25 is blocked elsewhere", wellRun(), cafe(blockedReport()), "after network likely"},
		{"port 25 in both places", blockedReport(), cafe(blockedReport()), "both network possible"},
		{"two support lines", line, works, "before network possible"},
		{"down from two places", down(), cafe(down()), "both provider likely"},
		{"down twice from one place", down(), later(down()), "unknown  "},
		{"down, then not", down(), later(wellRun()), "none time likely"},
		{"not, then down", wellRun(), later(down()), "unknown time likely"},
		{"the same report twice", down(), down(), "unknown  "},
		{"a document and its line", blockedReport(), line, "unknown  "},
		{"cut off, and it works elsewhere", first12, cafe(wellRun()), "unknown  "},
		{"names", resolver("imap-993"), cafe(wellRun()), "before name server likely"},
		{"refused in both places", refused(), cafe(refused()), "both account likely"},
		{"refused in one", cafe(wellRun()), refused(), "after what was typed likely"},
		{"opened on the way", opened(), cafe(wellRun()), "before computer likely"},
		{"different faults", down(), cafe(refused()), "unknown  "},
		{"no fault", wellRun(), cafe(wellRun()), "none  "},
		{"two providers", blockedReport(), other, "unknown  "},
	} {
		got := Compare(c.a, c.b).Fault
		if said := fmt.Sprintf("%s %s %s", got.Side, got.Where, got.Confidence); said != c.want {
			t.Errorf("%s: got %q (%s), want %q", c.name, said, got.Because, c.want)
		}
		if got.Because == "" {
			t.Errorf("%s: no reason is given", c.name)
		}
	}
}

// TestCompareFits keeps comparisons inside the screen and their arrays from being null.
func TestCompareFits(t *testing.T) {
	all := situations()
	for x, a := range all {
		for y, b := range all {
			c := Compare(a, b)
			for _, width := range []int{40, 80} {
				var out strings.Builder
				if err := ComparisonText(&out, c, nil, TextOptions{Width: width}); err != nil {
					t.Fatal(err)
				}
				for line := range strings.Lines(out.String()) {
					if Width(strings.TrimRight(line, "\n")) > width {
						t.Errorf("%s to %s at %d: %q", x, y, width, line)
					}
				}
			}
			document, err := json.Marshal(c)
			if err != nil || strings.Contains(string(document), "[null") || strings.Contains(string(document), "s\":null") {
				t.Errorf("%s to %s: %v, %s", x, y, err, document)
			}
		}
	}
}
