package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// handshakeFailed is MM416: the TLS handshake fails, and no more telling code fits.
var handshakeFailed = Check{Code: "MM416", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		f := failure(s.Secure.Step, evidence.Alert, evidence.TLS, evidence.Timeout, evidence.Closed, evidence.Reset,
			evidence.TooMuch, evidence.NotTLS, evidence.Other)
		if f == nil || s.Path.Encryption == profile.TLS && s.Secure.Instead != "" ||
			s.Path.Encryption == profile.STARTTLS && s.Secure.Answer == nil {
			return nil
		}
		found := &Finding{
			Sure:   Possible,
			Text:   fmt.Sprintf("Port %d could not set up the encrypted connection.", s.Path.Port),
			Facts:  []Fact{seen(s, StageTLS, s.Secure.Step, "%s: %s", f.Kind, f.Text)},
			Advice: []string{UseInstead(e, s.Path.Protocol), askSupport(e)},
		}
		if f.Kind == evidence.Alert {
			found.Sure = Likely
			found.Params = map[string]string{"alert": fmt.Sprint(f.Alert)}
		}
		return found
	})
}}
