package cause

import (
	"slices"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// strangled lists the sessions whose handshake met silence or a broken connection: what a
// filter or a network that loses packets does.
func strangled(e *evidence.Evidence) []*evidence.Session {
	return sessions(e, func(s *evidence.Session) bool {
		f := s.Secure.Step.Failure
		return f != nil && s.Secure.Step.Failed() && (s.Path.Encryption == profile.TLS || s.Secure.Answer != nil) &&
			slices.Contains([]evidence.Kind{evidence.Timeout, evidence.Reset, evidence.Closed}, f.Kind)
	})
}

// looks lists what became of one kind of hello, over all paths.
func looks(e *evidence.Evidence, h evidence.Hello) []evidence.Look {
	var found []evidence.Look
	for i := range e.Sessions {
		for _, l := range e.Sessions[i].Looks {
			if l.Hello == h && said(l) {
				found = append(found, l)
			}
		}
	}
	return found
}

// said tells whether a look came to an end of its own: one that was skipped, or cut off
// with the run, says nothing.
func said(l evidence.Look) bool {
	return l.Step.State != evidence.Skipped && (l.Step.Failure == nil || l.Step.Failure.Kind != evidence.Cancelled)
}

// triedInVain tells whether a kind of hello was tried where a path's handshake failed in
// this way, on it or on its like, and failed as well.
func triedInVain(e *evidence.Evidence, s *evidence.Session, h evidence.Hello) bool {
	alike := sessions(e, func(o *evidence.Session) bool {
		f, g := s.Secure.Step.Failure, o.Secure.Step.Failure
		return o.Path.Host == s.Path.Host && o.Path.Encryption == s.Path.Encryption && g != nil && f.Kind == g.Kind
	})
	return slices.ContainsFunc(alike, func(o *evidence.Session) bool {
		return slices.ContainsFunc(o.Looks, func(l evidence.Look) bool { return l.Hello == h && said(l) && !l.Step.Done() })
	})
}

// worked finds a look that succeeded, or nil.
func worked(list []evidence.Look) *evidence.Look {
	at := slices.IndexFunc(list, func(l evidence.Look) bool { return l.Step.Done() })
	if at < 0 {
		return nil
	}
	return &list[at]
}

// ofHandshake lists the findings that a strangled handshake gives rise to.
func ofHandshake(c Case, hit []*evidence.Session) []checks.Finding {
	return c.on(ids(hit), "45")
}

// nearTheServer adds who may have to mend a fault that hits one host while the usual
// handshake passed to another: then it is not this computer's own line, and the router is
// not the first to look at.
func nearTheServer(c Case, fit *Fit, hit []*evidence.Session) {
	passed := sessions(c.Evidence, func(s *evidence.Session) bool { return s.Secure.Step.Done() && s.Path.Host != hit[0].Path.Host })
	if hosts(hit) != 1 || len(passed) == 0 {
		return
	}
	fit.For = append(fit.For, at(passed[0].ID(), checks.StageTLS, passed[0].Secure.Step, "the usual handshake passes to %s", passed[0].Path.Host))
	fit.Advice = append(working(c, fit.Explains),
		say.Join(checks.AskSupport(c.Evidence), say.With("It is likely near their server, because the way to %s is free of it.", passed[0].Path.Host)),
		otherNetwork)
}
