package cause

import (
	"cmp"
	"net/netip"
	"slices"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// mailPortsBlocked is MM106: no mail port of any host lets a connection through, while the
// provider's web server does. What refuses them does it sooner than a server could, or
// nothing answers at all: servers that are down refuse after a whole round trip.
var mailPortsBlocked = Cause{Code: "MM106", Where: Network, Fit: func(c Case) *Fit {
	e := c.Evidence
	if fit := forbidden(c); fit != nil {
		return fit
	}
	if fit := oneDirection(c); fit != nil {
		return fit
	}
	web, unreached := reached(e), c.unreached()
	if web == nil || anyConnected(e) || len(unreached) < 2 || len(unreached) != len(e.Sessions) {
		return nil
	}
	if !slices.ContainsFunc(e.Sessions, func(s evidence.Session) bool { return s.Path.Protocol == profile.IMAP || submission(s.Path) }) {
		return nil // ports that many networks block say nothing about the others
	}
	text := silentPorts
	if toldUnreachable(c, unreached) {
		text = "This network lets no mail through: every mail port cannot be reached, as something on the way says, while the web server of %s answers."
	}
	for _, f := range unreached {
		if f.Code != "MM302" {
			continue
		}
		if !refusedWithin(e.Session(f.Path), web.Step.Took) {
			return nil
		}
		text = "This network lets no mail through: every mail port is refused, sooner than the servers could, while the web server of %s answers."
	}
	if refused := len(slices.DeleteFunc(slices.Clone(unreached), func(f checks.Finding) bool { return f.Code != "MM302" })); refused > 0 && refused < len(unreached) {
		text = "This network lets no mail through: every mail port is silent, or refused sooner than the servers could, while the web server of %s answers."
	}
	fit := &Fit{
		Explains: unreached,
		Sure:     checks.Likely,
		Text:     say.With(text, web.Host),
		For:      []checks.Fact{at("", checks.StageTCP, web.Step, "%s answers on its web port after %d ms; none of %d mail ports does", web.Host, web.Step.Took, len(unreached))},
		Advice: []say.Text{
			"Read mail in the provider's Webmail meanwhile.",
			say.Join(otherNetwork, "If mail works there, ask who runs this network to open the mail ports, or switch the VPN off."),
		},
		Against: []RuledOut{
			{"MM101", "this computer reaches the internet"},
			{"MM202", "the server names lead to addresses"},
		},
	}
	if len(servers(e)) == 1 && text == silentPorts {
		fit.Sure = checks.Possible
		fit.Text = say.With("No mail port answers, while the web server of %s does. Either this network lets no mail through, or the mail server is down: there is only one, so nothing tells them apart.", web.Host)
	}
	return fit
}}

// silentPorts is said where the ports do not even refuse.
const silentPorts say.Text = "This network lets no mail through: every mail port gives no answer, while the web server of %s answers."

// forbidden is the fit where this computer itself lets no connection out.
func forbidden(c Case) *Fit {
	e := c.Evidence
	denied := slices.DeleteFunc(c.With("MM301"), func(f checks.Finding) bool { return f.Params[checks.Forbidden] == "" })
	if len(denied) < 2 || len(denied) != len(e.Sessions) {
		return nil
	}
	return &Fit{
		Explains: denied,
		Sure:     checks.Certain,
		Text:     "A firewall or a rule on this computer lets no program, or not this one, connect to mail ports.",
		For:      []checks.Fact{at(denied[0].Path, checks.StageTCP, e.Session(denied[0].Path).Dials[0].Step, "this computer itself refuses to dial all %d mail ports", len(denied))},
		Advice:   []say.Text{"Allow your mail program, and mailmedic, in this computer's firewall or in its permissions for programs."},
		Against:  []RuledOut{{"MM306", "no packet left this computer, so no server can be blamed"}},
	}
}

// oneDirection is the fit where every port for receiving, or for sending, is refused next
// door, while the provider's servers for the other direction are far away. The quickest
// refusal tells how far they come from: a longer one may have waited for this computer. A
// server in a private network is next door itself.
func oneDirection(c Case) *Fit {
	e := c.Evidence
	far := distance(sessions(e, (*evidence.Session).Connected))
	for _, protocol := range []profile.Protocol{profile.IMAP, profile.SMTP} {
		hit := allDown(c, func(p profile.Path) bool { return p.Protocol == protocol }, true)
		if len(hit) < 2 || slices.ContainsFunc(hit, func(f checks.Finding) bool {
			s := e.Session(f.Path)
			return f.Code != "MM302" || !refusedWithin(s, far) || slices.ContainsFunc(s.Dials, func(d evidence.Dial) bool { return private(bare(d.Address)) })
		}) {
			continue
		}
		first := slices.MinFunc(hit, func(a, b checks.Finding) int {
			return cmp.Compare(fastest(e.Session(a.Path), evidence.Failed), fastest(e.Session(b.Path), evidence.Failed))
		})
		took := fastest(e.Session(first.Path), evidence.Failed)
		if !nextDoor(took, far) {
			continue
		}
		return &Fit{
			Explains: hit,
			Sure:     checks.Possible,
			Text: checks.ForDirection(protocol,
				"Something near you seems to refuse every port for receiving, sooner than the servers could.",
				"Something near you seems to refuse every port for sending, sooner than the servers could."),
			For: []checks.Fact{at(first.Path, checks.StageTCP, e.Session(first.Path).Dials[0].Step, "refused after %d ms; the provider's servers are at least %d ms away", took, far)},
			Advice: []say.Text{
				say.Join(otherNetwork, checks.ForDirection(protocol,
					"If mail works there, ask who runs this network to open the ports for receiving, or switch the VPN off.",
					"If mail works there, ask who runs this network to open the ports for sending, or switch the VPN off.")),
				"Look whether security software on this computer blocks them.",
			},
			Against: []RuledOut{
				{"MM302", "the refusal does not come from as far away as the provider's other servers are"},
			},
		}
	}
	return nil
}

// toldUnreachable tells whether the ports of findings were not silent: something sent word
// that there is no way, or none allowed (ICMP, RFC 1812 section 5.2.7.1).
func toldUnreachable(c Case, found []checks.Finding) bool {
	return !slices.ContainsFunc(found, func(f checks.Finding) bool {
		return slices.ContainsFunc(c.Evidence.Session(f.Path).Dials, func(d evidence.Dial) bool {
			return d.Step.Failure == nil || d.Step.Failure.Kind != evidence.Unreachable
		})
	})
}

// bare is the IP of an address with a port.
func bare(address string) string {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return address
	}
	return ap.Addr().Unmap().String()
}
