package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// resolverFailure is MM203: the name server answers, but with an error, or it answers
// for other names and is silent about this one.
var resolverFailure = Check{Code: "MM203", Stage: StageDNS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return unresolved(e, func(s *evidence.Session, _ []evidence.Lookup, kind evidence.Kind) *Finding {
		f := &Finding{Advice: []say.Text{
			"Try again in a few minutes.",
			"If it stays, enter another name server in the network settings of this computer, or ask who runs yours.",
		}}
		switch kind {
		case evidence.ServFail, evidence.DNSRefused:
			f.Text = say.With("The name server answers, but it cannot or will not look up %s.", s.Path.Host)
		case evidence.NotFound, evidence.NoData, evidence.BadName, evidence.Cancelled:
			return nil
		default:
			if !resolverAnswered(e) {
				return nil
			}
			f.Sure = Likely
			f.Text = say.With("The name server answers for other names but not for %s.", s.Path.Host)
		}
		return f
	})
}}
