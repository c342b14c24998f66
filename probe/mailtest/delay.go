package mailtest

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// maxWaiting is how many bytes may be on their way to a reader before the distant
// side has to wait.
const maxWaiting = 1 << 20

// far is a connection over a distance: what is written on one end arrives at the
// other after half a round trip, whole and in order. Write never waits.
type far struct {
	near net.Conn
	half time.Duration
	stop <-chan struct{} // ends the connection from outside
	in   lane            // towards Read
	out  lane            // from Write
}

// lane carries bytes in one direction.
type lane struct {
	mu       sync.Mutex
	parcels  []parcel
	waiting  int // bytes in parcels
	deadline time.Time
	closed   bool
	err      error         // of the carrier, given to later callers
	changed  chan struct{} // closed and replaced at every change
}

type parcel struct {
	due  time.Time
	data []byte
	err  error // what follows the data
}

// newFar puts a distance before a connection. done is called when its two carriers have ended.
func newFar(near net.Conn, roundTrip time.Duration, stop <-chan struct{}, done func()) *far {
	f := &far{near: near, half: roundTrip / 2, stop: stop}
	f.in.changed, f.out.changed = make(chan struct{}), make(chan struct{})
	var carriers sync.WaitGroup
	carriers.Go(f.fetch)
	carriers.Go(f.deliver)
	go func() {
		carriers.Wait()
		done()
	}()
	return f
}

// change tells everyone who waits on the lane to look again; it needs the lock.
func (l *lane) change() {
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *lane) put(p parcel) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.parcels = append(l.parcels, p)
	l.waiting += len(p.data)
	l.change()
}

func (l *lane) setDeadline(t time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deadline = t
	l.change()
}

// close reports whether the lane was open until now.
func (l *lane) close() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.closed = true
	l.change()
	return true
}

// fetch carries what the near connection receives.
func (f *far) fetch() {
	buffer := make([]byte, 32<<10)
	for f.roomy() {
		n, err := f.near.Read(buffer)
		p := parcel{due: time.Now().Add(f.half), data: append([]byte(nil), buffer[:n]...), err: err}
		if n > 0 || err != nil {
			f.in.put(p)
		}
		if err != nil {
			return
		}
	}
}

// roomy waits until the reader has taken enough, and reports false at the end.
func (f *far) roomy() bool {
	for {
		f.in.mu.Lock()
		full, closed, changed := f.in.waiting > maxWaiting, f.in.closed, f.in.changed
		f.in.mu.Unlock()
		if closed || !full {
			return !closed
		}
		select {
		case <-changed:
		case <-f.stop:
			return false
		}
	}
}

// deliver carries what was written, also after Close, and then closes the near
// connection.
func (f *far) deliver() {
	defer f.near.Close()
	for {
		f.out.mu.Lock()
		closed, changed := f.out.closed, f.out.changed
		var first *parcel
		if len(f.out.parcels) > 0 {
			first = &f.out.parcels[0]
			f.out.parcels = f.out.parcels[1:]
		}
		f.out.mu.Unlock()
		switch {
		case first != nil:
			if !pause(time.Until(first.due), f.stop) {
				return
			}
			f.hand(first.data)
		case closed:
			return
		default:
			select {
			case <-changed:
			case <-f.stop:
				return
			}
		}
	}
}

// hand writes to the near connection. An error goes to the next Write and does not
// close the connection, for the other side may have sent something before it left.
func (f *far) hand(data []byte) {
	_, err := f.near.Write(data)
	if err == nil {
		return
	}
	f.out.mu.Lock()
	f.out.err = err
	f.out.mu.Unlock()
}

func (f *far) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	for {
		n, wake, changed, err := f.in.take(b)
		if n > 0 || err == io.EOF {
			return n, err
		}
		if err != nil {
			return 0, f.failed("read", err)
		}
		timer := time.NewTimer(wake)
		select {
		case <-timer.C:
		case <-changed:
		case <-f.stop:
			timer.Stop()
			return 0, f.failed("read", net.ErrClosed)
		}
		timer.Stop()
	}
}

// forever is how long to wait for something that has no time.
const forever = time.Hour

// take gives what has arrived. When nothing has, it tells how long nothing will and
// which change may make that untrue.
func (l *lane) take(b []byte) (n int, wake time.Duration, changed <-chan struct{}, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	switch {
	case l.closed:
		return 0, 0, nil, net.ErrClosed
	case !l.deadline.IsZero() && !now.Before(l.deadline):
		return 0, 0, nil, os.ErrDeadlineExceeded
	}
	wake = forever
	if !l.deadline.IsZero() {
		wake = l.deadline.Sub(now)
	}
	if len(l.parcels) == 0 {
		return 0, wake, l.changed, nil
	}
	first := &l.parcels[0]
	if until := first.due.Sub(now); until > 0 {
		return 0, min(wake, until), l.changed, nil
	}
	n = copy(b, first.data)
	first.data = first.data[n:]
	l.waiting -= n
	if len(first.data) > 0 {
		l.change()
		return n, 0, nil, nil
	}
	if n == 0 {
		return 0, 0, nil, first.err // stays the answer to every later Read
	}
	if first.err == nil {
		l.parcels = l.parcels[1:]
	}
	l.change()
	return n, 0, nil, nil
}

func (f *far) Write(b []byte) (int, error) {
	if err := f.out.refuse(); err != nil {
		return 0, f.failed("write", err)
	}
	f.out.put(parcel{due: time.Now().Add(f.half), data: append([]byte(nil), b...)})
	return len(b), nil
}

func (l *lane) refuse() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return net.ErrClosed
	case !l.deadline.IsZero() && !time.Now().Before(l.deadline):
		return os.ErrDeadlineExceeded
	}
	return l.err
}

// failed gives an error the shape of those of net, whose own it leaves alone.
func (f *far) failed(op string, err error) error {
	if _, ok := err.(*net.OpError); ok {
		return err
	}
	return &net.OpError{Op: op, Net: "tcp", Source: f.LocalAddr(), Addr: f.RemoteAddr(), Err: err}
}

// Close takes both ends away at once for the caller; what was written still arrives.
func (f *far) Close() error {
	f.in.close()
	if !f.out.close() {
		return f.failed("close", net.ErrClosed)
	}
	return nil
}

func (f *far) LocalAddr() net.Addr  { return f.near.LocalAddr() }
func (f *far) RemoteAddr() net.Addr { return f.near.RemoteAddr() }

func (f *far) SetReadDeadline(t time.Time) error {
	f.in.setDeadline(t)
	return nil
}

func (f *far) SetWriteDeadline(t time.Time) error {
	f.out.setDeadline(t)
	return nil
}

func (f *far) SetDeadline(t time.Time) error {
	f.in.setDeadline(t)
	f.out.setDeadline(t)
	return nil
}
