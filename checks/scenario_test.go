package checks_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"mailmedic/checks"
	"mailmedic/checks/cause"
	"mailmedic/checks/pages"
	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
	"mailmedic/report"
)

var record = flag.Bool("record", false, "probe the worlds and write their evidence into testdata/scenarios")

// scenario is one file of testdata/scenarios: evidence, and what a human says of it.
type scenario struct {
	name     string
	evidence evidence.Evidence
	want     []string // "MM303 smtp-25": the root causes in order, with their paths
	never    []string // codes that a weaker tool would print, for any path or the one named
	notes    []string // codes of notes that must be there
	exit     int      // exit code; -1 where the key leaves it open
}

func scenarios(t *testing.T) []scenario {
	files, err := filepath.Glob("testdata/scenarios/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("scenarios: got %d files, %v", len(files), err)
	}
	var all []scenario
	for _, file := range files {
		all = append(all, load(t, file))
	}
	return all
}

func load(t *testing.T, file string) scenario {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := scenario{name: strings.TrimSuffix(filepath.Base(file), ".txtar"), exit: -1}
	for _, f := range archive.Files {
		switch f.Name {
		case "want":
			s.want = lines(f.Data)
		case "never":
			s.never = lines(f.Data)
		case "notes":
			s.notes = lines(f.Data)
		case "exit":
			if s.exit, err = strconv.Atoi(strings.TrimSpace(string(f.Data))); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
		case "evidence.json":
			if err := json.Unmarshal(f.Data, &s.evidence); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
		default:
			t.Fatalf("%s: unknown part %q", file, f.Name)
		}
	}
	return s
}

func lines(data []byte) []string {
	var list []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// diagnose is the pure half of the five calls.
func diagnose(e *evidence.Evidence) *report.Report {
	found := checks.Run(e, checks.All())
	why, rest := cause.Infer(cause.Case{Evidence: e, Findings: found}, cause.All())
	return report.New(e, found, why, rest, report.Options{})
}

// verdict writes a report's root causes as the key of a scenario does.
func verdict(r *report.Report) []string {
	var got []string
	for _, code := range r.Verdict.Codes {
		line := string(code)
		for _, f := range r.Findings {
			if f.Code == code && f.Root {
				line = strings.TrimSpace(line + " " + strings.Join(f.Paths, " "))
			}
		}
		got = append(got, line)
	}
	return got
}

func judge(t *testing.T, s scenario, e *evidence.Evidence) (exact bool) {
	t.Helper()
	r := diagnose(e)
	got := verdict(r)
	exact = slices.Equal(got, s.want)
	if !exact {
		t.Errorf("%s: got %q, want %q; findings %v", s.name, got, s.want, codes(r))
	}
	for _, line := range s.never {
		code, path, _ := strings.Cut(line, " ")
		for _, f := range r.Findings {
			if string(f.Code) == code && f.Root && (path == "" || slices.Contains(f.Paths, path)) {
				t.Errorf("%s: names %s, which its key forbids", s.name, line)
			}
		}
	}
	for _, code := range s.notes {
		if !slices.Contains(r.Verdict.Notes, checks.Code(code)) {
			t.Errorf("%s: notes %v, want %s among them", s.name, r.Verdict.Notes, code)
		}
	}
	if s.exit >= 0 && r.ExitCode() != s.exit {
		t.Errorf("%s: exit code: got %d, want %d: %s (receive %s, send %s)", s.name, r.ExitCode(), s.exit, r.Verdict.Headline, r.Verdict.CanReceive, r.Verdict.CanSend)
	}
	return exact
}

func codes(r *report.Report) []string {
	var list []string
	for _, f := range r.Findings {
		list = append(list, fmt.Sprintf("%s/%s root=%v %v", f.Code, f.Severity, f.Root, f.Paths))
	}
	return list
}

// TestScenarios replays every recorded scenario: ring one, no network, no clock.
func TestScenarios(t *testing.T) {
	exact := 0
	all := scenarios(t)
	for _, s := range all {
		if judge(t, s, &s.evidence) {
			exact++
		}
	}
	t.Logf("%d scenarios, %d exact", len(all), exact)
}

// TestWorlds makes every world anew and asks for the verdict that is recorded for it.
// With -record it writes the evidence down instead.
func TestWorlds(t *testing.T) {
	for _, w := range worlds() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			e := probeWorld(t, w)
			file := filepath.Join("testdata/scenarios", w.name+".txtar")
			if *record {
				save(t, w, file, e)
			}
			judge(t, load(t, file), e)
		})
	}
}

