package mailtest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"mailmedic/probe/profile"
)

func TestReach(t *testing.T) {
	for _, tt := range []struct {
		reach Reach
		want  error
	}{
		{Refused, syscall.ECONNREFUSED},
		{RefusedNearby, syscall.ECONNREFUSED},
		{Unreachable, syscall.ENETUNREACH},
	} {
		t.Run(string(tt.reach), func(t *testing.T) {
			p := faulty(t, "smtp-25", Fault{Reach: tt.reach})
			to := address(t, p, "smtp-25")
			_, err := p.Dial(t.Context(), "tcp", to)
			var op *net.OpError
			if !errors.As(err, &op) || op.Op != "dial" || op.Addr.String() != to {
				t.Errorf("Dial() = %#v, want a net.OpError of dial %s", err, to)
			}
			if !errors.Is(err, tt.want) {
				t.Errorf("Dial() = %v, want %v", err, tt.want)
			}
		})
	}
}

func TestDropped(t *testing.T) {
	p := faulty(t, "smtp-25", Fault{Reach: Dropped})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := p.Dial(ctx, "tcp", address(t, p, "smtp-25"))
	var network net.Error
	if !errors.As(err, &network) || !network.Timeout() || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Dial() = %v, want a timeout", err)
	}

	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Dial(cancelled, "tcp", address(t, p, "smtp-25")); !errors.Is(err, context.Canceled) {
		t.Errorf("Dial() with a cancelled context = %v, want %v", err, context.Canceled)
	}
	dial(t, p, "smtp-587")
}

func TestWorldWithoutPaths(t *testing.T) {
	p := start(t, options())
	host, _ := p.Addresses("imap.example.com")
	for to, want := range map[string]error{
		net.JoinHostPort(host, "110"): syscall.ECONNREFUSED,
		"192.0.2.99:993":              syscall.ENETUNREACH,
		"[2001:db8::a]:993":           syscall.ENETUNREACH,
	} {
		if _, err := p.Dial(t.Context(), "tcp", to); !errors.Is(err, want) {
			t.Errorf("Dial(%s) = %v, want %v", to, err, want)
		}
	}
	if _, err := p.Dial(t.Context(), "tcp", "imap.example.com:143"); err == nil {
		t.Error("Dial() of a name = nil, want an error: nothing here looks names up")
	}
}

func TestRoutes(t *testing.T) {
	for _, v6 := range []bool{false, true} {
		o := options()
		o.IPv6 = v6
		p := start(t, o)
		conn, err := p.Dial(t.Context(), "udp", "192.0.2.1:9")
		if err != nil {
			t.Fatalf("Dial(udp v4) = %v", err)
		}
		if got := conn.RemoteAddr().String(); got != "192.0.2.1:9" {
			t.Errorf("RemoteAddr() = %s, want 192.0.2.1:9", got)
		}
		_ = conn.Close()
		conn, err = p.Dial(t.Context(), "udp", "[2001:db8::1]:9")
		if v6 {
			if err != nil {
				t.Fatalf("Dial(udp v6) with IPv6 = %v", err)
			}
			_ = conn.Close()
		} else if !errors.Is(err, syscall.ENETUNREACH) {
			t.Errorf("Dial(udp v6) without IPv6 = %v, want %v", err, syscall.ENETUNREACH)
		}
	}
}

// One dead address of a host leaves the other alone.
func TestAddressFails(t *testing.T) {
	o := options()
	o.IPv6 = true
	o.Addresses = map[string]Reach{"2001:db8::b": Refused}
	p := start(t, o)
	v4, v6 := p.Addresses("imap.example.com")
	if v6 != "2001:db8::b" {
		t.Fatalf("Addresses() = %s, want 2001:db8::b", v6)
	}
	if _, err := p.Dial(t.Context(), "tcp", net.JoinHostPort(v6, "143")); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("Dial(%s) = %v, want %v", v6, err, syscall.ECONNREFUSED)
	}
	conn, err := p.Dial(t.Context(), "tcp", net.JoinHostPort(v4, "143"))
	if err != nil {
		t.Fatalf("Dial(%s) = %v", v4, err)
	}
	_ = conn.Close()
}

