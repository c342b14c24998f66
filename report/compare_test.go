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
	return New(atHome(e), found, []cause.Diagnosis(nil), found, Options{})
}

func wellRun() *Report { return New(atHome(healthy()), nil, nil, nil, Options{}) }

// atHome puts a run into a network.
func atHome(e *evidence.Evidence) *evidence.Evidence {
	e.Host.LinkV4 = evidence.Link{Name: "eth0", Address: "192.168.1.5", Tunnel: evidence.No}
	return e
}

// cafe is the same mailbox on another computer, in another network.
func cafe(r *Report) *Report {
	e := *r.Evidence
	e.Run.ID = "R6M-402-D"
	e.Host.LinkV4 = evidence.Link{Name: "wlan0", Address: "10.0.0.7", Tunnel: evidence.No}
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
	return New(atHome(e), found, why, nil, Options{})
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
	without := func(id string) *Report {
		e := healthy()
		e.Sessions = slices.DeleteFunc(e.Sessions, func(s evidence.Session) bool { return s.ID() == id })
		return New(atHome(e), nil, nil, nil, Options{})
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
		{"with a port less", wellRun(), without("imap-1143"), Unchanged, 0, []string{"Same.", "imap-1143", "in the first report only: works", "unchanged: 5 ports"}, nil},
		{"with a port more", without("imap-1143"), wellRun(), Unchanged, 0, []string{"Same.", "in the second report only: works"}, nil},
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
		{WhatServer, "smtp-587", func(e *evidence.Evidence) { e.Session("smtp-587").Path.Host = "smtp.elsewhere.example" }},
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
	issued := func(code checks.Code, root string) *Report {
		e := healthy()
		s := e.Session("imap-993")
		s.Secure.Chain = []evidence.Certificate{{Issuer: "CN=Between " + root + string(code)}, {Issuer: root}}
		if code == "" {
			return New(atHome(e), nil, nil, nil, Options{})
		}
		return onlyCause(e, code, checks.StageTLS, "imap-993")
	}
	byHand := func() *Report {
		e := healthy()
		for i := range e.Sessions {
			e.Sessions[i].Path.Host = "mail.elsewhere.example"
		}
		return onlyCause(e, "MM302", checks.StageTCP, "imap-993")
	}
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
		{"another issuer under another root", issued("MM412", "CN=Shield"), cafe(issued("", "CN=Example Root")), "before computer possible"},
		{"another issuer under the same root", issued("MM405", "CN=Example Root"), later(issued("", "CN=Example Root")), "none time likely"},
		{"another issuer under the same root, elsewhere", issued("MM405", "CN=Example Root"), cafe(issued("", "CN=Example Root")), "before network likely"},
		{"different faults", down(), cafe(refused()), "unknown  "},
		{"no fault", wellRun(), cafe(wellRun()), "none  "},
		{"two providers", blockedReport(), other, "unknown  "},
		{"other servers under the same name", down(), cafe(byHand()), "unknown  "},
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

// TestBlameAlike: two reports with one and the same fault have it in common only where it is
// not of each computer, and of an account only where it is one account.
func TestBlameAlike(t *testing.T) {
	with := func(code checks.Code) *Report { return onlyCause(healthy(), code, checks.StageLogin, "imap-993") }
	for _, c := range []struct {
		code        checks.Code
		same, other string // of one account and of two, both from two places
	}{
		{"MM003", "both computer possible", "both computer possible"},
		{"MM101", "both network possible", "both network possible"},
		{"MM202", "both computer possible", "both computer possible"},
		{"MM203", "both provider likely", "both provider likely"},
		{"MM205", "both computer possible", "both computer possible"},
		{"MM208", "both computer possible", "both computer possible"},
		{"MM301", "both provider likely", "both provider likely"},
		{"MM303", "both network possible", "both network possible"},
		{"MM305", "both computer possible", "both computer possible"},
		{"MM401", "both computer possible", "both computer possible"},
		{"MM402", "both computer possible", "both computer possible"},
		{"MM403", "both provider likely", "both provider likely"},
		{"MM407", "both computer possible", "both computer possible"},
		{"MM506", "both computer possible", "both computer possible"},
		{"MM507", "both computer possible", "both computer possible"},
		{"MM601", "both account likely", "unknown  "},
		{"MM701", "both account likely", "unknown  "},
		{"MM702", "unknown  ", "unknown  "},
		{"MM707", "unknown  ", "unknown  "},
		{"MM708", "both provider likely", "both provider possible"},
		{"MM709", "both provider likely", "both provider possible"},
		{"MM713", "unknown  ", "unknown  "},
		{"MM801", "both account likely", "unknown  "},
	} {
		for address, want := range map[string]string{"": c.same, "ann@example.net": c.other} {
			after := cafe(with(c.code))
			if address != "" {
				after.Input.Address = address
			}
			got := Compare(with(c.code), after).Fault
			if said := fmt.Sprintf("%s %s %s", got.Side, got.Where, got.Confidence); said != want {
				t.Errorf("%s, address %q: got %q (%s), want %q", c.code, address, said, got.Because, want)
			}
		}
	}
}

// TestBlameAlone: a fault in one of two reports is in its account where the accounts differ,
// and what was typed is to blame only where the other login was accepted.
func TestBlameAlone(t *testing.T) {
	with := func(code checks.Code) *Report { return onlyCause(healthy(), code, checks.StageLogin, "imap-993") }
	ann := func(r *Report) *Report {
		other := *r
		other.Input.Address = "ann@example.net"
		return &other
	}
	hidden := func(r *Report) *Report {
		other := *r
		other.Input.Address = "j***@example.net"
		return &other
	}
	loggedOut := func() *Report {
		e := atHome(healthy())
		e.Logins = nil
		return New(e, nil, nil, nil, Options{})
	}
	for _, c := range []struct {
		name string
		a, b *Report
		want string
	}{
		{"refused, and another account is not", with("MM701"), ann(later(wellRun())), "before account possible"},
		{"refused, and it may be another account", hidden(with("MM701")), hidden(cafe(wellRun())), "before what was typed possible"},
		{"refused, and nobody logged in", with("MM701"), cafe(loggedOut()), "unknown  "},
		{"the login service was down", with("MM708"), cafe(wellRun()), "unknown  "},
		{"a mailbox, and another one", with("MM801"), ann(cafe(wellRun())), "before account possible"},
		{"a mailbox, and the same", with("MM801"), cafe(wellRun()), "before computer possible"},
		{"down, and another account in the same home", with("MM302"), ann(later(wellRun())), "unknown  "},
	} {
		got := Compare(c.a, c.b).Fault
		if said := fmt.Sprintf("%s %s %s", got.Side, got.Where, got.Confidence); said != c.want {
			t.Errorf("%s: got %q (%s), want %q", c.name, said, got.Because, c.want)
		}
	}
}

// TestMoved changes one thing of a computer at a time. Two places are two networks with name
// servers of their own, one place is where all is the same, and else nothing is known.
func TestMoved(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Report, *evidence.Host)
		want   evidence.Seen
	}{
		{"nothing", func(*Report, *evidence.Host) {}, evidence.No},
		{"the network and its name server", func(_ *Report, h *evidence.Host) {
			h.LinkV4.Address, h.Resolvers = "10.0.0.7", []string{"10.0.0.1:53"}
		}, evidence.Yes},
		{"another address in the same network", func(_ *Report, h *evidence.Host) { h.LinkV4.Address = "192.168.1.9" }, evidence.Unknown},
		{"the network only", func(_ *Report, h *evidence.Host) { h.LinkV4.Address = "192.168.2.5" }, evidence.Unknown},
		{"the name server only", func(_ *Report, h *evidence.Host) { h.Resolvers = []string{"9.9.9.9:53"} }, evidence.Unknown},
		{"the system", func(_ *Report, h *evidence.Host) { h.OS = "windows" }, evidence.Unknown},
		{"a hidden address", func(_ *Report, h *evidence.Host) { h.LinkV4.Address = "<lan-ip-1>" }, evidence.Unknown},
		{"a hidden name server", func(_ *Report, h *evidence.Host) { h.Resolvers = []string{"<lan-ip-1>:53"} }, evidence.Unknown},
		{"no address", func(_ *Report, h *evidence.Host) { h.LinkV4 = evidence.Link{} }, evidence.Unknown},
		{"the account", func(r *Report, _ *evidence.Host) { r.Input.Address = "ann@example.net" }, evidence.Unknown},
		{"a hidden account", func(r *Report, _ *evidence.Host) { r.Input.Address = "j***@example.net" }, evidence.Unknown},
		{"an account without a name", func(r *Report, _ *evidence.Host) { r.Input.Address = "user-1@domain-1" }, evidence.Unknown},
	} {
		changed := wellRun()
		c.change(changed, &changed.Evidence.Host)
		if got := moved(wellRun(), changed); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if got := moved(changed, wellRun()); got != c.want {
			t.Errorf("%s, the other way round: got %q, want %q", c.name, got, c.want)
		}
	}
	for _, hide := range []func(*Report){
		func(r *Report) { r.Evidence.Host.LinkV4.Address = "<lan-ip-1>" },
		func(r *Report) { r.Evidence.Host.Resolvers = []string{"<lan-ip-1>:53"} },
		func(r *Report) { r.Input.Address = "user-1@domain-1" },
	} {
		a, b := wellRun(), wellRun()
		hide(a)
		hide(b)
		if got := moved(a, b); got != evidence.Unknown {
			t.Errorf("both hidden alike: got %q, want nothing known", got)
		}
	}
}

// TestCompareDemonstrations: a demonstration is called one, and says nothing of real mail.
func TestCompareDemonstrations(t *testing.T) {
	demo := func(r *Report) *Report {
		r.Run.Simulated, r.Run.Scenario = true, "port-25-blocked"
		return r
	}
	for _, c := range []struct {
		name          string
		before, after *Report
		marks         int
		where         Place
	}{
		{"and real mail", demo(blockedReport()), cafe(wellRun()), 1, ""},
		{"real mail, and one", blockedReport(), demo(cafe(wellRun())), 1, ""},
		{"two of them", demo(blockedReport()), demo(cafe(wellRun())), 2, PlaceNetwork},
	} {
		got, said := compareBoth(t, c.before, c.after)
		if n := strings.Count(said, "SIMULATED"); n != c.marks || got.Fault.Where != c.where {
			t.Errorf("%s: got %d marks and %q as the place, want %d and %q:\n%s", c.name, n, got.Fault.Where, c.marks, c.where, said)
		}
		if got.Before.Simulated != c.before.Run.Simulated || got.After.Scenario != c.after.Run.Scenario {
			t.Errorf("%s: got %+v and %+v, want what the reports say", c.name, got.Before, got.After)
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
