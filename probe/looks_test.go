package probe

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// mailHost is the name for which the peers of these tests have certificates.
const mailHost = "mail.example.org"

// peer is an IMAP server on loopback that does with TLS what a test wants.
type peer struct {
	address  string
	greeting string
	tls      bool                             // from the first byte
	secure   func(net.Conn) (net.Conn, error) // what becomes of a TLS hello
	begun    chan struct{}                    // closed when the first connection has sent a byte
	begin    func()                           // closes it, once
	mu       sync.Mutex
	commands []string
}

// listen brings a peer up for the length of a test.
func listen(t *testing.T, encryption profile.Encryption, secure func(net.Conn) (net.Conn, error)) *peer {
	t.Helper()
	return listenAs(t, "a peer", encryption, secure)
}

func listenAs(t *testing.T, greeting string, encryption profile.Encryption, secure func(net.Conn) (net.Conn, error)) *peer {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{address: l.Addr().String(), greeting: greeting, tls: encryption == profile.TLS, secure: secure, begun: make(chan struct{})}
	p.begin = sync.OnceFunc(func() { close(p.begun) })
	ctx, stop := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer context.AfterFunc(ctx, func() { c.Close() })()
				defer c.Close()
				p.serve(c)
			})
		}
	})
	t.Cleanup(func() {
		stop()
		l.Close()
		serving.Wait()
	})
	return p
}

func (p *peer) serve(c net.Conn) {
	raw := c
	if p.tls {
		first := bufio.NewReader(c)
		if _, err := first.Peek(1); err != nil {
			return
		}
		p.begin()
		var err error
		if c, err = p.secure(looked{raw, first}); err != nil {
			return
		}
	}
	fmt.Fprintf(c, "* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN SASL-IR] %s\r\n", p.greeting)
	lines := bufio.NewReader(c)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		p.begin()
		p.mu.Lock()
		p.commands = append(p.commands, strings.TrimSpace(line))
		p.mu.Unlock()
		tag, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch verb, _, _ := strings.Cut(rest, " "); verb {
		case "CAPABILITY":
			fmt.Fprintf(c, "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n%s OK done\r\n", tag)
		case "STARTTLS":
			fmt.Fprintf(c, "%s OK go ahead\r\n", tag)
			if c, err = p.secure(looked{raw, lines}); err != nil {
				return
			}
			lines = bufio.NewReader(c)
		case "LOGOUT":
			fmt.Fprintf(c, "* BYE\r\n%s OK bye\r\n", tag)
			return
		default:
			fmt.Fprintf(c, "%s NO not here\r\n", tag)
		}
	}
}

// said lists the commands that arrived.
func (p *peer) said() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.commands)
}

// looked is a connection of which some bytes were read ahead.
type looked struct {
	net.Conn
	read *bufio.Reader
}

func (l looked) Read(b []byte) (int, error) { return l.read.Read(b) }

// speaks shakes hands as crypto/tls does.
func speaks(c *tls.Config) func(net.Conn) (net.Conn, error) {
	return func(conn net.Conn) (net.Conn, error) {
		secured := tls.Server(conn, c)
		return secured, secured.Handshake()
	}
}

// above lets small hellos through and does something to the larger ones.
func above(limit int, fate func(net.Conn), next func(net.Conn) (net.Conn, error)) func(net.Conn) (net.Conn, error) {
	return func(conn net.Conn) (net.Conn, error) {
		l := conn.(looked)
		l.read = bufio.NewReaderSize(l.read, 1<<16)
		header, err := l.read.Peek(5)
		if err != nil {
			return nil, err
		}
		size := 5 + int(binary.BigEndian.Uint16(header[3:])) // RFC 8446 section 5.1
		if _, err := l.read.Peek(size); err != nil {
			return nil, err
		}
		if size > limit {
			fate(l.Conn)
			return nil, io.EOF
		}
		return next(l)
	}
}

func resets(c net.Conn) {
	c.(*net.TCPConn).SetLinger(0)
	c.Close()
}

func closes(c net.Conn) { c.(*net.TCPConn).CloseWrite(); _, _ = io.Copy(io.Discard, c) }

func stalls(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

func answers(text string) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = io.WriteString(c, text)
		closes(c)
	}
}

