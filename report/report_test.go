package report

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mailmedic/checks"
	"mailmedic/checks/cause"
	"mailmedic/checks/pages"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/report/messages"
)

func TestJoin(t *testing.T) {
	other := checks.Finding{Code: "MM408", Severity: checks.Warning, Stage: checks.StageTLS, Sure: checks.Certain,
		Path: "imap-993", Text: "Ends on Monday.", Advice: []say.Text{"Tell the provider.", "Wait."}}
	again := other
	again.Path, again.Text, again.Sure = "smtp-587", "Ends on Tuesday.", checks.Likely
	again.Facts = []checks.Fact{{Path: "smtp-587", Stage: checks.StageTLS, Text: "not after 1 Dec 2026", At: 7}}
	again.Advice = []say.Text{"Wait.", "Look again."}

	e, found, why := blocked25("send")
	found = append(found, other, again)
	r := build(e, found, why, []checks.Finding{other, again}, Options{}, titles)

	want := []Finding{
		{
			Code: "MM303", Slug: "smtp-port-blocked", Severity: checks.Warning, Kind: checks.Fault, Confidence: checks.Likely, Root: true,
			Paths: []string{"smtp-25"}, Title: "Port 25 is blocked on this network", Message: why[0].Text.String(),
			Evidence: []Fact{
				{"smtp-25", checks.StageTCP, "198.51.100.7 gave no answer on port 25 for 10.0 s", 40},
				{"smtp-587", checks.StageTCP, "198.51.100.7 answered on port 587 after 0.02 s", 41},
			},
			Actions: []string{why[0].Advice[0].String(), why[0].Advice[1].String()}, ByHand: []string{}, Examples: []string{}, Params: map[string]string{"port": "25"}, Rivals: []checks.Code{"MM302"},
		},
		{
			Code: "MM408", Slug: "certificate-ends-soon", Severity: checks.Warning, Kind: checks.Warning, Confidence: checks.Likely, Root: true,
			Paths: []string{"imap-993", "smtp-587"}, Title: "A certificate ends soon", Message: "Ends on Monday. Ends on Tuesday.",
			Evidence: []Fact{{"smtp-587", checks.StageTLS, "not after 1 Dec 2026", 7}},
			Actions:  []string{"Tell the provider.", "Wait.", "Look again."}, ByHand: []string{}, Examples: []string{}, Params: map[string]string{}, Rivals: []checks.Code{},
		},
		{
			Code: "MM301", Slug: "port-silent", Severity: checks.Warning, Kind: checks.Fault, Confidence: checks.Certain, CausedBy: new(checks.Code("MM303")),
			Paths: []string{"smtp-25"}, Title: "One port gives no answer", Message: "Nothing answered.",
			Evidence: []Fact{}, Actions: []string{}, ByHand: []string{}, Examples: []string{}, Params: map[string]string{}, Rivals: []checks.Code{},
		},
	}
	if diff := cmp.Diff(want, r.Findings); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	ruledOut := []RuledOut{{Code: "MM306", Because: "the same server answers on ports 587 and 26.", Cause: "MM303"}}
	if diff := cmp.Diff(ruledOut, r.RuledOut); diff != "" {
		t.Errorf("ruled out (-want +got):\n%s", diff)
	}
}

func TestDiagnosisOfTheSameCodeIsOneEntry(t *testing.T) {
	e := healthy()
	f := checks.Finding{Code: "MM701", Severity: checks.Fault, Stage: checks.StageLogin, Path: "imap-993", Text: "Refused.",
		Facts: []checks.Fact{{Path: "imap-993", Stage: checks.StageLogin, Text: "NO"}}}
	elsewhere := f
	elsewhere.Path = "smtp-587"
	why := []cause.Diagnosis{{Cause: cause.Cause{Code: "MM701"}, Fit: cause.Fit{
		Explains: []checks.Finding{f}, Sure: checks.Certain, Text: "Name or password is wrong.", For: f.Facts,
	}}}
	r := build(e, []checks.Finding{f, elsewhere}, why, []checks.Finding{elsewhere}, Options{}, titles)
	if len(r.Findings) != 1 {
		t.Fatalf("%d findings, want 1: %+v", len(r.Findings), r.Findings)
	}
	got := r.Findings[0]
	if got.Message != "Name or password is wrong." || !got.Root || len(got.Evidence) != 1 {
		t.Errorf("got %+v, want the diagnosis's own words and each fact once", got)
	}
	if diff := cmp.Diff([]string{"imap-993", "smtp-587"}, got.Paths); diff != "" {
		t.Errorf("paths: %s", diff)
	}
}

func TestFindingThatNobodyListsIsKept(t *testing.T) {
	r := build(healthy(), []checks.Finding{silent("imap-993")}, nil, nil, Options{}, titles)
	if len(r.Findings) != 1 || !r.Findings[0].Root {
		t.Errorf("got %+v, want MM301 as its own root cause", r.Findings)
	}
}

