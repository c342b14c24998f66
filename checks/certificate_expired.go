package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// certificateExpired is MM403: a certificate of the chain is past its end, by this
// computer's clock.
var certificateExpired = Check{Code: "MM403", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return outOfTime(e, "expired", "Check the date and time of this computer first.",
		func(c evidence.Certificate) bool { return !c.NotAfter.IsZero() && e.Run.At.After(c.NotAfter) },
		func(host string, c evidence.Certificate) say.Text {
			return say.With("The certificate of %s ended on %s.", host, say.Date(c.NotAfter))
		})
}}
