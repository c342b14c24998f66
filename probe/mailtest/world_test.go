package mailtest

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"mailmedic/probe/profile"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must come; no test waits for it to pass.
const patience = 20 * time.Second

// seed is a profile with every kind of path.
func seed() profile.Profile {
	return profile.Profile{
		Name:    "test",
		Domains: []string{"example.com"},
		MX:      []string{"mx.example.com"},
		Paths: []profile.Path{
			{Protocol: profile.IMAP, Port: 993, Host: "secure.example.com", Encryption: profile.TLS, Server: "old"},
			{Protocol: profile.IMAP, Port: 143, Host: "imap.example.com", Encryption: profile.STARTTLS, Server: "old"},
			{Protocol: profile.IMAP, Port: 1143, Host: "imap.example.com", Encryption: profile.STARTTLS, Server: "new"},
			{Protocol: profile.SMTP, Port: 25, Host: "smtp.example.com", Encryption: profile.STARTTLS},
			{Protocol: profile.SMTP, Port: 465, Host: "smtp.example.com", Encryption: profile.TLS},
			{Protocol: profile.SMTP, Port: 587, Host: "smtp.example.com", Encryption: profile.STARTTLS},
		},
	}
}

const (
	aliceName = "alice"
	aliceWord = "opensesame-canary"
)

func options() Options {
	return Options{
		Profile: seed(),
		Users:   []User{{aliceName, aliceWord}, {"bob%example.org", "other-canary"}},
		Hosted:  []string{"example.org"},
	}
}

// start brings up a provider for the length of the test.
func start(t *testing.T, o Options) *Provider {
	t.Helper()
	p, err := Start(o)
	if err != nil {
		t.Fatalf("Start() = %v", err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	return p
}

// faulty brings up a provider with one fault.
func faulty(t *testing.T, path string, f Fault) *Provider {
	t.Helper()
	o := options()
	o.Faults = map[string]Fault{path: f}
	return start(t, o)
}

// address is where a path seems to be.
func address(t *testing.T, p *Provider, id string) string {
	t.Helper()
	path := pathOf(t, id)
	v4, _ := p.Addresses(path.Host)
	return net.JoinHostPort(v4, strconv.Itoa(path.Port))
}

func pathOf(t *testing.T, id string) profile.Path {
	t.Helper()
	all := seed()
	path, ok := all.Path(id)
	if !ok {
		t.Fatalf("no path %s", id)
	}
	return path
}

// dial reaches a path as a client does, and closes it with the test.
func dial(t *testing.T, p *Provider, id string) net.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, err := p.Dial(ctx, "tcp", address(t, p, id))
	if err != nil {
		t.Fatalf("Dial(%s) = %v", id, err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatalf("SetDeadline() = %v", err)
	}
	return conn
}

// client talks lines.
type client struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

func talk(t *testing.T, conn net.Conn) *client {
	return &client{t, conn, bufio.NewReader(conn)}
}

func (c *client) line() string {
	c.t.Helper()
	line, err := c.in.ReadString('\n')
	if err != nil {
		c.t.Fatalf("read line: %q, %v", line, err)
	}
	return strings.TrimRight(line, "\r\n")
}

func (c *client) say(line string) {
	c.t.Helper()
	if _, err := fmt.Fprintf(c.conn, "%s\r\n", line); err != nil {
		c.t.Fatalf("write %q: %v", line, err)
	}
}

// ask says a line and reads the answer to its end: the tagged line of IMAP, or the
// line of SMTP with a blank behind the code.
func (c *client) ask(line string) string {
	c.t.Helper()
	c.say(line)
	tag, _, _ := strings.Cut(line, " ")
	var all []string
	for {
		got := c.line()
		all = append(all, got)
		final := strings.HasPrefix(got, tag+" ") || strings.HasPrefix(got, "+ ") ||
			len(got) > 3 && got[3] == ' ' && strings.Trim(got[:3], "0123456789") == ""
		if final {
			return strings.Join(all, "\n")
		}
	}
}

func (c *client) want(got, want string) {
	c.t.Helper()
	if !strings.Contains(got, want) {
		c.t.Errorf("got %q, want it to contain %q", got, want)
	}
}

// secure shakes hands and verifies.
func (c *client) secure(p *Provider, host string) *client {
	c.t.Helper()
	secured := tls.Client(c.conn, &tls.Config{ServerName: host, RootCAs: p.Roots()})
	if err := secured.Handshake(); err != nil {
		c.t.Fatalf("Handshake() = %v", err)
	}
	return talk(c.t, secured)
}

// open goes up a path to where a login may start: it reads the greeting, does
// STARTTLS where it is due, and says EHLO.
func open(t *testing.T, p *Provider, id string) *client {
	t.Helper()
	path := pathOf(t, id)
	c := talk(t, dial(t, p, id))
	if path.Encryption == profile.TLS {
		c = c.secure(p, path.Host)
		c.line()
	} else {
		c.line()
		if path.Protocol == profile.SMTP {
			c.want(c.ask("EHLO client.example"), "STARTTLS")
			c.want(c.ask("STARTTLS"), "220")
		} else {
			c.want(c.ask("a STARTTLS"), "a OK")
		}
		c = c.secure(p, path.Host)
	}
	if path.Protocol == profile.SMTP {
		c.want(c.ask("EHLO client.example"), "250")
	}
	return c
}

// noon is a time for stores that no one compares with the clock.
func noon() time.Time { return time.Date(2009, 6, 1, 12, 0, 0, 0, time.UTC) }
