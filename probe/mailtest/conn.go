package mailtest

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"sync"

	"mailmedic/probe/profile"
)

// only is a listener for one connection: it lets a library's server serve it, and
// ends when the connection does.
type only struct {
	conn   net.Conn
	next   chan net.Conn
	closed chan struct{}
}

func newOnly(conn net.Conn) *only {
	o := &only{next: make(chan net.Conn, 1), closed: make(chan struct{})}
	o.conn = &closing{Conn: conn, closed: o.closed}
	o.next <- o.conn
	return o
}

func (o *only) Accept() (net.Conn, error) {
	select {
	case c := <-o.next:
		return c, nil
	case <-o.closed:
		return nil, net.ErrClosed
	}
}

func (o *only) Close() error { return o.conn.Close() }

func (o *only) Addr() net.Addr { return o.conn.LocalAddr() }

// closing tells when it is closed.
type closing struct {
	net.Conn
	once   sync.Once
	closed chan struct{}
}

func (c *closing) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() { close(c.closed) })
	return err
}

// tap sits right above the socket. It keeps what comes, and closes the connection
// when enough has been sent.
type tap struct {
	net.Conn
	server *server
	room   int // bytes that may still be sent; negative: any number
}

var errCut = errors.New("connection closed by its fault")

func (t *tap) Read(b []byte) (int, error) {
	n, err := t.Conn.Read(b)
	t.server.record.receive(t.server.path.ID(), b[:n])
	return n, err
}

func (t *tap) Write(b []byte) (int, error) {
	if t.room < 0 {
		return t.Conn.Write(b)
	}
	n, err := t.Conn.Write(b[:min(t.room, len(b))])
	t.room -= n
	if err == nil && t.room == 0 {
		_ = t.Conn.Close()
		err = errCut
	}
	return n, err
}

// transcript sits where the protocol is clear text, above any TLS, and notes the
// client's lines. It notes nothing of a login but its command, until the server has
// given its final answer.
type transcript struct {
	net.Conn
	server *server

	mu    sync.Mutex
	line  []byte // so far
	login string // the start of the line that ends a login; empty outside of one
}

func (t *transcript) Read(b []byte) (int, error) {
	n, err := t.Conn.Read(b)
	t.server.record.hear(t.server.path.ID(), b[:n])
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range b[:n] {
		if c == '\n' {
			t.note(strings.TrimRight(string(t.line), "\r"))
			t.line = t.line[:0]
			continue
		}
		if len(t.line) < maxCommand {
			t.line = append(t.line, c)
		}
	}
	return n, err
}

func (t *transcript) note(line string) {
	if t.login != "" {
		return
	}
	words := strings.Fields(line)
	switch isIMAP := t.server.path.Protocol == profile.IMAP; {
	case isIMAP && len(words) > 1 && strings.EqualFold(words[1], "LOGIN"):
		t.login, line = words[0]+" ", strings.Join(words[:2], " ")
	case isIMAP && len(words) > 1 && strings.EqualFold(words[1], "AUTHENTICATE"):
		t.login, line = words[0]+" ", strings.Join(words[:min(3, len(words))], " ")
	case !isIMAP && len(words) > 0 && strings.EqualFold(words[0], "AUTH"):
		t.login, line = "final", strings.Join(words[:min(2, len(words))], " ")
	}
	t.server.record.command(t.server.path.ID(), line)
}

func (t *transcript) Write(b []byte) (int, error) {
	t.mu.Lock()
	if t.login != "" && t.final(b) {
		t.login = ""
	}
	t.mu.Unlock()
	return t.Conn.Write(b)
}

// final tells whether the answer ends the login. Both libraries send whole lines.
func (t *transcript) final(answer []byte) bool {
	if t.server.path.Protocol == profile.SMTP {
		return !bytes.HasPrefix(answer, []byte("334"))
	}
	return bytes.HasPrefix(answer, []byte(t.login)) || bytes.Contains(answer, []byte("\n"+t.login))
}

// greeted holds back the first line that a library sends: its greeting, which the
// client has already had, or must not get after STARTTLS.
type greeted struct {
	net.Conn
	done bool
}

func (g *greeted) Write(b []byte) (int, error) {
	if g.done {
		return g.Conn.Write(b)
	}
	end := bytes.IndexByte(b, '\n') + 1
	if end == 0 {
		return len(b), nil
	}
	g.done = true
	if end == len(b) {
		return end, nil
	}
	n, err := g.Conn.Write(b[end:])
	return end + n, err
}

// maxLine is the longest line that is read by hand.
const maxLine = 4096

// readLine reads up to a line's end and not one byte more, because what follows may
// belong to TLS.
func readLine(r io.Reader) (string, error) {
	var line []byte
	var b [1]byte
	for len(line) < maxLine {
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return "", err
		}
		if b[0] == '\n' {
			return strings.TrimRight(string(line), "\r"), nil
		}
		line = append(line, b[0])
	}
	return "", errors.New("line too long")
}
