package cause

import (
	"fmt"
	"slices"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// mailPortsBlocked is MM106: no mail port of any host lets a connection through, while the
// provider's web server does. What refuses them does it sooner than a server could, or
// nothing answers at all: servers that are down refuse after a whole round trip.
var mailPortsBlocked = Cause{Code: "MM106", Where: Network, Fit: func(c Case) *Fit {
	e := c.Evidence
	web, unreached := reached(e), c.unreached()
	if web == nil || anyConnected(e) || len(unreached) < 2 || len(unreached) != len(e.Sessions) {
		return nil
	}
	if !slices.ContainsFunc(e.Sessions, func(s evidence.Session) bool { return s.Path.Protocol == profile.IMAP || submission(s.Path) }) {
		return nil // ports that many networks block say nothing about the others
	}
	how := "gives no answer"
	for _, f := range unreached {
		if f.Code != "MM302" {
			continue
		}
		if !refusedWithin(e.Session(f.Path), web.Step.Took) {
			return nil
		}
		how = "is refused, sooner than the servers could"
	}
	return &Fit{
		Explains: unreached,
		Sure:     checks.Likely,
		Text:     fmt.Sprintf("This network lets no mail through: every mail port %s, while the web server of %s answers.", how, web.Host),
		For:      []checks.Fact{at("", checks.StageTCP, web.Step, fmt.Sprintf("%s answers on its web port after %d ms; none of %d mail ports does", web.Host, web.Step.Took, len(unreached)))},
		Advice: []string{
			"Read mail in the provider's web mail meanwhile.",
			otherNetwork + " If mail works there, ask who runs this network to open the mail ports, or switch the VPN off.",
		},
		Against: []RuledOut{
			{"MM101", "this computer reaches the internet"},
			{"MM202", "the server names lead to addresses"},
		},
	}
}}
