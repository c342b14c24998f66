package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// oldKeyExchange is MM414: the handshake fails with the suites of today, and one with
// those that have been withdrawn succeeds, most often RSA key exchange.
var oldKeyExchange = Check{Code: "MM414", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEachHandshake(e, func(s *evidence.Session) *Finding {
		look, old := looked(e, s, evidence.HelloRSA), looked(e, s, evidence.HelloOld)
		if look == nil || !look.Step.Done() || s.Secure.Wanted == evidence.Yes {
			return nil
		}
		if old != nil && old.Step.Done() && look.Version != "TLS 1.2" {
			return nil // its versions are the matter, MM405
		}
		return &Finding{
			Text:   say.With("Port %d of %s encrypts only in ways that mail programs of today have given up.", s.Path.Port, s.Path.Host),
			Facts:  []Fact{seen(s, StageTLS, s.Secure.Step, "with today's suites: %s", ending(s.Secure.Step.Failure)), seen(s, StageTLS, look.Step, "with withdrawn ones: %s, %s", look.Version, look.Cipher)},
			Advice: []say.Text{UseInstead(e, s.Path.Protocol), AskSupport(e)},
			Params: map[string]string{"suite": look.Cipher},
		}
	})
}}