// certificates makes an authority and one certificate of each kind of key.
func certificates(t *testing.T) (ca *mailtest.CA, ecdsa, rsa tls.Certificate) {
	t.Helper()
	ca, err := mailtest.NewCA("Test CA")
	if err != nil {
		t.Fatal(err)
	}
	order := func(o mailtest.Order) tls.Certificate {
		c, err := ca.Issue(o)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	return ca, order(mailtest.Order{Names: []string{mailHost}}), order(mailtest.Order{Names: []string{mailHost}, KeyBits: 2048})
}

// onePath plans one IMAP path that is dialled at the address.
func onePath(roots *x509.CertPool, encryption profile.Encryption, address string) Plan {
	path := profile.Path{Protocol: profile.IMAP, Port: 993, Host: mailHost, Encryption: encryption, Role: profile.Recommended}
	return NewPlan(profile.Profile{Name: "one", Paths: []profile.Path{path}}, Options{
		Account: profile.Account{Login: "alice"}, Connect: map[string]string{path.ID(): address},
		Roots: roots, Timeout: 2 * time.Second, ProfileBecause: evidence.ByUser,
	})
}

// outcome is a step in a word or two.
func outcome(step evidence.Step, version string) string {
	switch f := step.Failure; {
	case step.Done():
		return version
	case f == nil:
		return string(step.State)
	case f.Kind == evidence.Alert:
		return fmt.Sprintf("alert %d", f.Alert)
	}
	return string(step.Failure.Kind)
}

// TestLooksTellApart shakes hands with servers that fail the usual hello, each for a
// reason of its own, and asks which other hellos pass.
func TestLooksTellApart(t *testing.T) {
	ca, ecdsa, rsa := certificates(t)
	modern := speaks(&tls.Config{Certificates: []tls.Certificate{ecdsa}, MinVersion: tls.VersionTLS10})
	clamped := func(want string) string {
		if smallSegments() == nil {
			return "skipped"
		}
		return want
	}
	for _, c := range []struct {
		name     string
		secure   func(net.Conn) (net.Conn, error)
		first    string
		answered evidence.Seen
		looks    map[evidence.Hello]string
	}{
		{"TLS 1.1 only", speaks(&tls.Config{Certificates: []tls.Certificate{ecdsa}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}),
			"alert 70", evidence.Yes, map[evidence.Hello]string{"old": "TLS 1.1", "rsa": "alert 70"}},
		{"RSA key exchange only", speaks(&tls.Config{Certificates: []tls.Certificate{rsa}, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256}}),
			"alert 40", evidence.Yes, map[evidence.Hello]string{"old": "alert 70", "rsa": "TLS 1.2"}},
		{"an alert without a reason", above(0, answers("\x15\x03\x03\x00\x02\x02\x50"), nil),
			"alert 80", evidence.Yes, map[evidence.Hello]string{"old": "alert 80", "rsa": "alert 80"}},
		{"large hellos are reset", above(1000, resets, modern),
			"reset", evidence.No, map[evidence.Hello]string{"small": "TLS 1.3", "clamped": clamped("TLS 1.3"), "old": "TLS 1.1"}},
		{"large hellos vanish", above(1000, stalls, modern),
			"timeout", evidence.No, map[evidence.Hello]string{"small": "TLS 1.3", "clamped": clamped("TLS 1.3"), "old": "TLS 1.1"}},
		{"every hello is reset", above(0, resets, nil),
			"reset", evidence.No, map[evidence.Hello]string{"small": "reset", "clamped": clamped("reset"), "old": "reset"}},
		{"every hello ends the connection", above(0, closes, nil),
			"closed", evidence.No, map[evidence.Hello]string{"small": "closed", "clamped": clamped("closed"), "old": "closed"}},
		{"clear text in place of TLS", above(0, answers("* OK what is this\r\n"), nil),
			"not-tls", evidence.Yes, map[evidence.Hello]string{}},
	} {
		for _, encryption := range []profile.Encryption{profile.TLS, profile.STARTTLS} {
			t.Run(c.name+", "+string(encryption), func(t *testing.T) {
				t.Parallel()
				p := listen(t, encryption, c.secure)
				e := gather(t, onePath(ca.Roots(), encryption, p.address))
				s := &e.Sessions[0]
				if got := outcome(s.Secure.Step, s.Secure.Version); got != c.first || s.Secure.Answered != c.answered {
					t.Errorf("the usual hello: got %s, answered %q; want %s, %q", got, s.Secure.Answered, c.first, c.answered)
				}
				got := map[evidence.Hello]string{}
				for _, l := range s.Looks {
					got[l.Hello] = outcome(l.Step, l.Version)
					checkLook(t, l, p.address, encryption)
				}
				if !maps.Equal(got, c.looks) {
					t.Errorf("looks: got %v, want %v", got, c.looks)
				}
				for _, line := range p.said() {
					if strings.Contains(line, "LOGIN") || strings.Contains(line, "AUTHENTICATE") {
						t.Errorf("received %q, want no login", line)
					}
					if !slices.ContainsFunc(s.Wire, func(l evidence.Line) bool { return l.Sent && strings.TrimSpace(l.Text) == strings.TrimSpace(line) }) {
						t.Errorf("received %q, which the transcript does not list", line)
					}
				}
				if want := 1 + len(c.looks); e.Run.Connections > want {
					t.Errorf("connections: got %d, want at most %d", e.Run.Connections, want)
				}
			})
		}
	}
}

