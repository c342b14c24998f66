package wire

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/google/go-cmp/cmp"
)

// script is a server that waits until the client has sent its commands, says all
// it has to say, and closes.
type script struct {
	net.Conn
	says io.Reader

	mu    sync.Mutex
	waits int // commands still to come
	ready chan struct{}
	open  func()
}

func newScript(commands int, says string) *script {
	s := &script{says: strings.NewReader(says), waits: commands, ready: make(chan struct{})}
	s.open = sync.OnceFunc(func() { close(s.ready) })
	return s
}

func (s *script) Read(p []byte) (int, error) {
	<-s.ready
	return s.says.Read(p)
}

func (s *script) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waits -= bytes.Count(p, []byte("\n")); s.waits <= 0 {
		s.open()
	}
	return len(p), nil
}

func (s *script) Close() error                     { s.open(); return nil }
func (s *script) SetDeadline(time.Time) error      { return nil }
func (s *script) SetReadDeadline(time.Time) error  { return nil }
func (s *script) SetWriteDeadline(time.Time) error { return nil }

// startClient is go-imap's client behind a guard, logged in.
func startClient(c net.Conn, limits Limits) (*imapclient.Client, *Guard, *Log) {
	log := newLog()
	g := NewGuard(NewTalk(c, log, limits, true), log, limits, true)
	return imapclient.New(g.Client(c, []string{"IMAP4rev1", "LIST-EXTENDED", "LIST-STATUS"}), nil), g, log
}

// within fails the test when do hangs or spins: nothing here takes long.
func within(t *testing.T, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("the client does not come to an end")
	}
}

func TestClientGetsTheRowsBehindABadOne(t *testing.T) {
	for line := range badRows() {
		server := newScript(2, "* LIST (\\Noselect) \".\" before\r\n"+line+"\r\n* LIST () \".\" behind\r\nT1 OK listed\r\nT2 OK idle\r\n")
		within(t, func() {
			cl, g, _ := startClient(server, DefaultLimits())
			list, noop := cl.List("", "*", nil), cl.Noop()
			rows, err := list.Collect()
			var names []string
			for _, r := range rows {
				names = append(names, r.Mailbox)
			}
			if diff := cmp.Diff([]string{"before", "behind"}, names); diff != "" || err != nil {
				t.Errorf("%q: %v, notes %q, -want +got:\n%s", line, err, g.Notes(), diff)
			}
			if err := noop.Wait(); err != nil {
				t.Errorf("%q: noop: %v", line, err)
			}
			if err := cl.Close(); err != nil {
				t.Errorf("%q: close: %v", line, err)
			}
		})
	}
}

func TestClientSurvives(t *testing.T) {
	lines := []string{
		"* CAPABILITY IMAP4rev1 (X)", "* CAPABILITY (", "* ENABLED (X)", "* OK [CAPABILITY (", "* OK [CAPABILITY (] x",
		"* OK [CAPABILITY IMAP4rev1 ((((] x", "* OK [ALERT no bracket", "* NO [ALERT", "* OK [", "* OK []", "* OK [ALERT]x",
		"* OK [UIDVALIDITY] x", "* OK [PERMANENTFLAGS (()] x", "* OK [COPYUID 1 2 3", "* BAD", "* BYE",
		"+", "+ more", "+x", "T9 OK unknown", "T2 OK twice? no", "* OK a\rb", "* OK x {100}", "* PREAUTH [CAPABILITY (] x",
	}
	for _, line := range lines {
		server := newScript(2, line+"\r\nT1 OK one\r\nT1 OK one again\r\nT2 OK two\r\n")
		within(t, func() {
			cl, _, _ := startClient(server, DefaultLimits())
			one, two := cl.Noop(), cl.Noop()
			if err := errors.Join(one.Wait(), two.Wait()); err != nil {
				t.Errorf("%q: %v", line, err)
			}
			if err := cl.Close(); err != nil {
				t.Errorf("%q: close: %v", line, err)
			}
		})
	}
}

func TestClientEndsAtALimit(t *testing.T) {
	tests := []struct{ what, says string }{
		{"depth", "* 1 FETCH (BODYSTRUCTURE " + strings.Repeat("(", 60_000) + "\r\n"},
		{"line", "* 1 FETCH (BODYSTRUCTURE " + strings.Repeat("\"x\" ", 60_000)},
		{"line", strings.Repeat("x", 1<<20)},
		{"literal", "* LIST () \"/\" {1000000000}\r\n"},
		{"literal", "* 1 FETCH (BODY[] {70000}\r\n"},
		{"responses", strings.Repeat("* OK x\r\n", 30_000)},
		{"responses", strings.Repeat("* LIST () \"/\" x\r\n", 30_000)},
		{"bytes", strings.Repeat("* LIST () \"/\" \""+strings.Repeat("x", 9000)+"\"\r\n", 2000)},
	}
	for _, tt := range tests {
		within(t, func() {
			cl, g, _ := startClient(newScript(1, tt.says), DefaultLimits())
			_, err := cl.List("", "*", nil).Collect()
			var limit LimitError
			if err == nil || !errors.As(g.Err(), &limit) || limit.What != tt.what {
				t.Errorf("%.30q: got %v and %v, want the limit of %s", tt.says, err, g.Err(), tt.what)
			}
			cl.Close()
		})
	}
}

