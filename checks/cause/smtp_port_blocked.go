package cause

import (
	"fmt"
	"slices"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// smtpPortBlocked is MM303: port 25, perhaps with others, is dropped or refused on the
// way, while another SMTP port of the same host works. A refusal by the server itself
// takes one round trip, as the working port's connection did; one that comes much
// sooner was made by something nearer.
var smtpPortBlocked = Cause{Code: "MM303", Where: OnPath, Fit: func(c Case) *Fit {
	var blocked []checks.Finding
	var witness *evidence.Session
	for _, f := range c.unreached() {
		s := c.Evidence.Session(f.Path)
		w := greeting(c.Evidence, s)
		if s.Path.Protocol != profile.SMTP || s.Path.Port == 587 || w == nil || f.Code == "MM302" && !refusedWithin(s, distance(onHost(c.Evidence, s.Path.Host))) {
			continue
		}
		if s.Path.Port == 25 {
			blocked, witness = append([]checks.Finding{f}, blocked...), w
			continue
		}
		blocked = append(blocked, f)
	}
	if witness == nil {
		return untestedElse(c)
	}
	// One block is of one kind: a port that fails in another way has a cause of its own.
	kind := blocked[0].Code
	blocked = slices.DeleteFunc(blocked, func(f checks.Finding) bool { return f.Code != kind })
	return &Fit{
		Explains: blocked,
		Sure:     checks.Likely,
		Text:     say.Join(howBlocked(c, blocked, witness.Path.Port), letsThrough(len(blocked))),
		For: []checks.Fact{{
			Path: witness.ID(), Stage: checks.StageGreeting, At: witness.Greeting.Step.At + witness.Greeting.Step.Took,
			Text: say.With("the same host greets on port %d", witness.Path.Port),
		}},
		Advice: []say.Text{checks.UseInstead(c.Evidence, profile.SMTP), "Then send a message to yourself."},
		Against: []RuledOut{
			{"MM306", say.With("the server is up: it answers on port %d", witness.Path.Port)},
			{blocked[0].Code, "nothing but what networks block is affected"},
		},
		Params: map[string]string{"port": "25", "alternative": fmt.Sprint(witness.Path.Port)},
	}
}}

// howBlocked says what becomes of the ports of findings, port 25 first, while another works.
func howBlocked(c Case, blocked []checks.Finding, works int) say.Text {
	ports := portsOf(c, blocked)
	one, many := say.Text("Port %s gives no answer, while port %d of the same server answers."), say.Text("Ports %s give no answer, while port %d of the same server answers.")
	if blocked[0].Code == "MM302" {
		one = "Port %s is refused sooner than the server could answer, while port %d of the same server answers."
		many = "Ports %s are refused sooner than the server could answer, while port %d of the same server answers."
	} else if toldUnreachable(c, blocked[:1]) {
		one = "Port %s cannot be reached, as something on the way says, while port %d of the same server answers."
		many = "Ports %s cannot be reached, as something on the way says, while port %d of the same server answers."
	}
	if len(ports) > 1 {
		return say.With(many, say.List(ports), works)
	}
	return say.With(one, ports[0], works)
}

// letsThrough says who may have blocked so many ports.
func letsThrough(ports int) say.Text {
	if ports > 1 {
		return "Something on the way does not let them through; many internet providers block port 25 to stop spam."
	}
	return "Something on the way does not let it through; many internet providers block port 25 to stop spam."
}

// untestedElse is the fit where none but the ports that networks block were tested: the
// server may be down as well, and the port that would tell was left out.
func untestedElse(c Case) *Fit {
	e := c.Evidence
	dead := c.unreached()
	if reached(e) == nil || len(dead) == 0 || len(dead) != len(e.Sessions) {
		return nil
	}
	for _, f := range dead {
		if s := e.Session(f.Path); f.Code != "MM301" || s.Path.Protocol != profile.SMTP || submission(s.Path) {
			return nil
		}
	}
	return &Fit{
		Explains: dead,
		Sure:     checks.Possible,
		Text:     "The ports for sending that were tested give no answer. Many networks block them to stop spam; the one for mail programs, 587, was not tested.",
		For:      []checks.Fact{at("", checks.StageTCP, reached(e).Step, "the provider's web server answers")},
		Advice:   []say.Text{"Run mailmedic again without --paths: it then tests the ports that networks leave open."},
		Params:   map[string]string{"port": fmt.Sprint(e.Session(dead[0].Path).Path.Port)},
	}
}

// submission tells whether a port is for mail programs (RFC 6409, RFC 8314). Networks do
// not block those to stop spam.
func submission(p profile.Path) bool { return p.Port == 587 || p.Port == 465 }

// greeting finds a path of the same host and protocol on which the server spoke.
func greeting(e *evidence.Evidence, s *evidence.Session) *evidence.Session {
	var spoke []*evidence.Session
	for i := range e.Sessions {
		other := &e.Sessions[i]
		if other.Path.Host == s.Path.Host && other.Path.Protocol == s.Path.Protocol && other.Greeting.Step.Done() {
			spoke = append(spoke, other)
		}
	}
	if len(spoke) == 0 {
		return nil
	}
	slices.SortStableFunc(spoke, func(a, b *evidence.Session) int { return rolesFirst(a.Path.Role) - rolesFirst(b.Path.Role) })
	return spoke[0]
}

func rolesFirst(r profile.Role) int {
	return slices.Index([]profile.Role{profile.Recommended, profile.Alternate, profile.Optional, profile.Trial}, r)
}
