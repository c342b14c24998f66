package probe

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/probe/wire"
)

// dialled is one address's answer.
type dialled struct {
	dial evidence.Dial
	conn net.Conn // nil when the dial failed
}

// dialAll connects to every address of a target, each on its own and all at once:
// the answer of one family must not hide, or wait for, that of the other. The channel
// closes when the last one has answered.
func (r *run) dialAll(ctx context.Context, t Target) <-chan dialled {
	results := make(chan dialled, 2*r.plan.Budget.Addresses)
	var dials sync.WaitGroup
	families := []struct{ kind, family string }{{"A", "4"}, {"AAAA", "6"}}
	addr, port, fixed := override(t)
	for _, f := range families {
		dials.Go(func() {
			var ips []string
			switch {
			case !fixed:
				ips = r.answered(Question{t.Path.Host, f.kind})
			case evidence.Family(addr) == f.family:
				ips = []string{addr}
			}
			var each sync.WaitGroup
			for _, ip := range ips[:min(len(ips), r.plan.Budget.Addresses)] {
				each.Go(func() { results <- r.dial(ctx, t.Path, net.JoinHostPort(ip, port)) })
			}
			each.Wait()
		})
	}
	r.work.Go(func() {
		dials.Wait()
		close(results)
	})
	return results
}

// override splits a target's address into the parts to dial. fixed tells that the
// address is given, by the user or as the host itself, so that no look-up is needed.
func override(t Target) (addr, port string, fixed bool) {
	if addr, port, err := net.SplitHostPort(t.Address); err == nil {
		return addr, port, true
	}
	port = strconv.Itoa(t.Path.Port)
	addr, p, err := net.SplitHostPort(t.Override)
	if err != nil {
		_, err := netip.ParseAddr(t.Path.Host)
		return t.Path.Host, port, err == nil
	}
	if p != "" {
		port = p
	}
	if strings.EqualFold(addr, "localhost") {
		addr = "127.0.0.1"
	}
	return addr, port, addr != ""
}

func (r *run) dial(ctx context.Context, path profile.Path, address string) dialled {
	return r.dialWithin(ctx, path.Host, address, r.plan.Budget.Step)
}

// dialWithin dials an address of a host, inside the promise about connections.
func (r *run) dialWithin(ctx context.Context, host, address string, limit time.Duration) dialled {
	d := evidence.Dial{Address: address, Family: evidence.Family(address)}
	if err := r.gate.enter(ctx, host, address); err != nil {
		d.Step = r.begin().failed(failed(ctx, err))
		if errors.Is(err, errNoneLeft) {
			d.Step = evidence.Step{State: evidence.Skipped, At: r.now(), Reason: err.Error()}
		}
		return dialled{dial: d}
	}
	step := r.begin()
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	watch := r.near.watch(host, address, min(r.plan.Budget.Silent, limit), cancel)
	defer watch.stop()
	c, err := r.dialer()(limited, "tcp", address)
	if err != nil {
		r.gate.leave(host, address)
		d.Step = step.failed(failed(ctx, err))
		d.Step.Failure = watch.failure(ctx, d.Step.Failure, d.Step.Took)
		return dialled{dial: d}
	}
	r.near.answered(host, address, time.Since(step.began))
	d.Step = step.done()
	return dialled{d, &gated{Conn: c, leave: func() { r.gate.leave(host, address) }}}
}

// glance dismisses one address, with a transcript of its own, because an address's greeting
// is its first line.
func (r *run) glance(ctx context.Context, t Target, c net.Conn, one *spares) {
	log := wire.NewLog(r.start, time.Now)
	defer func() {
		if p := recover(); p != nil {
			one.broken = panicked(p)
		}
		one.wire = log.Lines()
	}()
	one.dials[0].Greeting, one.dials[0].Secure = r.dismiss(ctx, t, c, log)
}