func checkLook(t *testing.T, l evidence.Look, address string, encryption profile.Encryption) {
	t.Helper()
	if l.Address != address || l.Name != mailHost {
		t.Errorf("%s: got %s as %s, want %s as %s", l.Hello, l.Address, l.Name, address, mailHost)
	}
	if l.Step.State == evidence.Skipped {
		if l.Step.Reason == "" {
			t.Errorf("%s: skipped without a reason", l.Hello)
		}
		return
	}
	if passed := l.Clear == evidence.Yes; passed != (encryption == profile.STARTTLS) {
		t.Errorf("%s: clear text passed: got %q over %s", l.Hello, l.Clear, encryption)
	}
	if l.Step.Done() && (!l.Judged.Verified || l.Answered != evidence.Yes || l.Cipher == "") {
		t.Errorf("%s: got %+v, want an answer, a cipher, and a certificate that verifies", l.Hello, l)
	}
}

// TestLooksEndPolitely asks that a look whose handshake succeeds says goodbye, and nothing
// before it but what leads there.
func TestLooksEndPolitely(t *testing.T) {
	ca, ecdsa, _ := certificates(t)
	p := listen(t, profile.STARTTLS, speaks(&tls.Config{Certificates: []tls.Certificate{ecdsa}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}))
	gather(t, onePath(ca.Roots(), profile.STARTTLS, p.address))
	var goodbyes int
	for _, line := range p.said() {
		_, verb, _ := strings.Cut(line, " ")
		if !slices.Contains([]string{"CAPABILITY", "STARTTLS", "LOGOUT"}, verb) {
			t.Errorf("received %q, want only what leads to TLS", line)
		}
		if verb == "LOGOUT" {
			goodbyes++
		}
	}
	if goodbyes != 1 {
		t.Errorf("goodbyes: got %d, want 1: %q", goodbyes, p.said())
	}
}

// TestLooksAfterSTARTTLS: a command that gets no answer is not a handshake that failed.
func TestLooksAfterSTARTTLS(t *testing.T) {
	s := failing(143, profile.Recommended, evidence.Timeout, 0)
	s.Path.Encryption = profile.STARTTLS
	if got := looksFor(&evidence.Evidence{Sessions: []evidence.Session{s}}, Options{}); len(got) != 0 {
		t.Errorf("no answer to STARTTLS: got %v, want no look", got)
	}
	s.Secure.Answer = &evidence.Reply{Status: "OK"}
	if got := looksFor(&evidence.Evidence{Sessions: []evidence.Session{s}}, Options{}); len(got) != 3 {
		t.Errorf("no answer to the hello: got %v, want three looks", got)
	}
}

// TestLooksAreFew: three failures are sampled however many there are, those that matter
// first.
func TestLooksAreFew(t *testing.T) {
	var e evidence.Evidence
	for i, role := range []profile.Role{profile.Trial, profile.Optional, profile.Alternate, profile.Recommended, profile.Alternate} {
		e.Sessions = append(e.Sessions, failing(1000+i, role, evidence.Alert, 40+i))
	}
	var got []int
	for _, l := range looksFor(&e, Options{}) {
		if !slices.Contains(got, l.session) {
			got = append(got, l.session)
		}
	}
	if want := []int{3, 2, 4}; !slices.Equal(got, want) {
		t.Errorf("sampled sessions: got %v, want %v", got, want)
	}
}

