package cause

import (
	"fmt"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// portRedirected is MM305: on an SMTP port another mail system answers in the provider's
// place. A banner is no proof, since one provider may run several systems: at least two
// signs are wanted, of which one is its name or its certificate. They are signs beside a
// server that proved to be the provider's: on another port of the same host, or, where
// something answers for all of them, on any host, which then tells the distance alone, and
// makes it possible and no more.
var portRedirected = Cause{Code: "MM305", Where: OnPath, Fit: func(c Case) *Fit {
	e := c.Evidence
	var fit *Fit
	beside := false // a stranger stands beside the provider's own server on another port
	for _, s := range sessions(e, func(s *evidence.Session) bool {
		return s.Path.Protocol == profile.SMTP && s.Greeting.Reply != nil && !s.Secure.Judged.Verified && s.Secure.Interceptor() == nil && !starred(s)
	}) {
		signs, w := signsOfStranger(e, s)
		if len(signs) < 2 {
			continue
		}
		beside = beside || genuine(e, s) != nil
		if fit == nil {
			fit = &Fit{
				Sure:   checks.Likely,
				Params: map[string]string{},
				Text:   inPlace(s),
				Against: []RuledOut{
					{"MM306", say.With("the provider is up: %s proved who it is on port %d", w.Path.Host, w.Path.Port)},
				},
			}
			if w.Path.Protocol == profile.SMTP {
				fit.Params["alternative"] = fmt.Sprint(w.Path.Port)
			}
		}
		fit.Explains = append(fit.Explains, c.on([]string{s.ID()}, "457")...)
		for _, sign := range signs {
			fit.For = append(fit.For, at(s.ID(), checks.StageGreeting, s.Greeting.Step, "%s", sign))
		}
	}
	if fit == nil || len(fit.Explains) == 0 {
		return nil
	}
	if !beside {
		fit.Sure = checks.Possible
	}
	if ports := portsOf(c, fit.Explains); len(ports) > 1 {
		fit.Text = say.With("On ports %s another mail system answers in place of your provider's. Something on your network sends you there.", say.List(ports))
	}
	fit.Advice = append(working(c, fit.Explains), "Do not accept the certificate of such a port, and do not switch encryption off: your password would go to a stranger.")
	if checks.Best(e, profile.SMTP) == nil {
		fit.Advice = append(fit.Advice, otherNetwork)
	}
	fit.Against = append(fit.Against, RuledOut{fit.Explains[0].Code, "it is not the provider's server that answers there"})
	return fit
}}

// signsOfStranger lists what tells that it is not the provider who answers on a path, and
// the session to which it was compared.
func signsOfStranger(e *evidence.Evidence, s *evidence.Session) ([]say.Text, *evidence.Session) {
	if w := genuine(e, s); w != nil {
		if !another(s, w) || checks.Kin(e, []string{ehloName(s)}) && !nearer(e, s) {
			return nil, nil
		}
		return strange(e, s, w), w
	}
	proven := sessions(e, func(o *evidence.Session) bool { return o.Secure.Judged.Verified })
	if len(proven) == 0 {
		return nil, nil
	}
	near, far := distance(alike(e, s)), distance(proven)
	if !nextDoor(near, far) {
		return nil, nil
	}
	signs := []say.Text{say.With("it is %d ms away; the provider's servers that proved who they are are at least %d ms away", near, far)}
	if len(s.Secure.Chain) > 0 && s.Secure.Judged.Name == evidence.No && !checks.Kin(e, s.Secure.Chain[0].Names) {
		signs = append(signs, say.With("its certificate is for %s", strings.Join(s.Secure.Chain[0].Names, ", ")))
	}
	if name := ehloName(s); name != "" && !checks.Kin(e, []string{name}) {
		signs = append(signs, say.With("it calls itself %s", name))
	}
	if s.Secure.Offered == evidence.No {
		signs = append(signs, "it offers no encryption")
	}
	return signs, proven[0]
}

// alike are the ports of a host on which the same stranger answers: by its own name it is
// one, and the quickest of its answers says how far away it is. This computer may have
// been busy at any other.
func alike(e *evidence.Evidence, s *evidence.Session) []*evidence.Session {
	return sessions(e, func(o *evidence.Session) bool {
		return o.Path.Protocol == s.Path.Protocol && o.Path.Host == s.Path.Host && !o.Secure.Judged.Verified && ehloName(o) == ehloName(s)
	})
}

// portsOf lists the ports of findings.
func portsOf(c Case, found []checks.Finding) []string {
	var ports []string
	for _, id := range checks.Paths(found) {
		ports = append(ports, fmt.Sprint(c.Evidence.Session(id).Path.Port))
	}
	return ports
}

// genuine finds another SMTP port of the same host on which the server proved who it is.
func genuine(e *evidence.Evidence, s *evidence.Session) *evidence.Session {
	found := sessions(e, func(o *evidence.Session) bool {
		return o.Path.Host == s.Path.Host && o.Path.Protocol == s.Path.Protocol && o.ID() != s.ID() && o.Secure.Judged.Verified
	})
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

// another tells whether a port says itself that it is somebody else: by its name or by its
// certificate. What it lacks, and how near it seems, may be chance.
func another(s, w *evidence.Session) bool {
	a, b := ehloName(s), ehloName(w)
	return a != "" && b != "" && !strings.EqualFold(a, b) || s.Secure.Judged.Name == evidence.No
}

// strange lists the ways in which a port differs from the provider's own.
func strange(e *evidence.Evidence, s, w *evidence.Session) []say.Text {
	var signs []say.Text
	if a, b := ehloName(s), ehloName(w); a != "" && b != "" && !strings.EqualFold(a, b) {
		signs = append(signs, say.With("it calls itself %s; port %d is %s", a, w.Path.Port, b))
	}
	if len(s.Secure.Chain) > 0 && s.Secure.Judged.Name == evidence.No {
		signs = append(signs, say.With("its certificate is for %s", strings.Join(s.Secure.Chain[0].Names, ", ")))
	}
	if s.Secure.Offered == evidence.No {
		signs = append(signs, say.With("it offers no encryption; port %d does", w.Path.Port))
	} else if s.Capability.Step.Done() && len(s.Mechanisms()) == 0 && len(w.Mechanisms()) > 0 {
		signs = append(signs, say.With("it offers no login; port %d does", w.Path.Port))
	}
	if nearer(e, s) {
		signs = append(signs, say.With("it is %d ms away; the provider's own server is %d ms away", fastest(s, evidence.Done), distanceToOwn(e, s)))
	}
	return signs
}

// inPlace says that a stranger answers on a port, and by which name, if it goes by one.
func inPlace(s *evidence.Session) say.Text {
	if name := ehloName(s); name != "" {
		return say.With("On port %d another mail system answers in place of your provider's, %s. Something on your network sends you there.", s.Path.Port, name)
	}
	return say.With("On port %d another mail system answers in place of your provider's. Something on your network sends you there.", s.Path.Port)
}

// ehloName is what a server calls itself: in its answer to EHLO, else in its greeting
// (RFC 5321 sections 4.1.1.1 and 4.2).
func ehloName(s *evidence.Session) string {
	if strings.Contains(s.Capability.Name, ".") {
		return s.Capability.Name
	}
	if s.Greeting.Reply == nil {
		return ""
	}
	name, _, _ := strings.Cut(s.Greeting.Reply.Text, " ")
	if strings.Count(name, ".") == 0 || strings.HasSuffix(name, ".") {
		return "" // a word of welcome, and no host
	}
	return name
}

// nearer tells whether a port answers sooner than the provider's own server could.
func nearer(e *evidence.Evidence, s *evidence.Session) bool {
	return sooner(fastest(s, evidence.Done), distanceToOwn(e, s))
}

// distanceToOwn is how far away the host of a path is where it proved who it is.
func distanceToOwn(e *evidence.Evidence, s *evidence.Session) evidence.Millis {
	return distance(sessions(e, func(o *evidence.Session) bool { return o.Path.Host == s.Path.Host && o.Secure.Judged.Verified }))
}
