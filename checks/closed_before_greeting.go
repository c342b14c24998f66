package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// closedBeforeGreeting is MM510: the server accepts the connection and closes it
// without a word.
var closedBeforeGreeting = Check{Code: "MM510", Stage: StageGreeting, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		f := failure(s.Greeting.Step, evidence.Closed, evidence.Reset)
		if f == nil || s.Greeting.Service != "" {
			return nil
		}
		return &Finding{
			Text:   fmt.Sprintf("Port %d accepts the connection and closes it without a word.", s.Path.Port),
			Facts:  []Fact{seen(s, StageGreeting, s.Greeting.Step, "%s after %d ms, no byte before it", f.Kind, s.Greeting.Step.Took)},
			Advice: []string{"Close other mail programs and devices that use this account, and try again.", UseInstead(e, s.Path.Protocol)},
		}
	})
}}
