package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// wrongEncryption is MM503: the port speaks the right protocol with the other kind of
// encryption than the profile has for it.
var wrongEncryption = Check{Code: "MM503", Stage: StageTLS, Severity: Fault, Run: withClients("MM503", func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		fits, step, fact := profile.Encryption(""), s.Secure.Step, say.Text("")
		switch {
		case s.Path.Encryption == profile.TLS && s.Secure.Instead == own(s.Path.Protocol):
			fits, fact = profile.STARTTLS, "a clear-text greeting came where TLS was due"
		case s.Path.Encryption != profile.TLS && s.Secure.Implicit == evidence.Yes:
			fits, step, fact = profile.TLS, s.Greeting.Step, "no clear-text greeting came, and a TLS handshake succeeded"
		case s.Path.Encryption != profile.TLS && s.Greeting.Service == evidence.ServiceTLS:
			fits, step, fact = profile.TLS, s.Greeting.Step, "a TLS record came where a clear-text greeting was due"
		default:
			return nil
		}
		fitting := s.Path
		fitting.Encryption = fits
		return &Finding{
			Text:   say.With("Port %d is set up for %s, not for %s.", s.Path.Port, security(fits), security(s.Path.Encryption)),
			Facts:  []Fact{seen(s, StageTLS, step, "%s", fact)},
			Advice: []say.Text{UseInstead(e, s.Path.Protocol), say.With("If your mail program has to use this port, try: %s. This run did not log in that way.", Setting(fitting))},
		}
	})
})}
