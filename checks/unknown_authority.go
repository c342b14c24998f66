package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// unknownAuthority is MM412: the issuer is none that this computer trusts, and none of
// the more telling reasons fits.
var unknownAuthority = Check{Code: "MM412", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	issued := func(s *evidence.Session, leaf evidence.Certificate) say.Text {
		return say.With("This computer does not know who issued the certificate of %s.", s.Path.Host)
	}
	return append(untrusted(e, "unknown-authority", issued), untrusted(e, "unfit", issued)...)
}}
