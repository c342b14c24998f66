package checks

import (
	"fmt"
	"time"

	"mailmedic/probe/evidence"
)

// endsSoon leaves time for a renewal that has failed once; automatic ones run at 30 days.
const endsSoon = 14 * 24 * time.Hour

// certificateEndsSoon is MM408: the certificate is right, and will not be for long.
var certificateEndsSoon = Check{Code: "MM408", Stage: StageTLS, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	return presented(e, func(s *evidence.Session, leaf evidence.Certificate) *Finding {
		left := leaf.NotAfter.Sub(e.Run.At)
		if !s.Secure.Judged.Verified || leaf.NotAfter.IsZero() || left >= endsSoon {
			return nil
		}
		return &Finding{
			Text:   fmt.Sprintf("The certificate of %s ends on %s.", s.Path.Host, leaf.NotAfter.Format(day)),
			Facts:  []Fact{seen(s, StageTLS, s.Secure.Step, "%s: %d days left", subject(leaf), int(left/(24*time.Hour)))},
			Advice: []string{"Mail works today. " + AskSupport(e)},
		}
	})
}}
