package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// certificateExpired is MM403: a certificate of the chain is past its end, by this
// computer's clock.
var certificateExpired = Check{Code: "MM403", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return presented(e, func(s *evidence.Session, leaf evidence.Certificate) *Finding {
		if s.Secure.Judged.TimeWhy != "expired" {
			return nil
		}
		for _, c := range s.Secure.Chain {
			if e.Run.At.After(c.NotAfter) {
				return &Finding{
					Text: fmt.Sprintf("The certificate of %s ended on %s.", s.Path.Host, c.NotAfter.Format(day)),
					Facts: []Fact{
						seen(s, StageTLS, s.Secure.Step, "%s: valid until %s", subject(c), c.NotAfter.UTC().Format("2006-01-02 15:04 MST")),
						seen(s, StageTLS, s.Secure.Step, "this computer's clock says %s", e.Run.At.UTC().Format("2006-01-02 15:04 MST")),
					},
					Advice: append([]string{"Check the date and time of this computer first."}, mend(e, s)...),
				}
			}
		}
		return nil
	})
}}
