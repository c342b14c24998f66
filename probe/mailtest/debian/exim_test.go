package debian

import "testing"

// TestExim holds the second mail server to what the lab needs of it: a greeting with the
// date, STARTTLS, logins only behind it, and that it delivers nothing.
func TestExim(t *testing.T) {
	c := selfSigned(t, "imap.runbox.com")
	x := StartExim(t, EximOptions{Name: "relay.example", Certificate: c, Users: accounts()})
	s := dial(t, x.Addresses[0])
	holds(t, "greeting", s.line(), "ESMTP Exim")
	greeting := s.smtp("EHLO client.example")
	lacks(t, "EHLO before TLS", greeting, "AUTH")
	holds(t, "EHLO before TLS", greeting, "STARTTLS")
	holds(t, "STARTTLS", s.smtp("STARTTLS"), "220")
	s.secure(c)
	holds(t, "EHLO after TLS", s.smtp("EHLO client.example"), "AUTH PLAIN")
	holds(t, "wrong password", s.smtp(authPlain(accounts()[0].Name, "another")), "535")
	holds(t, "MAIL", s.smtp("MAIL FROM:<alice@runbox.com>"), "250")
	holds(t, "RCPT without a login", s.smtp("RCPT TO:<alice@runbox.com>"), "550")
	s.smtp("RSET")
	holds(t, "right password", s.smtp(authPlain(accounts()[0].Name, password)), "235")
	holds(t, "MAIL", s.smtp("MAIL FROM:<alice@runbox.com>"), "250")
	holds(t, "RCPT after the login", s.smtp("RCPT TO:<alice@runbox.com>"), "250")
	holds(t, "DATA", s.smtp("DATA"), "550")
	holds(t, "QUIT", s.smtp("QUIT"), "221")
	x.Stop()
	holds(t, "log", x.Log(), "535 Incorrect authentication data")
	lacks(t, "log", x.Log(), password)
}
