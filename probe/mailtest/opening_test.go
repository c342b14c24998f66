package mailtest

import (
	"crypto/tls"
	"strings"
	"testing"
	"time"
)

// helloed is a clear-text SMTP session behind its EHLO, with greeting and answer.
func helloed(t *testing.T, f Fault) (c *client, greeting, features string) {
	t.Helper()
	c = talk(t, dial(t, faulty(t, "smtp-587", f), "smtp-587"))
	greeting = c.line()
	return c, greeting, c.ask("EHLO client.example")
}

func TestSTARTTLSOffered(t *testing.T) {
	for _, tt := range []struct {
		name   string
		fault  Fault
		listed bool
		answer string
	}{
		{"healthy", Fault{}, true, "220"},
		{"stripped", Fault{Stripped: true}, false, "220"},
		{"not there", Fault{NoSTARTTLS: true}, false, "502"},
		{"blocked", Fault{Blocked: true}, true, "500"},
		{"masked", Fault{Masked: true}, false, "500"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, _, features := helloed(t, tt.fault)
			if got := strings.Contains(features, "STARTTLS"); got != tt.listed {
				t.Errorf("EHLO = %q, want STARTTLS listed %t", features, tt.listed)
			}
			c.want(c.ask("STARTTLS"), tt.answer)
		})
	}
	p := faulty(t, "imap-143", Fault{Stripped: true})
	c := talk(t, dial(t, p, "imap-143"))
	if got := c.line(); strings.Contains(got, "STARTTLS") {
		t.Errorf("greeting = %q, want no STARTTLS", got)
	}
	c.want(c.ask("a STARTTLS"), "a OK")
	c.secure(p, "imap.example.com")
}

func TestMasked(t *testing.T) {
	c, greeting, features := helloed(t, Fault{Masked: true})
	if strings.Trim(greeting, "20 *") != "" || !strings.Contains(greeting, "****") {
		t.Errorf("greeting = %q, want stars", greeting)
	}
	c.want(features, "XXXXXXXA")
	if strings.Contains(features, "AUTH") {
		t.Errorf("EHLO = %q, want no AUTH", features)
	}
}

func TestPlain(t *testing.T) {
	c, _, features := helloed(t, Fault{Plain: true})
	c.want(features, "PIPELINING")
	for _, word := range []string{"SIZE", "8BITMIME"} {
		if strings.Contains(features, word) {
			t.Errorf("EHLO = %q, want no %s", features, word)
		}
	}
}

func TestBanner(t *testing.T) {
	const words = "mail.example Cyrus IMAP ready"
	for id, want := range map[string]string{
		"imap-143": "* OK " + words, "imap-993": "* OK " + words,
		"smtp-587": "220 " + words, "smtp-465": "220 " + words,
	} {
		p := faulty(t, id, Fault{Banner: words})
		c := talk(t, dial(t, p, id))
		host := pathOf(t, id).Host
		inside := id == "imap-993" || id == "smtp-465"
		if inside {
			c = c.secure(p, host)
		}
		if got := c.line(); got != want {
			t.Errorf("%s: greeting %q, want %q", id, got, want)
		}
		if strings.HasPrefix(id, "imap") {
			c.want(c.ask("a NOOP"), "a OK")
		} else {
			c.want(c.ask("NOOP"), "250")
		}
	}
}

// Another mail system has its own name in all that it says, no login, and no distance.
func TestElsewhere(t *testing.T) {
	const name = "relay.wifi.example"
	o := options()
	o.Delay = time.Hour
	o.Faults = map[string]Fault{"smtp-587": {Elsewhere: name, Near: true}}
	c := talk(t, dial(t, start(t, o), "smtp-587"))
	c.want(c.line(), "220 "+name)
	c.want(c.ask("EHLO client.example"), "250-"+name)
	c.want(c.ask("STARTTLS"), "220")
	conn := tls.Client(c.conn, &tls.Config{InsecureSkipVerify: true})
	if err := conn.Handshake(); err != nil {
		t.Fatalf("Handshake() = %v", err)
	}
	chain := conn.ConnectionState().PeerCertificates
	if leaf := chain[0]; len(chain) != 1 || leaf.VerifyHostname(name) != nil || leaf.Issuer.String() != leaf.Subject.String() {
		t.Errorf("certificate for %v by %s, want a self-signed one for %s", leaf.DNSNames, leaf.Issuer, name)
	}
	if got := talk(t, conn).ask("EHLO client.example"); strings.Contains(got, "AUTH") {
		t.Errorf("EHLO = %q, want no AUTH", got)
	}
}

func TestOpen(t *testing.T) {
	for accepts, want := range map[bool]string{true: "250", false: "530 5.7.0"} {
		c := open(t, faulty(t, "smtp-587", Fault{Open: accepts}), "smtp-587")
		c.want(c.ask("MAIL FROM:<alice@example.com>"), want)
	}
}

// One path may know other users than the rest, also where the provider has none.
func TestUsersOfOnePath(t *testing.T) {
	o := options()
	o.Users = nil
	o.Faults = map[string]Fault{"imap-993": {Users: []User{{"alice@example.com", aliceWord}}}}
	p := start(t, o)
	c := open(t, p, "imap-993")
	c.want(c.ask("a LOGIN "+aliceName+" "+aliceWord), "a NO")
	c.want(c.ask("b LOGIN alice@example.com "+aliceWord), "b OK")
	c.want(c.ask("c EXAMINE INBOX"), "* 5 EXISTS")
	c = open(t, p, "imap-143")
	c.want(c.ask("b LOGIN alice@example.com "+aliceWord), "b NO")
}
