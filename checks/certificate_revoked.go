package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// certificateRevoked is MM417: the server itself brings along its authority's word that
// the certificate has been revoked. A word that is not proven says nothing.
var certificateRevoked = Check{Code: "MM417", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		if !s.Secure.Revoked() {
			return nil
		}
		staple := s.Secure.Staple
		return &Finding{
			Text: say.With("The certificate of %s has been revoked by the authority that issued it.", s.Path.Host),
			Facts: []Fact{
				seen(s, StageTLS, s.Secure.Step, "stapled OCSP answer: revoked on %s %s", say.Date(staple.RevokedAt), staple.Reason),
				seen(s, StageTLS, s.Secure.Step, "the password was not sent there"),
			},
			Advice: mend(e, s),
		}
	})
}}
