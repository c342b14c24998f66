package mailtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
)

// resolver is where the name server seems to be.
const resolver = "192.0.2.53:53"

// nobody is a loopback port on which nothing listens: tcpmux, RFC 1078.
const nobody = "127.0.0.1:1"

// discard is a loopback port to which nothing is sent; a UDP socket is only pointed at it.
const discard = "127.0.0.1:9"

// Resolver is the address of the name server, for Dial.
func (p *Provider) Resolver() string { return resolver }

// Listening is where the server of a path really listens: for a client in another process,
// which has no part in the simulated world. It is empty for any other path.
func (p *Provider) Listening(path string) string {
	for _, s := range p.servers {
		if s.path.ID() == path && !s.at.IsValid() {
			return s.listener.Addr().String()
		}
	}
	return ""
}

// Dial opens a connection in the simulated world, with the errors that
// net.Dialer.DialContext has in the real one. The address is an IP literal with a
// port. A port of a known host that is no path of the profile refuses; an address of
// nobody has no route. UDP reaches the name server, and anything else as far as there
// is a route for its family, because pointing a socket sends nothing.
func (p *Provider) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: fmt.Errorf("simulated network: %w", err)}
	}
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	if p.options.Offline {
		return nil, dialError(network, to, syscall.ENETUNREACH)
	}
	if strings.HasPrefix(network, "udp") {
		return p.dialUDP(ctx, network, to)
	}
	if o, ok := p.other(to); ok && !pauseUntil(ctx, o.farther, p.stop) {
		return nil, ended(ctx, network, to)
	}
	target, reach, near := p.route(to)
	if reach == "" && near {
		return p.connectNear(ctx, network, to, target)
	}
	if reach == Unreachable {
		return nil, dialError(network, to, syscall.ENETUNREACH)
	}
	if reach == RefusedNearby {
		return nil, p.refuse(ctx, network, to)
	}
	if reach == Dropped {
		return nil, p.black(ctx, network, to)
	}
	if err := p.travel(ctx, network, to); err != nil {
		return nil, err
	}
	if reach == Refused {
		return nil, p.refuse(ctx, network, to)
	}
	return p.connect(ctx, network, to, target)
}

// route finds the listener behind an address, or how the attempt to reach it fails.
func (p *Provider) route(to netip.AddrPort) (target string, reach Reach, near bool) {
	ip := to.Addr()
	if ip.Is6() && !p.v6 {
		return "", Unreachable, false
	}
	if reach, ok := p.reach[ip]; ok {
		return "", reach, false
	}
	if to.String() == resolver {
		return p.dnsTCP.Addr().String(), "", false
	}
	if o, ok := p.other(to); ok {
		return o.target, o.reach, o.near
	}
	known := p.lies[ip] || slices.ContainsFunc(p.servers, func(s reachable) bool { return s.at == ip })
	for _, at := range p.hosts {
		known = known || at.v4 == ip || at.v6 == ip
	}
	if !known {
		return "", Unreachable, false
	}
	for _, s := range p.servers {
		if s.path.Port != int(to.Port()) || s.at.IsValid() {
			continue
		}
		if at := p.hosts[strings.ToLower(s.path.Host)]; p.lies[ip] || at.v4 == ip || at.v6 == ip {
			return s.listener.Addr().String(), s.fault.Reach, s.fault.Near
		}
	}
	return "", Refused, false
}

// connectNear connects without the distance.
func (p *Provider) connectNear(ctx context.Context, network string, to netip.AddrPort, target string) (net.Conn, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp4", target)
	if err != nil {
		return nil, moved(err, network, to)
	}
	return placed{conn, net.TCPAddrFromAddrPort(to)}, nil
}

func (p *Provider) connect(ctx context.Context, network string, to netip.AddrPort, target string) (net.Conn, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp4", target)
	if err != nil {
		return nil, moved(err, network, to)
	}
	here := placed{conn, net.TCPAddrFromAddrPort(to)}
	if p.delay <= 0 {
		return here, nil
	}
	if !p.begin() {
		_ = conn.Close()
		return nil, dialError(network, to, net.ErrClosed)
	}
	return newFar(here, p.delay, p.stop, p.running.Done), nil
}

// begin counts a goroutine unless the provider is closed.
func (p *Provider) begin() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.running.Add(1)
	return true
}

func (p *Provider) dialUDP(ctx context.Context, network string, to netip.AddrPort) (net.Conn, error) {
	if to.Addr().Is6() && !p.v6 {
		return nil, dialError(network, to, syscall.ENETUNREACH)
	}
	target := discard
	if to.String() == resolver {
		target = p.dnsUDP.LocalAddr().String()
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "udp4", target)
	if err != nil {
		return nil, moved(err, network, to)
	}
	return placedUDP{conn.(*net.UDPConn), net.UDPAddrFromAddrPort(to)}, nil
}

// pauseUntil waits, and reports false when the context or the provider ends first.
func pauseUntil(ctx context.Context, d time.Duration, stop <-chan struct{}) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-stop:
	}
	return false
}

// travel takes one round trip.
func (p *Provider) travel(ctx context.Context, network string, to netip.AddrPort) error {
	timer := time.NewTimer(p.delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ended(ctx, network, to)
	case <-p.stop:
		return dialError(network, to, net.ErrClosed)
	}
}

// black is an address that never answers.
func (p *Provider) black(ctx context.Context, network string, to netip.AddrPort) error {
	select {
	case <-ctx.Done():
		return ended(ctx, network, to)
	case <-p.stop:
		return dialError(network, to, net.ErrClosed)
	}
}

// refuse gets the system's own refusal from a port on which nothing listens.
func (p *Provider) refuse(ctx context.Context, network string, to netip.AddrPort) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp4", nobody)
	if err != nil {
		return moved(err, network, to)
	}
	_ = conn.Close()
	return dialError(network, to, syscall.ECONNREFUSED)
}

// ended is the error of a real dialler whose context is over. It looks at the context
// before it sends anything, so no packet leaves.
func ended(ctx context.Context, network string, to netip.AddrPort) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, to.String())
	if err == nil {
		_ = conn.Close()
		return dialError(network, to, os.ErrDeadlineExceeded)
	}
	return err
}

// dialError gives an error the shape that net gives it.
func dialError(network string, to netip.AddrPort, err error) error {
	if errno, ok := err.(syscall.Errno); ok {
		err = os.NewSyscallError("connect", errno)
	}
	return &net.OpError{Op: "dial", Net: network, Addr: net.TCPAddrFromAddrPort(to), Err: err}
}

// moved puts the simulated address into an error in place of the loopback one.
func moved(err error, network string, to netip.AddrPort) error {
	var op *net.OpError
	if !errors.As(err, &op) {
		return err
	}
	return dialError(network, to, op.Err)
}

// placed is a connection that names the simulated address of its other end.
type placed struct {
	net.Conn
	remote net.Addr
}

func (p placed) RemoteAddr() net.Addr { return p.remote }

// placedUDP is the same for UDP, and stays the net.PacketConn by which a
// net.Resolver knows that it speaks over datagrams.
type placedUDP struct {
	*net.UDPConn
	remote net.Addr
}

func (p placedUDP) RemoteAddr() net.Addr { return p.remote }
