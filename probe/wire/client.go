package wire

import (
	"io"
	"net"
	"strings"
	"sync"
)

// Client is the connection to give to imapclient.New, after the login. It reads
// through the guard and writes to c. A PREAUTH greeting with the given
// capabilities comes first, so that the library sends nothing by itself: use those
// of the answer to the login, or of CAPABILITY behind it.
//
// What the library sends is recorded, so no secret may go this way. From now on a
// tagged answer passes only once for each command, and a "+" only while the
// library waits for one.
func (g *Guard) Client(c net.Conn, capabilities []string) net.Conn {
	words := Atoms(capabilities)
	if len(words) == 0 {
		words = []string{"IMAP4rev1"}
	}
	greeting := "* PREAUTH [CAPABILITY " + strings.Join(words, " ") + "] x\r\n"
	g.client = &commands{log: g.log, encrypted: g.encrypted, tags: map[string]bool{}}
	return &client{
		Conn: c,
		in:   io.MultiReader(strings.NewReader(greeting), g),
		sent: g.client,
	}
}

// client is a connection whose reading side is the guard.
type client struct {
	net.Conn
	in   io.Reader
	sent *commands
}

func (c *client) Read(p []byte) (int, error) { return c.in.Read(p) }

// Write notes the commands first: the answer may come before Write returns.
func (c *client) Write(p []byte) (int, error) {
	c.sent.write(string(p))
	return c.Conn.Write(p)
}

// commands follows what the library sends: which tags are unanswered, and how many
// continuations it waits for.
type commands struct {
	log       *Log
	encrypted bool

	mu     sync.Mutex
	tags   map[string]bool
	pluses int
	line   string // sent so far without its end
	skip   int    // bytes of a literal still to come
	inLine bool   // the line goes on behind a literal
}

func (s *commands) write(p string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p != "" {
		n := min(s.skip, len(p))
		s.skip -= n
		p = p[n:]
		part, rest, ended := strings.Cut(p, "\n")
		p = rest
		s.line += part
		if ended {
			s.endLine(strings.TrimSuffix(s.line, "\r"))
			s.line = ""
		}
	}
}

func (s *commands) endLine(line string) {
	s.log.Sent(line, s.encrypted)
	if tag, _, ok := strings.Cut(line, " "); ok && !s.inLine {
		s.tags[tag] = true
	}
	size, announces := announced(line)
	s.inLine, s.skip = announces, size
	if announces && !strings.HasSuffix(line, "+}") {
		s.pluses++
	}
}

// waits tells whether a continuation is due, and takes it as come.
func (s *commands) waits() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pluses == 0 {
		return false
	}
	s.pluses--
	return true
}

// answered tells whether the tag's command is unanswered, and takes it as answered.
func (s *commands) answered(tag string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	due := s.tags[tag]
	delete(s.tags, tag)
	return due
}
