package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// certificateNotYetValid is MM409: a certificate of the chain begins in the future, by
// this computer's clock.
var certificateNotYetValid = Check{Code: "MM409", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return presented(e, func(s *evidence.Session, leaf evidence.Certificate) *Finding {
		if s.Secure.Judged.TimeWhy != "not-yet-valid" {
			return nil
		}
		for _, c := range s.Secure.Chain {
			if e.Run.At.Before(c.NotBefore) {
				return &Finding{
					Text: fmt.Sprintf("The certificate of %s is not valid before %s.", s.Path.Host, c.NotBefore.Format(day)),
					Facts: []Fact{
						seen(s, StageTLS, s.Secure.Step, "%s: valid from %s", subject(c), c.NotBefore.UTC().Format("2006-01-02 15:04 MST")),
						seen(s, StageTLS, s.Secure.Step, "this computer's clock says %s", e.Run.At.UTC().Format("2006-01-02 15:04 MST")),
					},
					Advice: append([]string{"Check the date and time of this computer first: a clock that is behind looks the same."}, mend(e, s)...),
				}
			}
		}
		return nil
	})
}}
