package debian

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// startPair runs a Postfix that asks a Dovecot about logins.
func startPair(t *testing.T, o PostfixOptions) (*Dovecot, *Postfix) {
	t.Helper()
	d := StartDovecot(t, DovecotOptions{Certificate: o.Certificate, Users: accounts(), AuthSocket: true})
	o.AuthSocket = d.AuthSocket
	return d, StartPostfix(t, o)
}

func TestPostfixPorts(t *testing.T) {
	Require(t)
	usual, other := selfSigned(t, serverName), selfSigned(t, serverName)
	_, p := startPair(t, PostfixOptions{
		Certificate: usual, Certificates: map[int]Certificate{3: other},
		Ports: 4, NoAuth: []int{1}, NoTLS: []int{2},
	})
	for i, c := range []struct {
		name        string
		certificate Certificate
		tls, auth   bool
	}{
		{"all", usual, true, true},
		{"no AUTH", usual, true, false},
		{"no STARTTLS", usual, false, false},
		{"another certificate", other, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := dial(t, p.Addresses[i])
			holds(t, "greeting", s.smtp(""), "220 smtp.mailmedic.test ESMTP")
			before := s.smtp("EHLO client.test")
			lacks(t, "EHLO in clear text", before, "AUTH")
			if !c.tls {
				lacks(t, "EHLO in clear text", before, "STARTTLS")
				return
			}
			holds(t, "EHLO in clear text", before, "250-STARTTLS\n")
			holds(t, "STARTTLS", s.smtp("STARTTLS"), "220 ")
			s.secure(c.certificate)
			secured := s.smtp("EHLO client.test")
			if !c.auth {
				lacks(t, "EHLO over TLS", secured, "AUTH")
				holds(t, "AUTH", s.smtp(authPlain("alice", password)), "503 5.5.1 ")
				return
			}
			holds(t, "EHLO over TLS", secured, "250-AUTH PLAIN LOGIN\n")
			holds(t, "AUTH", s.smtp(authPlain("alice", password)), "235 2.7.0 ")
		})
	}
}

func TestPostfixLoginsAndEnvelope(t *testing.T) {
	Require(t)
	certificate := selfSigned(t, serverName)
	d, p := startPair(t, PostfixOptions{Certificate: certificate, Ports: 1})

	var want []Attempt
	for _, c := range []struct {
		user, answer string
		accepted     bool
	}{
		{"alice", "235 2.7.0 ", true},
		{"bob%example.org", "235 2.7.0 ", true},
		{"alice@runbox.com", "535 5.7.8 ", false},
		{"bob@example.org", "535 5.7.8 ", false},
	} {
		s := dial(t, p.Addresses[0])
		s.smtp("")
		s.smtp("EHLO client.test")
		s.smtp("STARTTLS")
		s.secure(certificate)
		s.smtp("EHLO client.test")
		holds(t, "AUTH "+c.user, s.smtp(authPlain(c.user, password)), c.answer)
		holds(t, "MAIL", s.smtp("MAIL FROM:<alice@runbox.com>"), "250 ")
		if c.accepted {
			holds(t, "RCPT after the login", s.smtp("RCPT TO:<alice@runbox.com>"), "250 ")
			holds(t, "DATA", s.smtp("DATA"), "554 ")
		} else {
			holds(t, "RCPT without a login", s.smtp("RCPT TO:<alice@runbox.com>"), "554 ")
		}
		holds(t, "RSET", s.smtp("RSET"), "250 ")
		holds(t, "QUIT", s.smtp("QUIT"), "221 ")
		want = append(want, Attempt{c.user, c.accepted})
	}
	p.Stop()
	d.Stop()
	if diff := cmp.Diff(want, d.Attempts()); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
	if got := strings.Count(p.Log(), "SASL PLAIN authentication failed"); got != 2 {
		t.Errorf("rejected logins in postfix's log = %d, want 2", got)
	}
	lacks(t, "log", p.Log()+d.Log(), password)
}

func TestPostfixSettingsReplaceOurs(t *testing.T) {
	Require(t)
	p := StartPostfix(t, PostfixOptions{
		Certificate: selfSigned(t, serverName),
		Settings:    map[string]string{"myhostname": "smtp.runbox.com"},
	})
	if got := len(p.Addresses); got != 3 {
		t.Fatalf("ports = %d, want 3", got)
	}
	s := dial(t, p.Addresses[2])
	holds(t, "greeting", s.smtp(""), "220 smtp.runbox.com ESMTP")
	s.smtp("EHLO client.test")
	s.smtp("STARTTLS")
}
