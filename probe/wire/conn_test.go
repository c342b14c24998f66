package wire

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"
)

// fakeConn notes the deadlines that reach the socket and plays what it is given.
type fakeConn struct {
	net.Conn
	in        io.Reader
	readUntil time.Time
	sendUntil time.Time
}

func (f *fakeConn) Read(p []byte) (int, error)         { return f.in.Read(p) }
func (f *fakeConn) Close() error                       { return nil }
func (f *fakeConn) SetReadDeadline(t time.Time) error  { f.readUntil = t; return nil }
func (f *fakeConn) SetWriteDeadline(t time.Time) error { f.sendUntil = t; return nil }
func (f *fakeConn) SetDeadline(t time.Time) error {
	f.readUntil, f.sendUntil = t, t
	return nil
}

func TestConnClampsDeadlines(t *testing.T) {
	stage := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	sooner, later := stage.Add(-time.Second), stage.Add(time.Hour)
	tests := []struct {
		name     string
		set      func(*Conn) error
		read     time.Time
		sendTime time.Time
	}{
		{"nobody sets one", func(*Conn) error { return nil }, stage, stage},
		{"cleared", func(c *Conn) error { return c.SetDeadline(time.Time{}) }, stage, stage},
		{"read cleared", func(c *Conn) error { return c.SetReadDeadline(time.Time{}) }, stage, stage},
		{"write later", func(c *Conn) error { return c.SetWriteDeadline(later) }, stage, stage},
		{"read sooner", func(c *Conn) error { return c.SetReadDeadline(sooner) }, sooner, stage},
		{"write sooner", func(c *Conn) error { return c.SetWriteDeadline(sooner) }, stage, sooner},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			socket := &fakeConn{}
			c := NewConn(socket, 1)
			c.Until(stage)
			if err := tt.set(c); err != nil {
				t.Fatal(err)
			}
			if !socket.readUntil.Equal(tt.read) || !socket.sendUntil.Equal(tt.sendTime) {
				t.Errorf("got read %v, write %v; want %v, %v", socket.readUntil, socket.sendUntil, tt.read, tt.sendTime)
			}
		})
	}
}

func TestConnUntilMayBeMoved(t *testing.T) {
	socket := &fakeConn{}
	c := NewConn(socket, 1)
	first := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	c.Until(first)
	c.Until(first.Add(time.Minute))
	c.SetReadDeadline(time.Time{})
	if want := first.Add(time.Minute); !socket.readUntil.Equal(want) {
		t.Errorf("got %v, want the second limit %v", socket.readUntil, want)
	}
}

func TestConnUntilInThePastEndsAWaitingRead(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	c := NewConn(ours, 100)
	defer c.Close()
	ended := make(chan error, 1)
	go func() {
		c.SetReadDeadline(time.Time{}) // as imapclient does before it waits
		_, err := c.Read(make([]byte, 1))
		ended <- err
	}()
	c.Until(time.Unix(1, 0))
	if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v, want the deadline's error", err)
	}
	if !errors.Is(c.Err(), os.ErrDeadlineExceeded) {
		t.Errorf("Err: got %v, want the deadline's error", c.Err())
	}
}

func TestConnByteBudget(t *testing.T) {
	c := NewConn(&fakeConn{in: endless{}}, 10)
	got, err := io.ReadAll(c)
	var limit LimitError
	if !errors.As(err, &limit) || limit != (LimitError{What: "bytes", Limit: 10}) {
		t.Errorf("got error %v, want the byte limit", err)
	}
	if len(got) != 10 || c.BytesRead() != 10 {
		t.Errorf("got %d bytes and a count of %d, want 10", len(got), c.BytesRead())
	}
	if c.Err() != err {
		t.Errorf("Err: got %v, want %v", c.Err(), err)
	}
}

func TestConnKeepsTheFirstError(t *testing.T) {
	first, second := errors.New("first"), errors.New("second")
	c := NewConn(&fakeConn{in: &failing{errs: []error{first, second}}}, 10)
	c.Read(make([]byte, 1))
	c.Read(make([]byte, 1))
	if c.Err() != first {
		t.Errorf("got %v, want %v", c.Err(), first)
	}
}

func TestConnForgetsWhatFollowsItsOwnClose(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	c := NewConn(ours, 10)
	c.Close()
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("read from a closed connection: got no error")
	}
	if c.Err() != nil {
		t.Errorf("got %v, want none", c.Err())
	}
}

func TestConnFirstBytes(t *testing.T) {
	c := NewConn(&fakeConn{in: &chunks{"* OK ", "Dovecot ready on host"}}, 100)
	if got := c.FirstBytes(); len(got) != 0 {
		t.Errorf("before the first byte: got %q", got)
	}
	io.ReadAll(c)
	if got, want := string(c.FirstBytes()), "* OK Dovecot rea"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// endless gives as many bytes as are asked for.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// failing gives one error after the other.
type failing struct{ errs []error }

func (f *failing) Read([]byte) (int, error) {
	err := f.errs[0]
	f.errs = f.errs[1:]
	return 0, err
}

// chunks gives one text for each Read, then the end.
type chunks []string

func (c *chunks) Read(p []byte) (int, error) {
	if len(*c) == 0 {
		return 0, io.EOF
	}
	n := copy(p, (*c)[0])
	if (*c)[0] = (*c)[0][n:]; (*c)[0] == "" {
		*c = (*c)[1:]
	}
	return n, nil
}
