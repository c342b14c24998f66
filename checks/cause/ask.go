package cause

import (
	"slices"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// on lists the case's findings of some paths whose codes begin with one of the digits: the
// stages of the catalogue.
func (c Case) on(paths []string, stages string) []checks.Finding {
	var found []checks.Finding
	for _, f := range c.Findings {
		if f.Severity != checks.Note && strings.ContainsAny(string(f.Code[2:3]), stages) && slices.Contains(paths, f.Path) {
			found = append(found, f)
		}
	}
	return found
}

// everywhere lists the findings of all stages of a connection, on whatever path.
func (c Case) everywhere(stages string) []checks.Finding {
	var paths []string
	for i := range c.Evidence.Sessions {
		paths = append(paths, c.Evidence.Sessions[i].ID())
	}
	return c.on(paths, stages)
}

// verified tells whether any path reached a server that proved to be the provider's.
func verified(e *evidence.Evidence) bool {
	return slices.ContainsFunc(e.Sessions, func(s evidence.Session) bool { return s.Secure.Judged.Verified })
}

// sessions lists the sessions that fit.
func sessions(e *evidence.Evidence, fit func(*evidence.Session) bool) []*evidence.Session {
	var found []*evidence.Session
	for i := range e.Sessions {
		if s := &e.Sessions[i]; fit(s) {
			found = append(found, s)
		}
	}
	return found
}

// onHost lists the sessions with a host.
func onHost(e *evidence.Evidence, host string) []*evidence.Session {
	return sessions(e, func(s *evidence.Session) bool { return s.Path.Host == host })
}

func ids(list []*evidence.Session) []string {
	var found []string
	for _, s := range list {
		found = append(found, s.ID())
	}
	return found
}

// hosts counts the different hosts of sessions.
func hosts(list []*evidence.Session) int {
	seen := map[string]bool{}
	for _, s := range list {
		seen[s.Path.Host] = true
	}
	return len(seen)
}

// control finds a control connection, or nil.
func control(e *evidence.Evidence, p evidence.Purpose) *evidence.Control {
	for i := range e.Controls {
		if e.Controls[i].Purpose == p {
			return &e.Controls[i]
		}
	}
	return nil
}

// reached finds a connection that was made to the provider's web server. Where the profile
// names none, any other host that the user had compared will do.
func reached(e *evidence.Evidence) *evidence.Control {
	if portal(e) != "" {
		return nil // a log-in page of the network, not the provider's web server
	}
	return connected(e, func(x *evidence.Control) bool { return e.Profile.Web == "" || x.Host == e.Profile.Web })
}

// reachedOther finds a connection that was made to a host which is not the provider's.
func reachedOther(e *evidence.Evidence) *evidence.Control {
	return connected(e, func(x *evidence.Control) bool { return x.Host != e.Profile.Web })
}

func connected(e *evidence.Evidence, fit func(*evidence.Control) bool) *evidence.Control {
	for i := range e.Controls {
		if x := &e.Controls[i]; x.Purpose != evidence.Decoy && x.Step.Done() && fit(x) {
			return x
		}
	}
	return nil
}

// spoke tells whether a mail server was heard on a path, whoever it proved to be.
func spoke(s *evidence.Session) bool { return s.Greeting.Step.Done() }

// invented lists the addresses that the name server gave for a name that nobody has.
func invented(e *evidence.Evidence) []string {
	var ips []string
	for _, l := range e.Lookups {
		if l.Why == evidence.ForRandom {
			ips = append(ips, l.Answers...)
		}
	}
	return ips
}

// answers lists the addresses of a session's host.
func answers(e *evidence.Evidence, s *evidence.Session) []string {
	var ips []string
	for _, kind := range []string{"A", "AAAA"} {
		if l := e.Lookup(s.Path.Host, kind); l != nil {
			ips = append(ips, l.Answers...)
		}
	}
	return ips
}

// at states an observation at the end of a step.
func at(path string, stage checks.Stage, step evidence.Step, format say.Text, args ...any) checks.Fact {
	return checks.Fact{Path: path, Stage: stage, Text: say.With(format, args...), At: step.At + step.Took}
}

// working advises the settings that work in each direction that findings hit.
func working(c Case, hit []checks.Finding) []say.Text {
	var advice []say.Text
	for _, p := range []profile.Protocol{profile.IMAP, profile.SMTP} {
		if checks.Best(c.Evidence, p) != nil && slices.ContainsFunc(hit, func(f checks.Finding) bool { return strings.HasPrefix(f.Path, string(p)) }) {
			advice = append(advice, checks.UseInstead(c.Evidence, p))
		}
	}
	return advice
}

const otherNetwork say.Text = "Try from another network, for example with your phone's mobile data."
