package cause

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// healthyPaths are four ports of two servers, encrypted by STARTTLS, that all work.
func healthyPaths() []evidence.Session {
	var list []evidence.Session
	for _, p := range []struct {
		protocol profile.Protocol
		port     int
		host     string
		offers   []string
	}{
		{profile.IMAP, 143, "imap.example.net", []string{"IMAP4rev1", "STARTTLS", "LOGINDISABLED"}},
		{profile.SMTP, 587, "smtp.example.net", []string{"PIPELINING", "SIZE 1000", "STARTTLS"}},
		{profile.SMTP, 26, "smtp.example.net", []string{"PIPELINING", "SIZE 1000", "STARTTLS"}},
		{profile.SMTP, 25, "smtp.example.net", []string{"PIPELINING", "SIZE 1000", "STARTTLS"}},
	} {
		s := evidence.Session{Path: profile.Path{Protocol: p.protocol, Port: p.port, Host: p.host, Encryption: profile.STARTTLS, Role: profile.Recommended}, Address: "192.0.2.1:1"}
		done := evidence.Step{State: evidence.Done}
		s.Greeting = evidence.Greeting{Step: done, Line: "220 " + p.host + " ESMTP", Reply: &evidence.Reply{Status: "220", Text: p.host + " ESMTP"}}
		s.Secure = evidence.Secure{
			Step: done, Offered: evidence.Yes, Answer: &evidence.Reply{Status: "220"},
			Chain:  []evidence.Certificate{{Issuer: "CN=R11,O=Let's Encrypt", Names: []string{p.host}, NotBefore: now.AddDate(0, -1, 0), NotAfter: now.AddDate(0, 2, 0)}},
			Judged: evidence.Judgement{Verified: true, Time: evidence.Yes, Name: evidence.Yes, Chain: evidence.Yes},
		}
		s.Capability = evidence.Capability{Step: done, Clear: p.offers, Final: []string{"AUTH PLAIN", "AUTH=PLAIN"}}
		list = append(list, s)
	}
	return list
}

// without takes STARTTLS out of a path's offer, and puts other words in its place.
func without(instead ...string) func(*evidence.Session) {
	return func(s *evidence.Session) {
		offers := slices.DeleteFunc(slices.Clone(s.Capability.Clear), func(k string) bool { return k == "STARTTLS" })
		s.Capability = evidence.Capability{Clear: append(offers, instead...)}
		s.Secure = evidence.Secure{Step: stopped(evidence.NotOffered), Offered: evidence.No, Anyway: evidence.No}
	}
}

func accepted(s *evidence.Session) { s.Secure.Anyway = evidence.Yes }

func fewer(s *evidence.Session) { s.Capability.Clear = []string{"HELP"} }

// answered refuses STARTTLS though it is offered.
func answered(status string) func(*evidence.Session) {
	return func(s *evidence.Session) {
		s.Secure = evidence.Secure{Step: stopped(evidence.Rejected), Offered: evidence.Yes, Answer: &evidence.Reply{Status: status}}
		s.Secure.Step.Failure.Reply = s.Secure.Answer
		s.Capability = evidence.Capability{Clear: s.Capability.Clear}
	}
}

func greets(line string) func(*evidence.Session) {
	return func(s *evidence.Session) { s.Greeting.Line = line }
}

func stopped(kind evidence.Kind) evidence.Step {
	return evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: kind}}
}

func from(issuer string, verified bool) func(*evidence.Session) {
	return func(s *evidence.Session) {
		s.Secure.Chain[0].Issuer = issuer
		if !verified {
			s.Secure.Judged = evidence.Judgement{Time: evidence.Yes, Name: evidence.Yes, Chain: evidence.No, ChainWhy: "unknown-authority"}
		}
	}
}

