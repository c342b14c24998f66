package checks

import (
	"slices"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// noGreeting is MM504: the connection stands and not one byte comes, in clear text or
// to a TLS hello.
var noGreeting = Check{Code: "MM504", Stage: StageGreeting, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEachAddress(e, func(s *evidence.Session) *Finding {
		step := s.Greeting.Step
		if unansweredHello(s) {
			step = s.Secure.Step
			if onlyOld(e, s) != nil {
				return nil // it speaks, only not of today's TLS: MM405
			}
		} else if failure(step, evidence.Timeout) == nil || s.Greeting.Service != "" || s.Secure.Implicit == evidence.Yes {
			return nil
		}
		f := &Finding{
			Sure:   Likely,
			Text:   say.With("Port %d accepts the connection and then says nothing.", s.Path.Port),
			Facts:  []Fact{seen(s, StageGreeting, step, "no byte within %d ms", step.Took)},
			Advice: []say.Text{UseInstead(e, s.Path.Protocol)},
		}
		if decoyAnswered(e) {
			f.Sure = Possible
			f.Text = say.With("Something near you accepts the connection to port %d and says nothing. It accepts those to an address at which nobody is too, so it may not be the server.", s.Path.Port)
			f.Advice = append(f.Advice, "Switch a VPN or a proxy program off and on, and try again.")
		}
		return f
	})
}}

// unansweredHello tells whether a port with TLS from the first byte was silent: the
// hello is what makes the server speak there, before any greeting.
func unansweredHello(s *evidence.Session) bool {
	return s.Path.Encryption == profile.TLS && failure(s.Secure.Step, evidence.Timeout) != nil && s.Secure.Answered == evidence.No
}

// decoyAnswered tells whether even the address at which nobody is accepted a connection.
func decoyAnswered(e *evidence.Evidence) bool {
	return slices.ContainsFunc(e.Controls, func(x evidence.Control) bool { return x.Purpose == evidence.Decoy && x.Step.Done() })
}
