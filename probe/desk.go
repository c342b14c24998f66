package probe

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// desk decides who may log in, when and under which name, so that the promises about
// rejected logins hold whatever the servers do:
//
//   - one path goes first, the best that is there; the others wait for its answer
//   - a name that was rejected before any path accepted it is never tried again, on no
//     port; one that was accepted is not tried again in a direction that rejected it
//   - once a name was accepted, the other paths use that name; the other direction uses
//     it first, and if it rejects it, the other form, once, if nobody has rejected that
//   - the logins that are out, were each of them rejected, would still be within the budget
//   - a temporary refusal ends all logins, also the second name of one that is out
//
// Every path calls enter or leave, once, and over before a second name. The lock guards
// the fields below it.
type desk struct {
	budget   int           // rejections allowed
	patience time.Duration // how long the first one waits for a better path
	names    []Attempt

	mu       sync.Mutex
	coming   map[string]int // path: rank, of those that may still ask
	waiting  []*ticket
	out      []*ticket                     // logging in now
	used     int                           // rejections, and logins whose answer never came
	accepted *Attempt                      // the first name that was accepted
	welcome  map[profile.Protocol]*Attempt // the name that was accepted in this direction
	closed   map[profile.Protocol]string   // why no more logins are tried in this direction
	late     bool                          // patience is over
	putOff   bool                          // a server put a login off
}

// ticket is one path's request.
type ticket struct {
	path     profile.Path
	rank     int
	decision chan grant
	granted  int // logins that the grant may cost
}

// grant is the desk's answer: names to try in this order, or why there are none.
type grant struct {
	names  []Attempt
	reason string
}

func newDesk(plan Plan) *desk {
	d := &desk{
		budget: plan.Budget.Logins, patience: plan.Budget.Patience, names: plan.Names,
		coming: map[string]int{}, welcome: map[profile.Protocol]*Attempt{}, closed: map[profile.Protocol]string{},
	}
	for _, t := range plan.Targets {
		d.coming[t.Path.ID()] = t.Rank
	}
	return d
}

// enter asks for a login. age is how long the path took to get here: a better path
// may take as long again before the first login stops waiting for it.
func (d *desk) enter(path profile.Path, age time.Duration) (*ticket, grant) {
	d.mu.Lock()
	t := &ticket{path: path, rank: d.coming[path.ID()], decision: make(chan grant, 1)}
	delete(d.coming, path.ID())
	if len(d.waiting)+len(d.out) == 0 && !d.late {
		time.AfterFunc(max(age, d.patience), d.hurry)
	}
	d.waiting = append(d.waiting, t)
	d.settle()
	d.mu.Unlock()
	return t, <-t.decision
}

// leave says that the path will not log in.
func (d *desk) leave(path profile.Path) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.coming[path.ID()]; ok {
		delete(d.coming, path.ID())
		d.settle()
	}
}

func (d *desk) hurry() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.late = true
	d.settle()
}

// over tells whether a temporary refusal somewhere has ended all logins.
func (d *desk) over() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.putOff
}

// finish tells what became of a granted login: the attempts in their order.
func (d *desk) finish(t *ticket, tried []evidence.Login) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.out = slices.DeleteFunc(d.out, func(o *ticket) bool { return o == t })
	for _, l := range tried {
		switch l.Result {
		case evidence.Accepted:
			name := &Attempt{l.Name, l.Form}
			d.welcome[t.path.Protocol] = name
			if d.accepted == nil {
				d.accepted = name
			}
		case evidence.ForNow:
			reason := fmt.Sprintf("%s put logins off for now, so no other was tried", t.path.ID())
			d.closed[profile.IMAP], d.closed[profile.SMTP], d.putOff = reason, reason, true
		default: // rejected, or broken off: the server may have counted that too
			d.used++
			d.names = slices.DeleteFunc(slices.Clone(d.names), func(a Attempt) bool { return a.Name == l.Name })
		}
	}
	d.conclude(t, tried)
	d.settle()
}

