package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// noGreeting is MM504: the connection stands and not one byte comes, in clear text or
// to a TLS hello.
var noGreeting = Check{Code: "MM504", Stage: StageGreeting, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		if failure(s.Greeting.Step, evidence.Timeout) == nil || s.Greeting.Service != "" || s.Secure.Implicit == evidence.Yes {
			return nil
		}
		return &Finding{
			Sure:   Likely,
			Text:   fmt.Sprintf("Port %d accepts the connection and then says nothing.", s.Path.Port),
			Facts:  []Fact{seen(s, StageGreeting, s.Greeting.Step, "no byte within %d ms", s.Greeting.Step.Took)},
			Advice: []string{UseInstead(e, s.Path.Protocol)},
		}
	})
}}
