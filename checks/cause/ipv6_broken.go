package cause

import (
	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// ipv6Broken is MM105: this computer has an IPv6 route and no IPv6 address of any host
// answers, while IPv4 does, or was not tried because the user asked for IPv6 alone.
var ipv6Broken = Cause{Code: "MM105", Where: Network, Fit: func(c Case) *Fit {
	e := c.Evidence
	lost, ok := familyLost(e, "6")
	if !ok {
		return choked(c)
	}
	if !anyConnected(e) {
		return onlyIPv6(c, lost)
	}
	return &Fit{
		Explains: ofFamily(c, "6"),
		Sure:     checks.Likely,
		Severity: checks.Warning,
		Text:     "IPv6 does not work on this network, although this computer believes that it does. Mail programs lose seconds on it.",
		For:      []checks.Fact{{Stage: checks.StageTCP, Text: say.With("%s; IPv4 works", lost)}},
		Advice: []say.Text{
			"Restart the router, and switch a VPN off and on.",
			"If it stays, ask who runs your network to repair IPv6. Mail works meanwhile.",
		},
		Against: []RuledOut{{"MM306", "the same servers answer over IPv4"}},
	}
}}

// onlyIPv6 is the fit where the user wanted IPv6 alone: then nothing tells IPv6 from
// servers that are down.
func onlyIPv6(c Case, lost say.Text) *Fit {
	if asked(c.Evidence, "A") || !asked(c.Evidence, "AAAA") {
		return nil
	}
	return &Fit{
		Explains: c.unreached(),
		Sure:     checks.Possible,
		Text:     "No server answers over IPv6, which is all that was tried.",
		For:      []checks.Fact{{Stage: checks.StageTCP, Text: say.With("%s; IPv4 was not tried", lost)}},
		Advice:   []say.Text{"Run mailmedic again without -6. If mail works then, IPv6 does not work on this network: restart the router, or ask who runs it."},
	}
}

// asked tells whether the hosts of paths were looked up for a type of address.
func asked(e *evidence.Evidence, kind string) bool {
	for _, l := range e.Lookups {
		if l.Why == evidence.ForPath && l.Type == kind {
			return true
		}
	}
	return false
}

// familyLost tells whether every dial of an address family, to two hosts or more, was lost
// on the way. An answer, be it a refusal, came all the way.
func familyLost(e *evidence.Evidence, family string) (lost say.Text, ok bool) {
	hosts, dials := map[string]bool{}, 0
	for _, x := range e.Controls {
		if x.Purpose != evidence.Decoy && x.Step.Done() && evidence.Family(x.Address) == family {
			return "", false // the family works; it is the mail servers that do not
		}
	}
	for _, s := range e.Sessions {
		for _, d := range s.Dials {
			if d.Family != family || d.Step.State == evidence.Skipped {
				continue
			}
			if d.Step.Failure == nil || d.Step.Failure.Kind != evidence.Timeout && d.Step.Failure.Kind != evidence.Unreachable {
				return "", false
			}
			hosts[s.Path.Host] = true
			dials++
		}
	}
	// One dead host says nothing about the network.
	return say.With("%d connections over IPv%s to %d hosts were lost and none was answered", dials, family, len(hosts)), len(hosts) >= 2
}

// ofFamily lists the findings about dead addresses of a family.
func ofFamily(c Case, family string) []checks.Finding {
	var found []checks.Finding
	for _, f := range c.With("MM206") {
		if evidence.Family(f.Addr) == family {
			found = append(found, f)
		}
	}
	return found
}

// choked is the fit where IPv6 connects, and at no host what a server sends over it for TLS
// arrives, while it does over IPv4: a tunnel that loses full packets.
func choked(c Case) *Fit {
	e := c.Evidence
	hosts, tried := map[string]bool{}, 0
	for _, s := range e.Sessions {
		for _, d := range s.Dials {
			if d.Family != "6" || !d.Step.Done() {
				continue
			}
			if !s.Secure.Step.Done() {
				return nil // it fails over IPv4 too
			}
			if d.Secure == nil || d.Secure.Step.Failure == nil || d.Secure.Step.Failure.Kind != evidence.Timeout {
				return nil
			}
			hosts[s.Path.Host] = true
			tried++
		}
	}
	var explained []checks.Finding
	for _, f := range c.With("MM416") {
		if evidence.Family(f.Addr) == "6" {
			explained = append(explained, f)
		}
	}
	if len(hosts) < 2 || len(explained) == 0 {
		return nil
	}
	return &Fit{
		Explains: explained,
		Sure:     checks.Likely,
		Severity: checks.Warning,
		Text:     "IPv6 connects on this network, and then what the servers send over it gets lost. Mail programs that choose it wait and fail; over IPv4 mail works.",
		For:      []checks.Fact{{Stage: checks.StageTLS, Text: say.With("%d TLS handshakes over IPv6 with %d hosts got no answer; over IPv4 they succeed", tried, len(hosts))}},
		Advice: []say.Text{
			"Switch a VPN or an IPv6 tunnel off, and run mailmedic again.",
			"In the settings of the router, set the MTU for IPv6 to 1280, or ask who runs your network to repair IPv6.",
		},
		Against: []RuledOut{{"MM416", "the servers' encryption works over IPv4"}},
	}
}