// conclude closes a direction, or both, behind a login that was not accepted.
func (d *desk) conclude(t *ticket, tried []evidence.Login) {
	if len(tried) == 0 || tried[len(tried)-1].Result == evidence.Accepted {
		return
	}
	reason := fmt.Sprintf("%s did not accept the login, and a rejected login is not repeated elsewhere", t.path.ID())
	if d.accepted == nil && len(d.names) > 0 && d.used < d.budget && tried[len(tried)-1].Result == evidence.BrokenOff {
		return // the line broke; another path may still try the next name
	}
	if d.closed[t.path.Protocol] == "" {
		d.closed[t.path.Protocol] = reason
	}
	if d.accepted != nil {
		return // the other direction knows a name that works
	}
	for _, p := range []profile.Protocol{profile.IMAP, profile.SMTP} {
		if d.closed[p] == "" {
			d.closed[p] = reason
		}
	}
}

// settle answers every request that can be answered now. The lock is held.
func (d *desk) settle() {
	slices.SortStableFunc(d.waiting, func(a, b *ticket) int {
		return cmp.Or(cmp.Compare(class(d, a), class(d, b)), cmp.Compare(a.rank, b.rank))
	})
	var keep []*ticket
	for _, t := range d.waiting {
		g, ok := d.decide(t)
		if !ok {
			keep = append(keep, t)
			continue
		}
		if len(g.names) > 0 {
			t.granted = len(g.names)
			d.out = append(d.out, t)
		}
		t.decision <- g
	}
	d.waiting = keep
}

// class puts the logins that have the most work behind them first: an IMAP path
// reads folders after its login.
func class(d *desk, t *ticket) int {
	if d.accepted != nil && t.path.Protocol == profile.IMAP {
		return 0
	}
	return 1
}

// decide answers one request, or reports false while it has to wait.
func (d *desk) decide(t *ticket) (grant, bool) {
	if reason := d.closed[t.path.Protocol]; reason != "" {
		return grant{reason: reason}, true
	}
	if d.accepted == nil && len(d.names) == 0 {
		return grant{reason: "there is no login name to try"}, true
	}
	if d.used >= d.budget {
		return grant{reason: "the number of rejected logins allowed for one run is used up"}, true
	}
	if d.accepted == nil {
		if len(d.out) > 0 || d.betterComing(t, nil) {
			return grant{}, false
		}
		return grant{names: d.names[:min(len(d.names), d.budget-d.used)]}, true
	}
	if d.used+d.atStake() >= d.budget {
		return grant{}, false
	}
	if name := d.welcome[t.path.Protocol]; name != nil {
		return grant{names: []Attempt{*name}}, true
	}
	if d.busy(t.path.Protocol) || d.betterComing(t, &t.path.Protocol) {
		return grant{}, false
	}
	names := d.forms()
	free := d.budget - d.used - d.atStake()
	if free < len(names) && len(d.out) > 0 {
		return grant{}, false // both forms belong on one path, and others may hold the budget yet
	}
	return grant{names: names[:min(len(names), free)]}, true
}

// forms are the names for a direction that has not tried any: the one that the other
// direction accepted, then what nobody has rejected.
func (d *desk) forms() []Attempt {
	names := []Attempt{*d.accepted}
	for _, a := range d.names {
		if a.Name != d.accepted.Name {
			names = append(names, a)
		}
	}
	return names
}

// atStake is how many rejections the logins that are out could still cost.
func (d *desk) atStake() int {
	n := 0
	for _, t := range d.out {
		n += t.granted
	}
	return n
}

func (d *desk) busy(p profile.Protocol) bool {
	return slices.ContainsFunc(d.out, func(t *ticket) bool { return t.path.Protocol == p })
}

// betterComing tells whether a better path, of one direction or of any, is still
// being opened and worth the wait.
func (d *desk) betterComing(t *ticket, only *profile.Protocol) bool {
	if d.late {
		return false
	}
	for id, rank := range d.coming {
		if rank < t.rank && (only == nil || id[:4] == string(*only)) {
			return true
		}
	}
	return false
}
