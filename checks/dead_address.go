package checks

import (
	"slices"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// deadAddress is MM206: one address of a host name does not answer while another of
// the same name does. An address family that this computer has no route for is no
// fault: no mail program would use it.
var deadAddress = Check{Code: "MM206", Stage: StageTCP, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	var found []Finding
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if !s.Connected() {
			continue
		}
		for _, d := range s.Dials {
			if d.Step.Failure == nil || noRoute(e, d.Family) || failure(d.Step, evidence.Cancelled) != nil {
				continue
			}
			found = append(found, Finding{
				Path: s.ID(), Addr: d.Address,
				Text:   say.With("%s has several addresses, and %s does not answer.", s.Path.Host, d.Address),
				Facts:  []Fact{seen(s, StageTCP, d.Step, "%s: %s after %d ms; %s answers", d.Address, d.Step.Failure.Kind, d.Step.Took, s.Address)},
				Params: map[string]string{"dead": portless(d.Address)},
				Advice: []say.Text{say.Join("Mail works, but now and then slowly.", AskSupport(e))},
			})
		}
	}
	return found
}}

// portless is an address without its port; one of IPv6 keeps its brackets.
func portless(address string) string { return address[:max(strings.LastIndex(address, ":"), 0)] }

// noRoute tells whether this computer has no way to the family's internet, by its
// routes or because every dial said so.
func noRoute(e *evidence.Evidence, family string) bool {
	if family == "4" && e.Host.RouteV4 == evidence.No || family == "6" && e.Host.RouteV6 == evidence.No {
		return true
	}
	dials := 0
	return !slices.ContainsFunc(e.Sessions, func(s evidence.Session) bool {
		return slices.ContainsFunc(s.Dials, func(d evidence.Dial) bool {
			if d.Family == family {
				dials++
			}
			return d.Family == family && failure(d.Step, evidence.Unreachable) == nil
		})
	}) && dials > 0
}
