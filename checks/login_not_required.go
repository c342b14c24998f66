package checks

import (
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// loginNotRequired is MM903: a port for mail programs took sender and recipient before
// any login (--envelope asks). Anybody could send through it.
var loginNotRequired = Check{Code: "MM903", Stage: StageLogin, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		a := s.Anonymous
		if a == nil || a.MailFrom == nil || a.RcptTo == nil || !taken(a.MailFrom) || !taken(a.RcptTo) {
			return nil
		}
		return &Finding{
			// The recipient was the user's own address: a server may take mail for its own
			// people from everybody. On a port for submission it should not (RFC 6409 section 4.3).
			Sure:   Likely,
			Text:   "This port accepts mail without a login. Whoever finds it can send through it, and the provider may end on block lists.",
			Facts:  []Fact{seen(s, StageLogin, a.Step, "before the login, RCPT TO: %s", quoted(a.RcptTo))},
			Advice: []say.Text{AskSupport(e)},
		}
	})
}}

func taken(r *evidence.Reply) bool { return strings.HasPrefix(r.Status, "2") }
