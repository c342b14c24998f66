package debian

import (
	"strings"
	"testing"
	"time"
)

const letter = "From: Carol <carol@example.com>\r\nTo: alice@runbox.com\r\nSubject: hello\r\n\r\nA line.\r\n.\r\n"

// TestDovecotStoresMessages tells a message that came by mail from one that a mail program
// put there, as their header fields and dates do.
func TestDovecotStoresMessages(t *testing.T) {
	Require(t)
	certificate := selfSigned(t, serverName)
	d := StartDovecot(t, DovecotOptions{Certificate: certificate, Users: accounts(), Prefix: "INBOX.", Folders: []string{"INBOX.Sent", "INBOX.Trash"}, LMTP: true})
	then := time.Date(2009, 2, 3, 4, 5, 6, 0, time.FixedZone("", 3600))
	for _, user := range accounts() {
		d.Deliver(t, user.Name, letter)
		if got := d.Append(t, user, "INBOX", then, letter); got != 2 {
			t.Errorf("UID of the second message = %d, want 2", got)
		}
		if got := d.Append(t, user, "INBOX.Sent", time.Time{}, letter); got != 1 {
			t.Errorf("UID of the sent message = %d, want 1", got)
		}
		if got := d.Messages(t, user, "INBOX"); len(got) != 2 || got[1] != letter {
			t.Errorf("messages in INBOX = %q, want two, the second as it was appended", got)
		}
		if got := d.Messages(t, user, "INBOX.Trash"); len(got) != 0 {
			t.Errorf("messages in INBOX.Trash = %q, want none", got)
		}

		s := dial(t, d.TLS)
		s.secure(certificate)
		s.line()
		holds(t, "LOGIN", s.imap(login(user.Name)), "a OK ")
		holds(t, "EXAMINE INBOX", s.imap("EXAMINE INBOX"), "* 2 EXISTS\n")
		delivered := s.imap("FETCH 1 (UID FLAGS INTERNALDATE BODY.PEEK[])")
		recent(t, delivered)
		holds(t, "what was delivered", delivered, "UID 1 FLAGS (\\Recent) ")
		holds(t, "what was delivered", delivered, "\nDelivered-To: "+user.Name+"\n")
		holds(t, "what was delivered", delivered, "\nReceived: from ")
		holds(t, "what was delivered", delivered, "\nA line.\n.\n")
		appended := s.imap("FETCH 2 (UID INTERNALDATE BODY.PEEK[])")
		if got := internalDate(t, appended); !got.Equal(then) {
			t.Errorf("what was appended is of %s, want %s", got, then)
		}
		lacks(t, "what was appended", appended, "Received:")
		holds(t, "EXAMINE INBOX.Sent", s.imap("EXAMINE INBOX.Sent"), "* 1 EXISTS\n")
		sent := s.imap("FETCH 1 (FLAGS INTERNALDATE)")
		recent(t, sent)
		holds(t, "what was sent", sent, `FLAGS (\Seen \Recent) `)
		holds(t, "LOGOUT", s.imap("LOGOUT"), "a OK ")
	}
}

// internalDate reads the date of one message, which Dovecot gives in its own time zone.
func internalDate(t *testing.T, answer string) time.Time {
	t.Helper()
	_, after, _ := strings.Cut(answer, `INTERNALDATE "`)
	text, _, _ := strings.Cut(after, `"`)
	date, err := time.Parse("_2-Jan-2006 15:04:05 -0700", text)
	if err != nil {
		t.Errorf("internal date in %q: %v", answer, err)
	}
	return date
}

func recent(t *testing.T, answer string) {
	t.Helper()
	if age := time.Since(internalDate(t, answer)); age < -time.Minute || age > time.Hour {
		t.Errorf("%q is %s old, want it of now", answer, age)
	}
}

// TestPostfixTakesMessages sends one to the end, which the default refuses.
func TestPostfixTakesMessages(t *testing.T) {
	Require(t)
	certificate := selfSigned(t, serverName)
	_, p := startPair(t, PostfixOptions{Certificate: certificate, Ports: 1, Takes: true})
	s := dial(t, p.Addresses[0])
	s.smtp("")
	s.smtp("EHLO client.test")
	s.smtp("STARTTLS")
	s.secure(certificate)
	s.smtp("EHLO client.test")
	holds(t, "AUTH", s.smtp(authPlain("alice", password)), "235 2.7.0 ")
	holds(t, "MAIL", s.smtp("MAIL FROM:<alice@runbox.com>"), "250 ")
	holds(t, "RCPT", s.smtp("RCPT TO:<alice@runbox.com>"), "250 ")
	holds(t, "DATA", s.smtp("DATA"), "354 ")
	holds(t, "the message", s.smtp("Subject: hello\r\n\r\nA line.\r\n."), "250 2.0.0 Ok: queued as ")
	holds(t, "QUIT", s.smtp("QUIT"), "221 ")
	p.Stop()
	holds(t, "log", p.Log(), "sasl_username=alice")
}