// TestMeddling: what stands on the way is named for its own marks alone, and what looks
// like it is left to the server. Changes are by port.
func TestMeddling(t *testing.T) {
	type changes map[int][]func(*evidence.Session)
	const (
		avast    = "CN=Avast Web/Mail Shield Root,O=Avast Web/Mail Shield"
		distrust = "CN=Avast Web/Mail Shield Self-signed Root,O=Avast Web/Mail Shield"
		stars    = "220 ********************************0*2******"
	)
	each := func(do ...func(*evidence.Session)) changes { return changes{143: do, 587: do, 26: do, 25: do} }
	for _, c := range []struct {
		name    string
		changes changes
		want    string // diagnoses with how sure they are, then the root findings
	}{
		{"healthy", nil, " | "},

		{"missing, and accepted all the same", changes{25: {without(), fewer, accepted}}, "MM407 certain | "},
		{"missing and refused, with fewer words", changes{26: {without(), fewer}}, " | MM406"},
		{"missing on 26, all else as on 587", changes{26: {without()}}, " | MM406"},
		{"missing on 25, all else as on 587", changes{25: {without()}}, "MM407 likely | "},
		{"X in its place", changes{587: {without("XXXXXXXA"), fewer, func(s *evidence.Session) { s.Capability.Clear = append(s.Capability.Clear, "XXXXXXXA") }}}, "MM407 likely | "},
		{"a word with an X of its own", changes{26: {without("XCLIENT"), fewer}}, " | MM406"},
		{"missing everywhere, both ways", each(without()), "MM407 likely | "},
		{"missing on one server only", changes{587: {without(), fewer}, 26: {without(), fewer}, 25: {without(), fewer}}, " | MM406 MM406 MM406"},
		{"offered and unknown, another port takes it", changes{587: {answered("502")}}, "MM407 likely | "},
		{"offered and unknown on every port of one server", changes{587: {answered("500")}, 26: {answered("500")}, 25: {answered("500")}}, " | MM406 MM406 MM406"},
		{"offered and unknown, both ways", changes{143: {answered("BAD")}, 587: {answered("500")}, 26: {answered("500")}, 25: {answered("500")}}, "MM407 likely | "},
		{"offered, and not ready", changes{587: {answered("454")}}, " | MM406"},

		{"stars and X", changes{25: {greets(stars), without("XXXXXXXA")}}, "MM506 certain | "},
		{"stars and X on all of SMTP", changes{587: {greets(stars), without("XXXXXXXA")}, 26: {greets(stars), without("XXXXXXXA")}, 25: {greets(stars), without("XXXXXXXA")}}, "MM506 certain | "},
		{"stars and nothing wrong", changes{25: {greets(stars)}}, " | "},
		{"stars, and a login over a verified line that is refused", changes{25: {greets(stars), func(s *evidence.Session) {
			s.Login = stopped(evidence.Rejected)
			s.Login.Failure.Reply = &evidence.Reply{Status: "535", Text: "no"}
		}}}, " | MM701"},
		{"a few stars", changes{25: {greets("220 *** smtp.example.net *** ESMTP"), without(), fewer}}, " | MM406"},

		{"a product, not trusted", each(from(avast, false)), "MM402 likely | "},
		{"a product, not trusted, on one port", changes{25: {from(avast, false)}}, "MM402 likely | "},
		{"a product that distrusts the server", changes{25: {from(distrust, false)}}, "MM402 possible | "},
		{"a product, trusted", each(from(avast, true)), " | MM401 MM401 MM401 MM401"},
		{"an authority that is in no list", changes{143: {from("CN=Northwind Filter CA", false)}}, " | MM412"},
		{"signed by itself, with a product's name", changes{143: {from(avast, false), func(s *evidence.Session) {
			s.Secure.Chain[0].SelfSigned, s.Secure.Judged.ChainWhy = true, "self-signed"
		}}}, " | MM410"},
		{"not trusted, and stars on 25", changes{143: {from(avast, false)}, 25: {greets(stars), without("XXXXXXXA")}}, "MM506 certain MM402 likely | "},
	} {
		e := &evidence.Evidence{Run: evidence.Run{At: now}, Sessions: healthyPaths()}
		for i := range e.Sessions {
			for _, change := range c.changes[e.Sessions[i].Path.Port] {
				change(&e.Sessions[i])
			}
		}
		for _, s := range e.Sessions {
			if s.Login.Failed() {
				e.Logins = append(e.Logins, evidence.Login{Path: s.ID(), Name: "alice", Form: evidence.Typed, Result: evidence.RejectedIn, Reply: s.Login.Failure.Reply})
			}
		}
		why, rest := Infer(Case{Evidence: e, Findings: checks.Run(e, checks.All())}, All())
		var causes, left []string
		for _, d := range why {
			causes = append(causes, string(d.Cause.Code)+" "+string(d.Sure))
			if len(d.For) == 0 || len(d.Advice) == 0 || len(d.Against) == 0 {
				t.Errorf("%s: %s: for %v, advice %v, against %v, want some of each", c.name, d.Cause.Code, d.For, d.Advice, d.Against)
			}
		}
		for _, f := range rest {
			if f.Severity != checks.Note {
				left = append(left, string(f.Code))
			}
		}
		if got := strings.Join(causes, " ") + " | " + strings.Join(left, " "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestDistrusts: where the product itself did not believe the server, the server comes first.
func TestDistrusts(t *testing.T) {
	for name, want := range map[string]string{
		"CN=Avast Web/Mail Shield Root":             "In Avast, switch off the scanning of encrypted mail connections",
		"CN=Avast Web/Mail Shield Self-signed Root": "Look at the server first",
	} {
		e := &evidence.Evidence{Run: evidence.Run{At: now}, Sessions: healthyPaths()}
		for i := range e.Sessions {
			from(name, false)(&e.Sessions[i])
		}
		fit := interceptedUntrusted.Fit(Case{Evidence: e, Findings: checks.Run(e, checks.All())})
		if fit == nil || !strings.HasPrefix(fit.Advice[0].String(), want) {
			t.Errorf("%s: got %v, want the advice %q first", name, fit, want)
		}
	}
}
