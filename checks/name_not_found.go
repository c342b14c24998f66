package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// nameNotFound is MM201: a working resolver says that a host name does not exist, or
// that it exists without an address.
var nameNotFound = Check{Code: "MM201", Stage: StageDNS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return unresolved(e, func(s *evidence.Session, _ []evidence.Lookup, kind evidence.Kind) *Finding {
		text := ""
		switch kind {
		case evidence.NotFound:
			text = fmt.Sprintf("The name server says that %s does not exist.", s.Path.Host)
		case evidence.NoData:
			text = fmt.Sprintf("The name %s exists but leads to no address.", s.Path.Host)
		default:
			return nil
		}
		return &Finding{Text: text, Advice: []string{
			fmt.Sprintf("Compare the server name in your mail program with the provider's: %s.", s.Path.Host),
			"If it is the same, the provider has given the name up: ask for the current one.",
		}}
	})
}}
