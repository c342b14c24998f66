package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// loginRejected is MM701: the name has the right form, and the server rejects name or
// password. It does not say which, so neither do we.
var loginRejected = Check{Code: codeRejected, Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return refusals(e, evidence.RejectedIn, func(s *evidence.Session, l evidence.Login) *Finding {
		if meaning(l) != codeRejected || blamedOnName(e, l) || acceptedIn(e, other(s.Path.Protocol), l.Name) {
			return nil
		}
		return &Finding{
			Text: fmt.Sprintf("The server does not accept %s with this password. It does not say which of the two is wrong.", l.Name),
			Advice: []string{
				"Log in to your provider's web mail with the same name and password.",
				"If that works: look there for app passwords, two-factor login, and services such as IMAP or SMTP that are switched off.",
				"If it fails too: ask for a new password there, then enter it in your mail program.",
			},
			Params: map[string]string{"login": l.Name},
		}
	})
}}
