package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// appPasswordNeeded is MM704: the server asks for another kind of login than the
// account's own password, or for a login with a browser first.
var appPasswordNeeded = Check{Code: codeAppPassword, Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return refusalsOf(e, codeAppPassword, func(s *evidence.Session, l evidence.Login) *Finding {
		if r := l.Reply; r.Code == "WEBALERT" || r.Enhanced == "5.7.14" || r.Reason() == evidence.WebLogin {
			return &Finding{
				Sure:   Likely,
				Text:   "The server wants you to log in with a web browser first. Your password may be right.",
				Advice: []say.Text{"Log in to your provider's Webmail once, on this network, and confirm there that it was you. Then try again.", "If it asks for an app password for mail programs, make one there and enter it in your mail program."},
			}
		}
		return &Finding{
			Sure:   Likely,
			Text:   "The server wants another kind of login than the account's own password.",
			Advice: []say.Text{"Log in to your provider's Webmail, make an app password there, and enter it in your mail program."},
		}
	})
}}
