package probe

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/probe/wire"
)

// look is one more handshake to make.
type look struct {
	session int // index of the path in the plan and in the evidence
	path    profile.Path
	hello   evidence.Hello
	address string // IP:port
	name    string
	known   []string // for HelloName: addresses of the provider that this run has dialled
}

// samples bounds the paths on which failed handshakes are repeated: what kills one kills
// its like for the same reason.
const samples = 3

// candidates bounds the names of a certificate that are tried.
const candidates = 3

// looksFor lists the handshakes that tell why others failed, or under which name a
// certificate would be right. It asks for none unless something went wrong.
func looksFor(e *evidence.Evidence, o Options) []look {
	var list []look
	var seen []string
	for _, i := range byRole(e) {
		s := &e.Sessions[i]
		f := s.Secure.Step.Failure
		if f == nil || s.Address == "" || !s.Secure.Step.Failed() || !greeted(s) {
			continue
		}
		like := fmt.Sprint(s.Path.Host, s.Path.Encryption, f.Kind, f.Alert)
		if len(hellos(f.Kind)) == 0 || len(seen) == samples || slices.Contains(seen, like) {
			continue
		}
		seen = append(seen, like)
		for _, h := range hellos(f.Kind) {
			list = append(list, look{i, s.Path, h, s.Address, s.Path.Host, nil})
		}
	}
	return append(list, namesFor(e, o)...)
}

// greeted tells whether a TLS hello was sent: on a port with STARTTLS the step begins with
// the command, and may fail there.
func greeted(s *evidence.Session) bool {
	return s.Path.Encryption == profile.TLS || s.Secure.Answer != nil
}

// byRole orders the sessions so that the paths that matter most are sampled first.
func byRole(e *evidence.Evidence) []int {
	roles := []profile.Role{profile.Recommended, profile.Alternate, profile.Optional, profile.Trial}
	order := make([]int, len(e.Sessions))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(slices.Index(roles, e.Sessions[a].Path.Role), slices.Index(roles, e.Sessions[b].Path.Role))
	})
	return order
}

// hellos are those that can tell the reasons of a failure apart: silence and a broken
// connection may come from the size of packets or from a filter, an alert comes from a
// server that is asked for what it cannot do.
func hellos(k evidence.Kind) []evidence.Hello {
	switch k {
	case evidence.Timeout, evidence.Reset, evidence.Closed:
		return []evidence.Hello{evidence.HelloSmall, evidence.HelloClamped, evidence.HelloOld}
	case evidence.Alert, evidence.TLS, evidence.Other:
		return []evidence.Hello{evidence.HelloOld, evidence.HelloRSA}
	}
	return nil
}

// namesFor lists the provider's names in certificates that are wrong in nothing but the
// name: the likeliest of each path before the second of any. None where the user has named
// an address: where a name leads says nothing about that one.
func namesFor(e *evidence.Evidence, o Options) []look {
	if len(o.Connect) > 0 {
		return nil
	}
	var list []look
	var tried []string
	order, known, own := byRole(e), dialledIPs(e), kinOf(e.Profile, o.Successor)
	for n := range candidates {
		for _, i := range order {
			s := &e.Sessions[i]
			if s.Secure.Judged.Name != evidence.No || s.Secure.Judged.Chain != evidence.Yes || s.Secure.Judged.Time != evidence.Yes {
				continue
			}
			names := likely(s.Secure.Chain[0].Names, s.Path.Host, own)
			if len(tried) == candidates || n >= len(names) || slices.Contains(tried, names[n]+s.Address) {
				continue
			}
			tried = append(tried, names[n]+s.Address)
			list = append(list, look{i, s.Path, evidence.HelloName, s.Address, names[n], known})
		}
	}
	return list
}

// likely are the names of a certificate that can be asked for, those of the host's own
// domain first. A name that is not the provider's is neither looked up nor tried: the
// server chose it, and under it whoever stands in the provider's place would prove right.
func likely(names []string, host string, own kin) []string {
	var list []string
	for _, n := range names {
		if n = strings.ToLower(n); registrable(n) != "" && own.has(n) {
			list = append(list, n)
		}
	}
	slices.SortStableFunc(list, func(a, b string) int {
		return cmp.Compare(foreign(a, host), foreign(b, host))
	})
	return list
}

// foreign is 0 for a name of the host's domain, else 1.
func foreign(name, host string) int {
	if registrable(name) == registrable(spelled(host)) {
		return 0
	}
	return 1
}

// dialledIPs lists every address that was dialled for the provider.
func dialledIPs(e *evidence.Evidence) []string {
	var ips []string
	for i := range e.Sessions {
		for _, d := range e.Sessions[i].Dials {
			if host, _, err := net.SplitHostPort(d.Address); err == nil {
				ips = append(ips, host)
			}
		}
	}
	return ips
}

