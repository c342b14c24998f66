package report

import (
	"strings"
	"testing"

	"mailmedic/checks"
	"mailmedic/checks/pages"
	"mailmedic/probe/evidence"
)

// rejected is a login that failed on the first port, so that no other was tried.
func rejected() *Report {
	e := healthy()
	noLogins(e)
	e.Run.NoLogin = ""
	rejectLogin(e, "imap-993", "joe", evidence.Needed)
	found := []checks.Finding{{Code: "MM701", Severity: checks.Fault, Stage: checks.StageLogin, Path: "imap-993", Text: "Refused."}}
	return build(e, found, nil, found, Options{}, titles)
}

func TestNotTested(t *testing.T) {
	e, found, why := blocked25("send")
	noLogins(e)
	noLogin := build(e, found, why, nil, Options{}, titles)

	e, found, why = blocked25("send")
	e.Logins = e.Logins[:1]
	e.Session("smtp-587").Login = evidence.Step{State: evidence.Skipped}
	receiving := build(e, found, why, nil, Options{}, titles)

	for name, tt := range map[string]struct {
		report *Report
		want   string
	}{
		"one login each way": {situations()["port25-send"], "Encryption and login on port 25."},
		"login rejected": {rejected(), `Folders on port 993.
               Login on ports 143, 1143, 587, 26 and 25.
               Whether you can send mail.`},
		"no login": {noLogin, `Encryption and login on port 25.
               Login on ports 993, 143, 1143, 587 and 26.
               Whether you can receive mail.
               Whether you can send mail.`},
		"login on one side": {receiving, `Encryption and login on port 25.
               Login on ports 587 and 26.
               Whether you can send mail.`},
	} {
		got := text(t, tt.report, TextOptions{})
		if !strings.Contains(got, "  Not tested   "+tt.want+"\n  ") || strings.Contains(got, tt.want+"\n               ") {
			t.Errorf("%s: want %q under Not tested in:\n%s", name, tt.want, got)
		}
	}
}

// A cell that is longer than its line goes on in its own column.
func TestDetailsKeepTheirColumns(t *testing.T) {
	e := healthy()
	e.Session("imap-993").Greeting.Line = "* OK [CAPABILITY IMAP4rev1 SASL-IR LITERAL- AUTH=PLAIN] IMAP server ready"
	e.Session("imap-143").Login.Reason = "imap-993 did not accept the login, and a rejected login is not repeated elsewhere"
	got := text(t, build(e, nil, nil, nil, Options{}, titles), TextOptions{Verbose: 1})
	for _, want := range []string{`
  greeting   done               23 ms  * OK [CAPABILITY IMAP4rev1 SASL-IR
                                       LITERAL- AUTH=PLAIN] IMAP server ready
`, `
  login      skipped  imap-993 did not accept the login, and a rejected login is
                      not repeated elsewhere
`} {
		if !strings.Contains(got, want) {
			t.Errorf("want %s\nin:\n%s", want, got)
		}
	}
}

// The words of Go's own errors are for those who ask for details.
func TestGoErrorsNeedVerbose(t *testing.T) {
	const raw = "dial tcp 198.51.100.7:25: i/o timeout"
	e, found, why := blocked25("send")
	for i := range e.Sessions {
		s := &e.Sessions[i]
		for _, step := range []*evidence.Step{&s.Greeting.Step, &s.Secure.Step, &s.Capability.Step, &s.Login, &s.Folders.Step, &s.Farewell} {
			step.Failure = &evidence.Failure{Kind: evidence.Other, Text: raw}
		}
	}
	e.Logins[0].Failure = &evidence.Failure{Kind: evidence.Other, Text: raw}
	r := build(e, found, why, nil, Options{}, titles)
	if got := text(t, r, TextOptions{}); strings.Contains(got, raw) {
		t.Errorf("%q is in:\n%s", raw, got)
	}
	if got := text(t, r, TextOptions{Verbose: 1}); !strings.Contains(got, raw) {
		t.Errorf("%q is not in the details:\n%s", raw, got)
	}
}

// The commands that confirm a finding are for the host and port on which it was met, and
// for those who ask for details.
func TestByHand(t *testing.T) {
	shelf := func(code checks.Code) pages.Page {
		return pages.Page{Title: "A port is closed", Sections: []pages.Section{
			{Heading: "How to confirm it by hand", Text: "Look:\n\n    openssl s_client{starttls} -connect {host}:{port} -servername {host} </dev/null"},
		}}
	}
	e, found, why := blocked25("send")
	r := build(e, found, why, nil, Options{}, shelf)
	host := e.Session("smtp-25").Path.Host
	want := "openssl s_client -starttls smtp -connect " + host + ":25 -servername " + host + " </dev/null"
	if got := r.Findings[0].ByHand; len(got) != 1 || got[0] != want {
		t.Errorf("commands of %s: got %q, want %q", r.Findings[0].Code, got, want)
	}
	if got := text(t, r, TextOptions{}); strings.Contains(got, "openssl") {
		t.Errorf("commands without -v:\n%s", got)
	}
	got := text(t, r, TextOptions{Verbose: 1, Width: 60})
	if folded := "  By hand\n    openssl s_client -starttls smtp \\\n        -connect " + host + ":25"; !strings.Contains(got, folded) {
		t.Errorf("want\n%s\nin:\n%s", folded, got)
	}
}
