package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// loginRejected is MM701: the name has the right form, and the server rejects name or
// password. It does not say which, so neither do we.
var loginRejected = Check{Code: codeRejected, Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return refusalsOf(e, codeRejected, func(s *evidence.Session, l evidence.Login) *Finding {
		if blamedOnName(e, l) {
			return nil
		}
		f := &Finding{Params: map[string]string{"login": l.Name}}
		switch {
		case acceptedIn(e, s.Path.Protocol, l.Name):
			f.Sure = Possible
			f.Text = say.With("Port %d refuses the login that another port of the same direction accepts. Name and password are right.", s.Path.Port)
			f.Advice = []say.Text{UseInstead(e, s.Path.Protocol), AskSupport(e)}
		case acceptedIn(e, other(s.Path.Protocol), l.Name):
			return nil
		case ownWords(l.Reply):
			f.Sure = Likely
			f.Text = "The server refuses the login and says why in its own words. Name and password may be right."
			if l.Reply.Status == "BYE" {
				f.Sure = Possible
				f.Text = "The server ended the session in place of an answer to the login. If it said why, its words are quoted below. Name and password may be right."
			}
			f.Advice = []say.Text{"Do what the server's words ask for; they are quoted above.", "Log in to your provider's Webmail and look for a message about it.", AskSupport(e)}
		default:
			f.Text = say.With("The server does not accept %s with this password. It does not say which of the two is wrong.", l.Name)
			f.Advice = append(otherNames(e, l.Name),
				"Log in to your provider's Webmail with the same name and password.",
				"If that works: look there for app passwords, two-factor login, and services such as IMAP or SMTP that are switched off.",
				"If it fails too: ask for a new password there, then enter it in your mail program.")
		}
		return f
	})
}}

// otherNames advises the other login names that the provider takes for the address.
func otherNames(e *evidence.Evidence, tried string) []say.Text {
	var advice []say.Text
	for _, name := range e.Profile.LoginNames(e.Account.Address) {
		if name != tried && !answered(e, name, evidence.RejectedIn) {
			advice = append(advice, say.With("%s also takes %s as login name: try that first.", e.Profile.Title, name))
		}
	}
	return advice
}
