package probe

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"runtime"
	"slices"
	"sync"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/probe/wire"
)

// run is one execution of a plan. Its fields do not change once the paths have
// started; what the paths share guards itself.
type run struct {
	plan    Plan
	creds   Credentials
	forms   []string // of the password, as masked looks for them
	start   time.Time
	gate    *gate
	near    *neighbours
	early   *ahead // set before the paths start
	desk    *desk
	lookups map[Question]*future
	asked   []evidence.Lookup // questions that came up in the second look; written by further alone
	taken   sync.Map          // what is done once in a run and a path has taken
	routed  sync.WaitGroup    // the record of this computer's routes
	work    sync.WaitGroup    // everything that was started and must end before the run does
	events  chan Event
}

// Run carries the plan out and reports what was observed. It returns an error only
// when mailmedic itself could not work; whatever the network and the servers do is evidence.
func Run(ctx context.Context, plan Plan, creds Credentials) (*evidence.Evidence, error) {
	shared := plan.Options.Shared
	if shared == nil {
		return newRun(plan, creds, time.Now()).carryOut(ctx)
	}
	r := newRun(plan, creds, shared.begin(time.Now()))
	r.gate = newGate(plan.Budget, shared.places)
	if len(plan.Targets) == 0 {
		e := r.blank()
		e.Run.Ended = ended(ctx, ctx)
		return shared.with(e), nil // there is no path on which to log in
	}
	own, err := r.carryOut(ctx)
	if err != nil {
		return nil, err
	}
	return shared.with(own), nil
}

func newRun(plan Plan, creds Credentials, start time.Time) *run {
	return &run{
		plan: plan, creds: creds, forms: formsOf(creds.Password, plan.Names), start: start, desk: newDesk(plan), near: newNeighbours(), gate: newGate(plan.Budget, newPlaces(plan.Budget)),
		events: make(chan Event, 16*len(plan.Targets)+4*len(plan.Questions)+16),
	}
}

// carryOut does all of a run, from the first look-up to the last word of the record.
func (r *run) carryOut(ctx context.Context) (*evidence.Evidence, error) {
	if len(r.plan.Targets) == 0 {
		return nil, fmt.Errorf("probe %s: the plan has no path", r.plan.Profile.Name)
	}
	limited, cancel := context.WithDeadline(ctx, r.start.Add(r.plan.Budget.Run))
	defer cancel()
	heard := r.telling()
	further := r.further
	if r.plan.Options.Shared != nil {
		further = nil // what is the same for every account has been asked once
	}
	e := r.observe(limited, further)
	close(r.events)
	e.Run.Broken = cmp.Or(e.Run.Broken, <-heard)
	r.scrub(e)
	e.Run.Ended = ended(ctx, limited)
	return e, nil
}

// observe probes the paths, and then asks further what only trouble makes worth asking;
// nothing where further is nil.
func (r *run) observe(ctx context.Context, further func(context.Context, *evidence.Evidence)) *evidence.Evidence {
	e := r.blank()
	if further != nil {
		r.pass(Event{Stage: "start", Record: r.blank()})
	}
	patient, cancel := context.WithCancel(ctx)
	defer cancel()
	r.askAll(ctx, patient)
	if r.plan.Options.Shared == nil {
		r.routed.Go(func() { r.routes(ctx, &e.Host) })
	}
	if further != nil {
		r.early = r.ahead(ctx, e)
	}
	var paths sync.WaitGroup
	books := make([][]evidence.Login, len(r.plan.Targets))
	for i, t := range r.plan.Targets {
		paths.Go(func() {
			e.Sessions[i], books[i] = r.session(ctx, t)
			r.early.end(i, books[i])
		})
	}
	paths.Wait()
	if further != nil {
		further(ctx, e)
	}
	cancel() // nobody waits for the made-up name
	r.work.Wait()
	r.routed.Wait()
	r.collect(e, books)
	return e
}

// blank is the record before anything was observed.
func (r *run) blank() *evidence.Evidence {
	o := r.plan.Options
	return &evidence.Evidence{
		Schema: evidence.Schema,
		Run: evidence.Run{
			ID: o.ID, At: r.start, StepLimit: evidence.Since(r.plan.Budget.Step), RunLimit: evidence.Since(r.plan.Budget.Run), Version: o.Version, Mode: o.Mode, Simulated: o.Simulated,
			Built: o.Built, Earlier: append([]evidence.Earlier{}, o.Earlier...),
			ProfileBecause: o.ProfileBecause, NoLogin: r.noLogin(), Unverified: append([]string{}, o.AllowUnverified...), Withheld: o.Withheld,
		},
		Profile:  r.plan.Profile,
		Account:  o.Account,
		Host:     evidence.Host{OS: runtime.GOOS, Arch: runtime.GOARCH, Resolvers: []string{}, Proxies: append([]string{}, o.Proxies...)},
		Lookups:  []evidence.Lookup{},
		Sessions: make([]evidence.Session, len(r.plan.Targets)),
		Logins:   []evidence.Login{},
		Controls: []evidence.Control{},
		Clocks:   []evidence.Clock{},
		Clients:  o.Clients,
	}
}

