package mailtest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"mailmedic/probe/profile"
)

// Options is the world that a Provider makes. Only Profile is needed.
type Options struct {
	Profile   profile.Profile
	Users     []User
	Hosted    []string             // customers' domains; their MX, like that of the provider's own domains, is the profile's first
	Delay     time.Duration        // one round trip
	IPv6      bool                 // there is a route, and the hosts have AAAA records
	Faults    map[string]Fault     // by path id
	Names     map[string]NameFault // by host name; "*" for all that are not named
	Addresses map[string]Reach     // by IP address: every port of it fails so
	Stores    map[string]Store     // by profile.Path.Server; what is missing is OldStore for "old" and NewStore for all others

	Now       time.Time        // the provider's clock, for a computer whose own is wrong; zero: the computer's
	Web       Reach            // how the provider's web server, if the profile names one, is reached
	Successor *profile.Profile // the provider's newer servers stand too; nil: their names do not exist
	Twins     map[string]Twin  // by IP address: further addresses of a host
	Portal    Portal           // a sign-in page stands in place of everything
	Accepts   Accepts          // something near accepts every connection
	Invented  string           // the IP address that the name server gives for names that do not exist
	Intercept Intercept        // something near opens TLS connections
	Offline   bool             // this computer has no route to anybody
}

// Provider is a running mail provider. All its methods may be called at any time from
// any goroutine.
type Provider struct {
	ca      *CA
	options Options
	began   time.Time
	record  *record
	v6      bool
	delay   time.Duration
	servers []reachable
	hosts   map[string]place
	reach   map[netip.Addr]Reach
	lies    map[netip.Addr]bool // addresses that the name faults hand out
	names   *names
	dnsUDP  net.PacketConn
	dnsTCP  net.Listener
	others  others
	proxy   *interceptor

	stop    chan struct{}
	running sync.WaitGroup // every goroutine of the provider

	mu     sync.Mutex
	closed bool
	conns  map[net.Conn]bool // the servers' ends
}

// reachable is a server and where it really listens.
type reachable struct {
	*server
	listener net.Listener
	at       netip.Addr // of a twin; zero: the host's own address
}

// place is a host's addresses.
type place struct{ v4, v6 netip.Addr }

// maxHosts keeps the hosts' last octets clear of the name server's.
const maxHosts = 40

// Start brings up the provider of a profile. The caller closes it.
func Start(o Options) (*Provider, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("start provider %s: %w", o.Profile.Name, err)
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	ca, err := caAt("Simulated CA", o.Now)
	if err != nil {
		return nil, fmt.Errorf("start provider %s: %w", o.Profile.Name, err)
	}
	p := &Provider{
		ca: ca, options: o, began: time.Now(), record: newRecord(), v6: o.IPv6, delay: o.Delay,
		hosts: places(o), reach: map[netip.Addr]Reach{}, lies: map[netip.Addr]bool{},
		stop: make(chan struct{}), conns: map[net.Conn]bool{},
	}
	p.names = newNames(o, p.hosts)
	if err := p.start(o); err != nil {
		return nil, fmt.Errorf("start provider %s: %w", o.Profile.Name, errors.Join(err, p.Close()))
	}
	return p, nil
}

func (o *Options) check() error {
	seen := map[string]bool{}
	for _, path := range o.Profile.Paths {
		if seen[path.ID()] {
			return fmt.Errorf("path %s appears twice", path.ID())
		}
		seen[path.ID()] = true
	}
	for id := range o.Faults {
		if !seen[id] {
			return fmt.Errorf("fault for %s, which is no path of the profile", id)
		}
	}
	hosts := places(*o)
	for ip, twin := range o.Twins {
		if _, ok := hosts[strings.ToLower(twin.Host)]; !ok {
			return fmt.Errorf("twin %s of %s, which is no host of the profile", ip, twin.Host)
		}
	}
	if n := len(hosts); n > maxHosts {
		return fmt.Errorf("%d hosts, more than %d", n, maxHosts)
	}
	return nil
}

// places gives each host one address of the ranges for documentation.
func places(o Options) map[string]place {
	hosts := map[string]place{}
	var names []string
	for _, path := range o.Profile.Paths {
		names = append(names, path.Host)
	}
	if o.Successor != nil {
		for _, path := range o.Successor.Paths {
			names = append(names, path.Host)
		}
	}
	if o.Profile.Web != "" {
		names = append(names, o.Profile.Web)
	}
	for _, name := range names {
		host := strings.ToLower(name)
		if _, ok := hosts[host]; ok {
			continue
		}
		last := byte(10 + len(hosts))
		hosts[host] = place{
			v4: netip.AddrFrom4([4]byte{192, 0, 2, last}),
			v6: netip.AddrFrom16([16]byte{0: 0x20, 1: 0x01, 2: 0x0d, 3: 0xb8, 15: last}),
		}
	}
	return hosts
}

func (p *Provider) start(o Options) error {
	for text, reach := range o.Addresses {
		ip, err := netip.ParseAddr(text)
		if err != nil {
			return fmt.Errorf("address that fails: %w", err)
		}
		p.reach[ip] = reach
	}
	for name, fault := range o.Names {
		for _, text := range slices.Concat(fault.A, fault.AAAA) {
			ip, err := netip.ParseAddr(text)
			if err != nil {
				return fmt.Errorf("answer for %s: %w", name, err)
			}
			p.lies[ip] = true
		}
	}
	if err := p.startServers(o); err != nil {
		return err
	}
	if err := p.startOthers(o); err != nil {
		return err
	}
	return p.startNames()
}

