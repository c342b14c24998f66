package cause

import (
	"slices"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// serverDown is MM306: all ports of a server, or all for one direction, fail. While
// other servers of the provider answer, it is that one; when none does, it may as well
// be the network.
var serverDown = Cause{Code: "MM306", Where: Provider, Fit: func(c Case) *Fit {
	explained, down := dead(c)
	if len(down) == 0 {
		return nil
	}
	named := checks.AllOf(down)
	fit := &Fit{
		Explains: explained,
		Sure:     checks.Likely,
		Text:     say.With("No port of %s answers, while other servers of the provider do.", named),
		For:      []checks.Fact{{Stage: checks.StageTCP, Text: say.With("all %d ports of %s fail", len(explained), named)}},
		Advice:   append(instead(c, explained), "If it stays, try from another network, for example with your phone's mobile data."),
		Against:  refuted(c.Evidence),
	}
	if near(c.Evidence, explained) {
		fit.Sure = checks.Possible
		fit.Text = say.With("No port of %s answers. The refusal comes sooner than the server could send it, so something near you may be in the way.", named)
	}
	if !anyConnected(c.Evidence) {
		noneReached(c, fit)
	} else if before := rejectedBefore(c.Evidence); before != nil && before.At.After(c.Evidence.Run.At.Add(-banned)) {
		fit.Advice = append(fit.Advice, "Logins were rejected in an earlier run. If one of your devices still has an old password, stop its mail program: servers shut an address out for that, and each try makes it last longer.")
	}
	return fit
}}

// noneReached makes the fit one where no mail server was reached at all.
func noneReached(c Case, fit *Fit) {
	e := c.Evidence
	fit.Explains = c.unreached()
	fit.Sure = checks.Possible
	fit.Text = "No mail server of the provider answers. Either they are down, or your network lets no mail through."
	fit.Advice = []say.Text{
		otherNetwork,
		"If mail works there, ask who runs your network to open the mail ports. If not, wait and look at the provider's status page.",
	}
	web := reached(e)
	refusing := web != nil && web.Step.Took > lead && !slices.ContainsFunc(fit.Explains, func(f checks.Finding) bool {
		return f.Code != "MM302" || fastest(e.Session(f.Path), evidence.Failed)*3 < web.Step.Took
	})
	switch x := reachedOther(e); {
	case refusing:
		fit.Sure = checks.Likely
		fit.Text = "The provider's servers refuse the mail ports themselves. Either mail does not run on them now, or the port numbers are wrong."
		fit.For = append(fit.For, at("", checks.StageTCP, web.Step, "the refusals take no less than the way to the provider's web server, %d ms", web.Step.Took))
		fit.Advice = []say.Text{
			"Compare servers and port numbers in your mail program with those of the provider: mailmedic settings shows them.",
			"If they are the same, wait half an hour and look at the provider's status page.",
		}
	case x != nil && e.Profile.Web != "" && web == nil:
		fit.Sure = checks.Likely
		fit.Text = "No server of the provider answers, neither for mail nor for the web, while another host on the internet does."
		fit.For = append(fit.For, at("", checks.StageTCP, x.Step, "%s answers; the provider's web server does not", x.Host))
	}
}

// dead finds what is down: a whole direction, or else each server of which every port
// fails in the same way.
func dead(c Case) (explained []checks.Finding, down []say.Text) {
	whole := map[profile.Protocol]bool{}
	for _, d := range []struct {
		protocol profile.Protocol
		name     say.Text
	}{{profile.IMAP, "the servers for receiving"}, {profile.SMTP, "the servers for sending"}} {
		found := allDown(c, func(p profile.Path) bool { return p.Protocol == d.protocol }, false)
		if len(found) >= 2 && !hostUp(c.Evidence, found) {
			whole[d.protocol] = true
			explained, down = append(explained, found...), append(down, d.name)
		}
	}
	for _, name := range servers(c.Evidence) {
		found := allDown(c, func(p profile.Path) bool { return server(p) == name && !whole[p.Protocol] }, true)
		if len(found) >= 2 {
			explained, down = append(explained, found...), append(down, name)
		}
	}
	return explained, down
}

// hostUp tells whether a host of findings answers on another of its ports.
func hostUp(e *evidence.Evidence, found []checks.Finding) bool {
	return slices.ContainsFunc(found, func(f checks.Finding) bool {
		return slices.ContainsFunc(onHost(e, e.Session(f.Path).Path.Host), (*evidence.Session).Connected)
	})
}

// refuted lists the explanations that this run has evidence against.
func refuted(e *evidence.Evidence) []RuledOut {
	var out []RuledOut
	if anyConnected(e) || reached(e) != nil || reachedOther(e) != nil {
		out = append(out, RuledOut{"MM101", "this computer has a way to the internet"})
	}
	if slices.ContainsFunc(e.Lookups, func(l evidence.Lookup) bool { return l.Why == evidence.ForPath && len(l.Answers) > 0 }) {
		out = append(out, RuledOut{"MM201", "the server names lead to addresses"})
	}
	return out
}

// near tells whether the refusals came sooner than any server of the provider answered.
func near(e *evidence.Evidence, refused []checks.Finding) bool {
	for _, f := range refused {
		if f.Code != "MM302" || !refusedWithin(e.Session(f.Path), distance(sessions(e, (*evidence.Session).Connected))) {
			return false
		}
	}
	return len(refused) > 0
}

// instead advises what works meanwhile in each direction that is hit, and patience.
func instead(c Case, down []checks.Finding) []say.Text {
	var advice []say.Text
	for _, p := range []profile.Protocol{profile.IMAP, profile.SMTP} {
		hit := slices.ContainsFunc(down, func(f checks.Finding) bool { return c.Evidence.Session(f.Path).Path.Protocol == p })
		if hit && checks.Best(c.Evidence, p) != nil {
			advice = append(advice, checks.UseInstead(c.Evidence, p))
		}
	}
	if len(advice) == 0 {
		return []say.Text{"Wait half an hour and run mailmedic again."}
	}
	return append(advice, "Or change nothing, wait half an hour and run mailmedic again.")
}

// server names the machine behind a path: the provider's own word where it runs
// several for one purpose, else the host name.
func server(p profile.Path) say.Text {
	if p.Server != "" {
		return checks.ServerNamed(p.Server)
	}
	return say.Verbatim(p.Host)
}

func servers(e *evidence.Evidence) []say.Text {
	var names []say.Text
	for _, s := range e.Sessions {
		if name := server(s.Path); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// allDown lists the findings of the paths that belong together when none of them could
// be connected to, and, where alike is set, all failed in the same way.
func allDown(c Case, belongs func(profile.Path) bool, alike bool) []checks.Finding {
	var found []checks.Finding
	unreached := c.unreached()
	for i := range c.Evidence.Sessions {
		s := &c.Evidence.Sessions[i]
		if !belongs(s.Path) {
			continue
		}
		at := slices.IndexFunc(unreached, func(f checks.Finding) bool { return f.Path == s.ID() })
		if at < 0 || alike && len(found) > 0 && found[0].Code != unreached[at].Code {
			return nil
		}
		found = append(found, unreached[at])
	}
	return found
}
