package evidence

import (
	"net/netip"
	"strings"
	"time"

	"mailmedic/probe/profile"
)

// Session finds a path's session by id, or nil.
func (e *Evidence) Session(id string) *Session {
	for i := range e.Sessions {
		if e.Sessions[i].Path.ID() == id {
			return &e.Sessions[i]
		}
	}
	return nil
}

// Lookup finds the answer to one question, or nil when it was not asked.
func (e *Evidence) Lookup(name, kind string) *Lookup {
	for i := range e.Lookups {
		if l := &e.Lookups[i]; strings.EqualFold(l.Name, name) && l.Type == kind {
			return l
		}
	}
	return nil
}

// Usable lists the sessions of a protocol that got as far as a login could: over
// a verified line, with something to log in with, and not refused. These are the
// only ones that advice may recommend.
func (e *Evidence) Usable(p profile.Protocol) []*Session {
	var found []*Session
	for i := range e.Sessions {
		if s := &e.Sessions[i]; s.Path.Protocol == p && s.Usable() {
			found = append(found, s)
		}
	}
	return found
}

// ID is the path's id.
func (s *Session) ID() string { return s.Path.ID() }

// Connected tells whether any address accepted a connection.
func (s *Session) Connected() bool { return s.Address != "" }

// GreetsElsewhere tells whether another address of the path's host greeted, so that what is
// said at this one is not said to everybody.
func (s *Session) GreetsElsewhere() bool {
	for _, d := range s.Dials {
		if d.Address != s.Address && d.Greeting != nil && d.Greeting.Step.Done() {
			return true
		}
	}
	return false
}

// SecuresElsewhere tells whether at another address of the path's host an encrypted
// connection came about, and proved who it is, so that what fails at this one does not fail
// for everybody.
func (s *Session) SecuresElsewhere() bool {
	for _, d := range s.Dials {
		if d.Address != s.Address && d.Secure != nil && d.Secure.Judged.Verified {
			return true
		}
	}
	return false
}

// Usable tells whether the path works as far as this run tested it.
func (s *Session) Usable() bool {
	return s.Capability.Step.Done() && s.Secure.Judged.Verified && !s.Secure.Revoked() &&
		len(s.Mechanisms()) > 0 && !s.Login.Failed() && !s.Envelope.Refused()
}

// Refused tells whether the user's own address was refused for good.
func (v *Envelope) Refused() bool {
	return v != nil && (v.MailFrom.ForGood() || v.RcptTo.ForGood())
}

// ForGood tells whether a reply of SMTP is a permanent refusal (RFC 5321 section 4.2.1).
func (r *Reply) ForGood() bool { return r != nil && strings.HasPrefix(r.Status, "5") }

// LoggedIn tells whether a login on this path succeeded.
func (s *Session) LoggedIn() bool { return s.Login.Done() }

// Offers tells whether a keyword stands in a capability list. Case does not matter.
func Offers(list []string, keyword string) bool {
	for _, c := range list {
		word, _, _ := strings.Cut(c, " ")
		if strings.EqualFold(word, keyword) {
			return true
		}
	}
	return false
}

// Mechanisms lists what a password login could use here, in the order in which
// mailmedic prefers it: PLAIN, LOGIN, and for IMAP the LOGIN command unless
// LOGINDISABLED forbids it (RFC 9051 section 6.2.3).
func (s *Session) Mechanisms() []string { return Mechanisms(s.Path.Protocol, s.Capability.Final) }

// Mechanisms is Session.Mechanisms for a bare capability list.
func Mechanisms(p profile.Protocol, capabilities []string) []string {
	offered := SASL(p, capabilities)
	var usable []string
	for _, m := range []string{"PLAIN", "LOGIN"} {
		if offered[m] {
			usable = append(usable, m)
		}
	}
	if p == profile.IMAP && len(capabilities) > 0 && !Offers(capabilities, "LOGINDISABLED") {
		usable = append(usable, LoginCommand)
	}
	return usable
}

// Untestable tells whether a path offers logins with a password, but none that mailmedic
// can do. A mail program may well succeed there.
func (s *Session) Untestable() bool {
	if !s.Capability.Step.Done() || len(s.Mechanisms()) > 0 {
		return false
	}
	for name := range SASL(s.Path.Protocol, s.Capability.Final) {
		if name == "CRAM-MD5" || name == "DIGEST-MD5" || name == "NTLM" || strings.HasPrefix(name, "SCRAM-") {
			return true
		}
	}
	return false
}

// LoginCommand stands for IMAP's LOGIN command among the mechanism names.
const LoginCommand = "LOGIN command"

// SASL collects the mechanisms that a capability list offers, upper case: IMAP's
// AUTH=X, and SMTP's "AUTH X Y" as well as the older "AUTH=X Y" form.
func SASL(p profile.Protocol, capabilities []string) map[string]bool {
	offered := map[string]bool{}
	for _, c := range capabilities {
		upper := strings.ToUpper(c)
		if p == profile.IMAP {
			if m, ok := strings.CutPrefix(upper, "AUTH="); ok {
				offered[m] = true
			}
			continue
		}
		if rest, ok := strings.CutPrefix(upper, "AUTH"); ok && rest != "" && (rest[0] == ' ' || rest[0] == '=') {
			for _, m := range strings.Fields(rest[1:]) {
				offered[m] = true
			}
		}
	}
	return offered
}

// Family tells the address family of an IP or IP:port: "4", "6", or "" when it is neither.
func Family(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		ap, err := netip.ParseAddrPort(address)
		if err != nil {
			return ""
		}
		ip = ap.Addr()
	}
	if ip.Unmap().Is4() {
		return "4"
	}
	return "6"
}

// Elsewhere tells whether this look-up of a domain's mail exchangers shows that the
// domain's mail is with another provider. No answer shows nothing.
func (l *Lookup) Elsewhere(p *profile.Profile) bool {
	return l != nil && l.Step.Done() && len(l.Answers) > 0 && len(p.MX) > 0 && !p.Serves(l.Answers)
}

// ValidAt tells whether a time is in the certificate's validity period, as far as that was
// observed.
func (c Certificate) ValidAt(t time.Time) bool {
	return (c.NotBefore.IsZero() || !t.Before(c.NotBefore)) && (c.NotAfter.IsZero() || !t.After(c.NotAfter))
}
