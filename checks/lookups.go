package checks

import (
	"slices"

	"mailmedic/probe/evidence"
)

// unresolved finds the sessions whose host name gave no address, with what went wrong:
// the gravest answer among the types that were asked for.
func unresolved(e *evidence.Evidence, look func(*evidence.Session, []evidence.Lookup, evidence.Kind) *Finding) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		asked, kind := lookedUp(e, s)
		if len(asked) == 0 || kind == "" {
			return nil
		}
		f := look(s, asked, kind)
		if f == nil {
			return nil
		}
		for _, l := range asked {
			fact := seen(s, StageDNS, l.Step, "look-up of %s (%s): %s", l.Name, l.Type, outcome(l))
			if l.Server != "" {
				fact = seen(s, StageDNS, l.Step, "look-up of %s (%s): %s, asked %s", l.Name, l.Type, outcome(l), l.Server)
			}
			f.Facts = append(f.Facts, fact)
		}
		f.Params = map[string]string{"host": s.Path.Host}
		return f
	})
}

// lookedUp gives the look-ups of a session's host and what they failed with; the kind
// is empty when one of them brought an address or none was needed.
func lookedUp(e *evidence.Evidence, s *evidence.Session) (asked []evidence.Lookup, kind evidence.Kind) {
	if len(s.Dials) > 0 {
		return nil, ""
	}
	for _, t := range []string{"A", "AAAA"} {
		l := e.Lookup(s.Path.Host, t)
		if l == nil {
			continue
		}
		if len(l.Answers) > 0 {
			return nil, ""
		}
		asked = append(asked, *l)
	}
	// A name that does not exist is a certain answer, whatever became of the other
	// question; one that exists without an address comes last.
	order := []evidence.Kind{evidence.Cancelled, evidence.NotFound, evidence.BadName, evidence.ServFail, evidence.DNSRefused}
	for _, k := range order {
		if slices.ContainsFunc(asked, func(l evidence.Lookup) bool { return outcome(l) == k }) {
			return asked, k
		}
	}
	for _, l := range asked {
		if outcome(l) != evidence.NoData {
			return asked, outcome(l)
		}
	}
	if len(asked) == 0 {
		return nil, ""
	}
	return asked, evidence.NoData
}

// outcome says what came of a look-up that brought no address.
func outcome(l evidence.Lookup) evidence.Kind {
	if l.Step.Failure == nil {
		return evidence.NoData
	}
	return l.Step.Failure.Kind
}

// resolverAnswered tells whether a name server sent any answer at all in this run.
func resolverAnswered(e *evidence.Evidence) bool {
	return slices.ContainsFunc(e.Lookups, func(l evidence.Lookup) bool { return l.RCode != "" || l.Step.Done() })
}

// hostsWithout lists the hosts whose look-up ended in one of the kinds.
func hostsWithout(e *evidence.Evidence, kinds ...evidence.Kind) []string {
	var hosts []string
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if _, kind := lookedUp(e, s); slices.Contains(kinds, kind) && !slices.Contains(hosts, s.Path.Host) {
			hosts = append(hosts, s.Path.Host)
		}
	}
	return hosts
}

// allHosts tells whether these are all the hosts that were looked up, and more than one.
func allHosts(e *evidence.Evidence, hosts []string) bool {
	if len(hosts) < 2 {
		return false
	}
	return !slices.ContainsFunc(e.Sessions, func(s evidence.Session) bool { return !slices.Contains(hosts, s.Path.Host) })
}
