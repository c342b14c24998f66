package debian

import "testing"

// TestCyrus holds the second IMAP server to what the lab needs of it: another greeting,
// STARTTLS, a prefix, and a quota command.
func TestCyrus(t *testing.T) {
	c := selfSigned(t, "imap.runbox.com")
	x := StartCyrus(t, c, User{"alice", "Orchid-17-Lantern"})
	s := dial(t, x.Plain)
	holds(t, "greeting", s.line(), "Cyrus IMAP")
	lacks(t, "login before TLS", s.imap("LOGIN alice Orchid-17-Lantern"), "OK")
	holds(t, "STARTTLS", s.imap("STARTTLS"), "OK")
	s.secure(c)
	holds(t, "wrong password", s.imap("LOGIN alice another"), "NO")
	holds(t, "login", s.imap("LOGIN alice Orchid-17-Lantern"), "OK")
	holds(t, "NAMESPACE", s.imap("NAMESPACE"), `(("INBOX." "."))`)
	holds(t, "LIST", s.imap(`LIST "" "*"`), "INBOX.Sent")
	holds(t, "GETQUOTAROOT", s.imap("GETQUOTAROOT INBOX"), "OK")
}
