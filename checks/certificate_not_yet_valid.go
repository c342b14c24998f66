package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// certificateNotYetValid is MM409: a certificate of the chain begins in the future, by
// this computer's clock.
var certificateNotYetValid = Check{Code: "MM409", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return outOfTime(e, "not-yet-valid", "Check the date and time of this computer first: a clock that is behind looks the same.",
		func(c evidence.Certificate) bool { return !c.NotBefore.IsZero() && e.Run.At.Before(c.NotBefore) },
		func(host string, c evidence.Certificate) say.Text {
			return say.With("The certificate of %s is not valid before %s.", host, say.Date(c.NotBefore))
		})
}}