func TestPaths(t *testing.T) {
	e, found, why := blocked25("")
	e.Session("imap-143").Secure.Judged.Verified = false
	e.Session("imap-993").Dials = append(e.Session("imap-993").Dials,
		evidence.Dial{Address: "198.51.100.8:993", Family: "4", Step: evidence.Step{State: evidence.Failed}},
		evidence.Dial{Address: "[2001:db8::7]:993", Family: "6", Step: evidence.Step{State: evidence.Failed}})
	e.Session("imap-1143").Dials = append(e.Session("imap-1143").Dials,
		evidence.Dial{Address: "[2001:db8::7]:1143", Family: "6", Step: evidence.Step{State: evidence.Failed}})
	r := build(e, found, why, nil, Options{}, titles)

	type row struct {
		ID, Status string
		Steps      Steps
		RoundTrip  int64
	}
	login := "skipped"
	want := []row{
		{"imap-993", "ok", Steps{"ok", "warning", "ok", "ok", "ok", "ok", "ok"}, 21},
		{"imap-143", "warning", Steps{"ok", "ok", "ok", "problem", "ok", login, login}, 21},
		{"imap-1143", "ok", Steps{"ok", "ok", "ok", "ok", "ok", login, login}, 21},
		{"smtp-587", "ok", Steps{"ok", "ok", "ok", "ok", "ok", "ok", "not_applicable"}, 21},
		{"smtp-26", "ok", Steps{"ok", "ok", "ok", "ok", "ok", login, "not_applicable"}, 21},
		{"smtp-25", "note", Steps{"ok", "problem", login, login, login, login, "not_applicable"}, -1},
	}
	var got []row
	for _, p := range r.Paths {
		trip := int64(-1)
		if p.RoundTripMS != nil {
			trip = *p.RoundTripMS
		}
		got = append(got, row{p.ID, p.Status, p.Steps, trip})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
	addresses := []string{"198.51.100.7:1", "198.51.100.8:993", "[2001:db8::7]:993"}
	if !slices.Equal(r.Paths[0].Addresses, addresses) {
		t.Errorf("addresses %v, want %v", r.Paths[0].Addresses, addresses)
	}
}

func TestPathThatWorksIsNeverWorseThanAWarning(t *testing.T) {
	doubled := []checks.Finding{{Code: "MM801", Severity: checks.Fault, Stage: checks.StageFolders, Path: "imap-993"}}
	name := []checks.Finding{{Code: "MM601", Severity: checks.Fault, Stage: checks.StageName, Path: "imap-993"}}
	natural := []checks.Finding{{Code: "MM703", Severity: checks.Note, Stage: checks.StageLogin, Path: "imap-993"}}
	for _, tt := range []struct {
		found []checks.Finding
		want  string
	}{{doubled, "warning"}, {name, "ok"}, {natural, "ok"}} {
		r := build(healthy(), tt.found, nil, tt.found, Options{}, titles)
		if got := r.Paths[0].Status; got != tt.want {
			t.Errorf("%s: path is %s, want %s", tt.found[0].Code, got, tt.want)
		}
	}
}

func TestNewLeavesItsArgumentsAlone(t *testing.T) {
	e, found, why := blocked25("send")
	e2, found2, why2 := blocked25("send")
	build(e, found, why, nil, Options{}, titles)
	for name, diff := range map[string]string{
		"evidence": cmp.Diff(e2, e), "findings": cmp.Diff(found2, found), "fit": cmp.Diff(why2[0].Fit, why[0].Fit),
	} {
		if diff != "" {
			t.Errorf("%s changed:\n%s", name, diff)
		}
	}
}

func TestLoginForm(t *testing.T) {
	for login, want := range map[string]string{
		"": "", "joe@example.net": "full_address", "joe": "user_name", "joe%example.net": "percent", "joseph": "other",
	} {
		a := healthy().Account
		a.Login = login
		if got := loginForm(a); got != want {
			t.Errorf("loginForm(%q) = %q, want %q", login, got, want)
		}
	}
}

func TestNewTakesTheWordsOfThePages(t *testing.T) {
	e, found, why := blocked25("send")
	got := New(e, found, why, nil, Options{KnownIssues: "2026-09-12"})
	want, _ := pages.Find("MM303")
	if f := got.Findings[0]; f.Slug != "smtp-port-blocked" || f.Slug != want.Slug || f.Title != want.Title {
		t.Errorf("got %q %q, want %q %q", f.Slug, f.Title, want.Slug, want.Title)
	}
	nb := New(e, found, why, nil, Options{Say: messages.In(messages.Bokmal)})
	translated, _ := pages.In("nb").Find("MM303")
	if f := nb.Findings[0]; f.Title != translated.Title || f.Title == want.Title || f.Slug != want.Slug {
		t.Errorf("in Norwegian: got %q %q, want %q %q", f.Slug, f.Title, want.Slug, translated.Title)
	}
	if got.Tool.KnownIssues != "2026-09-12" || got.Tool.Version != "1.0.0" {
		t.Errorf("tool is %+v", got.Tool)
	}
}