func TestServedCertificates(t *testing.T) {
	for _, id := range []string{"imap-993", "imap-143", "smtp-587"} {
		p := faulty(t, id, Fault{Certificate: Expired})
		path := pathOf(t, id)
		c := talk(t, dial(t, p, id))
		if path.Encryption == profile.STARTTLS {
			c.line()
			if path.Protocol == profile.SMTP {
				c.ask("EHLO client.example")
			}
			switch path.Protocol {
			case profile.IMAP:
				c.want(c.ask("a STARTTLS"), "a OK")
			default:
				c.want(c.ask("STARTTLS"), "220")
			}
		}
		err := tls.Client(c.conn, &tls.Config{ServerName: path.Host, RootCAs: p.Roots()}).Handshake()
		var bad x509.CertificateInvalidError
		if !errors.As(err, &bad) || bad.Reason != x509.Expired {
			t.Errorf("%s: Handshake() = %v, want an expired certificate", id, err)
		}
	}
}

func TestOldTLSOnly(t *testing.T) {
	p := faulty(t, "imap-993", Fault{MaxTLS: tls.VersionTLS11})
	config := &tls.Config{ServerName: "secure.example.com", RootCAs: p.Roots()}
	if err := tls.Client(dial(t, p, "imap-993"), config).Handshake(); err == nil {
		t.Error("Handshake() of a modern client = nil, want an error")
	}
	config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	if err := tls.Client(dial(t, p, "imap-993"), config).Handshake(); err != nil {
		t.Errorf("Handshake() of an old client = %v", err)
	}
}

func TestGreetings(t *testing.T) {
	for _, tt := range []struct {
		path  string
		fault Fault
		want  string
	}{
		{"imap-143", Fault{}, "* OK [CAPABILITY IMAP4rev1 SASL-IR LITERAL- STARTTLS LOGINDISABLED]"},
		{"imap-143", Fault{Greeting: Busy}, "* BYE [UNAVAILABLE]"},
		{"imap-143", Fault{Greeting: POP3}, "+OK POP3"},
		{"imap-143", Fault{Greeting: SSH}, "SSH-2.0-"},
		{"imap-143", Fault{Greeting: HTTP}, "HTTP/1.1 400"},
		{"imap-143", Fault{NoSTARTTLS: true}, "* OK [CAPABILITY IMAP4rev1 SASL-IR LITERAL- LOGINDISABLED]"},
		{"imap-993", Fault{Encryption: profile.STARTTLS}, "* OK [CAPABILITY IMAP4rev1 SASL-IR LITERAL- STARTTLS"},
		{"smtp-25", Fault{}, "220 smtp.example.com ESMTP"},
		{"smtp-25", Fault{Greeting: Busy}, "421 4.3.2"},
		{"smtp-25", Fault{Late: time.Millisecond}, "220 smtp.example.com ESMTP"},
		{"smtp-465", Fault{Encryption: profile.None}, "220 smtp.example.com ESMTP"},
	} {
		c := talk(t, dial(t, faulty(t, tt.path, tt.fault), tt.path))
		if got := c.line(); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s %+v: greeting %q, want %q", tt.path, tt.fault, got, tt.want)
		}
	}
}

func TestBusyInsideTLS(t *testing.T) {
	p := faulty(t, "imap-993", Fault{Greeting: Busy})
	c := talk(t, dial(t, p, "imap-993")).secure(p, "secure.example.com")
	c.want(c.line(), "* BYE [UNAVAILABLE]")
}

func TestNoGreeting(t *testing.T) {
	conn := dial(t, faulty(t, "imap-143", Fault{Greeting: Silent}), "imap-143")
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		t.Fatalf("SetReadDeadline() = %v", err)
	}
	n, err := conn.Read(make([]byte, 1))
	var network net.Error
	if n != 0 || !errors.As(err, &network) || !network.Timeout() {
		t.Errorf("Read() = %d, %v; want a timeout", n, err)
	}

	conn = dial(t, faulty(t, "imap-143", Fault{Greeting: Closed}), "imap-143")
	if n, err := conn.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("Read() = %d, %v; want %v", n, err, io.EOF)
	}
}

