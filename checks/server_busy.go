package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// serverBusy is MM502: the server refuses for now, before any login.
var serverBusy = Check{Code: "MM502", Stage: StageGreeting, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEachAddress(e, func(s *evidence.Session) *Finding {
		if reply, _ := listedIn(s); reply != nil {
			return nil
		}
		// A BYE without a code does not say for how long (RFC 9051 section 7.1.5); a server
		// that is overloaded or about to restart says just that.
		if f := failure(s.Greeting.Step, evidence.Rejected); f != nil && f.Reply != nil && f.Reply.Status == "BYE" && f.Reply.Code == "" {
			return &Finding{
				Sure:   Likely,
				Text:   say.With("The server on port %d turns this computer away with a goodbye.", s.Path.Port),
				Facts:  []Fact{seen(s, StageGreeting, s.Greeting.Step, "%s", quoted(f.Reply))},
				Advice: []say.Text{"Try again in a few minutes. If the server's words, quoted above, give a reason, that comes first.", UseInstead(e, s.Path.Protocol)},
			}
		}
		for _, step := range []evidence.Step{s.Greeting.Step, s.Capability.Step} {
			if f := failure(step, evidence.Temporary); f != nil && f.Reply != nil {
				return &Finding{
					Text:   say.With("The server on port %d turns connections away for now.", s.Path.Port),
					Facts:  []Fact{seen(s, StageGreeting, step, "%s", quoted(f.Reply))},
					Advice: []say.Text{"Close other mail programs and devices that use this account, and try again in a few minutes.", UseInstead(e, s.Path.Protocol)},
				}
			}
		}
		return nil
	})
}}
