package probe

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"mailmedic/probe/evidence"
)

// lookup asks the name service one question. The Go resolver does the asking, so that
// the hosts file and the system's name servers count as they do for a mail program;
// the connection under it is watched, because its errors do not say whether the
// server answered NXDOMAIN, "no such record" or SERVFAIL (golang/go#65288).
func (r *run) lookup(ctx context.Context, q Question) evidence.Lookup {
	l := evidence.Lookup{Why: r.why(q), Name: q.Name, Type: q.Type, Answers: []string{}}
	if local := r.hostsFile(ctx, q); len(local) > 0 {
		l.Answers, l.Step = local, r.begin().done()
		return l
	}
	watch := &dnsWatch{}
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		if r.plan.Options.Resolver != "" {
			address = r.plan.Options.Resolver
		}
		return watch.dial(ctx, r.dialer(), network, address)
	}}
	step := r.begin()
	limited, cancel := context.WithTimeout(ctx, r.plan.Budget.Step)
	defer cancel()
	answers, err := ask(limited, resolver, q)
	l.Server, l.RCode = watch.result()
	if err == nil {
		l.Answers = answers
		l.Step = step.done()
		return l
	}
	f := failed(ctx, err)
	if l.RCode == "NOERROR" && limited.Err() != nil {
		l.RCode = "" // an answer had come, and nobody read on: what stands in it is not known
	}
	f.Kind = dnsKind(f.Kind, l.RCode, err, watch.failure(), limited)
	if l.RCode != "" {
		f.Text = l.RCode + " from " + l.Server // the resolver's own words name the server that was configured, not the one asked
	}
	l.Step = step.failed(f)
	if f.Kind == evidence.NoData {
		l.Step = step.done() // an answer like any other: there is no record of this type
	}
	return l
}

// why tells what a question of the plan is for.
func (r *run) why(q Question) evidence.Why {
	if q.Name == r.plan.Options.RandomName {
		return evidence.ForRandom
	}
	return evidence.ForPath
}

// hostsFile looks a name up without a packet. The question to a name server goes out
// with a dot at its end, and such a name is not found in the hosts file.
func (r *run) hostsFile(ctx context.Context, q Question) []string {
	if q.Type == "MX" || r.plan.Options.Resolver != "" {
		return nil
	}
	silent := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("only the hosts file is asked")
	}}
	found, err := silent.LookupNetIP(ctx, family(q.Type), q.Name)
	if err != nil {
		return nil
	}
	return texts(found)
}

func family(kind string) string { return map[string]string{"A": "ip4", "AAAA": "ip6"}[kind] }

// texts writes addresses in an order that does not change by chance.
func texts(found []netip.Addr) []string {
	ips := []string{}
	for _, ip := range found {
		ips = append(ips, ip.Unmap().String())
	}
	slices.Sort(ips)
	return slices.Compact(ips)
}

// ask makes the name absolute, so that the search list of resolv.conf cannot answer
// for another name, and puts the answers in an order that does not change by chance.
func ask(ctx context.Context, resolver *net.Resolver, q Question) ([]string, error) {
	name := strings.TrimSuffix(q.Name, ".") + "."
	if q.Type == "MX" {
		records, err := resolver.LookupMX(ctx, name)
		slices.SortStableFunc(records, func(a, b *net.MX) int {
			return cmp.Or(cmp.Compare(a.Pref, b.Pref), strings.Compare(a.Host, b.Host))
		})
		hosts := []string{}
		for _, mx := range records {
			hosts = append(hosts, strings.TrimSuffix(mx.Host, "."))
		}
		return hosts, err
	}
	found, err := resolver.LookupNetIP(ctx, family(q.Type), name)
	return texts(found), err
}

// dnsKind says what a failed look-up means, from the code of the last packet, or,
// where none came, from what happened to the socket.
func dnsKind(kind evidence.Kind, rcode string, err error, socket error, limited context.Context) evidence.Kind {
	switch rcode {
	case "NXDOMAIN":
		return evidence.NotFound
	case "REFUSED":
		return evidence.DNSRefused
	case "NOERROR":
		return evidence.NoData
	case "":
	default:
		return evidence.ServFail
	}
	if kind == evidence.Cancelled {
		return kind
	}
	if socket != nil {
		if k := kindOf(socket); k != evidence.Other {
			return k
		}
	}
	var dns *net.DNSError
	if limited.Err() != nil {
		return evidence.Timeout
	}
	if asDNS(err, &dns) && dns.IsTimeout {
		return evidence.Timeout
	}
	if asDNS(err, &dns) && dns.IsNotFound {
		return evidence.BadName // refused before a packet was sent
	}
	return kind
}

