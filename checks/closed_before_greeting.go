package checks

import (
	"slices"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// closedBeforeGreeting is MM510: the server accepts the connection and closes it
// without a word. Where every server that was reached does, it is about this computer's
// address or something on the way.
var closedBeforeGreeting = Check{Code: "MM510", Stage: StageGreeting, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	all := allWordless(e)
	return onEachAddress(e, func(s *evidence.Session) *Finding {
		step := wordless(e, s)
		if step == nil {
			return nil
		}
		f := &Finding{
			Text:   say.With("Port %d accepts the connection and closes it without a word.", s.Path.Port),
			Facts:  []Fact{seen(s, StageGreeting, *step, "%s after %d ms, no byte before it", step.Failure.Kind, step.Took)},
			Advice: []say.Text{"Close other mail programs and devices that use this account, and try again.", UseInstead(e, s.Path.Protocol)},
		}
		switch {
		case all:
			f.Text = "Every mail port accepts the connection and closes it without a word. Either the provider turns this computer's address away, or something on the way does."
			f.Advice = []say.Text{
				"Try from another network, for example with your phone's mobile data.",
				"If mail works there, stop all mail programs that use this account for an hour, in case the provider has shut your address out.",
				AskSupport(e),
			}
		case slices.ContainsFunc(e.Sessions, func(o evidence.Session) bool { return o.Greeting.Step.Done() }):
			f.Text = say.Join(f.Text, "Other ports of the provider speak.")
		}
		return f
	})
}}

// wordless gives the step at which a port was closed without a byte, or nil. A port that
// begins with TLS counts where every port that begins in clear text was closed too: then it
// is not TLS that ends it.
func wordless(e *evidence.Evidence, s *evidence.Session) *evidence.Step {
	switch {
	case failure(s.Greeting.Step, evidence.Closed, evidence.Reset) != nil && s.Greeting.Service == "":
		return &s.Greeting.Step
	case s.Path.Encryption == profile.TLS && s.Secure.Answered == evidence.No && failure(s.Secure.Step, evidence.Closed, evidence.Reset) != nil && clearTextWordless(e):
		return &s.Secure.Step
	case !s.Connected():
		return resetAtOnce(s)
	}
	return nil
}

// resetAtOnce gives the dial of a port that was reset in the moment it was accepted, unless
// another address refused: then the port is closed.
func resetAtOnce(s *evidence.Session) *evidence.Step {
	var reset *evidence.Step
	for i := range s.Dials {
		if failure(s.Dials[i].Step, evidence.Refused) != nil {
			return nil
		}
		if failure(s.Dials[i].Step, evidence.Reset) != nil {
			reset = &s.Dials[i].Step
		}
	}
	return reset
}

// clearTextWordless tells whether the ports that begin in clear text were all closed
// without a word, of which there is one at least.
func clearTextWordless(e *evidence.Evidence) bool {
	closed := 0
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if s.Path.Encryption == profile.TLS || !s.Connected() {
			continue
		}
		if failure(s.Greeting.Step, evidence.Closed, evidence.Reset) == nil {
			return false
		}
		closed++
	}
	return closed > 0
}

// allWordless tells whether nobody on any path, of several, said a word.
func allWordless(e *evidence.Evidence) bool {
	closed := 0
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if wordless(e, s) == nil || s.GreetsElsewhere() {
			return false
		}
		closed++
	}
	return closed > 1
}
