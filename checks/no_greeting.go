package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// noGreeting is MM504: the connection stands and not one byte comes, in clear text or
// to a TLS hello.
var noGreeting = Check{Code: "MM504", Stage: StageGreeting, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		step := s.Greeting.Step
		if unansweredHello(s) {
			step = s.Secure.Step
			if onlyOld(e, s) != nil {
				return nil // it speaks, only not of today's TLS: MM405
			}
		} else if failure(step, evidence.Timeout) == nil || s.Greeting.Service != "" || s.Secure.Implicit == evidence.Yes {
			return nil
		}
		return &Finding{
			Sure:   Likely,
			Text:   fmt.Sprintf("Port %d accepts the connection and then says nothing.", s.Path.Port),
			Facts:  []Fact{seen(s, StageGreeting, step, "no byte within %d ms", step.Took)},
			Advice: []string{UseInstead(e, s.Path.Protocol)},
		}
	})
}}

// unansweredHello tells whether a port with TLS from the first byte was silent: the
// hello is what makes the server speak there, before any greeting.
func unansweredHello(s *evidence.Session) bool {
	return s.Path.Encryption == profile.TLS && failure(s.Secure.Step, evidence.Timeout) != nil && s.Secure.Answered == evidence.No
}
