package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// tooManyTries is MM702: the server puts logins off because there were too many.
var tooManyTries = Check{Code: codeTries, Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return refusalsOf(e, codeTries, func(s *evidence.Session, l evidence.Login) *Finding {
		f := &Finding{
			Sure:   Likely, // Postfix: 421 4.7.0 too many errors, 450 4.7.1 too many AUTH commands; others use them too
			Text:   "The server puts logins from here off, as it does after too many tries. Your password may be right.",
			Advice: []say.Text{"Wait half an hour. Close all mail programs and phones that use this account until then: one with an old password keeps the lock alive."},
		}
		if says(l.Reply, "bad auth") {
			f.Advice = append(f.Advice, "Some providers say so where an app password is wanted: look in their Webmail.")
		}
		return f
	})
}}