// dismiss looks at an address on which the session does not go on: what it says and what
// certificate it shows, since a user's program may land there. Then it ends the connection
// with the protocol's goodbye, because servers count those who hang up without a word. All
// of it has the time of one step: the path has been reached elsewhere, and waits for this.
func (r *run) dismiss(ctx context.Context, t Target, c net.Conn, log *wire.Log) (*evidence.Greeting, *evidence.Secure) {
	v, end := r.aside(ctx, t, c, log)
	defer end()
	v.until = time.Now().Add(r.plan.Budget.Step)
	if v.open(ctx) || v.secured {
		v.farewell(ctx)
	} else {
		v.part(ctx)
	}
	return &v.s.Greeting, &v.s.Secure
}

// aside begins a visit whose session is not the path's own. The returned function ends it.
func (r *run) aside(ctx context.Context, t Target, c net.Conn, log *wire.Log) (*visit, func()) {
	conn, release := r.guard(ctx, c)
	s := &evidence.Session{Path: t.Path}
	s.Secure.Chain, s.Capability.Clear, s.Capability.Final = []evidence.Certificate{}, []string{}, []string{}
	v := &visit{run: r, target: t, s: s, conn: conn, line: conn, log: log, aside: true}
	v.talk = wire.NewTalk(conn, log, wire.DefaultLimits(), false)
	return v, func() {
		release()
		c.Close()
	}
}

// inOrder puts dials into an order that does not depend on who answered first.
func inOrder(dials []evidence.Dial) {
	slices.SortStableFunc(dials, func(a, b evidence.Dial) int {
		return cmp.Or(strings.Compare(a.Family, b.Family), strings.Compare(a.Address, b.Address))
	})
}

// gate holds the promise about connections: so many in the run, so many at a time to one
// host. The lock guards left.
type gate struct {
	*Places
	total int

	mu   sync.Mutex
	left int
}

func newGate(b Budget, p *Places) *gate {
	return &gate{Places: p, total: b.Connections, left: b.Connections}
}

// enter takes a place, waiting for one on the host and then for one at the address. It
// fails when the run has no connection left or has ended.
func (g *gate) enter(ctx context.Context, host, address string) error {
	taken := g.at(host, address)
	for i, p := range taken {
		if err := take(ctx, p); err != nil {
			giveBack(taken[:i])
			return err
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.left == 0 {
		giveBack(taken)
		return errNoneLeft
	}
	g.left--
	return nil
}

func (g *gate) leave(host, address string) { giveBack(g.at(host, address)) }

func (g *gate) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.total - g.left
}

// errNoneLeft ends a dial that the promise about connections does not allow.
var errNoneLeft = errors.New("the run had no connection left")

// Places are those of each host, which runs at the same time share. Several names may
// lead to one machine, so each address has its places too. The lock guards taken.
type Places struct {
	most int // at a time to one host

	mu    sync.Mutex
	taken map[string]chan struct{}
}

func newPlaces(b Budget) *Places {
	return &Places{most: b.PerHost, taken: map[string]chan struct{}{}}
}

// NewPlaces are places with the default limit, to be shared by surveys and their runs.
func NewPlaces() *Places { return newPlaces(DefaultBudget()) }

// at are the places of a host and of an address. Whoever waits for
// an address holds a place on the host, never the other way round, so nobody waits for ever.
func (p *Places) at(host, address string) []chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	var found []chan struct{}
	for _, key := range whereabouts(host, address) {
		if p.taken[key] == nil {
			p.taken[key] = make(chan struct{}, p.most)
		}
		found = append(found, p.taken[key])
	}
	return found
}

// whereabouts are the keys of a host and of a machine, each by one spelling.
func whereabouts(host, address string) []string {
	machine, _, _ := net.SplitHostPort(address)
	if ip, err := netip.ParseAddr(machine); err == nil {
		machine = ip.Unmap().String()
	}
	return []string{"host " + strings.TrimSuffix(strings.ToLower(host), "."), "address " + machine}
}

// take waits for a place. Once the run has ended there is none, though one may be free.
func take(ctx context.Context, place chan struct{}) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	select {
	case place <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func giveBack(taken []chan struct{}) {
	for _, p := range taken {
		<-p
	}
}

// gated gives its place back when it is closed.
type gated struct {
	net.Conn
	leave func()
	once  sync.Once
}

func (c *gated) Close() error {
	defer c.once.Do(c.leave)
	return c.Conn.Close()
}
