package cause

import (
	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// noNetwork is MM101: there is no route to the internet at all, or a router says of every
// address that it has none, so whatever was not found or not reached follows from that.
var noNetwork = Cause{Code: "MM101", Where: Computer, Fit: func(c Case) *Fit {
	host := c.Evidence.Host
	routeless := host.RouteV4 == evidence.No && host.RouteV6 == evidence.No
	if anyConnected(c.Evidence) || !routeless && !nothingReachable(c.Evidence) {
		return nil
	}
	fit := &Fit{
		Explains: c.With("MM201", "MM202", "MM203", "MM301", "MM302"),
		Sure:     checks.Certain,
		Text:     "This computer has no way to the internet: the network is off, or not connected.",
		For:      []checks.Fact{{Stage: checks.StageTCP, Text: "this computer has no route to any address, neither IPv4 nor IPv6"}},
		Advice: []say.Text{
			"Check Wi-Fi, the network cable and flight mode.",
			"Open any web page. If that fails too, restart the router.",
			"Run mailmedic again.",
		},
		Against: []RuledOut{{"MM306", "no server could be reached, so none can be blamed"}},
	}
	if !routeless {
		fit.Sure = checks.Likely
		fit.Text = "This computer has no way to the internet. Only its own network answers."
		fit.For = []checks.Fact{{Stage: checks.StageTCP, Text: "every connection ends with \"unreachable\", those to the provider's web server too"}}
	}
	return fit
}}

// nothingReachable tells whether every connection, to mail ports and to whatever they were
// compared with, was answered with "unreachable": a router that has lost its line says so.
func nothingReachable(e *evidence.Evidence) bool {
	if !asked(e, "A") || !asked(e, "AAAA") {
		return false // the other family was not tried
	}
	compared, dialled := false, false
	for _, x := range e.Controls {
		if x.Purpose == evidence.Decoy {
			continue
		}
		if x.Step.Failure == nil || x.Step.Failure.Kind != evidence.Unreachable {
			return false
		}
		compared = true
	}
	for _, s := range e.Sessions {
		for _, d := range s.Dials {
			if d.Step.Failure == nil || d.Step.Failure.Kind != evidence.Unreachable {
				return false
			}
			dialled = true
		}
	}
	return compared && dialled
}

func anyConnected(e *evidence.Evidence) bool {
	for i := range e.Sessions {
		if e.Sessions[i].Connected() {
			return true
		}
	}
	return false
}
