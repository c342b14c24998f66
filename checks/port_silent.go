package checks

import (
	"slices"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// portSilent is MM301: a port gives no answer. Why it does not is for the causes.
var portSilent = Check{Code: "MM301", Stage: StageTCP, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return unconnected(e, func(s *evidence.Session, hit func(...evidence.Kind) bool) *Finding {
		tried := slices.ContainsFunc(s.Dials, func(d evidence.Dial) bool { return d.Step.Failed() })
		if !tried || hit(evidence.Refused, evidence.Reset, evidence.Cancelled) {
			return nil
		}
		f := &Finding{Sure: Likely, Text: say.With("Nothing answers on port %d of %s.", s.Path.Port, s.Path.Host)}
		switch {
		case hit(evidence.Timeout):
		case hit(evidence.Unreachable):
			f.Text = say.With("There is no way from this computer to port %d of %s.", s.Path.Port, s.Path.Host)
		case hit(evidence.Denied):
			f.Sure = Certain
			f.Text = say.With("This computer does not let mailmedic connect to port %d.", s.Path.Port)
			f.Params = map[string]string{Forbidden: "yes"}
		default:
			f.Sure = Possible
		}
		return f
	})
}}