func probeWorld(t *testing.T, w world) *evidence.Evidence {
	t.Helper()
	p, err := profile.Load("runbox")
	if err != nil {
		t.Fatal(err)
	}
	m := mailtest.Options{
		Profile: p,
		Users:   []mailtest.User{{Name: "alice", Password: alicePassword}, {Name: "bob%example.org", Password: bobPassword}},
		Hosted:  []string{"example.org"},
	}
	o := probe.Options{Account: profile.Account{Address: "alice@runbox.com", Kind: profile.Own}, ID: "A1A-111-A", Version: "test", Mode: "batch", Messages: 200}
	m.Profile.Paths = slices.Clone(p.Paths)
	w.change(&m, &o)
	planned := m.Profile
	m.Profile = p
	if o.Account.Kind == profile.Own {
		o.ProfileBecause = "domain"
	}
	provider, err := mailtest.Start(m)
	if err != nil {
		t.Fatal(err)
	}
	defer provider.Close()
	o.Dial, o.Resolver, o.Roots = provider.Dial, provider.Resolver(), provider.Roots()
	if w.dial != nil {
		o.Dial = w.dial(o.Dial)
	}
	password := alicePassword
	if o.Account.Kind == profile.Hosted {
		password = bobPassword
	}
	e, err := probe.Run(t.Context(), probe.NewPlan(planned, o), probe.Credentials{Password: probe.NewSecret([]byte(password))})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// save writes a world's evidence. The key of a new scenario is a question mark: what
// must be concluded is for a human to write.
func save(t *testing.T, w world, file string, e *evidence.Evidence) {
	for i := range e.Sessions {
		e.Sessions[i].Wire = []evidence.Line{} // no check reads the transcript
	}
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	archive := &txtar.Archive{Comment: []byte(w.origin + "\n"), Files: []txtar.File{{Name: "want", Data: []byte("?\n")}, {Name: "never"}, {Name: "notes"}, {Name: "exit", Data: []byte("-1\n")}}}
	if old, err := txtar.ParseFile(file); err == nil {
		archive.Files = slices.DeleteFunc(old.Files, func(f txtar.File) bool { return f.Name == "evidence.json" })
	}
	archive.Files = append(archive.Files, txtar.File{Name: "evidence.json", Data: append(data, '\n')})
	if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestEveryCode holds the lists together: every check and cause has a page, and is
// named by some scenario's key, or silent only for a reason given here.
func TestEveryCode(t *testing.T) {
	untested := map[string]string{
		"MM001": "a fault of mailmedic itself, see TestPanic",
		"MM002": "needs a user who stops the run, see the probe's tests",
		"MM003": "needs a run that is cut, see the probe's tests",
	}
	keyed := map[string]bool{}
	for _, s := range scenarios(t) {
		for _, line := range append(slices.Clone(s.want), s.notes...) {
			code, _, _ := strings.Cut(line, " ")
			keyed[code] = true
		}
	}
	for _, code := range allCodes() {
		if _, ok := pages.Find(code); !ok {
			t.Errorf("%s has no page", code)
		}
		if !keyed[code] && untested[code] == "" {
			t.Errorf("%s is named by no scenario", code)
		}
	}
}

func allCodes() []string {
	var list []string
	for _, c := range checks.All() {
		list = append(list, string(c.Code))
	}
	for _, c := range cause.All() {
		list = append(list, string(c.Code))
	}
	slices.Sort(list)
	return slices.Compact(list)
}
