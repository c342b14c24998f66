package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
)

func TestWeigh(t *testing.T) {
	type change = func(*evidence.Evidence)
	dead := func(ids ...string) change { return func(e *evidence.Evidence) { kill(e, ids...) } }
	symptom := func(s string) change { return func(e *evidence.Evidence) { e.Account.Symptom = s } }
	app := func(id string) change { return func(e *evidence.Evidence) { e.Account.AppPort = id } }
	tests := []struct {
		name     string
		change   change
		severity checks.Severity
		path     string
		hit      []string
		want     checks.Severity
	}{
		{"recommended counts in full", dead("imap-993"), checks.Fault, "imap-993", nil, checks.Fault},
		{"alternate while the recommended works", dead("imap-143"), checks.Fault, "imap-143", nil, checks.Warning},
		{"alternate when the recommended is dead too", dead("imap-143", "imap-993"), checks.Fault, "imap-143", nil, checks.Fault},
		{"alternate when the recommended has the same finding", nil, checks.Fault, "imap-143", []string{"imap-143", "imap-993"}, checks.Fault},
		{"optional without a symptom", dead("smtp-25"), checks.Fault, "smtp-25", nil, checks.Note},
		{"optional and cannot send", symptom("send"), checks.Fault, "smtp-25", nil, checks.Warning},
		{"optional and neither works for the user", symptom("both"), checks.Fault, "smtp-25", nil, checks.Warning},
		{"optional and cannot receive", symptom("receive"), checks.Fault, "smtp-25", nil, checks.Note},
		{"optional as the last one", dead("smtp-587", "smtp-26", "smtp-25"), checks.Fault, "smtp-25", nil, checks.Fault},
		{"optional is the user's own", app("smtp-25"), checks.Fault, "smtp-25", nil, checks.Fault},
		{"trial while others work", dead("imap-1143"), checks.Fault, "imap-1143", nil, checks.Note},
		{"trial with a symptom", symptom("receive"), checks.Fault, "imap-1143", nil, checks.Note},
		{"trial as the last one", dead("imap-993", "imap-143"), checks.Fault, "imap-1143", nil, checks.Fault},
		{"trial is the user's own", app("imap-1143"), checks.Fault, "imap-1143", nil, checks.Fault},
		{"warning on recommended", nil, checks.Warning, "imap-993", nil, checks.Warning},
		{"warning on alternate", nil, checks.Warning, "imap-143", nil, checks.Warning},
		{"warning on optional", nil, checks.Warning, "smtp-25", nil, checks.Note},
		{"warning on every path", nil, checks.Warning, "smtp-25", []string{"smtp-587", "smtp-26", "smtp-25"}, checks.Warning},
		{"warning on the user's own", app("smtp-25"), checks.Warning, "smtp-25", nil, checks.Warning},
		{"note stays a note", app("imap-993"), checks.Note, "imap-993", nil, checks.Note},
		{"no path", nil, checks.Fault, "", nil, checks.Fault},
		{"a path that nobody knows", nil, checks.Fault, "imap-9", nil, checks.Fault},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := healthy()
			if tt.change != nil {
				tt.change(e)
			}
			got := weigh(e, checks.StageTCP, mark{tt.path, tt.severity}, append(tt.hit, tt.path))
			if got != tt.want {
				t.Errorf("weigh(%s on %s) = %s, want %s", tt.severity, tt.path, got, tt.want)
			}
		})
	}
}

