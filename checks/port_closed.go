package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// portClosed is MM302: the connection is refused.
var portClosed = Check{Code: "MM302", Stage: StageTCP, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return unconnected(e, func(s *evidence.Session, hit func(...evidence.Kind) bool) *Finding {
		if !hit(evidence.Refused) {
			return nil
		}
		return &Finding{Text: say.With("%s refuses connections to port %d.", s.Path.Host, s.Path.Port)}
	})
}}
