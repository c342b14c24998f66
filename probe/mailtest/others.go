package mailtest

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// Portal is a sign-in page that stands in place of every server.
type Portal string

// The portals. The zero value is none.
const (
	PortalHTTP Portal = "http" // speaks HTTP on every port
	PortalTLS  Portal = "tls"  // the same, with TLS and its own certificate on the ports for it
)

// Accepts is what something near does with the connections that it accepts for everybody.
type Accepts string

// The ways to answer for everybody. The zero value is not to.
const (
	AcceptsClosed Accepts = "closed"
	AcceptsSilent Accepts = "silent"
)

// Twin is a further address of a host.
type Twin struct {
	Host    string
	Fault   Fault
	Farther time.Duration // how much longer the way there is
}

// portalAddress is where every name leads to on a network with a sign-in page.
const portalAddress = "10.11.12.13"

// decoy is an address of nobody (TEST-NET-2, RFC 5737): packets to it vanish.
const decoy = "198.51.100.1"

// others is what answers besides the mail servers.
type others struct {
	listeners []net.Listener
	web       string // where the web server listens, for both of its ports
	redirect  string // the portal's page
	portal    string // the portal's TLS
	closing   string // accepts and closes
	silent    string // accepts and says nothing
}

// answer is where a connection to something else than a mail server leads.
type answer struct {
	target string
	reach  Reach
	near   bool

	farther time.Duration
}

// other finds what is not a mail server of the profile.
func (p *Provider) other(to netip.AddrPort) (answer, bool) {
	ip := to.Addr().String()
	switch {
	case p.options.Accepts == AcceptsClosed:
		return answer{target: p.others.closing, near: true}, true
	case p.options.Accepts == AcceptsSilent:
		return answer{target: p.others.silent, near: true}, true
	case ip == portalAddress && p.options.Portal != "":
		if p.options.Portal == PortalTLS && (to.Port() == 993 || to.Port() == 465 || to.Port() == 443) {
			return answer{target: p.others.portal, near: true}, true
		}
		return answer{target: p.others.redirect, near: true}, true
	case ip == decoy:
		return answer{reach: Dropped}, true
	case ip == p.options.Invented && (to.Port() == 80 || to.Port() == 443):
		return answer{target: p.others.redirect}, true
	case ip == p.options.Invented:
		return answer{reach: Dropped}, true
	}
	for _, s := range p.servers {
		if s.at.IsValid() && s.at == to.Addr() && s.path.Port == int(to.Port()) {
			twin := p.options.Twins[ip]
			return answer{target: s.listener.Addr().String(), reach: s.fault.Reach, near: s.fault.Near, farther: twin.Farther}, true
		}
	}
	web, ok := p.hosts[strings.ToLower(p.options.Profile.Web)]
	if ok && p.options.Profile.Web != "" && (web.v4 == to.Addr() || web.v6 == to.Addr()) && (to.Port() == 80 || to.Port() == 443) {
		return answer{target: p.others.web, reach: p.options.Web}, true
	}
	return answer{}, false
}

// startOthers brings up the web server and what can stand in place of everything.
func (p *Provider) startOthers(o Options) error {
	cert, err := p.ca.Issue(Order{Names: []string{"login.portal.example"}, SelfSigned: true})
	if err != nil {
		return fmt.Errorf("portal: %w", err)
	}
	date := func() string { return o.Now.Add(time.Since(p.began)).UTC().Format(http.TimeFormat) }
	for _, one := range []struct {
		target *string
		serve  func(net.Conn)
	}{
		{&p.others.web, func(c net.Conn) {
			page(c, "301 Moved Permanently\r\nLocation: https://"+o.Profile.Web+"/\r\nDate: "+date())
		}},
		{&p.others.redirect, func(c net.Conn) {
			page(c, "302 Found\r\nLocation: http://login.portal.example/?from=here\r\nDate: "+date())
		}},
		{&p.others.portal, func(c net.Conn) {
			if secured, err := handshake(c, &tls.Config{Certificates: []tls.Certificate{cert}}); err == nil {
				page(secured, "302 Found\r\nLocation: http://login.portal.example/")
			}
		}},
		{&p.others.closing, func(net.Conn) {}},
		{&p.others.silent, stall},
	} {
		listener, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("other server: %w", err)
		}
		*one.target = listener.Addr().String()
		p.others.listeners = append(p.others.listeners, listener)
		p.running.Go(func() { p.accept(listener, one.serve) })
	}
	return nil
}

// page answers whatever comes first as a web server does. It waits for a line, or for
// the first bytes of something that has none, as TLS.
func page(c net.Conn, answer string) {
	first := bufio.NewReader(c)
	if _, err := first.Peek(1); err != nil {
		return
	}
	fmt.Fprintf(c, "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", answer)
}
