package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// loginNeedsEncryption is MM703: before TLS the server takes no login, and after it
// does. That is right and proper; only a client without TLS would trip over it.
var loginNeedsEncryption = Check{Code: "MM703", Stage: StageCapability, Severity: Note, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		if s.Path.Encryption != profile.STARTTLS || len(s.Capability.Clear) == 0 || len(s.Mechanisms()) == 0 ||
			len(evidence.Mechanisms(s.Path.Protocol, s.Capability.Clear)) > 0 {
			return nil
		}
		return &Finding{
			Text: say.With("Port %d takes a login only after STARTTLS, as it should.", s.Path.Port),
			Facts: []Fact{seen(s, StageCapability, s.Capability.Step, "%s", say.Count(len(s.Mechanisms()),
				"no login offered in clear text, %d way after TLS", "no login offered in clear text, %d ways after TLS"))},
		}
	})
}}
