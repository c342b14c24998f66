package cause

import (
	"fmt"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
)

// ipv6Broken is MM105: this computer has an IPv6 route and no IPv6 address of any host
// answers, while IPv4 does.
var ipv6Broken = Cause{Code: "MM105", Where: Network, Fit: func(c Case) *Fit {
	dead, alive := 0, 0
	for _, s := range c.Evidence.Sessions {
		for _, d := range s.Dials {
			switch {
			case d.Family != "6":
			case d.Step.Done():
				alive++
			case d.Step.Failed():
				dead++
			}
		}
	}
	if dead < 2 || alive > 0 {
		return nil
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
		For:      []checks.Fact{{Stage: checks.StageTCP, Text: fmt.Sprintf("%d connections over IPv6 failed and none succeeded; IPv4 works", dead)}},
		Advice: []string{
			"Restart the router, and switch a VPN off and on.",
			"If it stays, ask who runs your network to repair IPv6. Mail works meanwhile.",
		},
		Against: []RuledOut{{"MM306", "the same servers answer over IPv4"}},
	}
}}
