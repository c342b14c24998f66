package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// slow is when a greeting is felt: servers that pause on purpose do so for 5 s and
// more, a slow line for well under one.
const slow = evidence.Millis(3000)

// slowGreeting is MM505: the greeting comes after seconds, and then all works.
var slowGreeting = Check{Code: "MM505", Stage: StageGreeting, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		if !s.Greeting.Step.Done() || s.Greeting.Step.Took < slow {
			return nil
		}
		return &Finding{
			Text:   say.With("The server on port %d takes %d seconds to greet.", s.Path.Port, (s.Greeting.Step.Took+500)/1000),
			Facts:  []Fact{seen(s, StageGreeting, s.Greeting.Step, "the greeting came after %d ms", s.Greeting.Step.Took)},
			Advice: []say.Text{"Mail works, only slowly. If your mail program gives up too early, raise its time limit to a minute."},
		}
	})
}}
