package checks

import (
	"time"

	"mailmedic/checks/say"
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
			Text:   say.With("The certificate of %s ends on %s.", s.Path.Host, say.Date(leaf.NotAfter)),
			Facts:  []Fact{seen(s, StageTLS, s.Secure.Step, "%s", say.Count(int(left/(24*time.Hour)), "%[2]s: %[1]d day left", "%[2]s: %[1]d days left", subject(leaf)))},
			Advice: []say.Text{say.Join("Mail works today.", AskSupport(e))},
		}
	})
}}
