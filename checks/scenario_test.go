package checks_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

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

// scenario is one file of testdata/scenarios: evidence, and what a human says of it.
type scenario struct {
	name     string
	evidence evidence.Evidence
	want     []string // "MM303 smtp-25": the root causes in order, with their paths
	never    []string // codes that a weaker tool would print, for any path or the one named
	notes    []string // codes of notes that must be there
	says     []string // "MM303 port 587": a root cause, and what its message, facts or advice must hold
	unsaid   []string // the same, of what they must not hold
	sure     []string // "MM303 likely": how sure a root cause must be
	exit     int      // exit code; -1 where the key leaves it open
	tied     string   // why no evidence tells this case from another, where that is so
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

func load(t testing.TB, file string) scenario {
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
		case "says":
			s.says = lines(f.Data)
		case "unsaid":
			s.unsaid = lines(f.Data)
		case "sure":
			s.sure = lines(f.Data)
		case "exit":
			if s.exit, err = strconv.Atoi(strings.TrimSpace(string(f.Data))); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
		case "tied":
			s.tied = strings.TrimSpace(string(f.Data))
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

// outcome sorts a verdict into the columns of the table.
type outcome string

const (
	exact      outcome = "exact"
	notFirst   outcome = "right cause, not first"
	missed     outcome = "missed"
	falseAlarm outcome = "false alarm"
)

// judge holds a verdict against the key of its scenario.
func judge(t *testing.T, s scenario, e *evidence.Evidence) outcome {
	t.Helper()
	r := diagnose(e)
	got := verdict(r)
	if !slices.Equal(got, s.want) {
		t.Errorf("%s: got %q, want %q; findings %v", s.name, got, s.want, codes(r))
	}
	alarm := len(s.want) == 0 && len(got) > 0
	for _, line := range s.never {
		if f, named := names(r, line); named {
			alarm = true
			t.Errorf("%s: names %s on %v, which its key forbids", s.name, line, f.Paths)
		}
	}
	for _, code := range s.notes {
		if !slices.Contains(r.Verdict.Notes, checks.Code(code)) {
			t.Errorf("%s: notes %v, want %s among them", s.name, r.Verdict.Notes, code)
		}
	}
	spoken(t, s, r)
	if s.exit >= 0 && r.ExitCode() != s.exit {
		t.Errorf("%s: exit code: got %d, want %d: %s (receive %s, send %s)", s.name, r.ExitCode(), s.exit, r.Verdict.Headline, r.Verdict.CanReceive, r.Verdict.CanSend)
	}
	switch {
	case alarm:
		return falseAlarm
	case slices.Equal(got, s.want):
		return exact
	case first(got) != first(s.want) && !slices.ContainsFunc(got, func(line string) bool { return first([]string{line}) == first(s.want) }):
		return missed
	}
	return notFirst
}

// spoken holds the words and the sureness of root causes against the key.
func spoken(t *testing.T, s scenario, r *report.Report) {
	t.Helper()
	for _, line := range s.says {
		if code, words, _ := strings.Cut(line, " "); !strings.Contains(wordsOf(r, code), words) {
			t.Errorf("%s: %s says %q, want %q in it", s.name, code, wordsOf(r, code), words)
		}
	}
	for _, line := range s.unsaid {
		if code, words, _ := strings.Cut(line, " "); wordsOf(r, code) == "" || strings.Contains(wordsOf(r, code), words) {
			t.Errorf("%s: %s says %q, want no %q in it", s.name, code, wordsOf(r, code), words)
		}
	}
	for _, line := range s.sure {
		code, sure, _ := strings.Cut(line, " ")
		if f, named := names(r, code); !named || string(f.Confidence) != sure {
			t.Errorf("%s: %s is %q, want %q", s.name, code, f.Confidence, sure)
		}
	}
}

// wordsOf is all that a root cause tells the user.
func wordsOf(r *report.Report, code string) string {
	f, _ := names(r, code)
	said := append([]string{f.Message}, f.Actions...)
	for _, fact := range f.Evidence {
		said = append(said, fact.Fact)
	}
	return strings.Join(said, " ")
}

// names finds the root cause that a line of a key speaks of.
func names(r *report.Report, line string) (report.Finding, bool) {
	code, path, _ := strings.Cut(line, " ")
	for _, f := range r.Findings {
		if string(f.Code) == code && f.Root && (path == "" || slices.Contains(f.Paths, path)) {
			return f, true
		}
	}
	return report.Finding{}, false
}

// first is the code that stands first in a key or a verdict.
func first(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	code, _, _ := strings.Cut(lines[0], " ")
	return code
}

func codes(r *report.Report) []string {
	var list []string
	for _, f := range r.Findings {
		list = append(list, fmt.Sprintf("%s/%s root=%v %v", f.Code, f.Severity, f.Root, f.Paths))
	}
	return list
}

// TestScenarios replays every recorded scenario: ring one, no network, no clock. It
// prints how many verdicts are what the keys say.
func TestScenarios(t *testing.T) {
	all := scenarios(t)
	count := map[outcome]int{}
	healthy, roots := 0, map[string]bool{}
	for _, s := range all {
		count[judge(t, s, &s.evidence)]++
		if len(s.want) == 0 {
			healthy++
		}
		for _, line := range s.want {
			roots[first([]string{line})] = true
		}
		if s.tied != "" {
			t.Logf("cannot be told from another: %s: %s", s.name, s.tied)
		}
	}
	var table strings.Builder
	row := func(name string, n int) { fmt.Fprintf(&table, "\n%-32s %5d", name, n) }
	row("scenarios", len(all))
	row("  of which healthy or harmless", healthy)
	row("  different root causes", len(roots))
	for _, o := range []outcome{exact, notFirst, missed, falseAlarm} {
		row(string(o), count[o])
	}
	t.Log(table.String())
}

// TestWorlds makes every world anew and asks for the verdict that is recorded for it.
// With -record it writes the evidence down instead.
func TestWorlds(t *testing.T) {
	first := nextDoorWorlds()
	all := slices.Concat(first, worlds(), networkWorlds(), providerWorlds(), dialWorlds(), everydayWorlds(), wordWorlds(), mixedWorlds(), tlsWorlds(), greetingWorlds(), mailboxWorlds(), clientWorlds(), healthyWorlds())
	// Most of a world's time is waiting, so that far more than there are processors can go on.
	places := make(chan struct{}, 12)
	made := make([]chan *evidence.Evidence, len(all))
	for i, w := range all {
		made[i] = make(chan *evidence.Evidence, 1)
		if !selected(t, w.name) {
			continue
		}
		if i < len(first) {
			made[i] <- probeWorld(t, w)
			continue
		}
		go func() {
			places <- struct{}{}
			defer func() { <-places }()
			made[i] <- probeWorld(t, w)
		}()
	}
	for i, w := range all {
		t.Run(w.name, func(t *testing.T) {
			e := <-made[i]
			if e == nil {
				t.FailNow()
			}
			file := scenarioFile(w.name)
			if *record {
				save(t, w.origin, file, e)
			}
			judge(t, load(t, file), e)
			if !testing.Short() { // nothing in it runs at the same time as anything else
				redacts(t, w.name, e)
			}
		})
	}
}

// selected tells whether -run asks for a world, so that one can be made without the others.
func selected(t *testing.T, name string) bool {
	pattern := flag.Lookup("test.run").Value.String()
	_, sub, found := strings.Cut(pattern, "/")
	if !found {
		return true
	}
	matches, err := regexp.MatchString(sub, name)
	if err != nil {
		t.Fatal(err)
	}
	return matches
}

func probeWorld(t *testing.T, w world) *evidence.Evidence {
	t.Helper()
	p, err := profile.Load("runbox")
	if err != nil {
		t.Error(err)
		return nil
	}
	m := mailtest.Options{
		Profile: p,
		Users:   []mailtest.User{{Name: "alice", Password: alicePassword}, {Name: "bob%example.org", Password: bobPassword}},
		Hosted:  []string{"example.org"},
	}
	next, err := profile.Load("runbox-2015")
	if err != nil {
		t.Error(err)
		return nil
	}
	o := probe.Options{Successor: &next, RandomName: "qjzkvwxhgrtpbndm.com", Built: time.Now().Add(-24 * time.Hour), Account: profile.Account{Address: "alice@runbox.com", Kind: profile.Own}, ID: "A1A-111-A", Version: "test", Mode: "batch", Messages: 200}
	m.Profile.Paths = slices.Clone(p.Paths)
	w.change(&m, &o)
	planned := m.Profile
	if m.Profile.Name != p.Name { // a provider of the test's own, which has no newer instructions
		p, o.Successor = provider(t, m.Profile.Name), nil
	}
	m.Profile = p
	if o.Account.Kind == profile.Own {
		o.ProfileBecause = "domain"
	}
	servers, err := mailtest.Start(m)
	if err != nil {
		t.Errorf("%s: %v", w.name, err)
		return nil
	}
	defer servers.Close()
	o.Dial, o.Resolver, o.Roots = servers.Dial, servers.Resolver(), servers.Roots()
	if w.dial != nil {
		o.Dial = w.dial(o.Dial)
	}
	password := alicePassword
	if o.Account.Kind == profile.Hosted {
		password = bobPassword
	}
	e, err := probe.Run(t.Context(), probe.NewPlan(planned, o), probe.Credentials{Password: probe.NewSecret([]byte(password))})
	if err != nil {
		t.Errorf("%s: %v", w.name, err)
		return nil
	}
	return e
}

// TestEveryCode holds the lists together: every check and cause has a page, is named by
// some scenario's key and forbidden by another's, or neither for a reason given here.
func TestEveryCode(t *testing.T) {
	untested := map[string]string{
		"MM001": "a fault of mailmedic itself, see TestPanic",
		"MM002": "needs a user who stops the run, see the probe's tests",
		"MM003": "needs a run that is cut, see the probe's tests",
	}
	wanted, forbidden := map[string]bool{}, map[string]bool{}
	for _, s := range scenarios(t) {
		for _, line := range append(slices.Clone(s.want), s.notes...) {
			wanted[first([]string{line})] = true
		}
		for _, line := range s.never {
			forbidden[first([]string{line})] = true
		}
	}
	for _, code := range allCodes() {
		if _, ok := pages.Find(code); !ok {
			t.Errorf("%s has no page", code)
		}
		if !wanted[code] && untested[code] == "" {
			t.Errorf("%s is named by no scenario", code)
		}
		if !forbidden[code] && untested[code] == "" {
			t.Errorf("%s has no look-alike: no scenario forbids it", code)
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
