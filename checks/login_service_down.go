package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// loginServiceDown is MM708: the server cannot check any password at the moment.
var loginServiceDown = Check{Code: codeServiceDown, Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return refusalsOf(e, codeServiceDown, func(s *evidence.Session, l evidence.Login) *Finding {
		return &Finding{
			Text:   "The server cannot check passwords at the moment. Yours may be right.",
			Advice: []say.Text{"Change nothing, and try again in half an hour.", AskSupport(e)},
		}
	})
}}
