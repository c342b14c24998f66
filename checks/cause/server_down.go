package cause

import (
	"fmt"
	"slices"
	"strings"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// serverDown is MM306: all ports of a server fail the same way. While other servers of
// the provider answer, it is that one; when none does, it may as well be the network.
var serverDown = Cause{Code: "MM306", Where: Provider, Fit: func(c Case) *Fit {
	var explained []checks.Finding
	var down []string
	for _, name := range servers(c.Evidence) {
		if dead := allDown(c, name); len(dead) >= 2 {
			explained, down = append(explained, dead...), append(down, name)
		}
	}
	if len(down) == 0 {
		return nil
	}
	named := strings.Join(down, " and ")
	fit := &Fit{
		Explains: explained,
		Sure:     checks.Likely,
		Text:     fmt.Sprintf("No port of %s answers, while other servers of the provider do.", named),
		For:      []checks.Fact{{Stage: checks.StageTCP, Text: fmt.Sprintf("all %d ports of %s fail the same way", len(explained), named)}},
		Advice:   instead(c, explained),
		Against:  []RuledOut{{"MM101", "this computer has a way to the internet"}, {"MM201", "the server names lead to addresses"}},
	}
	if !anyConnected(c.Evidence) {
		fit.Explains = c.With("MM301", "MM302")
		fit.Sure = checks.Possible
		fit.Text = "No mail server of the provider answers. Either they are down, or your network lets no mail through."
		fit.Advice = []string{
			"Try from another network, for example with your phone's mobile data.",
			"If mail works there, ask who runs your network to open the mail ports. If not, wait and look at the provider's status page.",
		}
	}
	return fit
}}

// instead advises what works meanwhile in each direction that is hit, and patience.
func instead(c Case, down []checks.Finding) []string {
	var advice []string
	for _, p := range []profile.Protocol{profile.IMAP, profile.SMTP} {
		hit := slices.ContainsFunc(down, func(f checks.Finding) bool { return c.Evidence.Session(f.Path).Path.Protocol == p })
		if hit && checks.Best(c.Evidence, p) != nil {
			advice = append(advice, checks.UseInstead(c.Evidence, p))
		}
	}
	return append(advice, "Or change nothing, wait half an hour and run mailmedic again.")
}

// server names the machine behind a path: the provider's own word where it runs
// several for one purpose, else the host name.
func server(p profile.Path) string {
	if p.Server != "" {
		return "the " + p.Server + " server"
	}
	return p.Host
}

func servers(e *evidence.Evidence) []string {
	var names []string
	for _, s := range e.Sessions {
		if name := server(s.Path); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// allDown lists the findings of a server of which every port failed to connect in the
// same way, or nothing.
func allDown(c Case, name string) []checks.Finding {
	var found []checks.Finding
	for i := range c.Evidence.Sessions {
		s := &c.Evidence.Sessions[i]
		if server(s.Path) != name {
			continue
		}
		at := slices.IndexFunc(c.Findings, func(f checks.Finding) bool {
			return f.Path == s.ID() && (f.Code == "MM301" || f.Code == "MM302")
		})
		if at < 0 || len(found) > 0 && found[0].Code != c.Findings[at].Code {
			return nil
		}
		found = append(found, c.Findings[at])
	}
	return found
}