func TestTLSOnAClearPort(t *testing.T) {
	p := faulty(t, "imap-143", Fault{Encryption: profile.TLS})
	c := talk(t, dial(t, p, "imap-143")).secure(p, "imap.example.com")
	c.want(c.line(), "* OK")
}

func TestNoSTARTTLS(t *testing.T) {
	c := talk(t, dial(t, faulty(t, "imap-143", Fault{NoSTARTTLS: true}), "imap-143"))
	c.line()
	c.want(c.ask("a STARTTLS"), "a BAD")
	c.want(c.ask("b LOGIN alice x"), "b NO [PRIVACYREQUIRED]")

	c = talk(t, dial(t, faulty(t, "smtp-587", Fault{NoSTARTTLS: true}), "smtp-587"))
	c.line()
	if got := c.ask("EHLO client.example"); strings.Contains(got, "STARTTLS") {
		t.Errorf("EHLO = %q, want no STARTTLS", got)
	}
	c.want(c.ask("STARTTLS"), "502")
	c.want(c.ask("AUTH PLAIN AGE="), "530")
}

func TestNoAuth(t *testing.T) {
	c := open(t, faulty(t, "imap-143", Fault{NoAuth: true}), "imap-143")
	got := c.ask("b CAPABILITY")
	c.want(got, "LOGINDISABLED")
	if strings.Contains(got, "AUTH=") {
		t.Errorf("CAPABILITY = %q, want no AUTH=", got)
	}

	c = open(t, faulty(t, "smtp-587", Fault{NoAuth: true}), "smtp-587")
	if got := c.ask("EHLO client.example"); strings.Contains(got, "AUTH") {
		t.Errorf("EHLO = %q, want no AUTH", got)
	}
	c.want(c.ask("AUTH PLAIN AGEAYg=="), "502")
}

func TestLoginAnswers(t *testing.T) {
	for _, tt := range []struct {
		answer     Answer
		imap, smtp string
	}{
		{Rejected, "b NO [AUTHENTICATIONFAILED]", "535 5.7.8"},
		{Unavailable, "b NO [UNAVAILABLE]", "454 4.7.0"},
		{Limit, "b NO [LIMIT]", "421 4.7.0"},
		{Ended, "b NO [EXPIRED]", "525 5.7.13"},
		{ContactAdmin, "b NO [CONTACTADMIN]", "525 5.7.13"},
		{AppPassword, "b NO [ALERT]", "534 5.7.9"},
	} {
		t.Run(string(tt.answer), func(t *testing.T) {
			o := options()
			o.Faults = map[string]Fault{"imap-993": {Login: tt.answer}, "smtp-465": {Login: tt.answer}}
			p := start(t, o)
			c := open(t, p, "imap-993")
			c.want(c.ask("b LOGIN "+aliceName+" "+aliceWord), tt.imap)
			c = open(t, p, "smtp-465")
			c.want(c.ask("AUTH PLAIN AGFsaWNlAG9wZW5zZXNhbWUtY2FuYXJ5"), tt.smtp)
		})
	}
}

func TestCloseAfter(t *testing.T) {
	conn := dial(t, faulty(t, "imap-143", Fault{CloseAfter: 6}), "imap-143")
	got, err := io.ReadAll(conn)
	if err != nil || string(got) != "* OK [" {
		t.Errorf("ReadAll() = %q, %v; want %q", got, err, "* OK [")
	}
}

// A client that talks TLS to a clear-text port leaves nothing that looks like a command.
func TestHelloInClear(t *testing.T) {
	p := faulty(t, "imap-993", Fault{Encryption: profile.STARTTLS})
	err := tls.Client(dial(t, p, "imap-993"), &tls.Config{InsecureSkipVerify: true}).Handshake()
	var not tls.RecordHeaderError
	if !errors.As(err, &not) {
		t.Errorf("Handshake() = %v, want a tls.RecordHeaderError", err)
	}
}
