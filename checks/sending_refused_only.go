package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// sendingRefusedOnly is MM706: receiving accepts the name and password that sending
// refuses. The password is proven right.
var sendingRefusedOnly = Check{Code: "MM706", Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return refusedOnly(e, profile.SMTP, []string{
		"Look in your provider's Webmail whether sending (SMTP) is switched on for your account, and whether a new account has to be confirmed or paid first.",
		"In your mail program, set the user name and password for outgoing mail to those for incoming mail.",
	})
}}

// refusedOnly looks for logins that one direction refused and the other accepted.
func refusedOnly(e *evidence.Evidence, p profile.Protocol, advice []string) []Finding {
	return refusalsOf(e, codeRejected, func(s *evidence.Session, l evidence.Login) *Finding {
		if s.Path.Protocol != p || !acceptedIn(e, other(p), l.Name) || acceptedName(e, p) != "" {
			return nil
		}
		refusing, accepting := "sending", "receiving"
		if p == profile.IMAP {
			refusing, accepting = accepting, refusing
		}
		f := &Finding{
			Text:   fmt.Sprintf("The server for %s accepts %s with this password, the one for %s refuses them.", accepting, l.Name, refusing),
			Advice: advice,
		}
		if ownWords(l.Reply) {
			f.Text += " It says why in its own words."
			f.Advice = []string{"Do what the server's words ask for; they are quoted above. Whoever runs the mail for you, for example your company, may have to allow it.", AskSupport(e)}
		}
		return f
	})
}
