package cause

import (
	"net/netip"
	"slices"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// namesFalse is MM204: a public name leads to an address that cannot be its own: the one
// that is given for names which do not exist, or one of this computer or a home network.
// A server that proves who it is at such an address refutes it. Whoever runs mail inside a
// private network has all its names there: then the addresses are right.
var namesFalse = Cause{Code: "MM204", Where: DNS, Fit: func(c Case) *Fit {
	e := c.Evidence
	sure := checks.Likely
	public := publicElsewhere(e)
	var facts []checks.Fact
	wrong := sessions(e, func(s *evidence.Session) bool {
		if s.Override != "" || s.Secure.Judged.Verified {
			return false
		}
		for _, ip := range answers(e, s) {
			var why say.Text
			switch {
			case slices.Contains(invented(e), ip):
				why, sure = "%s leads to %s, the address that is given for names which do not exist", checks.Certain
			case nowhere(ip) && !thisComputer(s.Path.Host):
				why, sure = "%s leads to %s, an address that leads to no server", checks.Certain
			case private(ip) && !spoke(s) && public:
				why = "%s leads to %s, an address inside a home or company network"
			}
			fact := checks.Fact{Stage: checks.StageDNS, Text: say.With(why, s.Path.Host, ip)}
			if why != "" && !slices.Contains(facts, fact) {
				facts = append(facts, fact)
			}
			if why != "" {
				return true
			}
		}
		return false
	})
	if len(wrong) == 0 {
		return nil
	}
	explained := c.on(ids(wrong), "2345")
	fit := &Fit{
		Explains: explained,
		Sure:     sure,
		Text:     say.With("The name server of this network gives a false address for %s.", say.List(names(wrong))),
		For:      facts,
		Advice: append(working(c, explained),
			"If a filter for advertising or for families runs on this computer or in the router, allow these names there.",
			"Or enter another name server in the network settings of this computer, then run mailmedic again.",
		),
		Against: []RuledOut{
			{"MM302", "what refuses is not the mail server"},
			{"MM306", "the mail server was not asked: the name leads elsewhere"},
		},
	}
	if slices.ContainsFunc(wrong, func(s *evidence.Session) bool { return len(s.Secure.Chain) > 0 }) {
		fit.Against = append(fit.Against, RuledOut{"MM404", "the certificate is of whoever is at the false address"})
	}
	return fit
}}

// publicElsewhere tells whether another name of the provider leads to the internet.
func publicElsewhere(e *evidence.Evidence) bool {
	made := invented(e)
	return slices.ContainsFunc(e.Lookups, func(l evidence.Lookup) bool {
		return (l.Why == evidence.ForPath && l.Type != "MX" || l.Why == evidence.ForControl) && slices.ContainsFunc(l.Answers, func(ip string) bool {
			return !private(ip) && !nowhere(ip) && !slices.Contains(made, ip)
		})
	})
}

func names(list []*evidence.Session) []string {
	var found []string
	for _, s := range list {
		if !slices.Contains(found, s.Path.Host) {
			found = append(found, s.Path.Host)
		}
	}
	return found
}

// nowhere tells whether an address is unspecified, or this computer's own (RFC 6890).
func nowhere(ip string) bool {
	a, err := netip.ParseAddr(ip)
	return err == nil && (a.IsUnspecified() || a.IsLoopback() || netip.MustParsePrefix("0.0.0.0/8").Contains(a))
}

// private tells whether an address is of a network without a place in the internet:
// RFC 1918, RFC 4193, link-local, and the carriers' RFC 6598.
func private(ip string) bool {
	a, err := netip.ParseAddr(ip)
	return err == nil && (a.IsPrivate() || a.IsLinkLocalUnicast() || netip.MustParsePrefix("100.64.0.0/10").Contains(a))
}

// thisComputer tells whether a host name means this computer itself (RFC 6761 section 6.3):
// then its own address is the right answer.
func thisComputer(host string) bool {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}
