package checks

import (
	"slices"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// mechanismMismatch is MM711: the server offers only ways to log in that a password
// client like this one cannot use, or refuses one that it offers.
var mechanismMismatch = Check{Code: codeMechanism, Stage: StageLogin, Severity: Fault, Run: withClients(codeMechanism, func(e *evidence.Evidence) []Finding {
	found := refusalsOf(e, codeMechanism, func(s *evidence.Session, l evidence.Login) *Finding {
		return &Finding{
			Sure:   Likely,
			Text:   say.With("The server offers the login method %s and then does not take it. Nothing is known about the password.", l.Mechanism),
			Advice: []say.Text{"In your mail program, try the other authentication method: normal password instead of encrypted password, or the reverse.", AskSupport(e)},
		}
	})
	return append(found, onEach(e, func(s *evidence.Session) *Finding {
		if !s.Capability.Step.Done() || len(s.Mechanisms()) > 0 {
			return nil
		}
		offered := offeredMechanisms(s)
		if len(offered) == 0 {
			return nil
		}
		f := &Finding{
			Stage:  StageCapability,
			Text:   say.With("Port %d offers no login with a password.", s.Path.Port),
			Facts:  []Fact{seen(s, StageCapability, s.Capability.Step, "login methods offered: %s", strings.Join(offered, ", "))},
			Advice: []say.Text{say.With("Use a mail program that can log in with one of: %s.", strings.Join(offered, ", ")), AskSupport(e)},
		}
		if s.Untestable() {
			f.Severity, f.Sure = Warning, Likely
			f.Text = say.With("Port %d takes a password only in ways that mailmedic cannot test.", s.Path.Port)
			f.Advice = []say.Text{say.With("In your mail program, set the authentication method to %s.", clientMethod(offered))}
		}
		if Best(e, s.Path.Protocol) != nil {
			f.Advice = append(f.Advice, say.With("Or: %s", UseInstead(e, s.Path.Protocol)))
		}
		return f
	})...)
})}

// offeredMechanisms lists the SASL mechanisms of a session, in alphabetical order.
func offeredMechanisms(s *evidence.Session) []string {
	var names []string
	for name := range evidence.SASL(s.Path.Protocol, s.Capability.Final) {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// clientMethod is what mail programs call the best of some mechanisms.
func clientMethod(offered []string) say.Text {
	for _, name := range offered {
		if name == "CRAM-MD5" || name == "DIGEST-MD5" || strings.HasPrefix(name, "SCRAM-") {
			return "encrypted password"
		}
	}
	return AnyOf(offered)
}
