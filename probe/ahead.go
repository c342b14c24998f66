package probe

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// ahead is what does not wait for a silent port. What will be asked should it fail is asked
// while it may still answer, so that a run with a dead port ends with that port's own limit;
// and what the other paths have come to is told to whoever watches. It is nil in a run that
// is only compared with.
type ahead struct {
	run     *run
	e       *evidence.Evidence // whose sessions are there when their path has ended
	reached []atomic.Bool      // by target: a connection was made

	mu    sync.Mutex
	doubt bool // a path has been silent for long
	ended []int
	books map[int][]evidence.Login
	told  bool

	asked  chan *advance // what was asked, nil when nothing was; one value once doubt has come
	timer  *time.Timer
	cancel context.CancelFunc // ends what is being asked
}

// advance is what was asked ahead.
type advance struct {
	controls  []evidence.Control
	clocks    []evidence.Clock
	asked     []evidence.Lookup
	successor *evidence.Evidence
	broken    string // a panic
}

func (r *run) ahead(ctx context.Context, e *evidence.Evidence) *ahead {
	a := &ahead{run: r, e: e, reached: make([]atomic.Bool, len(r.plan.Targets)), books: map[int][]evidence.Login{}, asked: make(chan *advance, 1)}
	ctx, a.cancel = context.WithCancel(ctx)
	a.timer = time.AfterFunc(r.plan.Budget.Doubt, func() {
		a.doubting()
		a.asked <- a.ask(ctx)
	})
	return a
}

// reach notes that a target was connected to.
func (a *ahead) reach(path profile.Path) {
	if a == nil {
		return
	}
	for i, t := range a.run.plan.Targets {
		if t.Path.ID() == path.ID() {
			a.reached[i].Store(true)
		}
	}
}

// silent tells whether a target with one of the roles has not been reached yet.
func (a *ahead) silent(roles ...profile.Role) bool {
	for i, t := range a.run.plan.Targets {
		if !a.reached[i].Load() && slices.Contains(roles, t.Path.Role) {
			return true
		}
	}
	return false
}

// ask asks what the failure of a silent path would make worth asking. Handshakes are not
// among it: on a silent port there is none.
func (a *ahead) ask(ctx context.Context) *advance {
	r := a.run
	if len(r.plan.Options.Connect) > 0 || ctx.Err() != nil || !a.silent(profile.Recommended, profile.Alternate) {
		return nil
	}
	x := &advance{}
	var work sync.WaitGroup
	var guarded sync.Mutex
	part := func(do func()) {
		work.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					guarded.Lock()
					defer guarded.Unlock()
					x.broken = panicked(p)
				}
			}()
			do()
		})
	}
	part(func() { x.controls, x.clocks, x.asked = r.controls(ctx, comparisons(r.plan.Profile, r.plan.Options)) })
	if next := r.successor(); next != nil && a.silent(profile.Recommended) {
		if next.plan.Budget.Silent > 0 {
			next.plan.Budget.Step = r.plan.Budget.Silent - r.plan.Budget.Doubt // it must not outlast the silence that it is compared with
		}
		part(func() { x.successor = next.observe(ctx, nil) })
	}
	work.Wait()
	return x
}

// found gives what was asked ahead, or nil, when the paths have ended. Nobody waits for it
// unless it is needed.
func (a *ahead) found(needed bool) *advance {
	defer a.cancel()
	if a.timer.Stop() {
		return nil
	}
	if !needed {
		a.cancel()
	}
	return <-a.asked
}

// take puts what was asked ahead into the record, and gives what is still to be asked. What
// was asked for a path that has answered after all stands there too, except for the newer
// instructions: nothing is wrong with the old ones.
func (x *advance) take(r *run, e *evidence.Evidence, controls []control, next *run) ([]control, *run) {
	e.Controls, e.Clocks, r.asked = append(e.Controls, x.controls...), append(e.Clocks, x.clocks...), append(r.asked, x.asked...)
	if x.broken != "" {
		e.Run.Broken = x.broken
	}
	controls = slices.DeleteFunc(controls, func(c control) bool {
		return slices.ContainsFunc(x.controls, func(made evidence.Control) bool { return made.Purpose == c.purpose && made.Host == c.host })
	})
	if x.successor != nil && next != nil {
		e.Successor, next = x.successor, nil
	}
	return controls, next
}

// end notes that a path has ended, and what became of its logins.
func (a *ahead) end(i int, logins []evidence.Login) {
	if a == nil {
		return
	}
	a.mu.Lock()
	a.ended, a.books[i] = append(a.ended, i), logins
	a.mu.Unlock()
	a.tell()
}

func (a *ahead) doubting() {
	a.mu.Lock()
	a.doubt = true
	a.mu.Unlock()
	a.tell()
}

// tell passes on what is known, once, when nothing is left but paths that are silent.
func (a *ahead) tell() {
	a.mu.Lock()
	defer a.mu.Unlock()
	left := len(a.run.plan.Targets) - len(a.ended)
	if a.told || !a.doubt || left == 0 || len(a.ended) == 0 || a.run.plan.Options.Progress == nil {
		return
	}
	for i := range a.reached {
		if a.reached[i].Load() && !slices.Contains(a.ended, i) {
			return // a path is still being looked at
		}
	}
	a.told = true
	a.run.routed.Wait() // far sooner over than anything is in doubt
	known := *a.e
	known.Sessions, known.Logins, known.Lookups = []evidence.Session{}, []evidence.Login{}, a.run.answeredByNow()
	slices.Sort(a.ended)
	for _, i := range a.ended {
		known.Sessions, known.Logins = append(known.Sessions, a.e.Sessions[i]), append(known.Logins, a.books[i]...)
	}
	var silent []profile.Path
	for i, t := range a.run.plan.Targets {
		if !slices.Contains(a.ended, i) {
			silent = append(silent, t.Path)
		}
	}
	a.run.pass(Event{Stage: "known", Known: &known, Silent: silent})
}
