package checks

import (
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// nameNotFound is MM201: a working resolver says that a host name does not exist, or
// that it exists without an address. When it says so of every name, the resolver is
// suspected too.
var nameNotFound = Check{Code: "MM201", Stage: StageDNS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	missing := hostsWithout(e, evidence.NotFound, evidence.NoData)
	compare := say.With("Compare the server names in your mail program with the provider's: %s.", strings.Join(missing, ", "))
	sure, advice := Certain, []say.Text{compare, "If they are the same, the provider has given them up: ask for the current ones."}
	if allHosts(e, missing) {
		sure, advice = Likely, []say.Text{
			"Try from another network, for example with your phone's mobile data: the name server of this network may be at fault.",
			compare,
			"If they are the same and it fails everywhere, ask the provider for the current ones.",
		}
	}
	return unresolved(e, func(s *evidence.Session, asked []evidence.Lookup, kind evidence.Kind) *Finding {
		var text say.Text
		switch kind {
		case evidence.NotFound:
			text = say.With("The name server says that %s does not exist.", s.Path.Host)
		case evidence.NoData:
			if len(asked) < 2 {
				return &Finding{
					Sure:   Likely,
					Text:   say.With("The name %s has no address of the family that you asked for (%s).", s.Path.Host, asked[0].Type),
					Advice: []say.Text{"Run mailmedic again without -4 or -6."},
				}
			}
			text = say.With("The name %s exists but leads to no address.", s.Path.Host)
		default:
			return nil
		}
		return &Finding{Sure: sure, Text: text, Advice: advice}
	})
}}
