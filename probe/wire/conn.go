package wire

import (
	"net"
	"slices"
	"sync"
	"time"
)

// Conn is a connection whose deadline sticks: the libraries set and clear
// deadlines of their own, and none of these outlasts the stage's. It also bounds
// what is read, and remembers the first I/O error, because imapclient formats
// errors until their type is lost.
type Conn struct {
	net.Conn
	budget int

	mu     sync.Mutex
	until  time.Time
	read   int
	head   []byte
	first  error
	closed bool
}

const headBytes = 16 // enough to tell a TLS record from every clear-text greeting

// NewConn guards c and lets at most budget bytes be read from it.
func NewConn(c net.Conn, budget int) *Conn { return &Conn{Conn: c, budget: budget} }

// Until sets the stage's deadline and applies it at once, also to a Read or Write
// that is waiting. The zero time means none. It may be called from any goroutine:
// a past time ends whatever is waiting.
func (c *Conn) Until(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.until = t
	c.Conn.SetDeadline(t) // fails on a closed connection only, and that shows in the next Read
}

// SetDeadline sets both deadlines, no later than the stage's.
func (c *Conn) SetDeadline(t time.Time) error { return c.clamp(t, c.Conn.SetDeadline) }

// SetReadDeadline sets the reading deadline, no later than the stage's.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.clamp(t, c.Conn.SetReadDeadline) }

// SetWriteDeadline sets the writing deadline, no later than the stage's.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.clamp(t, c.Conn.SetWriteDeadline) }

// clamp holds the lock while it sets, so that an older wish never overtakes Until.
func (c *Conn) clamp(t time.Time, set func(time.Time) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.until.IsZero() && (t.IsZero() || t.After(c.until)) {
		t = c.until
	}
	return set(t)
}

// Read reads within the byte budget. Beyond it the error is a LimitError.
func (c *Conn) Read(p []byte) (int, error) {
	c.mu.Lock()
	left := c.budget - c.read
	c.mu.Unlock()
	if left <= 0 {
		return 0, c.keep(LimitError{What: "bytes", Limit: c.budget})
	}
	n, err := c.Conn.Read(p[:min(len(p), left)])

	c.mu.Lock()
	c.read += n
	if room := headBytes - len(c.head); room > 0 {
		c.head = append(c.head, p[:min(n, room)]...)
	}
	c.mu.Unlock()
	return n, c.keep(err)
}

// Write writes within the stage's deadline.
func (c *Conn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	return n, c.keep(err)
}

// Close closes the connection. Errors that follow from it are not remembered.
func (c *Conn) Close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	return c.Conn.Close()
}

// Err is the first I/O error or LimitError, unless it came after our own Close.
// The end of the stream is an error too: io.EOF.
func (c *Conn) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.first
}

// FirstBytes copies up to 16 bytes, the first that were received: they show clear
// text where TLS was due.
func (c *Conn) FirstBytes() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.head)
}

// BytesRead counts the bytes received so far.
func (c *Conn) BytesRead() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read
}

func (c *Conn) keep(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil && c.first == nil && !c.closed {
		c.first = err
	}
	return err
}
