package checks

import (
	"mailmedic/probe/evidence"
)

// appPasswordNeeded is MM704: the server asks for another kind of login than the
// account's own password.
var appPasswordNeeded = Check{Code: codeAppPassword, Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return refusals(e, evidence.RejectedIn, func(s *evidence.Session, l evidence.Login) *Finding {
		if meaning(l) != codeAppPassword {
			return nil
		}
		return &Finding{
			Sure:   Likely,
			Text:   "The server wants another kind of login than the account's own password.",
			Advice: []string{"Log in to your provider's web mail, make an app password there, and enter it in your mail program."},
		}
	})
}}