// noLogin says why the run wants no login at all.
func (r *run) noLogin() string {
	switch {
	case r.plan.Options.NoLogin != "":
		return r.plan.Options.NoLogin
	case r.plan.Options.Withheld != nil:
		return withheld
	case r.creds.Password.Empty():
		return "no password was given"
	case len(r.plan.Names) == 0:
		return "no login name was given"
	}
	return ""
}

// withheld is why the logins of an account rest.
const withheld = "too many logins of this account were rejected lately"

// collect puts together what the paths and the look-ups brought back.
func (r *run) collect(e *evidence.Evidence, books [][]evidence.Login) {
	for _, q := range r.plan.Questions {
		<-r.lookups[q].ready // another account may have asked, and not have its answer yet
		l := ownCopy(r.lookups[q].lookup)
		e.Lookups = append(e.Lookups, l)
		if l.Server != "" && !slices.Contains(e.Host.Resolvers, l.Server) {
			e.Host.Resolvers = append(e.Host.Resolvers, l.Server)
		}
	}
	e.Lookups = append(e.Lookups, r.asked...)
	e.Logins = append(e.Logins, slices.Concat(books...)...)
	slices.SortStableFunc(e.Logins, func(a, b evidence.Login) int { return int(a.At + a.Took - b.At - b.Took) })
	complete(e, r.plan.Options.Roots)
	e.Clocks = append(clocks(e), e.Clocks...)
	e.Run.Connections = r.gate.count()
	e.Run.Took = r.now()
	if e.Run.ProfileBecause == "" || e.Run.ProfileBecause == evidence.Undecided {
		e.Run.ProfileBecause = because(e)
	}
}

// ownCopy is a look-up that this run may change: scrub writes into texts where they stand.
func ownCopy(l evidence.Lookup) evidence.Lookup {
	l.Answers = append([]string{}, l.Answers...)
	if l.Step.Failure != nil {
		l.Step.Failure = new(*l.Step.Failure)
	}
	return l
}

// because says what the look-up of the address's domain tells about the choice of the
// profile, when nothing before the run had decided it.
func because(e *evidence.Evidence) evidence.Because {
	_, domain, _ := profile.Split(e.Account.Address)
	l := e.Lookup(domain, "MX")
	if l != nil && e.Profile.Serves(l.Answers) {
		return evidence.ByMX
	}
	return evidence.Undecided
}

// ended tells whether something cut the run short.
func ended(ctx, limited context.Context) evidence.Ended {
	if ctx.Err() != nil {
		return evidence.Stopped
	}
	if !over(limited) {
		return evidence.Finished
	}
	return evidence.Deadline
}

// session probes one path from the look-up to the goodbye. A panic on the way stays
// in its place: the other paths' evidence stands.
func (r *run) session(ctx context.Context, t Target) (s evidence.Session, logins []evidence.Login) {
	began := time.Now()
	s = evidence.Session{Path: t.Path, Override: t.Override, Dials: []evidence.Dial{}, Messages: []evidence.Messages{}, Wire: []evidence.Line{}}
	s.Secure.Chain = []evidence.Certificate{}
	s.Capability.Clear, s.Capability.Final = []string{}, []string{}
	s.Folders.List = []evidence.Folder{}
	r.tell(t.Path.ID(), "tcp", evidence.NotReached)
	results := r.dialAll(ctx, t)
	conn := first(results, &s)
	if conn != nil {
		r.early.reach(t.Path)
	}
	spare := r.spare(ctx, t, results)
	defer func() {
		if p := recover(); p != nil {
			s.Broken = panicked(p)
		}
		r.desk.leave(t.Path)
		rest := <-spare
		s.Dials = append(s.Dials, rest.dials...)
		s.Wire = append(s.Wire, rest.wire...)
		s.Broken = cmp.Or(s.Broken, rest.broken)
		inOrder(s.Dials)
		s.Took = evidence.Since(time.Since(began))
		r.tellOutline(&s)
	}()
	if conn != nil {
		r.visit(ctx, t, conn, &s, &logins)
	}
	return s, logins
}

