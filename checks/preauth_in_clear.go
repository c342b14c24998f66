package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// preauthInClear is MM509: a greeting that claims a login before there is TLS leaves no
// way to TLS, and anyone on the way could have sent it.
var preauthInClear = Check{Code: "MM509", Stage: StageGreeting, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		f := failure(s.Greeting.Step, evidence.Rejected)
		if f == nil || f.Reply == nil || f.Reply.Status != "PREAUTH" {
			return nil
		}
		return &Finding{
			Text:   "The connection claims to be logged in before it is encrypted. mailmedic went no further.",
			Facts:  []Fact{seen(s, StageGreeting, s.Greeting.Step, "%s", quoted(f.Reply))},
			Advice: []say.Text{"Do not use this connection. Try from another network.", UseInstead(e, s.Path.Protocol)},
		}
	})
}}