// dnsWatch keeps what a resolver's sockets saw.
type dnsWatch struct {
	mu     sync.Mutex
	server string
	rcode  string
	err    error
}

func (w *dnsWatch) dial(ctx context.Context, dial DialFunc, network, address string) (net.Conn, error) {
	w.mu.Lock()
	w.server = address
	w.mu.Unlock()
	c, err := dial(ctx, network, address)
	if err != nil {
		w.note(err)
		return nil, err
	}
	if strings.HasPrefix(network, "udp") {
		return &dnsPackets{dnsStream{Conn: c, watch: w}}, nil
	}
	return &dnsStream{Conn: c, watch: w, prefix: 2}, nil
}

func (w *dnsWatch) note(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = err
	}
}

func (w *dnsWatch) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

func (w *dnsWatch) result() (server, rcode string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.server, w.rcode
}

// saw reads the response code out of a header, RFC 1035 section 4.1.1.
func (w *dnsWatch) saw(message []byte) {
	const truncated = 1 << 1
	if len(message) < 4 || message[2]&truncated != 0 {
		return // the whole answer comes over TCP, or does not
	}
	names := []string{"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"}
	code := int(message[3] & 0x0f)
	w.mu.Lock()
	defer w.mu.Unlock()
	if code < len(names) {
		w.rcode = names[code]
		return
	}
	w.rcode = "OTHER"
}

// dnsStream watches a TCP connection, where two bytes of length precede the header.
type dnsStream struct {
	net.Conn
	watch  *dnsWatch
	prefix int
	head   []byte
}

func (s *dnsStream) Read(b []byte) (int, error) {
	n, err := s.Conn.Read(b)
	if err != nil {
		s.watch.note(err)
	}
	if want := s.prefix + 4; len(s.head) < want {
		s.head = append(s.head, b[:min(n, want-len(s.head))]...)
		if len(s.head) == want {
			s.watch.saw(s.head[s.prefix:])
		}
	}
	return n, err
}

// dnsPackets watches a UDP socket. It is a net.PacketConn because that is how the
// resolver tells packets from a stream.
type dnsPackets struct{ dnsStream }

func (p *dnsPackets) Read(b []byte) (int, error) {
	n, err := p.Conn.Read(b)
	if err != nil {
		p.watch.note(err)
	}
	p.watch.saw(b[:n])
	return n, err
}

// ReadFrom completes net.PacketConn; the socket is connected, so the peer is known.
func (p *dnsPackets) ReadFrom(b []byte) (int, net.Addr, error) {
	n, err := p.Read(b)
	return n, p.RemoteAddr(), err
}

// WriteTo completes net.PacketConn.
func (p *dnsPackets) WriteTo(b []byte, _ net.Addr) (int, error) { return p.Write(b) }

// future is a look-up under way, shared by every path that waits for it.
type future struct {
	ready  chan struct{}
	lookup evidence.Lookup
}

// askAll starts every question of the plan at once. Nobody waits for the answer to the
// made-up name: its context ends when all else is done.
func (r *run) askAll(ctx, patient context.Context) {
	r.lookups = map[Question]*future{}
	for _, q := range r.plan.Questions {
		f, begun := r.future(q)
		r.lookups[q] = f
		if begun {
			continue
		}
		r.tell("", "dns", evidence.NotReached)
		r.work.Go(func() {
			defer close(f.ready)
			if r.why(q) == evidence.ForRandom {
				f.lookup = r.lookup(patient, q)
				return
			}
			f.lookup = r.lookup(ctx, q)
			if shared := r.plan.Options.Shared; shared != nil && f.lookup.Step.Failed() {
				shared.forget(q)
			}
			r.tell("", "dns", f.lookup.Step.State)
		})
	}
}

// future is a look-up of this run's own, or one that accounts of the same provider share.
func (r *run) future(q Question) (f *future, begun bool) {
	if shared := r.plan.Options.Shared; shared != nil {
		return shared.question(q)
	}
	return &future{ready: make(chan struct{})}, false
}

// answeredByNow lists the look-ups of the plan that have come to an end.
func (r *run) answeredByNow() []evidence.Lookup {
	list := []evidence.Lookup{}
	for _, q := range r.plan.Questions {
		select {
		case <-r.lookups[q].ready:
			list = append(list, ownCopy(r.lookups[q].lookup))
		default:
		}
	}
	return list
}

// answered waits for a look-up and gives its addresses.
func (r *run) answered(q Question) []string {
	f, asked := r.lookups[q]
	if !asked {
		return nil
	}
	<-f.ready
	return f.lookup.Answers
}