// panicked tells of a panic in its words. One that has none may hold anything, so only its
// kind is told.
func panicked(p any) string {
	switch p := p.(type) {
	case error:
		return p.Error()
	case string:
		return p
	}
	return fmt.Sprintf("a panic with a value of type %T", p)
}

// spares is what became of addresses on which the session did not go on.
type spares struct {
	dials  []evidence.Dial
	wire   []evidence.Line
	broken string // a panic
}

// spare takes the answers of the other addresses as they come, looks at each for a moment,
// and gives its connection back: the path's own second look may need the place.
func (r *run) spare(ctx context.Context, t Target, results <-chan dialled) <-chan spares {
	done := make(chan spares, 1)
	r.work.Go(func() {
		var each []*spares
		var looking sync.WaitGroup
		for d := range results {
			one := &spares{dials: []evidence.Dial{d.dial}}
			each = append(each, one)
			if d.conn != nil {
				looking.Go(func() { r.glance(ctx, t, d.conn, one) })
			}
		}
		looking.Wait()
		var all spares
		for _, one := range each {
			all.dials, all.wire = append(all.dials, one.dials...), append(all.wire, one.wire...)
			all.broken = cmp.Or(all.broken, one.broken)
		}
		done <- all
	})
	return done
}

// first waits for the first address that answers.
func first(results <-chan dialled, s *evidence.Session) net.Conn {
	for d := range results {
		s.Dials = append(s.Dials, d.dial)
		if d.conn != nil {
			s.Address = d.dial.Address
			return d.conn
		}
	}
	return nil
}

// dialer is the way to the network, or the built-in provider's.
func (r *run) dialer() DialFunc {
	if r.plan.Options.Dial != nil {
		return r.plan.Options.Dial
	}
	return (&net.Dialer{}).DialContext
}

// guard puts a fresh connection under our limits. The returned function ends the
// watch over ctx.
func (r *run) guard(ctx context.Context, c net.Conn) (*wire.Conn, func() bool) {
	conn := wire.NewConn(c, wire.DefaultLimits().Bytes)
	return conn, context.AfterFunc(ctx, func() { conn.Until(time.Now()) })
}

// limit is when a step that begins now has to be over.
func (r *run) limit(ctx context.Context, d time.Duration) time.Time {
	if ctx.Err() != nil {
		return time.Now()
	}
	end := time.Now().Add(d)
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(end) {
		return deadline
	}
	return end
}

// now is the time since the run began.
func (r *run) now() evidence.Millis { return evidence.Since(time.Since(r.start)) }

// begin starts measuring a step.
func (r *run) begin() stopwatch { return stopwatch{r.start, r.now(), time.Now()} }

// stopwatch measures one step. The step's length is the distance of its rounded ends, not
// its own length rounded: so where one step follows another, the sums of at and took do too.
type stopwatch struct {
	start time.Time // of the run
	at    evidence.Millis
	began time.Time
}

func (w stopwatch) took() evidence.Millis { return evidence.Since(time.Since(w.start)) - w.at }

func (w stopwatch) done() evidence.Step {
	return evidence.Step{State: evidence.Done, At: w.at, Took: w.took()}
}

func (w stopwatch) failed(f *evidence.Failure) evidence.Step {
	return evidence.Step{State: evidence.Failed, At: w.at, Took: w.took(), Failure: f}
}

// telling passes events on from one goroutine, so that a listener needs no lock. In the end it
// gives the words of a panic of the listener, which hears nothing more then: who only watches
// a run must not end it.
func (r *run) telling() <-chan string {
	over := make(chan string, 1)
	go func() {
		broken := ""
		for e := range r.events {
			if r.plan.Options.Progress != nil && broken == "" {
				broken = told(r.plan.Options.Progress, e)
			}
		}
		over <- broken
	}()
	return over
}

// told tells a listener of an event, and gives the words of its panic.
func told(listener func(Event), e Event) (broken string) {
	defer func() {
		if p := recover(); p != nil {
			broken = panicked(p)
		}
	}()
	listener(e)
	return ""
}

// tell passes an event on, or drops it: a listener that has stopped listening must not
// hold up the run.
func (r *run) tell(path, stage string, state evidence.State) {
	r.pass(Event{Path: path, Stage: stage, State: state})
}

func (r *run) pass(e Event) {
	select {
	case r.events <- e:
	default:
	}
}
