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
	d := StartDovecot(t, DovecotOptions{Certificate: certificate, Users: accounts(), Prefix: "INBOX.", Folders: []string{"INBOX.Sent"}, LMTP: true})
	then := time.Date(2009, 2, 3, 4, 5, 6, 0, time.FixedZone("", 3600))
	for _, user := range accounts() {
		d.Deliver(t, user.Name, letter)
		if got := d.Append(t, user, "INBOX", then, letter); got != 2 {
			t.Errorf("UID of the second message = %d, want 2", got)
		}
		if got := d.Append(t, user, "INBOX.Sent", time.Time{}, letter); got != 1 {
			t.Errorf("UID of the sent message = %d, want 1", got)
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