// secondLooks is what further handshakes on one path showed, and what was said in them.
type secondLooks struct {
	looks []evidence.Look
	wire  []evidence.Line
}

// looks makes the handshakes, all at once, and gives them by path, with the look-ups
// that they took. Each name is looked up once. A panic in one of them goes on in the
// caller, when all have ended.
func (r *run) looks(ctx context.Context, list []look) (map[int]secondLooks, []evidence.Lookup) {
	var names []string
	asked := map[string]func() []evidence.Lookup{}
	for _, l := range list {
		if l.hello == evidence.HelloName && asked[l.name] == nil {
			names = append(names, l.name)
			asked[l.name] = sync.OnceValue(func() []evidence.Lookup { return r.lookUp(ctx, l.name, evidence.ForCertificate) })
		}
	}
	made, logs := make([]evidence.Look, len(list)), make([]*wire.Log, len(list))
	broken := make([]any, len(list))
	var work sync.WaitGroup
	for i, l := range list {
		logs[i] = wire.NewLog(r.start, time.Now)
		work.Go(func() {
			defer func() { broken[i] = recover() }()
			if l.hello != evidence.HelloName {
				made[i] = r.look(ctx, l, logs[i])
				return
			}
			made[i] = r.lookByName(ctx, l, asked[l.name](), logs[i])
		})
	}
	work.Wait()
	for _, p := range broken {
		if p != nil {
			panic(p)
		}
	}
	found := map[int]secondLooks{}
	for i, l := range list {
		x := found[l.session]
		found[l.session] = secondLooks{append(x.looks, made[i]), append(x.wire, logs[i].Lines()...)}
	}
	var lookups []evidence.Lookup
	for _, name := range names {
		lookups = append(lookups, asked[name]()...)
	}
	return found, lookups
}

// lookByName goes where a name of the certificate leads. Only if that is an address of
// the provider's, which this run has dialled already, it is dialled again under that name:
// what a certificate says must not decide who is contacted.
func (r *run) lookByName(ctx context.Context, l look, asked []evidence.Lookup, log *wire.Log) evidence.Look {
	for _, a := range asked {
		for _, ip := range a.Answers {
			if slices.Contains(l.known, ip) {
				l.address = net.JoinHostPort(ip, port(l.address))
				return r.look(ctx, l, log)
			}
		}
	}
	step := evidence.Step{State: evidence.Skipped, At: r.now(), Reason: "the name does not lead to an address of the provider's"}
	return evidence.Look{Hello: l.hello, Name: l.name, Step: step}
}

func port(address string) string {
	_, p, _ := net.SplitHostPort(address)
	return p
}

// look makes one handshake on a connection of its own, up to the certificate.
func (r *run) look(ctx context.Context, l look, log *wire.Log) evidence.Look {
	x := evidence.Look{Hello: l.hello, Address: l.address, Name: l.name}
	skipped := func(reason string) evidence.Look {
		x.Step = evidence.Step{State: evidence.Skipped, At: r.now(), Reason: reason}
		return x
	}
	dialing := r
	if l.hello == evidence.HelloClamped {
		small := smallSegments()
		if small == nil || r.plan.Options.Dial != nil {
			return skipped("the size of packets cannot be chosen here")
		}
		dialing = &run{plan: r.plan, start: r.start, gate: r.gate, near: r.near}
		dialing.plan.Options.Dial = small.DialContext
	}
	d := dialing.dial(ctx, l.path, l.address)
	if d.conn == nil {
		return skipped(cmp.Or(d.dial.Step.Reason, "the connection failed this time"))
	}
	v, end := r.aside(ctx, Target{Path: l.path}, d.conn, log)
	defer end()
	if l.path.Encryption == profile.STARTTLS {
		clear := v.greet(ctx) && v.capabilities(ctx) && v.startTLS(ctx)
		x.Clear = evidence.Saw(clear)
		if !clear {
			v.part(ctx)
			return skipped("the conversation before it failed this time")
		}
	}
	v.stage(ctx, "tls")
	secured, ok := r.handshake(ctx, v.conn, l.name, l.hello, &v.s.Secure)
	s := v.s.Secure
	x.Step, x.Answered, x.Version, x.Cipher, x.Judged = s.Step, s.Answered, s.Version, s.Cipher, s.Judged
	if ok {
		v.line, v.secured = secured, true
		v.talk = wire.NewTalk(secured, v.log, wire.DefaultLimits(), true)
		if l.path.Encryption == profile.STARTTLS || v.greet(ctx) {
			v.farewell(ctx)
		}
	}
	return x
}
