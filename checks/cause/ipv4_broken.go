package cause

import (
	"mailmedic/checks"
	"mailmedic/checks/say"
)

// ipv4Broken is MM111: no IPv4 address of any host answers, while IPv6 does. Providers that
// carry IPv4 through a tunnel of their own lose it without the user noticing.
var ipv4Broken = Cause{Code: "MM111", Where: Network, Fit: func(c Case) *Fit {
	lost, ok := familyLost(c.Evidence, "4")
	if !ok || !anyConnected(c.Evidence) {
		return nil
	}
	return &Fit{
		Explains: ofFamily(c, "4"),
		Sure:     checks.Likely,
		Severity: checks.Warning,
		Text:     "IPv4 does not work on this network; only IPv6 does. Mail programs lose seconds on it, and those that know no IPv6 get no connection.",
		For:      []checks.Fact{{Stage: checks.StageTCP, Text: say.With("%s; IPv6 works", lost)}},
		Advice: []say.Text{
			"Restart the router, and switch a VPN off and on.",
			"If it stays, ask who runs your network, or your internet provider, to repair IPv4.",
		},
		Against: []RuledOut{{"MM306", "the same servers answer over IPv6"}, {"MM206", "it is not one server's address: those of all hosts are lost"}},
	}
}}
