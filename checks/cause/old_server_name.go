package cause

import (
	"fmt"
	"slices"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// oldServerName is MM205: a server that the instructions recommend fails on all its ports,
// and those of the provider's newer instructions answer and prove who they are.
var oldServerName = Cause{Code: "MM205", Where: Input, Fit: func(c Case) *Fit {
	e := c.Evidence
	if e.Successor == nil {
		return nil
	}
	var explained []checks.Finding
	var advice []say.Text
	fit := &Fit{Sure: checks.Likely, Params: map[string]string{"profile": e.Successor.Profile.Name}}
	for _, p := range []profile.Protocol{profile.IMAP, profile.SMTP} {
		better := checks.Best(e.Successor, p)
		failing := sessions(e, func(s *evidence.Session) bool { return s.Path.Protocol == p && unlike(s) })
		if better == nil || !slices.ContainsFunc(failing, func(s *evidence.Session) bool { return s.Path.Role == profile.Recommended && !lives(e, s.Path.Host) }) {
			continue
		}
		found := c.on(ids(failing), "2345")
		explained = append(explained, found...)
		fit.Params["newer"], fit.Params["newer-port"] = better.Path.Host, fmt.Sprint(better.Path.Port)
		advice = append(advice, say.Join(checks.SetTo(better.Path), "It answered just now over a verified connection."))
		fit.For = append(fit.For, at("", checks.StageCapability, better.Capability.Step, "%s port %d answers and proves to be %s", better.Path.Host, better.Path.Port, better.Path.Host))
		for _, s := range failing {
			if gone(c, s) || certifies(s, better.Path.Host) {
				fit.Sure = checks.Certain
			}
		}
	}
	if len(explained) == 0 {
		return nil
	}
	next := e.Successor.Profile
	if next.Folders.Root.Name == "" && e.Profile.Folders.Root.Name != "" {
		advice = append(advice, "Leave the root folder path (IMAP path prefix) empty there.")
	}
	fit.Explains = explained
	fit.Advice = append(advice, say.With("Check your login name too: %s is what these servers want.", checks.AnyOf(forms(next, e.Account.Kind))))
	fit.Text = say.With("Your settings follow old instructions of %s. Their servers do not answer any more as they should, and the ones that replaced them do.", e.Profile.Title)
	fit.Against = []RuledOut{{"MM306", "the provider is up: its newer servers answer"}}
	return fit
}}

// lives tells whether a host proved who it is on any port: then it has not been replaced,
// whatever is wrong with another port.
func lives(e *evidence.Evidence, host string) bool {
	return len(sessions(e, func(s *evidence.Session) bool { return s.Path.Host == host && s.Secure.Judged.Verified })) > 0
}

// unlike tells whether a path fails before a login, or proves to be another host.
func unlike(s *evidence.Session) bool {
	return !s.Capability.Step.Done() || s.Secure.Judged.Name == evidence.No
}

// gone tells whether a path's host name does not exist any more.
func gone(c Case, s *evidence.Session) bool {
	return slices.ContainsFunc(c.With("MM201"), func(f checks.Finding) bool { return f.Path == s.ID() })
}

// certifies tells whether the certificate of a path is for another host.
func certifies(s *evidence.Session, host string) bool {
	return s.Secure.Judged.Name == evidence.No && slices.ContainsFunc(s.Secure.Chain[0].Names, func(n string) bool { return strings.EqualFold(n, host) })
}

// forms shows the login names that a profile wants, as a person reads them.
func forms(p profile.Profile, kind profile.Kind) []string {
	var list []string
	for _, rule := range p.Login {
		if rule.Kind == kind {
			for _, form := range rule.Forms {
				list = append(list, strings.NewReplacer("{user}", "name", "{domain}", "domain").Replace(form))
			}
		}
	}
	if len(list) == 0 {
		return []string{"name@domain"}
	}
	return list
}
