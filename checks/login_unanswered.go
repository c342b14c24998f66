package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// loginUnanswered is MM713: the line broke during the login, so nothing is known about
// name or password.
var loginUnanswered = Check{Code: "MM713", Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return loginsWith(e, []evidence.Result{evidence.BrokenOff}, func(s *evidence.Session, l evidence.Login) *Finding {
		if l.Failure != nil && l.Failure.Kind == evidence.Cancelled {
			return nil
		}
		return &Finding{
			Sure:   Likely,
			Text:   "The server did not answer the login. Nothing is known about name or password.",
			Advice: []say.Text{"Wait a few minutes and run mailmedic again.", AskSupport(e)},
		}
	})
}}
