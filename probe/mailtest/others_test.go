package mailtest

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/dns/dnsmessage"

	"mailmedic/probe/profile"
)

// withWeb is the usual provider with a web server.
func withWeb() Options {
	o := options()
	o.Profile.Web = "www.example.com"
	return o
}

// reach dials an address of the simulated world.
func reach(t *testing.T, p *Provider, address string) net.Conn {
	t.Helper()
	conn, err := p.Dial(t.Context(), "tcp", address)
	if err != nil {
		t.Fatalf("Dial(%s) = %v", address, err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatalf("SetDeadline() = %v", err)
	}
	return conn
}

// vanishes says whether packets to an address get no answer.
func vanishes(t *testing.T, p *Provider, address string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := p.Dial(ctx, "tcp", address)
	return errors.Is(err, context.DeadlineExceeded)
}

// get asks a web server for its first page.
func get(t *testing.T, conn net.Conn) *http.Response {
	t.Helper()
	c := talk(t, conn)
	c.say("GET / HTTP/1.1\r\nHost: www.example.com\r\n")
	answer, err := http.ReadResponse(c.in, nil)
	if err != nil {
		t.Fatalf("ReadResponse() = %v", err)
	}
	_ = answer.Body.Close()
	return answer
}

func TestWeb(t *testing.T) {
	p := start(t, withWeb())
	at, _ := p.Addresses("www.example.com")
	answer := get(t, reach(t, p, net.JoinHostPort(at, "80")))
	if got := answer.Header.Get("Location"); answer.StatusCode != 301 || got != "https://www.example.com/" {
		t.Errorf("answer = %d %s, want 301 to the same host", answer.StatusCode, got)
	}
	date, err := http.ParseTime(answer.Header.Get("Date"))
	if off := time.Since(date); err != nil || off < -time.Minute || off > time.Minute {
		t.Errorf("Date = %s, %v; want now", date, err)
	}
	reach(t, p, net.JoinHostPort(at, "443"))
	if _, err := p.Dial(t.Context(), "tcp", net.JoinHostPort(at, "993")); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("Dial of another port = %v, want %v", err, syscall.ECONNREFUSED)
	}
}

func TestWebFails(t *testing.T) {
	o := withWeb()
	o.Web = Dropped
	p := start(t, o)
	at, _ := p.Addresses("www.example.com")
	for _, port := range []string{"80", "443"} {
		if !vanishes(t, p, net.JoinHostPort(at, port)) {
			t.Errorf("port %s answers, want silence", port)
		}
	}
	dial(t, p, "imap-993")
}

// The provider's clock is in its certificates, its web server's dates and its mail.
func TestNow(t *testing.T) {
	o := withWeb()
	o.Now = time.Now().Add(9 * 365 * day)
	p := start(t, o)
	at, _ := p.Addresses("www.example.com")
	date, err := http.ParseTime(get(t, reach(t, p, net.JoinHostPort(at, "80"))).Header.Get("Date"))
	if off := date.Sub(o.Now); err != nil || off < -time.Minute || off > time.Minute {
		t.Errorf("Date = %s, %v; want %s", date, err, o.Now)
	}
	raw := dial(t, p, "imap-993")
	conn := tls.Client(raw, &tls.Config{ServerName: "secure.example.com", RootCAs: p.Roots(), Time: func() time.Time { return o.Now }})
	if err := conn.Handshake(); err != nil {
		t.Fatalf("Handshake() at the provider's time = %v", err)
	}
	for i, c := range conn.ConnectionState().PeerCertificates {
		if !c.NotBefore.After(time.Now()) {
			t.Errorf("certificate %d begins %s: it is valid on this computer's clock, too", i, c.NotBefore)
		}
	}
	c := talk(t, conn)
	c.line()
	c.want(c.ask("a LOGIN "+aliceName+" "+aliceWord), "a OK")
	c.ask("b EXAMINE INBOX")
	c.want(c.ask("c FETCH 5 INTERNALDATE"), "-"+o.Now.Add(-day).Format("Jan-2006"))
}

func TestPortal(t *testing.T) {
	for _, tt := range []struct {
		portal Portal
		tls    bool // ports for TLS speak it
	}{{PortalHTTP, false}, {PortalTLS, true}} {
		t.Run(string(tt.portal), func(t *testing.T) {
			o := options()
			o.Portal = tt.portal
			p := start(t, o)
			for _, name := range []string{"imap.example.com.", "nobody.example.net."} {
				if _, data := lookup(t, p, name, dnsmessage.TypeA); !cmp.Equal(data, []string{portalAddress}) {
					t.Errorf("%s = %v, want %s", name, data, portalAddress)
				}
			}
			for _, port := range []string{"80", "143", "587"} {
				answer := get(t, reach(t, p, net.JoinHostPort(portalAddress, port)))
				if got := answer.Header.Get("Location"); answer.StatusCode != 302 || !strings.HasPrefix(got, "http://login.portal.example/") {
					t.Errorf("port %s: %d %s, want 302 to the sign-in page", port, answer.StatusCode, got)
				}
			}
			conn := tls.Client(reach(t, p, net.JoinHostPort(portalAddress, "993")), &tls.Config{InsecureSkipVerify: true})
			if err := conn.Handshake(); (err == nil) != tt.tls {
				t.Errorf("Handshake() = %v, want TLS %t", err, tt.tls)
			}
		})
	}
}