func TestVerdict(t *testing.T) {
	fault := func(code checks.Code, stage checks.Stage, paths ...string) []checks.Finding {
		list := []checks.Finding{}
		for _, p := range paths {
			list = append(list, checks.Finding{Code: code, Severity: checks.Fault, Stage: stage, Path: p})
		}
		if len(paths) == 0 {
			list = append(list, checks.Finding{Code: code, Severity: checks.Fault, Stage: stage})
		}
		return list
	}
	type want struct {
		status        Status
		exit          int
		receive, send evidence.Seen
		codes, notes  string
	}
	tests := []struct {
		name   string
		change func(*evidence.Evidence)
		found  []checks.Finding
		want   want
	}{
		{"healthy", nil, nil, want{OK, 0, "yes", "yes", "", ""}},
		{"no login wanted", noLogins, nil, want{OK, 0, "unknown", "unknown", "", ""}},
		{"optional port dead", func(e *evidence.Evidence) { kill(e, "smtp-25") },
			[]checks.Finding{silent("smtp-25")}, want{OK, 0, "yes", "yes", "", "MM301"}},
		{"optional port dead, the program's own", func(e *evidence.Evidence) { kill(e, "smtp-25"); e.Account.AppPort = "smtp-25" },
			[]checks.Finding{silent("smtp-25")}, want{Problem, 2, "yes", "yes", "MM301", ""}},
		{"recommended port dead, logged in elsewhere", func(e *evidence.Evidence) {
			kill(e, "imap-993")
			e.Logins = e.Logins[1:]
			logIn(e, "imap-143", "joe", evidence.Needed)
		}, []checks.Finding{silent("imap-993")}, want{Warning, 1, "yes", "yes", "MM301", ""}},
		{"nothing to receive with", func(e *evidence.Evidence) { kill(e, "imap-993", "imap-143", "imap-1143") },
			[]checks.Finding{silent("imap-993"), silent("imap-143"), silent("imap-1143")}, want{Problem, 2, "no", "yes", "MM301", ""}},
		{"login rejected, sending not tried", func(e *evidence.Evidence) {
			noLogins(e)
			rejectLogin(e, "imap-993", "joe", evidence.Needed)
		}, fault("MM701", checks.StageLogin, "imap-993"), want{Problem, 2, "no", "unknown", "MM701", ""}},
		{"login refused for now", func(e *evidence.Evidence) {
			noLogins(e)
			e.Logins = []evidence.Login{{Path: "smtp-587", Form: evidence.Needed, Result: evidence.ForNow}}
		}, fault("MM708", checks.StageLogin, "smtp-587"), want{Problem, 2, "unknown", "no", "MM708", ""}},
		{"login broke off", func(e *evidence.Evidence) {
			noLogins(e)
			e.Logins = []evidence.Login{{Path: "smtp-587", Form: evidence.Needed, Result: evidence.BrokenOff}}
		}, nil, want{OK, 0, "unknown", "unknown", "", ""}},
		{"typed name rejected, needed name accepted", func(e *evidence.Evidence) {
			w, _, _ := wrongName()
			*e = *w
		}, fault("MM601", checks.StageName), want{Problem, 2, "no", "no", "MM601", ""}},
		{"typed name with a tab, so never sent, needed name accepted", func(e *evidence.Evidence) {
			e.Account.Login = "joe\t"
			noLogins(e)
			logIn(e, "imap-993", "joe", evidence.Needed)
			logIn(e, "smtp-587", "joe", evidence.Needed)
		}, fault("MM602", checks.StageName), want{Problem, 2, "no", "no", "MM602", ""}},
		{"typed name accepted for sending only", func(e *evidence.Evidence) {
			e.Account.Login = "joe@example.net"
			e.Logins = []evidence.Login{
				{Path: "imap-993", Form: evidence.Typed, Result: evidence.RejectedIn},
				{Path: "smtp-587", Form: evidence.Typed, Result: evidence.Accepted},
			}
		}, nil, want{Problem, 2, "no", "yes", "", ""}},
		{"name in the wrong form, not tried", noLogins, fault("MM602", checks.StageName), want{Problem, 2, "unknown", "unknown", "MM602", ""}},
		{"stopped with nothing certain", func(e *evidence.Evidence) { e.Run.Ended = evidence.Stopped }, nil, want{Unknown, 130, "yes", "yes", "", ""}},
		{"deadline before any path", func(e *evidence.Evidence) {
			noLogins(e)
			e.Run.Ended = evidence.Deadline
			for i := range e.Sessions {
				e.Sessions[i] = evidence.Session{Path: e.Sessions[i].Path}
			}
		}, nil, want{Unknown, 3, "unknown", "unknown", "", ""}},
		{"deadline, but sending is certainly dead", func(e *evidence.Evidence) {
			e.Run.Ended = evidence.Deadline
			e.Logins = e.Logins[:1]
			kill(e, "smtp-587", "smtp-26", "smtp-25")
		}, []checks.Finding{silent("smtp-587"), silent("smtp-26"), silent("smtp-25")}, want{Problem, 2, "yes", "no", "MM301", ""}},
		{"stopped, but sending is certainly dead", func(e *evidence.Evidence) {
			e.Run.Ended = evidence.Stopped
			e.Logins = e.Logins[:1]
			kill(e, "smtp-587", "smtp-26", "smtp-25")
		}, nil, want{Problem, 130, "yes", "no", "", ""}},
		{"encryption fails on every port for sending", func(e *evidence.Evidence) {
			noLogins(e)
			unencrypted(e, "smtp-587", "smtp-26", "smtp-25")
		}, nil, want{Problem, 2, "unknown", "no", "", ""}},
		{"encryption fails at one address of the host for sending, and not at another", func(e *evidence.Evidence) {
			noLogins(e)
			unencrypted(e, "smtp-587", "smtp-26", "smtp-25")
			s := e.Session("smtp-587")
			s.Dials = append(s.Dials, evidence.Dial{Address: "198.51.100.8:587", Step: done(12), Secure: &evidence.Secure{Step: done(12), Judged: evidence.Judgement{Verified: true}}})
		}, nil, want{OK, 0, "unknown", "unknown", "", ""}},
		{"cancelled steps are not failures", func(e *evidence.Evidence) {
			e.Run.Ended = evidence.Deadline
			e.Logins = e.Logins[:1]
			kill(e, "smtp-587", "smtp-26", "smtp-25")
			e.Session("smtp-26").Dials[0].Step.Failure.Kind = evidence.Cancelled
		}, nil, want{Unknown, 3, "yes", "unknown", "", ""}},
		{"our own failure", func(e *evidence.Evidence) { e.Session("imap-1143").Broken = "index out of range" },
			fault("MM001", checks.StageRun, "imap-1143"), want{Unknown, 3, "yes", "yes", "MM001", ""}},
		{"a certificate nobody trusts on all paths", func(e *evidence.Evidence) {
			noLogins(e)
			for i := range e.Sessions {
				e.Sessions[i].Secure.Judged = evidence.Judgement{Chain: evidence.No}
			}
		}, fault("MM412", checks.StageTLS, "imap-993", "smtp-587"), want{Problem, 2, "no", "no", "MM412", ""}},
		{"no path of a protocol was asked for", func(e *evidence.Evidence) {
			e.Sessions, e.Logins = e.Sessions[:3], e.Logins[:1]
		}, nil, want{OK, 0, "yes", "unknown", "", ""}},
		{"faults first, then in the order of a connection", func(e *evidence.Evidence) {}, slices.Concat(
			fault("MM803", checks.StageFolders, "imap-993"), fault("MM701", checks.StageLogin, "imap-993"),
			fault("MM602", checks.StageName), fault("MM403", checks.StageTLS, "imap-993"), fault("MM502", checks.StageGreeting, "imap-993"),
			fault("MM201", checks.StageDNS), fault("MM301", checks.StageTCP, "imap-143"), fault("MM301", checks.StageTCP, "smtp-25"),
			[]checks.Finding{{Code: "MM703", Severity: checks.Note, Stage: checks.StageLogin, Path: "imap-143"}},
		), want{Problem, 2, "yes", "yes", "MM602 MM201 MM502 MM403 MM701 MM803 MM301", "MM703"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := healthy()
			if tt.change != nil {
				tt.change(e)
			}
			v := build(e, tt.found, nil, tt.found, Options{}, titles).Verdict
			got := want{v.Status, v.ExitCode, v.CanReceive, v.CanSend, codes(v.Codes), codes(v.Notes)}
			if got != tt.want {
				t.Errorf("verdict\n got %+v\nwant %+v", got, tt.want)
			}
			if n := len(strings.Fields(v.Headline)); n == 0 || n > headlineWords+2 {
				t.Errorf("headline has %d words: %q", n, v.Headline)
			}
		})
	}
}

