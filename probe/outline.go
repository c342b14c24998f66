package probe

import "mailmedic/probe/evidence"

// tellOutline tells that a path has ended, and in outline what became of it: how far it
// came, at which addresses, and how long that took. No words of a server are in it, since
// they are scrubbed when the whole record is there.
func (r *run) tellOutline(s *evidence.Session) {
	done := Event{Path: s.ID(), Stage: "done", State: evidence.Done}
	if r.plan.Options.Progress != nil && r.early != nil {
		r.routed.Wait() // far sooner over than any path
		e, host := r.blank(), &r.early.e.Host
		e.Clients = nil
		e.Host.RouteV4, e.Host.RouteV6 = host.RouteV4, host.RouteV6
		e.Sessions = []evidence.Session{outline(s)}
		for _, l := range r.answeredByNow() {
			if l.Name == s.Path.Host {
				l.Step = bare(l.Step)
				e.Lookups = append(e.Lookups, l)
			}
		}
		done.Record = e
	}
	r.pass(done)
}

func outline(s *evidence.Session) evidence.Session {
	o := evidence.Session{Path: s.Path, Override: s.Override, Address: s.Address, Login: bare(s.Login), Took: s.Took}
	for _, d := range s.Dials {
		o.Dials = append(o.Dials, evidence.Dial{Address: d.Address, Family: d.Family, Step: bare(d.Step)})
	}
	o.Greeting.Step, o.Secure.Step = bare(s.Greeting.Step), bare(s.Secure.Step)
	o.Secure.Judged.Verified = s.Secure.Judged.Verified
	o.Capability.Step, o.Folders.Step = bare(s.Capability.Step), bare(s.Folders.Step)
	return o
}

// bare is a step without what anybody said.
func bare(s evidence.Step) evidence.Step {
	if s.Failure != nil {
		s.Failure = &evidence.Failure{Kind: s.Failure.Kind, Errno: s.Failure.Errno}
	}
	return s
}
