package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// loginNotOffered is MM707: no login at all is offered, also after TLS.
var loginNotOffered = Check{Code: "MM707", Stage: StageCapability, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		if !s.Capability.Step.Done() || s.Path.Encryption == profile.None || len(s.Mechanisms()) > 0 || len(offeredMechanisms(s)) > 0 {
			return nil
		}
		if s.Secure.Judged.Name == evidence.No {
			return nil // what a server offers that proved to be another says nothing of this one
		}
		return &Finding{
			Text:   say.With("Port %d offers no login, so no mail program can use it with an account.", s.Path.Port),
			Facts:  []Fact{seen(s, StageCapability, s.Capability.Step, "offered after TLS: %s", some(s.Capability.Final, 12))},
			Advice: []say.Text{UseInstead(e, s.Path.Protocol), AskSupport(e)},
		}
	})
}}