// unencrypted makes the handshake of paths fail.
func unencrypted(e *evidence.Evidence, ids ...string) {
	for _, id := range ids {
		s := e.Session(id)
		s.Secure = evidence.Secure{Step: evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Timeout}}}
		s.Capability = evidence.Capability{}
	}
}

func codes(list []checks.Code) string {
	var words []string
	for _, c := range list {
		words = append(words, string(c))
	}
	return strings.Join(words, " ")
}

func TestExitCode(t *testing.T) {
	tests := []struct {
		status Status
		ended  evidence.Ended
		failOn string
		want   int
	}{
		{OK, "", "", 0}, {Warning, "", "", 1}, {Problem, "", "", 2}, {Unknown, "", "", 3},
		{Warning, "", "warning", 1}, {Warning, "", "problem", 0}, {Problem, "", "problem", 2},
		{Warning, "", "never", 0}, {Problem, "", "never", 0}, {Unknown, "", "never", 3},
		{OK, evidence.Stopped, "", 130}, {Problem, evidence.Stopped, "never", 130}, {Unknown, evidence.Deadline, "", 3},
	}
	for _, tt := range tests {
		if got := exitCode(tt.status, tt.ended, tt.failOn); got != tt.want {
			t.Errorf("exitCode(%s, %q, %q) = %d, want %d", tt.status, tt.ended, tt.failOn, got, tt.want)
		}
	}
}

func TestIgnore(t *testing.T) {
	tests := []struct {
		ignore  []string
		status  Status
		codes   string
		ignored string
	}{
		{nil, Warning, "MM303", ""},
		{[]string{"MM303"}, OK, "", "MM303"},
		{[]string{"mm303=smtp:25"}, OK, "", "MM303"},
		{[]string{"MM303=smtp-587"}, Warning, "MM303", ""},
		{[]string{"MM301"}, Warning, "MM303", ""},
	}
	for _, tt := range tests {
		e, found, why := blocked25("send")
		v := build(e, found, why, nil, Options{Ignore: tt.ignore}, titles).Verdict
		if v.Status != tt.status || codes(v.Codes) != tt.codes || codes(v.Ignored) != tt.ignored {
			t.Errorf("ignore %v: got %s %q ignored %q, want %s %q ignored %q",
				tt.ignore, v.Status, codes(v.Codes), codes(v.Ignored), tt.status, tt.codes, tt.ignored)
		}
	}
}

func TestIgnoreOneOfTwoPaths(t *testing.T) {
	e := healthy()
	found := []checks.Finding{silent("imap-993"), silent("imap-143")}
	v := build(e, found, nil, found, Options{Ignore: []string{"MM301=imap-993"}}, titles).Verdict
	if diff := cmp.Diff([]checks.Code{"MM301"}, v.Codes); diff != "" {
		t.Errorf("codes: %s", diff)
	}
	if diff := cmp.Diff([]checks.Code{"MM301"}, v.Ignored); diff != "" {
		t.Errorf("ignored: %s", diff)
	}
	if v.Status != Warning {
		t.Errorf("status %s, want %s", v.Status, Warning)
	}
}
