package main

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"mailmedic/probe"
	"mailmedic/probe/profile"
)

// TestHostileCloses has a healthy server of each kind hang up behind every byte that it
// says, records of TLS included. Where it hung up before it had answered what mailmedic came
// for, that is named; where it did behind that, nothing is.
func TestHostileCloses(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	every := 1
	if testing.Short() {
		every = 29 // odd, so that no record's or line's end is met or missed each time
	}
	for id, path := range hostPaths() {
		t.Run(id, func(t *testing.T) {
			c := newCutting(t, path)
			healthy := c.off(t, whole)
			if len(healthy.codes) > 0 || !healthy.told {
				t.Fatalf("never hung up: got %+v, want a healthy conversation", healthy)
			}
			places := make(chan int)
			var work sync.WaitGroup
			for range 4 {
				work.Go(func() {
					for at := range places {
						c.judge(t, at)
					}
				})
			}
			for at := 0; at < healthy.said; at += every {
				places <- at
			}
			close(places)
			work.Wait()
		})
	}
}

// cutting is a healthy server that can be cut off, and what it takes to meet it.
type cutting struct {
	profile profile.Profile
	config  *tls.Config
	roots   *x509.CertPool
}

// whole is more than any conversation has.
const whole = 1 << 20

// met is what came of a conversation: how many bytes the server said, whether they answered
// all that was asked but the goodbye, and what the program made of it.
type met struct {
	said  int
	told  bool
	codes []string
}

func newCutting(t *testing.T, path string) *cutting {
	t.Helper()
	p, err := parsedPath(path)
	if err != nil {
		t.Fatal(err)
	}
	// Signatures of this kind are all of one length, and so each byte is at the same place
	// in every conversation.
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, hostTemplate(), hostTemplate(), public, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	c := &cutting{profile: p, roots: x509.NewCertPool()}
	c.roots.AddCert(parsed)
	// The curve makes the ServerHello a tenth as long.
	c.config = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, CurvePreferences: []tls.CurveID{tls.X25519}}
	return c
}

// judge holds the verdict on a server that hung up behind so many bytes against what it
// had said by then.
func (c *cutting) judge(t *testing.T, at int) {
	t.Helper()
	right := []string{"MM510", "MM511", "MM416", "MM713", "MM810"}
	m := c.off(t, at)
	told, codes := m.told, m.codes
	wrong := slices.ContainsFunc(codes, func(code string) bool { return !slices.Contains(right, code) })
	switch {
	case told && len(codes) > 0:
		t.Errorf("hung up behind %d bytes, with all answered: got %q, want nothing", at, codes)
	case !told && (len(codes) == 0 || wrong):
		t.Errorf("hung up behind %d bytes: got %q, want one of %q", at, codes, right)
	}
}

// off runs the program against the server, cut off behind so many bytes.
func (c *cutting) off(t *testing.T, at int) (m met) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Error(err)
		return m
	}
	var conns sync.WaitGroup
	var guarded sync.Mutex // of m, while connections end
	conns.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conns.Go(func() {
				to := &cut{Conn: conn, left: at}
				told := c.talk(to)
				to.hangUp()
				guarded.Lock()
				defer guarded.Unlock()
				m.told, m.said = m.told || told, max(m.said, at-to.left)
			})
		}
	})
	step, limit := limits()
	_, r, err := diagnose(context.Background(), job{
		profile: c.profile, creds: probe.Credentials{Password: probe.NewSecret([]byte(canary))},
		options: probe.Options{
			Account: profile.Account{Login: "jdoe"}, Connect: map[string]string{c.profile.Paths[0].ID(): l.Addr().String()},
			Roots: c.roots, Timeout: step, Deadline: limit,
		},
	})
	l.Close()
	conns.Wait()
	if err != nil {
		t.Errorf("hung up behind %d bytes: %v", at, err)
		return m
	}
	for _, code := range r.Verdict.Codes {
		m.codes = append(m.codes, string(code))
	}
	return m
}

// cut is a connection that takes no more than so many bytes.
type cut struct {
	net.Conn
	left int
}

var errHungUp = errors.New("the server hung up")

func (c *cut) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b[:min(len(b), c.left)])
	if c.left -= n; err == nil && n < len(b) {
		err = errHungUp
	}
	return n, err
}

// hangUp lets what was said arrive: closed with something unread, a socket sends a reset,
// which may overtake it.
func (c *cut) hangUp() {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		tcp.CloseWrite()
	}
	c.SetReadDeadline(time.Now().Add(2*runLimit + grace))
	io.Copy(io.Discard, c.Conn)
	c.Close()
}

// talk is a healthy server. It reports whether it has answered all but the goodbye.
func (c *cutting) talk(conn net.Conn) bool {
	path := c.profile.Paths[0]
	if path.Encryption == profile.STARTTLS {
		if _, err := fmt.Fprint(conn, greeting(path.Protocol)); err != nil {
			return false
		}
		if _, secure := answers(conn, path.Protocol, true); !secure {
			return false
		}
	}
	secured := tls.Server(conn, c.config)
	if secured.Handshake() != nil {
		return false
	}
	if path.Encryption == profile.TLS {
		if _, err := fmt.Fprint(secured, greeting(path.Protocol)); err != nil {
			return false
		}
	}
	told, _ := answers(secured, path.Protocol, false)
	return told
}

// answers a client until STARTTLS, the goodbye, or where the connection is cut off.
func answers(conn net.Conn, p profile.Protocol, clear bool) (told, secure bool) {
	last := "EXAMINE"
	if p == profile.SMTP {
		last = "AUTH"
	}
	for in := bufio.NewScanner(conn); in.Scan(); {
		tag, command, _ := strings.Cut(in.Text(), " ")
		answer := ""
		if p == profile.SMTP {
			command = in.Text()
			answer = smtpAnswer(command, clear)
		} else {
			answer = imapAnswer(tag, command, clear)
		}
		if _, err := fmt.Fprint(conn, answer); err != nil {
			return told, false
		}
		told = told || strings.HasPrefix(command, last)
		if strings.HasPrefix(command, "STARTTLS") {
			return false, true
		}
	}
	return told, false
}

func greeting(p profile.Protocol) string {
	if p == profile.SMTP {
		return "220 hello\r\n"
	}
	return "* OK hello\r\n"
}

func imapAnswer(tag, command string, clear bool) string {
	word, _, _ := strings.Cut(command, " ")
	rows := map[string]string{
		"CAPABILITY": "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n",
		"LIST":       "* LIST () \"/\" INBOX\r\n",
		"STATUS":     "* STATUS INBOX (MESSAGES 0)\r\n",
		"EXAMINE":    "* 0 EXISTS\r\n",
		"LOGOUT":     "* BYE\r\n",
	}[word]
	if word == "CAPABILITY" && clear {
		rows = "* CAPABILITY IMAP4rev1 STARTTLS\r\n"
	}
	return rows + tag + " OK\r\n"
}

func smtpAnswer(command string, clear bool) string {
	word, _, _ := strings.Cut(command, " ")
	switch {
	case word == "EHLO" && clear:
		return "250-x\r\n250 STARTTLS\r\n"
	case word == "EHLO":
		return "250-x\r\n250 AUTH PLAIN\r\n"
	case word == "STARTTLS":
		return "220\r\n"
	case word == "AUTH":
		return "235\r\n"
	}
	return "221\r\n"
}
