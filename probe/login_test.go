package probe

import (
	"encoding/base64"
	"strings"
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// TestMechanisms logs in by every way that a server may offer. The script is the
// server's side of the dialogue; "<" waits for a line that holds the text.
func TestMechanisms(t *testing.T) {
	plain := b64("\x00alice\x00" + canary)
	const imap = "tls\n> * OK [CAPABILITY IMAP4rev1 %CAPS%] hello\n"
	const smtp = "> 220 mail.example ESMTP\n< EHLO\n> 250-mail.example\n> 250 STARTTLS\nstarttls\n< EHLO\n> 250-mail.example\n> 250 AUTH %CAPS%\n"
	for _, c := range []struct {
		about, path, caps string
		dialogue          []string
		mechanism         string
		result            evidence.Result
	}{
		{"PLAIN with its initial response", "imap-993", "SASL-IR AUTH=PLAIN",
			[]string{"< AUTHENTICATE PLAIN " + plain, "> $tag OK in"}, "PLAIN", evidence.Accepted},
		{"PLAIN after a prompt", "imap-993", "AUTH=PLAIN",
			[]string{"< AUTHENTICATE PLAIN", "> + ", "< " + plain, ">> \"m1 OK in\\r\\n\""}, "PLAIN", evidence.Accepted},
		{"PLAIN is preferred to LOGIN", "imap-993", "AUTH=LOGIN AUTH=PLAIN SASL-IR",
			[]string{"< AUTHENTICATE PLAIN " + plain, "> $tag OK in"}, "PLAIN", evidence.Accepted},
		{"LOGIN mechanism with odd prompts", "imap-993", "LOGINDISABLED AUTH=LOGIN",
			[]string{"< AUTHENTICATE LOGIN", "> + " + b64("User Name\x00"), "< " + b64("alice"), "> + " + b64("password:"), "< " + b64(canary), ">> \"m1 OK in\\r\\n\""}, "LOGIN", evidence.Accepted},
		{"LOGIN command, the password as a literal", "imap-993", "IDLE",
			[]string{`< LOGIN "alice" {`, "> + go on", "< " + canary, ">> \"m1 OK in\\r\\n\""}, evidence.LoginCommand, evidence.Accepted},
		{"LOGIN command, the literal refused", "imap-993", "IDLE",
			[]string{`< LOGIN "alice" {`, "> $tag NO [AUTHENTICATIONFAILED] no"}, evidence.LoginCommand, evidence.RejectedIn},
		{"a mechanism that the server does not know after all", "imap-993", "SASL-IR AUTH=PLAIN",
			[]string{"< AUTHENTICATE", "> $tag BAD unknown mechanism"}, "PLAIN", evidence.RejectedIn},
		{"refused for now", "imap-993", "SASL-IR AUTH=PLAIN",
			[]string{"< AUTHENTICATE", "> $tag NO [UNAVAILABLE] later"}, "PLAIN", evidence.ForNow},
		{"put off in words alone", "imap-993", "SASL-IR AUTH=PLAIN",
			[]string{"< AUTHENTICATE", "> $tag NO Too many failed login attempts, try again later"}, "PLAIN", evidence.ForNow},
		{"BYE in place of an answer", "imap-993", "SASL-IR AUTH=PLAIN",
			[]string{"< AUTHENTICATE", "> * BYE [LIMIT] too many", "close"}, "PLAIN", evidence.ForNow},
		{"prompts without end", "imap-993", "LOGINDISABLED AUTH=LOGIN",
			[]string{"< AUTHENTICATE", "> + " + b64("Username:"), "< ", "> + " + b64("Password:"), "< ", "> + " + b64("Again:"), "< *", ">> \"m1 NO cancelled\\r\\n\""}, "LOGIN", evidence.BrokenOff},
		{"AUTH PLAIN", "smtp-587", "PLAIN LOGIN",
			[]string{"< AUTH PLAIN " + plain, "> 235 2.7.0 in"}, "PLAIN", evidence.Accepted},
		{"AUTH LOGIN", "smtp-587", "LOGIN",
			[]string{"< AUTH LOGIN", "> 334 " + b64("Username:"), "< " + b64("alice"), "> 334 " + b64("Password"), "< " + b64(canary), "> 235 in"}, "LOGIN", evidence.Accepted},
		{"the older AUTH= form", "smtp-587", "X\n> 250 AUTH=PLAIN",
			[]string{"< AUTH PLAIN " + plain, "> 235 in"}, "PLAIN", evidence.Accepted},
		{"535 with its enhanced code", "smtp-587", "PLAIN",
			[]string{"< AUTH", "> 535-5.7.8 first line", "> 535 5.7.8 second line"}, "PLAIN", evidence.RejectedIn},
		{"454", "smtp-587", "PLAIN", []string{"< AUTH", "> 454 4.7.0 not now"}, "PLAIN", evidence.ForNow},
		{"hung up", "smtp-587", "PLAIN", []string{"< AUTH", "close"}, "PLAIN", evidence.BrokenOff},
	} {
		t.Run(c.about, func(t *testing.T) {
			opening := imap
			if c.path == "smtp-587" {
				opening = smtp
				if c.about == "the older AUTH= form" {
					opening = strings.Replace(opening, "> 250 AUTH %CAPS%", "> 250-%CAPS%", 1)
				}
			}
			script := strings.Replace(opening, "%CAPS%", c.caps, 1) + strings.Join(c.dialogue, "\n") + "\nclose"
			_, plan := start(t, func(m *mailtest.Options, o *Options) {
				o.Only = []string{c.path}
				m.Faults = map[string]mailtest.Fault{c.path: {Script: script}}
			})
			e := gather(t, plan)
			if len(e.Logins) != 1 {
				t.Fatalf("logins: got %+v, want one; transcript %+v", e.Logins, e.Sessions[0].Wire)
			}
			if l := e.Logins[0]; l.Mechanism != c.mechanism || l.Result != c.result {
				t.Errorf("got %s %s (%+v %+v), want %s %s", l.Mechanism, l.Result, l.Reply, l.Failure, c.mechanism, c.result)
			}
		})
	}
}

// TestElsewhere keeps the password back when the address's mail is with another
// provider, unless the user named this one.
func TestElsewhere(t *testing.T) {
	for _, c := range []struct {
		because evidence.Because
		logins  int
	}{{evidence.Undecided, 0}, {evidence.ByUser, 1}} {
		_, plan := start(t, func(m *mailtest.Options, o *Options) {
			m.Names = map[string]mailtest.NameFault{"example.org": {MX: []string{"mx.elsewhere.example"}}}
			m.Users = []mailtest.User{{Name: "bob%example.org", Password: canary}}
			o.Account, o.ProfileBecause = profile.Account{Address: "bob@example.org", Kind: profile.Hosted}, c.because
			o.Only = []string{"imap-993"}
		})
		if got := len(gather(t, plan).Logins); got != c.logins {
			t.Errorf("chosen because of %q: got %d logins, want %d", c.because, got, c.logins)
		}
	}
}
