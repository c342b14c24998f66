package probe

import (
	"context"
	"sync"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// further asks what only trouble makes worth asking, all of it side by side: handshakes
// with other hellos, connections to compare with, the provider's newer instructions. What
// to ask is decided before anything is asked, so that nothing waits for anything else.
func (r *run) further(ctx context.Context, e *evidence.Evidence) {
	controls, looks, next := wanted(e, r.plan.Options), looksFor(e, r.plan.Options), r.newer(e)
	if ctx.Err() != nil {
		controls, looks, next = nil, nil, nil
	}
	if before := r.early.found(len(controls) > 0 || next != nil); before != nil {
		controls, next = before.take(r, e, controls, next)
	}
	var (
		work    sync.WaitGroup
		guarded sync.Mutex // of e and r.asked, while the parts bring back what they have
	)
	part := func(do func() func()) {
		work.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					guarded.Lock()
					defer guarded.Unlock()
					e.Run.Broken = panicked(p)
				}
			}()
			keep := do()
			guarded.Lock()
			defer guarded.Unlock()
			keep()
		})
	}
	part(func() func() {
		found, clocks, asked := r.controls(ctx, controls)
		return func() {
			e.Controls, e.Clocks, r.asked = append(e.Controls, found...), append(e.Clocks, clocks...), append(r.asked, asked...)
		}
	})
	part(func() func() {
		found, asked := r.looks(ctx, looks)
		return func() {
			for i, x := range found {
				e.Sessions[i].Looks = x.looks
				e.Sessions[i].Wire = append(e.Sessions[i].Wire, x.wire...)
			}
			r.asked = append(r.asked, asked...)
		}
	})
	if next != nil {
		part(func() func() {
			found := next.observe(ctx, nil)
			return func() { e.Successor = found }
		})
	}
	work.Wait()
}

// newer prepares the run of the provider's newer instructions, or nil when those of the
// profile have not failed.
func (r *run) newer(e *evidence.Evidence) *run {
	if !outdated(e) {
		return nil
	}
	return r.successor()
}

// successor prepares the run of the provider's newer instructions, or nil where there are
// none. It gets no password: nobody has set these servers up yet.
func (r *run) successor() *run {
	p := r.plan.Options.Successor
	if p == nil || len(r.plan.Options.Connect) > 0 {
		return nil
	}
	old := r.plan.Options
	plan := NewPlan(*p, Options{
		Account: profile.Account{Kind: old.Account.Kind}, Family: old.Family, Resolver: old.Resolver,
		Timeout: old.Timeout, Deadline: old.Deadline, NoLogin: "the newer instructions are only tried, not used",
		Roots: old.Roots, Dial: old.Dial, Link: old.Link, ID: old.ID, Version: old.Version, Mode: old.Mode, Simulated: old.Simulated,
	})
	next := newRun(plan, Credentials{}, r.start)
	next.near = r.near
	next.gate, next.events = r.gate, nil // the promise about connections is for both together, and progress tells of the first
	return next
}

// outdated tells whether a path that the profile recommends fails before any login, or
// proves to be another host: what instructions do that have been replaced.
func outdated(e *evidence.Evidence) bool {
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if s.Path.Role == profile.Recommended && (!s.Capability.Step.Done() || s.Secure.Judged.Name == evidence.No) {
			return true
		}
	}
	return false
}
