package probe

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
	"mailmedic/probe/wire"
)

// verb is the command word of an IMAP line.
func verb(line string) string {
	words := strings.Fields(line)
	return strings.ToUpper(words[min(1, len(words)-1)])
}

// TestDismissLooksAtEachAddress has one host at three addresses, each with a greeting and
// a certificate of its own. The session goes on at the first; the record has to tell what
// each of the others said and showed, and none of them may be logged in to.
func TestDismissLooksAtEachAddress(t *testing.T) {
	ca, good, _ := certificates(t)
	certs := []tls.Certificate{good}
	for _, o := range []mailtest.Order{{Names: []string{"other.example"}}, {Names: []string{mailHost}, SelfSigned: true}} {
		c, err := ca.Issue(o)
		if err != nil {
			t.Fatal(err)
		}
		certs = append(certs, c)
	}
	for _, encryption := range []profile.Encryption{profile.TLS, profile.STARTTLS} {
		t.Run(string(encryption), func(t *testing.T) {
			ips := []string{"192.0.2.1", "192.0.2.2", "192.0.2.3"}
			peers := map[string]*peer{}
			for i, ip := range ips {
				peers[ip] = listenAs(t, "this is "+ip, encryption, speaks(&tls.Config{Certificates: certs[i : i+1]}))
			}
			plan := onePath(ca.Roots(), encryption, "")
			plan.Options.Connect, plan.Targets[0].Override = nil, ""
			plan.Options.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
				ip, _, _ := net.SplitHostPort(address)
				if ip != ips[0] {
					<-peers[ips[0]].begun // the session has chosen the first
				}
				return (&net.Dialer{}).DialContext(ctx, network, peers[ip].address)
			}
			s := sessionAt(t, plan, ips)
			if s.Address != "192.0.2.1:993" || !s.Secure.Judged.Verified || len(s.Dials) != 3 {
				t.Fatalf("got the session at %s, %+v, with %d dials; want 192.0.2.1:993, verified, with 3", s.Address, s.Secure.Judged, len(s.Dials))
			}
			if d := s.Dials[0]; d.Greeting != nil || d.Secure != nil {
				t.Errorf("the session's own address was looked at twice: %+v", d)
			}
			wants := []evidence.Judgement{
				1: {Time: evidence.Yes, Name: evidence.No, Kin: evidence.No, Chain: evidence.Yes},
				2: {Time: evidence.Yes, Name: evidence.Yes, Chain: evidence.No, ChainWhy: "self-signed"},
			}
			for i := 1; i < 3; i++ {
				checkSpare(t, s.Dials[i], ips[i], wants[i])
				said := peers[ips[i]].said()
				if len(said) == 0 || verb(said[len(said)-1]) != "LOGOUT" {
					t.Errorf("%s received %q, want a goodbye at the end", ips[i], said)
				}
				if slices.ContainsFunc(said, func(line string) bool { return verb(line) == "AUTHENTICATE" || verb(line) == "LOGIN" }) {
					t.Errorf("%s received %q, want no login", ips[i], said)
				}
			}
			if said := peers[ips[0]].said(); !slices.ContainsFunc(said, func(line string) bool { return verb(line) == "AUTHENTICATE" }) {
				t.Errorf("%s received %q, want a login", ips[0], said)
			}
		})
	}
}

func checkSpare(t *testing.T, d evidence.Dial, ip string, want evidence.Judgement) {
	t.Helper()
	if d.Greeting == nil || d.Secure == nil {
		t.Fatalf("%s: got %+v, want what it said and showed", d.Address, d)
	}
	if !strings.HasPrefix(d.Address, ip) || !strings.HasSuffix(d.Greeting.Line, "this is "+ip) || d.Greeting.Service != evidence.ServiceIMAP {
		t.Errorf("%s: got greeting %q, want that of %s", d.Address, d.Greeting.Line, ip)
	}
	if !d.Secure.Step.Done() || d.Secure.Judged != want || len(d.Secure.Chain) == 0 {
		t.Errorf("%s: got %s, %+v; want done, %+v", d.Address, d.Secure.Step.State, d.Secure.Judged, want)
	}
}

