package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// certificateSelfSigned is MM410: the server vouches for itself.
var certificateSelfSigned = Check{Code: "MM410", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return untrusted(e, "self-signed", func(s *evidence.Session, leaf evidence.Certificate) say.Text {
		return say.With("The certificate of %s is signed by itself, so nobody vouches for it.", s.Path.Host)
	})
}}
