package probe

import (
	"slices"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// failing is a session whose step before the login failed.
func failing(port int, role profile.Role, kind evidence.Kind, alert int) evidence.Session {
	return evidence.Session{
		Path:    profile.Path{Protocol: profile.IMAP, Port: port, Host: "imap.example", Encryption: profile.TLS, Role: role},
		Address: "192.0.2.10:993",
		Secure:  evidence.Secure{Step: evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: kind, Alert: alert}}},
	}
}

func working(port int, role profile.Role) evidence.Session {
	s := failing(port, role, "", 0)
	s.Secure = evidence.Secure{Step: evidence.Step{State: evidence.Done}, Judged: evidence.Judgement{Verified: true}}
	s.Capability.Step.State = evidence.Done
	return s
}

// TestWanted: a healthy run compares with nothing, and neither does trouble on a port
// that nobody needs, a login, or a run that dials elsewhere by hand.
func TestWanted(t *testing.T) {
	named := profile.Profile{Web: "example"}
	rejected := working(993, profile.Recommended)
	rejected.Login.State = evidence.Failed
	for _, c := range []struct {
		name     string
		sessions []evidence.Session
		options  Options
		want     []evidence.Purpose
	}{
		{"healthy", []evidence.Session{working(993, profile.Recommended)}, Options{}, nil},
		{"a trial port fails", []evidence.Session{working(993, profile.Recommended), failing(1143, profile.Trial, evidence.Reset, 0)}, Options{}, nil},
		{"a login fails", []evidence.Session{rejected}, Options{}, nil},
		{"a handshake fails", []evidence.Session{failing(993, profile.Recommended, evidence.Reset, 0)}, Options{}, []evidence.Purpose{evidence.Decoy, evidence.Web, evidence.WebTLS}},
		{"the same, dialled by hand", []evidence.Session{failing(993, profile.Recommended, evidence.Reset, 0)}, Options{Connect: map[string]string{"imap-993": "127.0.0.1:1"}}, nil},
		{"nothing connects", []evidence.Session{{Path: profile.Path{Role: profile.Recommended}}}, Options{Controls: []string{"control.example"}}, []evidence.Purpose{evidence.Web, evidence.WebTLS, evidence.WebTLS}},
	} {
		var got []evidence.Purpose
		for _, x := range wanted(&evidence.Evidence{Profile: named, Sessions: c.sessions}, c.options) {
			got = append(got, x.purpose)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// TestLooksFor: paths that fail alike are sampled once, and few in all.
func TestLooksFor(t *testing.T) {
	silence, alert := []evidence.Hello{evidence.HelloSmall, evidence.HelloClamped, evidence.HelloOld}, []evidence.Hello{evidence.HelloOld, evidence.HelloRSA}
	for _, c := range []struct {
		name     string
		sessions []evidence.Session
		want     []evidence.Hello
	}{
		{"healthy", []evidence.Session{working(993, profile.Recommended)}, nil},
		{"silence", []evidence.Session{failing(993, profile.Recommended, evidence.Timeout, 0)}, silence},
		{"an alert", []evidence.Session{failing(993, profile.Recommended, evidence.Alert, 70)}, alert},
		{"clear text where TLS was due", []evidence.Session{failing(993, profile.Recommended, evidence.NotTLS, 0)}, nil},
		{"the run was cut off", []evidence.Session{failing(993, profile.Recommended, evidence.Cancelled, 0)}, nil},
		{"two that fail alike", []evidence.Session{failing(993, profile.Recommended, evidence.Alert, 70), failing(143, profile.Alternate, evidence.Alert, 70)}, alert},
		{"two that do not", []evidence.Session{failing(993, profile.Recommended, evidence.Alert, 70), failing(143, profile.Alternate, evidence.Reset, 0)}, append(slices.Clone(alert), silence...)},
	} {
		var got []evidence.Hello
		for _, l := range looksFor(&evidence.Evidence{Sessions: c.sessions}, Options{}) {
			got = append(got, l.hello)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// TestLikely: of what a certificate names, only the provider's is asked for, in an order,
// and never what is no name.
func TestLikely(t *testing.T) {
	own := kinOf(profile.Profile{Domains: []string{"example.org"}, Paths: []profile.Path{{Host: "imap.example.net"}}}, nil)
	got := likely([]string{"*.example.net", "192.0.2.1", "other.example", "pop.example.org", "Mail.Example.net", "localhost", "a\x1bb.example.net"}, "imap.example.net", own)
	if want := []string{"mail.example.net", "pop.example.org"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDateAtEnd(t *testing.T) {
	right := time.Date(2026, 11, 23, 0, 10, 20, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"mail.example ESMTP Exim 4.96 Mon, 23 Nov 2026 00:10:20 +0000":                       right,
		"mail.example ESMTP Sendmail 8.15; Mon, 23 Nov 2026 01:10:20 +0100":                  right,
		"mail.example ESMTP Sendmail 8.15; Mon, 23 Nov 2026 01:10:20 +0100 (CET)":            right,
		"mail.example ESMTP 23 Nov 2026 00:10:20 +0000":                                      right,
		"mail.example Microsoft ESMTP MAIL Service ready at Mon, 23 Nov 2026 00:10:20 +0000": right,
		"mail.example ESMTP Postfix":                                                         {},
		"mail.example ESMTP 23 Nov 2026":                                                     {},
		"mail.example ESMTP Mon, 23 Nov 2026 00:10:20 MESZ":                                  {},
		"mail.example ESMTP Mon, 31 Feb 2026 00:10:20 +0000":                                 {},
		"": {},
	} {
		if got, ok := dateAtEnd(text); !got.Equal(want) || ok == want.IsZero() {
			t.Errorf("%q: got %v, %t; want %v", text, got, ok, want)
		}
	}
}
