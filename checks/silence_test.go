package checks_test

import (
	"path/filepath"
	"slices"
	"testing"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// TestNoFailureIsSilent fails every step of a healthy path in every way that there is.
// Each has to be named: a path that is dead without a word would pass for a working one.
func TestNoFailureIsSilent(t *testing.T) {
	kinds := []evidence.Kind{
		evidence.Timeout, evidence.Refused, evidence.Unreachable, evidence.Denied, evidence.Reset, evidence.Closed,
		evidence.NotTLS, evidence.Alert, evidence.TLS, evidence.Protocol, evidence.TooMuch, evidence.Rejected,
		evidence.Temporary, evidence.NotOffered, evidence.Injected, evidence.Internal, evidence.Other,
	}
	for _, id := range []string{"imap-993", "imap-143", "smtp-587"} {
		for _, kind := range kinds {
			for name, fail := range map[string]func(*evidence.Session, evidence.Step){
				"connect": func(s *evidence.Session, step evidence.Step) {
					s.Dials, s.Address = []evidence.Dial{{Address: "192.0.2.1:1", Family: "4", Step: step}}, ""
					s.Greeting, s.Secure, s.Capability = evidence.Greeting{}, evidence.Secure{}, evidence.Capability{}
				},
				"greeting": func(s *evidence.Session, step evidence.Step) {
					s.Greeting, s.Capability = evidence.Greeting{Step: step}, evidence.Capability{}
					if s.Path.Encryption == profile.STARTTLS {
						s.Secure = evidence.Secure{}
					}
				},
				"tls": func(s *evidence.Session, step evidence.Step) {
					s.Secure, s.Capability = evidence.Secure{Step: step, Answer: &evidence.Reply{Status: "OK"}}, evidence.Capability{}
				},
				"capability": func(s *evidence.Session, step evidence.Step) { s.Capability = evidence.Capability{Step: step} },
			} {
				e := load(t, filepath.Join("testdata/scenarios/healthy.txtar")).evidence
				s := e.Session(id)
				s.Login, s.Folders, s.Messages = evidence.Step{}, evidence.Folders{}, nil
				fail(s, evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: kind, Text: "test"}})
				found := checks.Run(&e, checks.All())
				if !slices.ContainsFunc(found, func(f checks.Finding) bool { return f.Path == id && f.Severity != checks.Note && f.Code != "MM001" }) {
					t.Errorf("%s: %s fails with %s, and no check says a word", id, name, kind)
				}
				if slices.ContainsFunc(found, func(f checks.Finding) bool { return f.Code == "MM001" }) {
					t.Errorf("%s: %s fails with %s, and a check breaks", id, name, kind)
				}
			}
		}
	}
}

// TestSlowLinkNeedsMoreThanOneSlowAnswer: a first packet that was lost is sent again after
// a second; one of two connections that took so long says nothing of the line.
func TestSlowLinkNeedsMoreThanOneSlowAnswer(t *testing.T) {
	took := func(times ...evidence.Millis) evidence.Evidence {
		s := evidence.Session{Path: profile.Path{Protocol: profile.IMAP, Port: 993}}
		for _, ms := range times {
			s.Dials = append(s.Dials, evidence.Dial{Address: "192.0.2.1:993", Step: evidence.Step{State: evidence.Done, Took: ms}})
		}
		return evidence.Evidence{Sessions: []evidence.Session{s}}
	}
	for _, h := range []hands{
		{"one of two", took(20, 1020), nil, []string{"MM107 "}},
		{"both", took(900, 950), []string{"MM107 "}, nil},
		{"most", took(20, 900, 950), []string{"MM107 "}, nil},
	} {
		h.judge(t)
	}
}