func (p *Provider) startServers(o Options) error {
	stores, mail, err := fillStores(o, o.Now)
	if err != nil {
		return err
	}
	if p.proxy, err = newInterceptor(o.Intercept, o.Now); err != nil {
		return err
	}
	certs := map[string]tls.Certificate{} // one for all ports of a host
	serve := func(path profile.Path, fault Fault, at netip.Addr) error {
		s := &server{
			path: path, fault: fault, ca: p.ca, start: o.Now, users: o.Users,
			store: stores[path.Server], mail: mail[path.Server], record: p.record, stop: p.stop,
		}
		return p.startServer(s, at, certs)
	}
	for _, path := range o.Profile.Paths {
		if err := serve(path, o.Faults[path.ID()], netip.Addr{}); err != nil {
			return err
		}
		for text, twin := range o.Twins {
			ip, err := netip.ParseAddr(text)
			if err != nil {
				return fmt.Errorf("twin: %w", err)
			}
			if !strings.EqualFold(twin.Host, path.Host) {
				continue
			}
			if err := serve(path, twin.Fault, ip); err != nil {
				return err
			}
		}
	}
	if o.Successor == nil {
		return nil
	}
	for _, path := range o.Successor.Paths {
		if err := serve(path, Fault{}, netip.Addr{}); err != nil {
			return err
		}
	}
	return nil
}

// startServer brings up one server with its certificate.
func (p *Provider) startServer(s *server, at netip.Addr, certs map[string]tls.Certificate) (err error) {
	if s.script, err = ParseScript(s.fault.Script); err != nil {
		return fmt.Errorf("path %s: %w", s.path.ID(), err)
	}
	order := s.order()
	key := fmt.Sprintf("%+v", order)
	if _, ok := certs[key]; !ok {
		if certs[key], err = p.ca.Issue(order); err != nil {
			return fmt.Errorf("path %s: %w", s.path.ID(), err)
		}
	}
	cert := certs[key]
	if p.proxy.takes(s.path.ID()) {
		if cert, err = p.proxy.Issue(order); err != nil {
			return fmt.Errorf("path %s: %w", s.path.ID(), err)
		}
	}
	if cert, err = p.ca.stapled(cert, s.fault.Staple, s.start); err != nil {
		return fmt.Errorf("path %s: %w", s.path.ID(), err)
	}
	s.tls = s.serving(cert)
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("path %s: %w", s.path.ID(), err)
	}
	p.servers = append(p.servers, reachable{s, listener, at})
	p.running.Go(func() { p.accept(listener, s.serve) })
	return nil
}

// fillStores makes the stores that the paths name, with every user's mail in each.
func fillStores(o Options, now time.Time) (map[string]Store, map[string]map[string]*imapmemserver.User, error) {
	stores := map[string]Store{}
	mail := map[string]map[string]*imapmemserver.User{}
	paths := slices.Clone(o.Profile.Paths)
	if o.Successor != nil {
		paths = append(paths, o.Successor.Paths...)
	}
	for _, path := range paths {
		if _, ok := stores[path.Server]; ok {
			continue
		}
		store, ok := o.Stores[path.Server]
		if !ok {
			store = defaultStore(path.Server, now)
		}
		stores[path.Server], mail[path.Server] = store, map[string]*imapmemserver.User{}
		for _, u := range o.everybody() {
			filled, err := store.fill(u)
			if err != nil {
				return nil, nil, fmt.Errorf("mail of %s: %w", u.Name, err)
			}
			mail[path.Server][u.Name] = filled
		}
	}
	return stores, mail, nil
}

// everybody lists the users of all paths, also those whom one path alone knows.
func (o *Options) everybody() []User {
	all := slices.Clone(o.Users)
	for _, f := range o.Faults {
		all = append(all, f.Users...)
	}
	for _, t := range o.Twins {
		all = append(all, t.Fault.Users...)
	}
	return all
}

func defaultStore(name string, now time.Time) Store {
	if name == "old" {
		return OldStore(now)
	}
	return NewStore(now)
}

// accept serves each connection in its own goroutine until the listener is closed.
func (p *Provider) accept(l net.Listener, serve func(net.Conn)) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		if !p.keep(conn) {
			_ = conn.Close()
			return
		}
		p.running.Go(func() {
			defer p.drop(conn)
			serve(conn)
		})
	}
}

// keep remembers a connection for Close, and reports false when that has come already.
func (p *Provider) keep(conn net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.conns[conn] = true
	return true
}

func (p *Provider) drop(conn net.Conn) {
	_ = conn.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, conn)
}

// Roots is what a computer trusts that trusts the provider's certificates.
func (p *Provider) Roots() *x509.CertPool {
	pool := p.ca.Roots()
	if p.proxy != nil && p.proxy.trusted {
		pool.AddCert(p.proxy.cert)
	}
	return pool
}

// CA is the authority that issued the provider's certificates.
func (p *Provider) CA() *CA { return p.ca }

// Addresses gives the IPv4 and IPv6 address of a host of the profile, or two empty
// strings for any other name.
func (p *Provider) Addresses(host string) (v4, v6 string) {
	at, ok := p.hosts[strings.ToLower(host)]
	if !ok {
		return "", ""
	}
	return at.v4.String(), at.v6.String()
}

// Close ends every connection and waits until all is quiet. Later calls do nothing.
func (p *Provider) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	close(p.stop)
	for conn := range p.conns {
		_ = conn.Close()
	}
	p.mu.Unlock()

	var errs []error
	for _, s := range p.servers {
		errs = append(errs, s.listener.Close())
	}
	for _, l := range p.others.listeners {
		errs = append(errs, l.Close())
	}
	if p.dnsUDP != nil {
		errs = append(errs, p.dnsUDP.Close())
	}
	if p.dnsTCP != nil {
		errs = append(errs, p.dnsTCP.Close())
	}
	p.running.Wait()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close provider: %w", err)
	}
	return nil
}