// sessionAt probes the plan's path at addresses that need no name server.
func sessionAt(t *testing.T, plan Plan, ips []string) evidence.Session {
	t.Helper()
	r := newRun(plan, Credentials{NewSecret([]byte(canary))}, time.Now())
	known := &future{ready: make(chan struct{}), lookup: evidence.Lookup{Answers: ips}}
	close(known.ready)
	r.lookups = map[Question]*future{{plan.Targets[0].Path.Host, "A"}: known}
	s, _ := r.session(t.Context(), plan.Targets[0])
	r.work.Wait()
	return s
}

// TestDismissIsBounded has a server take nearly the whole limit of a step for each answer.
// Looking at a further address may take one step and a goodbye, not one step for each answer.
func TestDismissIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		plan := onePath(nil, profile.STARTTLS, "127.0.0.1:1")
		plan.Budget.Step = 10 * time.Second
		r := newRun(plan, Credentials{}, time.Now())
		ours, theirs := net.Pipe()
		var serving sync.WaitGroup
		defer serving.Wait()
		serving.Go(func() {
			defer theirs.Close()
			b := make([]byte, 100)
			for {
				<-time.After(9 * time.Second) // of the bubble's clock
				if _, err := fmt.Fprint(theirs, "* OK [CAPABILITY IMAP4rev1] slow\r\n"); err != nil {
					return
				}
				if _, err := theirs.Read(b); err != nil {
					return
				}
			}
		})
		began := time.Now()
		greeting, secure := r.dismiss(t.Context(), plan.Targets[0], ours, wire.NewLog(r.start, time.Now))
		if took, most := time.Since(began), plan.Budget.Step+plan.Budget.Farewell; took > most {
			t.Errorf("took %s, want at most %s", took, most)
		}
		if !greeting.Step.Done() {
			t.Errorf("greeting: got %+v, want what came in time", greeting.Step)
		}
		if secure.Step.Done() {
			t.Errorf("TLS: got %+v, want none: there was no time for it", secure.Step)
		}
	})
}

// TestDismissSilence: an address that says nothing is silent, not cancelled.
func TestDismissSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		plan := onePath(nil, profile.STARTTLS, "127.0.0.1:1")
		r := newRun(plan, Credentials{}, time.Now())
		ours, theirs := net.Pipe()
		var serving sync.WaitGroup
		defer serving.Wait()
		serving.Go(func() { _, _ = io.Copy(io.Discard, theirs) })
		greeting, _ := r.dismiss(t.Context(), plan.Targets[0], ours, wire.NewLog(r.start, time.Now))
		if f := greeting.Step.Failure; f == nil || f.Kind != evidence.Timeout {
			t.Errorf("greeting: got %+v, want %s", f, evidence.Timeout)
		}
	})
}

// broken is a connection that breaks us.
type broken struct{ net.Conn }

func (broken) Read([]byte) (int, error) { panic("a read broke") }

// TestDismissPanics keeps the session and the run alive, and the connections closed.
func TestDismissPanics(t *testing.T) {
	ca, good, _ := certificates(t)
	p := listen(t, profile.TLS, speaks(&tls.Config{Certificates: []tls.Certificate{good}}))
	plan := onePath(ca.Roots(), profile.TLS, "")
	plan.Options.Connect, plan.Targets[0].Override = nil, ""
	plan.Options.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if address == "192.0.2.1:993" {
			return (&net.Dialer{}).DialContext(ctx, network, p.address)
		}
		<-p.begun
		c, err := (&net.Dialer{}).DialContext(ctx, network, p.address)
		return broken{c}, err
	}
	s := sessionAt(t, plan, []string{"192.0.2.1", "192.0.2.2"})
	if s.Broken != "a read broke" {
		t.Errorf("broken: got %q, want the words of the panic", s.Broken)
	}
	if !s.Capability.Step.Done() || len(s.Dials) != 2 {
		t.Errorf("got %+v with %d dials, want the session done, with 2", s.Capability.Step, len(s.Dials))
	}
}
