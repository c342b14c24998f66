package cause

import (
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// proxyInTheWay is MM104: something near accepts every connection, even to an address at
// which nobody is, so that "connected" says nothing about a server; or the network lets
// nothing out but through a proxy, which mail programs do not use.
var proxyInTheWay = Cause{Code: "MM104", Where: Network, Fit: func(c Case) *Fit {
	e := c.Evidence
	if verified(e) || len(sessions(e, spoke)) > 0 {
		return nil // a server that was heard was reached, whatever answers for others
	}
	if decoy := control(e, evidence.Decoy); decoy != nil && decoy.Step.Done() {
		return &Fit{
			Explains: c.everywhere("345"),
			Sure:     checks.Certain,
			Text:     "Something on this computer or near it accepts every connection for itself, and passes none of them on to the mail servers.",
			For:      []checks.Fact{at("", checks.StageTCP, decoy.Step, "even %s answers, an address at which nobody is", decoy.Address)},
			Advice: []say.Text{
				"Switch a VPN or a proxy program off and on.",
				"If security software scans mail on this computer, switch off its mail scanning, and nothing else of it.",
				otherNetwork,
			},
			Against: []RuledOut{
				{"MM504", "the silence is not the server's: it was not reached"},
				{"MM510", "who closed the connection is not the server: it was not reached"},
			},
		}
	}
	web := control(e, evidence.Web)
	if fit := nameless(c, web); fit != nil {
		return fit
	}
	if len(e.Host.Proxies) == 0 || anyConnected(e) || web == nil || reached(e) != nil || web.Step.State != evidence.Failed {
		return nil
	}
	return &Fit{
		Explains: c.unreached(),
		Sure:     checks.Likely,
		Text:     "This network seems to let programs out only through a proxy. Mail programs, and mailmedic, do not go through it.",
		For: []checks.Fact{
			{Stage: checks.StageRun, Text: say.With("set on this computer: %s", strings.Join(e.Host.Proxies, ", "))},
			at("", checks.StageTCP, web.Step, "a direct connection to the provider's web server fails too"),
		},
		Advice: []say.Text{
			"Read mail in the provider's Webmail: a browser goes through the proxy.",
			"Ask who runs the network to open the mail ports.",
		},
		Against: []RuledOut{{"MM306", "the provider's web server is not reached either"}},
	}
}}

// nameless is the fit where a proxy is set and no name of the internet exists, not even the
// provider's web server: such a network looks names up for its proxy alone.
func nameless(c Case, web *evidence.Control) *Fit {
	e := c.Evidence
	if len(e.Host.Proxies) == 0 || anyConnected(e) || reachedOther(e) != nil || web == nil || !unknownHere(e, web.Host) || len(c.With("MM201")) != len(e.Sessions) {
		return nil
	}
	return &Fit{
		Explains: c.With("MM201"),
		Sure:     checks.Possible,
		Text:     "This network seems to let programs out only through a proxy, which looks up the names of the internet for them. Mail programs, and mailmedic, do not go through it.",
		For: []checks.Fact{
			{Stage: checks.StageRun, Text: say.With("set on this computer: %s", strings.Join(e.Host.Proxies, ", "))},
			{Stage: checks.StageDNS, Text: "the name server here knows no name of the provider, its web server's neither"},
		},
		Advice: []say.Text{
			"Read mail in the provider's Webmail: a browser goes through the proxy.",
			"Ask who runs the network to open the mail ports.",
		},
		Against: []RuledOut{{"MM201", "that every name of a provider is gone at once is not likely"}},
	}
}

// unknownHere tells whether the name server says that a name does not exist.
func unknownHere(e *evidence.Evidence, name string) bool {
	l := e.Lookup(name, "A")
	return l != nil && l.Step.Failure != nil && l.Step.Failure.Kind == evidence.NotFound
}
