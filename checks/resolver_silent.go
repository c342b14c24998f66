package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// resolverSilent is MM202: no name server answered any question of this run.
var resolverSilent = Check{Code: "MM202", Stage: StageDNS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	if resolverAnswered(e) {
		return nil
	}
	return unresolved(e, func(s *evidence.Session, _ []evidence.Lookup, kind evidence.Kind) *Finding {
		switch kind {
		case evidence.NotFound, evidence.NoData, evidence.ServFail, evidence.DNSRefused, evidence.BadName, evidence.Cancelled:
			return nil
		}
		return &Finding{
			Text: "No name server answers, so no server can be found by its name. Mail is not the problem.",
			Advice: []say.Text{
				"Open any web page. If that fails too, restart the router, and switch a VPN off and on.",
				"If only mail fails, enter another name server in the network settings of this computer.",
			},
		}
	})
}}
