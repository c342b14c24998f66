package checks

import (
	"mailmedic/probe/evidence"
)

// loginServiceDown is MM708: the server cannot check any password at the moment.
var loginServiceDown = Check{Code: "MM708", Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return refusals(e, evidence.ForNow, func(s *evidence.Session, l evidence.Login) *Finding {
		if l.Reply.Code == "LIMIT" || l.Reply.Code == "INUSE" || l.Reply.Status == "421" || l.Reply.Status == "450" {
			return nil
		}
		return &Finding{
			Text:   "The server cannot check passwords at the moment. Yours may be right.",
			Advice: []string{"Change nothing, and try again in half an hour.", askSupport(e)},
		}
	})
}}
