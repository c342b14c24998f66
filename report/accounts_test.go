package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
)

// failing is the outcome of an account with causes.
func failing(address string, status Status, exit int, codes ...checks.Code) Account {
	a := Account{Address: address, Verdict: Verdict{Status: status, ExitCode: exit}}
	for _, c := range codes {
		a.Causes = append(a.Causes, AccountCause{Code: c, Title: "Title of " + string(c) + "."})
	}
	return a
}

func TestAccountLine(t *testing.T) {
	works := Account{Address: "a@x.org", Verdict: Verdict{Status: OK, CanReceive: evidence.Yes, CanSend: evidence.Yes, Headline: "Mail works."}}
	half := works
	half.Verdict.CanSend, half.Verdict.Headline = evidence.Unknown, "Sending was not tested."
	for _, c := range []struct {
		account Account
		width   int
		want    string
	}{
		{works, 80, "OK             a@x.org"},
		{half, 80, "OK             a@x.org                       Sending was not tested."},
		{failing("a@x.org", Problem, 2, "MM701"), 80, "FAIL    MM701  a@x.org                       Title of MM701"},
		{failing("a@x.org", Problem, 2, "MM701", "MM303"), 80, "FAIL    MM701  a@x.org                       Title of MM701, and 1 more"},
		{failing("a@x.org", Problem, 2, "MM701"), 50, "FAIL    MM701  a@x.org"},
		{failing("a-very-long-name@customers.example.org", Problem, 2, "MM701"), 60, "FAIL    MM701  a-very-long-name@customers.example.org  Ti..."},
		{failing("a\u202e@x.org\x1b[1m", Warning, 1, "MM701"), 80, `WARN    MM701  a\u202e@x.org\x1b[1m          Title of MM701`},
		{UntestedAccount("a@x.org", "", "", 77, "The password command failed with exit code 3.", ""), 90, "UNSURE         a@x.org                       The password command failed with..."},
	} {
		if got := AccountLine(c.account, TextOptions{Width: c.width, ASCII: true}); got != c.want+"\n" {
			t.Errorf("got  %q\nwant %q", got, c.want+"\n")
		}
	}
	if got, want := AccountLine(failing("a@x.org", Problem, 2, "MM701"), TextOptions{Spoken: true}), "FAIL, MM701, a@x.org, Title of MM701\n"; got != want {
		t.Errorf("for a screen reader: got %q, want %q", got, want)
	}
}

// TestSummary groups by cause, the most frequent first, and keeps few addresses of many.
func TestSummary(t *testing.T) {
	s := NewSummary(Tool{}, 1003, time.Time{})
	s.Add(failing("first@x.org", Warning, 1, "MM303"))
	for i := range 1000 {
		s.Add(failing(fmt.Sprintf("a%d@x.org", i), Problem, 2, "MM701"))
	}
	s.Add(UntestedAccount("b@x.org", "", "", 77, "No password.", ""))
	s.Close(90*time.Second, true)
	if s.Warning != 1 || s.Problem != 1000 || s.Unknown != 1 || s.Tested != 1002 {
		t.Errorf("got %+v", s)
	}
	text := SummaryText(s, TextOptions{})
	for _, want := range []string{
		"1002 accounts in 1m30s: 0 ok, 1 with a warning, 1000 failing, 1 not tested.", "1 of the list are left.",
		"MM701   1000 accounts: Title of MM701.", "a0@x.org, a1@x.org, a2@x.org, a3@x.org, a4@x.org and 995 more", "-       1 account: No password.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got no %q in\n%s", want, text)
		}
	}
	if strings.Index(text, "MM701") > strings.Index(text, "MM303") {
		t.Errorf("the cause of most accounts is not the first one:\n%s", text)
	}
}

// TestSummaryIsBounded: reasons whose words differ from account to account are one group
// in the end.
func TestSummaryIsBounded(t *testing.T) {
	s := NewSummary(Tool{}, 1000, time.Time{})
	for i := range 1000 {
		s.Add(UntestedAccount("a@x.org", "", "", 77, fmt.Sprintf("Reason %d.", i), ""))
	}
	if len(s.Causes) > mostReasons+1 || !slices.ContainsFunc(s.Causes, func(g Group) bool { return g.Title == "Other reasons" && g.Accounts > 900 }) {
		t.Errorf("got %d groups, want at most %d and one for the others", len(s.Causes), mostReasons+1)
	}
}

// TestSummaryExitCode: what does not work comes before what is not known, and that before
// what needs attention.
func TestSummaryExitCode(t *testing.T) {
	for _, c := range []struct {
		exits   []int
		left    int // accounts of the list that were not tested
		stopped bool
		want    int
	}{
		{[]int{0, 0}, 0, false, 0}, {[]int{0, 1}, 0, false, 1}, {[]int{1, 3}, 0, false, 3}, {[]int{3, 2, 0}, 0, false, 2},
		{[]int{77, 0}, 0, false, 3}, {[]int{77, 2}, 0, false, 2}, {[]int{2}, 0, true, 130}, {nil, 0, false, 0},
		{[]int{0}, 1, false, 3}, {[]int{1}, 9, false, 3}, {[]int{2}, 1, false, 2}, {[]int{0}, 1, true, 130},
	} {
		s := NewSummary(Tool{}, len(c.exits)+c.left, time.Time{})
		for _, e := range c.exits {
			status := map[int]Status{0: OK, 1: Warning, 2: Problem}[e]
			if status == "" {
				status = Unknown
			}
			a := failing("a@x.org", status, e)
			if e > exitUnknown {
				a.Error = &Error{Message: "no password"}
			}
			s.Add(a)
		}
		s.Close(0, c.stopped)
		if s.ExitCode != c.want {
			t.Errorf("%v, %d left, stopped %t: got %d, want %d", c.exits, c.left, c.stopped, s.ExitCode, c.want)
		}
	}
}