// misnamed is a session whose certificate is wrong in nothing but the name.
func misnamed(port int, role profile.Role, names ...string) evidence.Session {
	s := working(port, role)
	s.Address = fmt.Sprintf("192.0.2.10:%d", port)
	s.Dials = []evidence.Dial{{Address: s.Address}}
	s.Secure.Chain = []evidence.Certificate{{Names: names}}
	s.Secure.Judged = evidence.Judgement{Time: evidence.Yes, Chain: evidence.Yes, Name: evidence.No}
	return s
}

// TestLooksByName lists which names are tried where: the likeliest of each path first, few
// in all, only the provider's, and only where nothing but the name is wrong.
func TestLooksByName(t *testing.T) {
	foreign := misnamed(993, profile.Recommended, "a.example")
	foreign.Secure.Judged.Chain = evidence.No
	expired := misnamed(993, profile.Recommended, "a.example")
	expired.Secure.Judged.Time = evidence.No
	provider := profile.Profile{Domains: []string{"a.example", "b.example", "d.example"}, Paths: []profile.Path{{Host: "imap.example"}}}
	next := profile.Profile{Paths: []profile.Path{{Host: "new.test"}}}
	for _, c := range []struct {
		name     string
		sessions []evidence.Session
		options  Options
		want     []string
	}{
		{"right name", []evidence.Session{working(993, profile.Recommended)}, Options{}, nil},
		{"one name", []evidence.Session{misnamed(993, profile.Recommended, "a.example")}, Options{}, []string{"a.example 993"}},
		{"many names", []evidence.Session{misnamed(993, profile.Recommended, "a.example", "b.example", "c.imap.example", "d.example")}, Options{},
			[]string{"c.imap.example 993", "a.example 993", "b.example 993"}},
		{"two paths", []evidence.Session{misnamed(143, profile.Alternate, "a.example", "b.example"), misnamed(993, profile.Recommended, "a.example", "b.example")}, Options{},
			[]string{"a.example 993", "a.example 143", "b.example 993"}},
		{"no name that can be asked for", []evidence.Session{misnamed(993, profile.Recommended, "*.a.example", "192.0.2.7", "localhost")}, Options{}, nil},
		{"nobody vouches for it", []evidence.Session{foreign}, Options{}, nil},
		{"out of its time", []evidence.Session{expired}, Options{}, nil},
		{"a stranger's names", []evidence.Session{misnamed(993, profile.Recommended, "mail.evil.example", "a.example.evil.example")}, Options{}, nil},
		{"a stranger's beside the provider's", []evidence.Session{misnamed(993, profile.Recommended, "mail.evil.example", "x.a.example")}, Options{}, []string{"x.a.example 993"}},
		{"of the newer instructions", []evidence.Session{misnamed(993, profile.Recommended, "new.test")}, Options{Successor: &next}, []string{"new.test 993"}},
		{"of no instructions", []evidence.Session{misnamed(993, profile.Recommended, "new.test")}, Options{}, nil},
		{"dialled by hand", []evidence.Session{misnamed(993, profile.Recommended, "a.example")}, Options{Connect: map[string]string{"imap-143": "127.0.0.1:1"}}, nil},
	} {
		e := &evidence.Evidence{Profile: provider, Sessions: c.sessions}
		var got []string
		for _, l := range looksFor(e, c.options) {
			if l.hello != evidence.HelloName || !slices.Equal(l.known, dialledIPs(e)) {
				t.Errorf("%s: got %+v, want a look by name at addresses that were dialled", c.name, l)
			}
			got = append(got, l.name+" "+port(l.address))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestLooksContactNobodyElse has a certificate name one host at the provider's address, one
// at another's, and one of a stranger whose name leads to that same address, as it does
// where a false answer of the name server brought the run there. The second may be looked
// up, never dialled; of the third nobody is asked.
func TestLooksContactNobodyElse(t *testing.T) {
	const theirs = "203.0.113.9"
	_, plan := start(t, func(m *mailtest.Options, o *Options) {
		o.Only = []string{"imap-993"}
		m.Faults = map[string]mailtest.Fault{"imap-993": {CertNames: []string{"mail.evil.example", "mailbox.runbox.com", "elsewhere.runbox.com"}}}
		m.Names = map[string]mailtest.NameFault{
			"mailbox.runbox.com": {A: []string{"192.0.2.10"}}, "elsewhere.runbox.com": {A: []string{theirs}}, "mail.evil.example": {A: []string{"192.0.2.10"}},
		}
	})
	var mu sync.Mutex
	var dialled []string
	dial := plan.Options.Dial
	plan.Options.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		mu.Lock()
		dialled = append(dialled, address)
		mu.Unlock()
		return dial(ctx, network, address)
	}
	e := gather(t, plan)
	s := e.Session("imap-993")
	if len(s.Looks) != 2 || s.Secure.Judged.Kin != evidence.Yes {
		t.Fatalf("looks: got %+v, kin %q; want two, yes", s.Looks, s.Secure.Judged.Kin)
	}
	if l := s.Looks[0]; l.Name != "mailbox.runbox.com" || l.Address != "192.0.2.10:993" || !l.Judged.Verified {
		t.Errorf("the provider's: got %+v, want it to verify at 192.0.2.10:993", l)
	}
	if l := s.Looks[1]; l.Name != "elsewhere.runbox.com" || l.Step.State != evidence.Skipped || l.Address != "" {
		t.Errorf("the provider's, elsewhere: got %+v, want it skipped", l)
	}
	if slices.ContainsFunc(dialled, func(a string) bool { return strings.HasPrefix(a, theirs) }) {
		t.Errorf("dialled %v, want nothing at %s", dialled, theirs)
	}
	if got, want := lookedUp(e), []string{"mailbox.runbox.com A", "mailbox.runbox.com AAAA", "elsewhere.runbox.com A", "elsewhere.runbox.com AAAA"}; !slices.Equal(got, want) {
		t.Errorf("look-ups: got %q, want %q", got, want)
	}
}

// lookedUp lists the questions that a certificate gave rise to.
func lookedUp(e *evidence.Evidence) (asked []string) {
	for _, l := range e.Lookups {
		if l.Why == evidence.ForCertificate {
			asked = append(asked, l.Name+" "+l.Type)
		}
	}
	return asked
}

// TestLooksLeaveStrangersAlone has a false answer of the name server lead to a server with
// a genuine certificate for a name of its own, which leads there as well. Under that name
// it would verify, so the run must not come to try it.
func TestLooksLeaveStrangersAlone(t *testing.T) {
	for _, c := range []struct {
		name    string
		certs   []string
		connect map[string]string
		kin     evidence.Seen
	}{
		{"a stranger", []string{"mail.evil.example", "x\x1b[31m.evil.example"}, nil, evidence.No},
		{"dialled by hand", []string{"mailbox.runbox.com"}, map[string]string{"imap-993": "192.0.2.10:993"}, evidence.Yes},
	} {
		_, plan := start(t, func(m *mailtest.Options, o *Options) {
			o.Only, o.Connect = []string{"imap-993"}, c.connect
			m.Faults = map[string]mailtest.Fault{"imap-993": {CertNames: c.certs}}
			m.Names = map[string]mailtest.NameFault{"mail.evil.example": {A: []string{"192.0.2.10"}}, "mailbox.runbox.com": {A: []string{"192.0.2.10"}}}
		})
		e := gather(t, plan)
		s := e.Session("imap-993")
		if s.Secure.Judged.Name != evidence.No || s.Secure.Judged.Kin != c.kin {
			t.Errorf("%s: got %+v, want the name to be wrong and kin %q", c.name, s.Secure.Judged, c.kin)
		}
		if len(s.Looks) != 0 || len(lookedUp(e)) != 0 {
			t.Errorf("%s: got looks %+v and look-ups %q, want none", c.name, s.Looks, lookedUp(e))
		}
	}
}

// TestLookPanics keeps what the paths found when a look breaks.
func TestLookPanics(t *testing.T) {
	ca, _, _ := certificates(t)
	p := listen(t, profile.TLS, above(0, resets, nil))
	plan := onePath(ca.Roots(), profile.TLS, p.address)
	var once sync.Once
	plan.Options.Dial = func(ctx context.Context, network, address string) (conn net.Conn, err error) {
		first := false
		if network == "tcp" {
			once.Do(func() { first = true })
			if !first {
				panic("a look broke")
			}
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	e := gather(t, plan)
	if e.Run.Broken != "a look broke" {
		t.Errorf("broken: got %q, want the words of the panic", e.Run.Broken)
	}
	if got := outcome(e.Sessions[0].Secure.Step, ""); got != "reset" {
		t.Errorf("the path: got %s, want reset", got)
	}
}
