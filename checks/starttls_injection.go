package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// startTLSInjection is MM415: clear text behind the answer to STARTTLS, which could
// pass for an answer from inside TLS.
var startTLSInjection = Check{Code: "MM415", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		if failure(s.Secure.Step, evidence.Injected) == nil {
			return nil
		}
		return &Finding{
			Text:   say.With("On port %d, something slipped words in just before the encryption begins. mailmedic went no further.", s.Path.Port),
			Facts:  []Fact{seen(s, StageTLS, s.Secure.Step, "bytes in clear text behind the answer to STARTTLS")},
			Advice: []say.Text{"Do not use mail on this network until it is explained. Try from another network.", AskSupport(e)},
		}
	})
}}
