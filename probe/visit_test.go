package probe

import (
	"crypto/tls"
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// TestSTARTTLSNotOffered: it is asked for all the same, once. Whatever the answer, the
// failure stays the same, and no password goes out.
func TestSTARTTLSNotOffered(t *testing.T) {
	const (
		imap = "> * OK [CAPABILITY IMAP4rev1] hi\n< CAPABILITY\n> * CAPABILITY IMAP4rev1 AUTH=PLAIN\n> $tag OK done\n< STARTTLS\n"
		smtp = "> 220 hi\n< EHLO\n> 250-mail.example.org\n> 250 AUTH PLAIN\n< STARTTLS\n"
	)
	for _, c := range []struct {
		name, path, script string
		anyway             evidence.Seen
		status             string // of the answer
		said               string // what the server received from STARTTLS on
		farewell           evidence.State
	}{
		{"IMAP agrees", "imap-143", imap + "> $tag OK go ahead\nstall", evidence.Yes, "OK", "STARTTLS", evidence.NotReached},
		{"SMTP agrees", "smtp-587", smtp + "> 220 go ahead\nstall", evidence.Yes, "220", "STARTTLS", evidence.NotReached},
		{"IMAP refuses", "imap-143", imap + "> $tag BAD what?\n< LOGOUT\n> $tag OK bye\nclose", evidence.No, "BAD", "STARTTLS LOGOUT", evidence.Done},
		{"SMTP refuses", "smtp-587", smtp + "> 502 5.5.1 what?\n< QUIT\n> 221 bye\nclose", evidence.No, "502", "STARTTLS QUIT", evidence.Done},
		{"SMTP refuses for now", "smtp-587", smtp + "> 454 4.7.0 later\n< QUIT\n> 221 bye\nclose", evidence.No, "454", "STARTTLS QUIT", evidence.Done},
		{"IMAP breaks off", "imap-143", imap + "close", evidence.Unknown, "", "STARTTLS", evidence.Failed},
		{"IMAP answers with rubbish", "imap-143", imap + "> what\n< LOGOUT\n> $tag OK bye\nclose", evidence.Unknown, "", "STARTTLS LOGOUT", evidence.Done},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			provider, plan := hostile(t, c.path, c.script)
			s := ends(t, plan).Session(c.path)
			if f := s.Secure.Step.Failure; f == nil || f.Kind != evidence.NotOffered {
				t.Errorf("failure: got %+v, want %s", f, evidence.NotOffered)
			}
			if s.Secure.Offered != evidence.No || s.Secure.Anyway != c.anyway {
				t.Errorf("got offered %q, anyway %q; want no, %q", s.Secure.Offered, s.Secure.Anyway, c.anyway)
			}
			var status string
			if s.Secure.Answer != nil {
				status = s.Secure.Answer.Status
			}
			if status != c.status {
				t.Errorf("answer: got %q, want %q", status, c.status)
			}
			if s.Farewell.State != c.farewell {
				t.Errorf("farewell: got %s, want %s", s.Farewell.State, c.farewell)
			}
			if len(s.Looks) != 0 {
				t.Errorf("looks: got %v, want none", s.Looks)
			}
			var words []string
			for _, line := range provider.Commands(c.path) {
				fields := strings.Fields(line)
				words = append(words, fields[len(fields)-1])
			}
			from := max(0, slices.Index(words, "STARTTLS"))
			if got := strings.Join(words[from:], " "); got != c.said {
				t.Errorf("received: got %q, want %q", got, c.said)
			}
		})
	}
}

// TestSilentPortThatWaitsForTLS is told for what it is, with a goodbye and without a login,
// and the transcript lists what was sent there.
func TestSilentPortThatWaitsForTLS(t *testing.T) {
	ca, certificate, _ := certificates(t)
	p := listen(t, profile.TLS, speaks(&tls.Config{Certificates: []tls.Certificate{certificate}}))
	plan := onePath(ca.Roots(), profile.STARTTLS, p.address)
	plan.Budget.Step = 500 * time.Millisecond
	s := gather(t, plan).Sessions[0]
	if s.Secure.Implicit != evidence.Yes || s.Login.State != evidence.NotReached {
		t.Errorf("got TLS instead %q, login %+v; want yes, none", s.Secure.Implicit, s.Login)
	}
	if got := p.said(); len(got) != 1 || !strings.HasSuffix(got[0], " LOGOUT") {
		t.Errorf("received: got %q, want one LOGOUT", got)
	}
	var sent []string
	for _, line := range s.Wire {
		if line.Sent {
			sent = append(sent, line.Text)
		}
	}
	if !slices.Equal(sent, p.said()) {
		t.Errorf("transcript: got %q, want what was received, %q", sent, p.said())
	}
	if s.Greeting.Line != "" || s.Secure.Step.State != evidence.NotReached {
		t.Errorf("got greeting %q, TLS %+v; want the silent port's own: none", s.Greeting.Line, s.Secure.Step)
	}
}
