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
}

// Provider is a running mail provider. All its methods may be called at any time from
// any goroutine.
type Provider struct {
	ca      *CA
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
	ca, err := NewCA("Simulated CA")
	if err != nil {
		return nil, fmt.Errorf("start provider %s: %w", o.Profile.Name, err)
	}
	p := &Provider{
		ca: ca, record: newRecord(), v6: o.IPv6, delay: o.Delay,
		hosts: places(o.Profile), reach: map[netip.Addr]Reach{}, lies: map[netip.Addr]bool{},
		stop: make(chan struct{}), conns: map[net.Conn]bool{},
	}
	p.names = newNames(o, p.hosts)
	if err := p.start(o); err != nil {
		return nil, fmt.Errorf("start provider %s: %w", o.Profile.Name, errors.Join(err, p.Close()))
	}
	return p, nil
}

func (o Options) check() error {
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
	if n := len(places(o.Profile)); n > maxHosts {
		return fmt.Errorf("%d hosts, more than %d", n, maxHosts)
	}
	return nil
}

// places gives each host one address of the ranges for documentation.
func places(p profile.Profile) map[string]place {
	hosts := map[string]place{}
	for _, path := range p.Paths {
		host := strings.ToLower(path.Host)
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
	return p.startNames()
}

func (p *Provider) startServers(o Options) error {
	now := time.Now()
	stores, mail, err := fillStores(o, now)
	if err != nil {
		return err
	}
	type order struct {
		host string
		flaw Flaw
	}
	certs := map[order]tls.Certificate{} // one for all ports of a host
	for _, path := range o.Profile.Paths {
		s := &server{
			path: path, fault: o.Faults[path.ID()], ca: p.ca, start: now, users: o.Users,
			store: stores[path.Server], mail: mail[path.Server], record: p.record, stop: p.stop,
		}
		if s.script, err = ParseScript(s.fault.Script); err != nil {
			return fmt.Errorf("path %s: %w", path.ID(), err)
		}
		wanted := order{path.Host, s.fault.Certificate}
		if _, ok := certs[wanted]; !ok {
			if certs[wanted], err = p.ca.Issue(wanted.flaw.order(wanted.host, now)); err != nil {
				return fmt.Errorf("path %s: %w", path.ID(), err)
			}
		}
		s.tls = s.serving(certs[wanted])
		listener, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("path %s: %w", path.ID(), err)
		}
		p.servers = append(p.servers, reachable{s, listener})
		p.running.Go(func() { p.accept(listener, s.serve) })
	}
	return nil
}

// fillStores makes the stores that the paths name, with every user's mail in each.
func fillStores(o Options, now time.Time) (map[string]Store, map[string]map[string]*imapmemserver.User, error) {
	stores := map[string]Store{}
	mail := map[string]map[string]*imapmemserver.User{}
	for _, path := range o.Profile.Paths {
		if _, ok := stores[path.Server]; ok {
			continue
		}
		store, ok := o.Stores[path.Server]
		if !ok {
			store = defaultStore(path.Server, now)
		}
		stores[path.Server], mail[path.Server] = store, map[string]*imapmemserver.User{}
		for _, u := range o.Users {
			filled, err := store.fill(u)
			if err != nil {
				return nil, nil, fmt.Errorf("mail of %s: %w", u.Name, err)
			}
			mail[path.Server][u.Name] = filled
		}
	}
	return stores, mail, nil
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
func (p *Provider) Roots() *x509.CertPool { return p.ca.Roots() }

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
