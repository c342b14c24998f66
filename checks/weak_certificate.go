package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// weakCertificate is MM413: a signature or a key that can be forged today.
var weakCertificate = Check{Code: "MM413", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	found := untrusted(e, "weak-signature", func(s *evidence.Session, leaf evidence.Certificate) string {
		return fmt.Sprintf("The certificate of %s is signed in a way that can be forged today.", s.Path.Host)
	})
	return append(found, presented(e, func(s *evidence.Session, leaf evidence.Certificate) *Finding {
		if leaf.KeyType != "RSA" || leaf.KeyBits >= 2048 {
			return nil
		}
		return &Finding{
			Text:   fmt.Sprintf("The certificate of %s has a key of only %d bits.", s.Path.Host, leaf.KeyBits),
			Facts:  []Fact{seen(s, StageTLS, s.Secure.Step, "RSA key of %d bits, 2048 are needed", leaf.KeyBits)},
			Advice: []string{AskSupport(e)},
		}
	})...)
}}
