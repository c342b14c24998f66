package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// conversationBroken is MM511: the right server greets, but falls silent, hangs up or
// talks nonsense before a login could begin.
var conversationBroken = Check{Code: "MM511", Stage: StageCapability, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	broken := []evidence.Kind{evidence.Timeout, evidence.Closed, evidence.Reset, evidence.Protocol, evidence.TooMuch, evidence.Other}
	return onEach(e, func(s *evidence.Session) *Finding {
		step, stage := s.Capability.Step, StageCapability
		switch {
		case s.Greeting.Service == own(s.Path.Protocol) && failure(s.Greeting.Step, broken...) != nil:
			step, stage = s.Greeting.Step, StageGreeting
		case failure(s.Greeting.Step, evidence.TooMuch, evidence.Other) != nil:
			step, stage = s.Greeting.Step, StageGreeting
		case s.Path.Encryption == profile.STARTTLS && s.Secure.Answer == nil && failure(s.Secure.Step, broken...) != nil:
			step, stage = s.Secure.Step, StageTLS
		case failure(s.Capability.Step, broken...) == nil:
			return nil
		}
		return &Finding{
			Sure:   Likely,
			Text:   fmt.Sprintf("The server on port %d greets, but the conversation breaks before a login.", s.Path.Port),
			Facts:  []Fact{seen(s, stage, step, "%s", ending(step.Failure))},
			Advice: []string{UseInstead(e, s.Path.Protocol), askSupport(e)},
		}
	})
}}