func TestAccepts(t *testing.T) {
	for _, to := range []string{"192.0.2.10:993", "192.0.2.99:1", "198.51.100.1:993"} {
		o := options()
		o.Accepts = AcceptsClosed
		if _, err := reach(t, start(t, o), to).Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("%s, closing: Read() = %v, want %v", to, err, io.EOF)
		}
		o.Accepts = AcceptsSilent
		conn := reach(t, start(t, o), to)
		if err := conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
			t.Fatalf("SetReadDeadline() = %v", err)
		}
		var network net.Error
		if _, err := conn.Read(make([]byte, 1)); !errors.As(err, &network) || !network.Timeout() {
			t.Errorf("%s, silent: Read() = %v, want a timeout", to, err)
		}
	}
}

func TestDecoy(t *testing.T) {
	if !vanishes(t, start(t, options()), "198.51.100.1:993") {
		t.Error("an address of nobody answers")
	}
}

func TestInvented(t *testing.T) {
	o := options()
	o.Invented = "198.51.100.80"
	p := start(t, o)
	for name, want := range map[string]string{
		"nobody.example.net.": "198.51.100.80",
		"imap.example.com.":   "192.0.2.11",
	} {
		if code, data := lookup(t, p, name, dnsmessage.TypeA); code != dnsmessage.RCodeSuccess || !cmp.Equal(data, []string{want}) {
			t.Errorf("%s = %v %v, want %s", name, code, data, want)
		}
	}
	if got := get(t, reach(t, p, "198.51.100.80:80")).StatusCode; got != 302 {
		t.Errorf("its web server answers %d, want 302", got)
	}
	if !vanishes(t, p, "198.51.100.80:993") {
		t.Error("a mail port of the search page answers")
	}
}

// One type of question alone can go wrong.
func TestNameFaultOfOneType(t *testing.T) {
	o := options()
	o.IPv6 = true
	o.Names = map[string]NameFault{"*": {Only: "AAAA", RCode: ServFail}}
	p := start(t, o)
	for kind, want := range map[dnsmessage.Type]dnsmessage.RCode{
		dnsmessage.TypeA: dnsmessage.RCodeSuccess, dnsmessage.TypeAAAA: dnsmessage.RCodeServerFailure,
	} {
		if code, _ := lookup(t, p, "imap.example.com.", kind); code != want {
			t.Errorf("%v = %v, want %v", kind, code, want)
		}
	}
}

func TestTwins(t *testing.T) {
	o := options()
	o.IPv6 = true
	o.Twins = map[string]Twin{
		"192.0.2.71":   {Host: "Secure.Example.com", Fault: Fault{Certificate: Expired}},
		"2001:db8::71": {Host: "imap.example.com", Fault: Fault{Reach: Dropped}},
	}
	p := start(t, o)
	for _, tt := range []struct {
		name string
		kind dnsmessage.Type
		want []string
	}{
		{"secure.example.com.", dnsmessage.TypeA, []string{"192.0.2.10", "192.0.2.71"}},
		{"secure.example.com.", dnsmessage.TypeAAAA, []string{"2001:db8::a"}},
		{"imap.example.com.", dnsmessage.TypeA, []string{"192.0.2.11"}},
		{"imap.example.com.", dnsmessage.TypeAAAA, []string{"2001:db8::b", "2001:db8::71"}},
	} {
		if _, data := lookup(t, p, tt.name, tt.kind); !cmp.Equal(data, tt.want) {
			t.Errorf("%v %s = %v, want %v", tt.kind, tt.name, data, tt.want)
		}
	}
	config := &tls.Config{ServerName: "secure.example.com", RootCAs: p.Roots()}
	if err := tls.Client(reach(t, p, "192.0.2.10:993"), config).Handshake(); err != nil {
		t.Errorf("Handshake() at the first address = %v", err)
	}
	if err := tls.Client(reach(t, p, "192.0.2.71:993"), config).Handshake(); err == nil {
		t.Error("Handshake() at the second address = nil, want an expired certificate")
	}
	if !vanishes(t, p, "[2001:db8::71]:143") {
		t.Error("the dead second address answers")
	}
	if _, err := p.Dial(t.Context(), "tcp", "192.0.2.71:110"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("Dial of a port without a path = %v, want %v", err, syscall.ECONNREFUSED)
	}
}

func TestSuccessor(t *testing.T) {
	next := profile.Profile{Name: "next", Paths: []profile.Path{
		{Protocol: profile.IMAP, Port: 993, Host: "mail.example.com", Encryption: profile.TLS, Server: "new"},
	}}
	if code, _ := lookup(t, start(t, options()), "mail.example.com.", dnsmessage.TypeA); code != dnsmessage.RCodeNameError {
		t.Errorf("without a successor its name is answered with %v, want %v", code, dnsmessage.RCodeNameError)
	}
	o := options()
	o.Successor, o.Faults = &next, map[string]Fault{"imap-993": {Certificate: Expired}}
	p := start(t, o)
	at, _ := p.Addresses("mail.example.com")
	c := talk(t, reach(t, p, net.JoinHostPort(at, "993"))).secure(p, "mail.example.com")
	c.want(c.line(), "* OK")
	c.want(c.ask("a LOGIN "+aliceName+" "+aliceWord), "a OK")
}
