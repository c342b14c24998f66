package checks

import (
	"slices"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// slowName is when a look-up is felt. A question that is lost is asked again after 5 s; a
// name server that has to ask others takes tenths of a second.
const slowName = evidence.Millis(2000)

// slowLookup is MM207: the names are found, but it takes seconds, often because a device
// drops the questions for one type of address.
var slowLookup = Check{Code: "MM207", Stage: StageDNS, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	var facts []Fact
	answered := false
	for _, l := range e.Lookups {
		if l.Why != evidence.ForPath || l.Type == "MX" {
			continue
		}
		answered = answered || len(l.Answers) > 0
		if slices.Contains(hostsWithout(e, evidence.Timeout), l.Name) {
			continue
		}
		if lost := failure(l.Step, evidence.Timeout) != nil; l.Step.Took >= slowName && (l.Step.Done() || lost) {
			what := say.Text("look-up of %s (%s): answered after %d ms")
			if lost {
				what = "look-up of %s (%s): not answered after %d ms"
			}
			facts = append(facts, Fact{Stage: StageDNS, Text: say.With(what, l.Name, l.Type, l.Step.Took), At: l.Step.At + l.Step.Took})
		}
	}
	if len(facts) == 0 || !answered {
		return nil
	}
	return []Finding{{
		Text:  "Looking up the names of the mail servers takes seconds. Every connection of your mail program waits for it.",
		Facts: facts,
		Advice: []say.Text{
			"Restart the router.",
			"If it stays, enter another name server in the network settings of this computer, or ask who runs your network.",
		},
	}}
}}
