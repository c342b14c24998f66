package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// malformedHost is MM208: the host name could not be asked for as it stands.
var malformedHost = Check{Code: "MM208", Stage: StageDNS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return unresolved(e, func(s *evidence.Session, _ []evidence.Lookup, kind evidence.Kind) *Finding {
		if kind != evidence.BadName {
			return nil
		}
		return &Finding{
			Text:   fmt.Sprintf("%q is not a name that can be looked up.", s.Path.Host),
			Advice: []string{"Type only the server's name: no https://, no port, no blank before or after it."},
		}
	})
}}
