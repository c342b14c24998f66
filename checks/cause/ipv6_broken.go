package cause

import (
	"fmt"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
)

// ipv6Broken is MM105: this computer has an IPv6 route and no IPv6 address of any host
// answers, while IPv4 does.
var ipv6Broken = Cause{Code: "MM105", Where: Network, Fit: func(c Case) *Fit {
	hosts, lost := map[string]bool{}, 0
	for _, s := range c.Evidence.Sessions {
		for _, d := range s.Dials {
			if d.Family != "6" || d.Step.State == evidence.Skipped {
				continue
			}
			if d.Step.Failure == nil || d.Step.Failure.Kind != evidence.Timeout && d.Step.Failure.Kind != evidence.Unreachable {
				return nil // an answer over IPv6, be it a refusal, came all the way
			}
			hosts[s.Path.Host] = true
			lost++
		}
	}
	if len(hosts) < 2 {
		return nil // one dead host says nothing about the network
	}
	var explained []checks.Finding
	for _, f := range c.With("MM206") {
		if evidence.Family(f.Addr) == "6" {
			explained = append(explained, f)
		}
	}
	return &Fit{
		Explains: explained,
		Sure:     checks.Likely,
		Severity: checks.Warning,
		Text:     "IPv6 does not work on this network, although this computer believes that it does. Mail programs lose seconds on it.",
		For:      []checks.Fact{{Stage: checks.StageTCP, Text: fmt.Sprintf("%d connections over IPv6 to %d hosts were lost and none was answered; IPv4 works", lost, len(hosts))}},
		Advice: []string{
			"Restart the router, and switch a VPN off and on.",
			"If it stays, ask who runs your network to repair IPv6. Mail works meanwhile.",
		},
		Against: []RuledOut{{"MM306", "the same servers answer over IPv4"}},
	}
}}