func TestClientTakesContinuationsItWaitsFor(t *testing.T) {
	name := strings.Repeat("x", 5000) // too long for a quoted string
	server := newScript(2, "+ ignored\r\n+ go on\r\n* STATUS INBOX (MESSAGES 3)\r\nT1 OK\r\nT2 OK\r\n")
	within(t, func() {
		cl, g, log := startClient(server, DefaultLimits())
		noop := cl.Noop()
		status := cl.Status(name, &imap.StatusOptions{NumMessages: true})
		if _, err := status.Wait(); err != nil {
			t.Errorf("status: %v", err)
		}
		if err := noop.Wait(); err != nil {
			t.Errorf("noop: %v", err)
		}
		if got, want := g.Notes(), []string{"continuation withheld: nothing waits for it"}; !cmp.Equal(got, want) {
			t.Errorf("notes: got %q, want %q", got, want)
		}
		want := []string{"> T1 NOOP", "> T2 STATUS {5000}", ">  (MESSAGES)"}
		var sent []string
		for _, line := range texts(log) {
			if strings.HasPrefix(line, ">") {
				sent = append(sent, line)
			}
		}
		if diff := cmp.Diff(want, sent); diff != "" {
			t.Errorf("sent: -want +got:\n%s", diff)
		}
		cl.Close()
	})
}

// A silent server is left at the stage's deadline, although imapclient clears
// every deadline before it waits.
func TestClientEndsAtTheDeadline(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	socket, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	within(t, func() {
		c := NewConn(socket, 1000)
		cl, g, _ := startClient(c, DefaultLimits())
		if err := cl.WaitGreeting(); err != nil {
			t.Errorf("greeting: %v", err)
		}
		noop := cl.Noop()
		c.Until(time.Unix(1, 0))
		if err := noop.Wait(); err == nil {
			t.Error("noop: got no error")
		}
		for _, err := range []error{g.Err(), c.Err()} {
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("got %v, want the deadline's error", err)
			}
		}
		cl.Close()
	})
}

func TestClientTranscript(t *testing.T) {
	server := newScript(2, "* LIST () \"/\" INBOX\r\nT1 OK listed\r\n* BYE bye\r\nT2 OK out\r\n")
	within(t, func() {
		cl, _, log := startClient(server, DefaultLimits())
		list, logout := cl.List("", "*", nil), cl.Logout()
		list.Collect()
		logout.Wait()
		cl.Close()
		want := []string{`> T1 LIST "" "*"`, "> T2 LOGOUT", `< * LIST () "/" INBOX`, "< T1 OK listed", "< * BYE bye", "< T2 OK out"}
		if diff := cmp.Diff(want, texts(log)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// What the library reads of a row and what Listed does are the same name, so that LSUB
// and LIST can be compared.
func TestListedAgreesWithTheLibrary(t *testing.T) {
	rows := []string{
		`* LIST () "." inbox`, `* LIST (\Sent) "." INBOX.Sent`, `* LIST () NIL "A &- B"`, `* LIST () "/" "Entw&APw-rfe"`,
		"* LIST () \"/\" \"b\u00fcro\"", `* LIST () "/" &2D3cqQ-`, "* LIST () \"/\" {4}\r\na\"(b", `* LIST () "\\" "a\\b \"c\""`,
		`* LIST () "/" new (OLDNAME ("old"))`, `* LIST () "/" foo]bar `,
	}
	server := newScript(1, strings.Join(rows, "\r\n")+"\r\nT1 OK done\r\n")
	within(t, func() {
		cl, _, _ := startClient(server, DefaultLimits())
		listed, err := cl.List("", "*", nil).Collect()
		if err != nil || len(listed) != len(rows) {
			t.Fatalf("got %d rows, %v; want %d", len(listed), err, len(rows))
		}
		for i, row := range rows {
			got, ok := Listed(row)
			if !ok || !got.Decoded || got.Name != listed[i].Mailbox {
				t.Errorf("%q: got %+v, %t; the library reads %q", row, got, ok, listed[i].Mailbox)
			}
		}
		cl.Close()
	})
}

// What belongs to the commands that went ahead is kept from the library, and an answer to
// one of them ends none of the library's.
func TestClientBesideOwnCommands(t *testing.T) {
	server := newScript(1, "* LSUB () \".\" a\r\nm1 OK done\r\n* QUOTAROOT INBOX r\r\n* QUOTA r (STORAGE 1 2)\r\nm2 NO no\r\n* LIST () \".\" a\r\nT1 OK listed\r\n")
	within(t, func() {
		log := newLog()
		g := NewGuard(NewTalk(server, log, DefaultLimits(), true), log, DefaultLimits(), true)
		g.Expect("m1")
		g.Expect("m2")
		cl := imapclient.New(g.Client(server, nil), nil)
		rows, err := cl.List("", "*", nil).Collect()
		if err != nil || len(rows) != 1 || !g.Answered("m1") || g.Answered("m2") || len(g.Notes()) > 0 {
			t.Errorf("got %d rows, %v, answered %t and %t, notes %q; want one row, m1 alone, no notes", len(rows), err, g.Answered("m1"), g.Answered("m2"), g.Notes())
		}
		if diff := cmp.Diff([]string{`* LSUB () "." a`, `* QUOTA r (STORAGE 1 2)`}, g.Aside()); diff != "" {
			t.Errorf("aside: -want +got:\n%s", diff)
		}
		cl.Close()
	})
}
