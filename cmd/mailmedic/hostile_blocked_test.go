package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"mailmedic/probe"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// TestHostileDeafness has servers read nothing on a connection that holds nothing back: where
// a socket would take some hundred kilobytes for them, each write waits here for its reader.
func TestHostileDeafness(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ca, err := mailtest.NewCA("Hostile CA")
	if err != nil {
		t.Fatal(err)
	}
	shown, err := ca.Issue(mailtest.Order{Names: []string{"mail.example.org"}})
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{shown}, SessionTicketsDisabled: true} // who reads nothing takes no ticket
	clear := func(line string) func(net.Conn) { return func(c net.Conn) { fmt.Fprint(c, line) } }
	inside := func(line string) func(net.Conn) {
		return func(c net.Conn) {
			secured := tls.Server(c, config)
			if secured.Handshake() == nil {
				fmt.Fprint(secured, line)
			}
		}
	}
	var work sync.WaitGroup // all of it is waiting
	for _, b := range []struct {
		name, path string
		speak      func(net.Conn) // before it reads no more
		want       string
	}{
		{"from the start", "imap-143", clear(""), "MM504"},
		{"from the hello on", "imap-993", clear(""), "MM504"},
		{"from the hello on", "smtp-465", clear(""), "MM504"},
		{"behind the greeting", "imap-143", clear("* OK hello\r\n"), "MM511"},
		{"behind the greeting", "smtp-587", clear("220 hello\r\n"), "MM511"},
		{"behind the greeting", "imap-993", inside("* OK hello\r\n"), "MM511"},
		{"behind the greeting", "smtp-465", inside("220 hello\r\n"), "MM511"},
		{"from the login on", "imap-993", inside("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hello\r\n"), "MM713"},
	} {
		work.Go(func() {
			if got := deafened(t, b.path, ca, b.speak); !slices.Equal(got, []string{b.want}) {
				t.Errorf("%s, %s: got %q, want %s", b.path, b.name, got, b.want)
			}
		})
	}
	work.Wait()
}

// deafened is what the program makes of a server that speaks and reads no more.
func deafened(t *testing.T, path string, ca *mailtest.CA, speak func(net.Conn)) (codes []string) {
	p, err := parsedPath(hostPaths()[path])
	if err != nil {
		t.Error(err)
		return nil
	}
	server := &pipes{speak: speak}
	defer server.close()
	step, limit := limits()
	_, r, err := diagnose(t.Context(), job{
		profile: p, creds: probe.Credentials{Password: probe.NewSecret([]byte(canary))},
		options: probe.Options{
			Account: profile.Account{Login: "jdoe"}, Connect: map[string]string{path: "127.0.0.1:1"}, Dial: server.dial,
			Roots: ca.Roots(), Timeout: step, Deadline: limit,
		},
	})
	if err != nil {
		t.Error(err)
		return nil
	}
	for _, code := range r.Verdict.Codes {
		codes = append(codes, string(code))
	}
	return codes
}

// pipes is a server whose connections are pipes in memory.
type pipes struct {
	speak func(net.Conn)

	work sync.WaitGroup
	mu   sync.Mutex
	open []net.Conn
}

func (s *pipes) dial(_ context.Context, network, _ string) (net.Conn, error) {
	if network != "tcp" {
		return nil, net.UnknownNetworkError(network)
	}
	here, there := net.Pipe()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = append(s.open, there)
	s.work.Go(func() { s.speak(there) })
	return here, nil
}

func (s *pipes) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.open {
		c.Close()
	}
	s.work.Wait()
}
