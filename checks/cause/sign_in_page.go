package cause

import (
	"slices"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// signInPage is MM102: a network that wants a log-in first answers for every server with
// a web page, or for the web servers alone and closes all else. Two signs are asked for:
// HTTP where a mail server should speak, on one host or another, one address for hosts that
// have several, a web server that sends elsewhere, mail ports that are all closed.
var signInPage = Cause{Code: "MM102", Where: Network, Fit: func(c Case) *Fit {
	e := c.Evidence
	if verified(e) || len(sessions(e, spoke)) > 0 {
		return nil // a mail server that was heard was reached
	}
	pages, together, redirected := sessions(e, speaksHTTP), oneAddress(e), redirectedTo(e)
	closed := portal(e) != "" && len(e.Sessions) > 1 && len(c.unreached()) == len(e.Sessions)
	one, away := together != "", redirected != ""
	if !closed && !(one && away) && !(len(pages) > 0 && (one || away || hosts(pages) >= 2)) {
		return nil
	}
	fit := &Fit{
		Explains: c.everywhere("2345"),
		Sure:     checks.Likely,
		Text:     "You are on a network with a log-in page that you have not passed yet. It answers in place of the mail servers.",
		Advice: []say.Text{
			"Open a web browser and go to any page: the log-in page of the network appears. Log in there, or accept its terms.",
			"Then run mailmedic again.",
		},
		Against: []RuledOut{{"MM306", "none of the provider's servers was reached, so none can be blamed"}},
	}
	if len(pages) > 0 {
		fit.For = append(fit.For, at(pages[0].ID(), checks.StageGreeting, pages[0].Greeting.Step, "%s", say.Count(len(pages), "a web server answers on %d mail port", "a web server answers on %d mail ports")))
	}
	if together != "" {
		fit.Sure = checks.Certain
		fit.For = append(fit.For, checks.Fact{Stage: checks.StageDNS, Text: say.With("every name leads to %s", together)})
	}
	if redirected != "" {
		if portal(e) != "" {
			fit.Sure = checks.Certain
		}
		fit.For = append(fit.For, checks.Fact{Stage: checks.StageTCP, Text: say.With("the provider's web server seems to send to %s", redirected)})
	}
	if closed && together == "" {
		fit.Sure = checks.Likely
		if secure := control(e, evidence.WebTLS); secure == nil || secure.Step.Done() {
			fit.Sure = checks.Possible // the provider may send visitors to a name of another domain
		}
		fit.Text = "You seem to be on a network with a log-in page that you have not passed yet. It answers in place of the provider's web server, and lets nothing through to the mail servers."
	}
	return fit
}}

// portal is where the provider's web server seems to send to, if it is a log-in page of the
// network rather than another name of the provider: such a page is first reached without
// encryption, or the way to the encrypted port is closed.
func portal(e *evidence.Evidence) string {
	to := redirectedTo(e)
	secure := control(e, evidence.WebTLS)
	if to == "" || strings.HasPrefix(strings.ToLower(control(e, evidence.Web).Location), "https://") && secure != nil && secure.Step.Done() {
		return ""
	}
	return to
}

func speaksHTTP(s *evidence.Session) bool {
	return s.Greeting.Service == evidence.ServiceHTTP || s.Secure.Instead == evidence.ServiceHTTP
}

// oneAddress is the address that names of several hosts lead to, and a made-up one too if
// it was asked for; empty where they differ.
func oneAddress(e *evidence.Evidence) string {
	address, names := "", map[string]bool{}
	for _, l := range e.Lookups {
		if l.Type != "A" || len(l.Answers) == 0 {
			continue
		}
		if len(l.Answers) > 1 || address != "" && l.Answers[0] != address {
			return ""
		}
		address = l.Answers[0]
		names[l.Name] = true
	}
	// A provider may well have all its names on one machine. That a name which nobody has
	// leads there too is what gives the page away.
	if len(names) < 2 || !slices.Contains(invented(e), address) && (askedRandom(e) || !private(address)) {
		return ""
	}
	return address
}

// askedRandom tells whether the name server answered for a name that nobody has, be it that
// there is none.
func askedRandom(e *evidence.Evidence) bool {
	return slices.ContainsFunc(e.Lookups, func(l evidence.Lookup) bool {
		return l.Why == evidence.ForRandom && (l.RCode != "" || l.Step.Done())
	})
}

// redirectedTo is where the provider's web server sends to, if that is somebody else.
func redirectedTo(e *evidence.Evidence) string {
	x := control(e, evidence.Web)
	if x == nil || !strings.HasPrefix(x.Status, "3") {
		return ""
	}
	_, rest, ok := strings.Cut(x.Location, "://")
	if !ok {
		return ""
	}
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(strings.ToLower(host), ":")
	own := append(slices.Clone(e.Profile.Domains), e.Profile.Web)
	if host == "" || slices.ContainsFunc(own, func(d string) bool {
		return host == strings.ToLower(d) || strings.HasSuffix(host, "."+strings.ToLower(d))
	}) {
		return ""
	}
	return host
}
