package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// accountClosed is MM705: the server says that the account itself is expired, disabled
// or not allowed in.
var accountClosed = Check{Code: codeClosed, Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return refusalsOf(e, codeClosed, func(s *evidence.Session, l evidence.Login) *Finding {
		switch {
		case acceptedIn(e, other(s.Path.Protocol), l.Name):
			return &Finding{
				Text:   say.With("The account is not allowed in on port %d, while it is in the other direction. Name and password are right.", s.Path.Port),
				Advice: []say.Text{"Look in your provider's Webmail whether this service is switched on for your account.", AskSupport(e)},
			}
		case l.Reply.Code == "EXPIRED", l.Reply.Reason() == evidence.Expired:
			return &Finding{
				Text:   "The server knows the account and says that its password, or the account itself, has expired.", // RFC 5530
				Advice: []say.Text{"Log in to your provider's Webmail. If it asks for a new password, set one and enter it in your mail program; if it speaks of the account, renew that.", AskSupport(e)},
			}
		}
		return &Finding{
			Text:   "The server knows the account and does not let it in: it is disabled, or not allowed here.",
			Advice: []say.Text{"Log in to your provider's Webmail: look for a message about your account, and whether this service is switched on for it.", AskSupport(e)},
		}
	})
}}
