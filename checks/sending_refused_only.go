package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// sendingRefusedOnly is MM706: receiving accepts the name and password that sending
// refuses. The password is proven right.
var sendingRefusedOnly = Check{Code: "MM706", Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return refusedOnly(e, profile.SMTP, []say.Text{
		"Look in your provider's Webmail whether sending (SMTP) is switched on for your account, and whether a new account has to be confirmed or paid first.",
		"In your mail program, set the user name and password for outgoing mail to those for incoming mail.",
	})
}}

// refusedOnly looks for logins that one direction refused and the other accepted.
func refusedOnly(e *evidence.Evidence, p profile.Protocol, advice []say.Text) []Finding {
	return refusalsOf(e, codeRejected, func(s *evidence.Session, l evidence.Login) *Finding {
		if s.Path.Protocol != p || !acceptedIn(e, other(p), l.Name) || acceptedName(e, p) != "" {
			return nil
		}
		f := &Finding{
			Text: say.With(ForDirection(p,
				"The server for sending accepts %s with this password, the one for receiving refuses them.",
				"The server for receiving accepts %s with this password, the one for sending refuses them."), l.Name),
			Advice: advice,
		}
		if ownWords(l.Reply) {
			f.Text = say.Join(f.Text, "It says why in its own words.")
			f.Advice = []say.Text{"Do what the server's words ask for; they are quoted above. Whoever runs the mail for you, for example your company, may have to allow it.", AskSupport(e)}
		}
		return f
	})
}
