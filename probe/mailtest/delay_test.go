package mailtest

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"mailmedic/probe/profile"
)

const roundTrip = 100 * time.Millisecond

// distant gives both ends of a connection over a distance, in a bubble in which time
// only passes while all wait.
func distant(t *testing.T) (client net.Conn, server net.Conn) {
	t.Helper()
	near, server := net.Pipe()
	stop, done := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() {
		close(stop)
		_ = server.Close()
		<-done
	})
	return newFar(near, roundTrip, stop, func() { close(done) }), server
}

func TestHalfARoundTripEachWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := distant(t)
		begin := time.Now()
		if _, err := client.Write([]byte("ping")); err != nil {
			t.Fatalf("Write() = %v", err)
		}
		if took := time.Since(begin); took != 0 {
			t.Errorf("Write() took %v, want none", took)
		}
		buffer := make([]byte, 10)
		n, err := server.Read(buffer)
		if took := time.Since(begin); string(buffer[:n]) != "ping" || err != nil || took != roundTrip/2 {
			t.Errorf("server's Read() = %q, %v after %v; want ping after %v", buffer[:n], err, took, roundTrip/2)
		}
		if _, err := server.Write([]byte("pong")); err != nil {
			t.Fatalf("server's Write() = %v", err)
		}
		n, err = client.Read(buffer)
		if took := time.Since(begin); string(buffer[:n]) != "pong" || err != nil || took != roundTrip {
			t.Errorf("Read() = %q, %v after %v; want pong after %v", buffer[:n], err, took, roundTrip)
		}
	})
}

// What is written arrives whole, in order and before the end, also when the writer
// has closed long before.
func TestNothingIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := distant(t)
		var want []byte
		for i := range 500 {
			part := bytes.Repeat([]byte{byte(i)}, i)
			want = append(want, part...)
			if _, err := client.Write(part); err != nil {
				t.Fatalf("Write() = %v", err)
			}
		}
		if err := client.Close(); err != nil {
			t.Fatalf("Close() = %v", err)
		}
		got, err := io.ReadAll(server)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("arrived %d bytes, %v; want the %d that were written", len(got), err, len(want))
		}
		if err := client.Close(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("second Close() = %v, want %v", err, net.ErrClosed)
		}
	})
}

func TestBytesBeforeTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := distant(t)
		go func() {
			_, _ = server.Write(bytes.Repeat([]byte("x"), 3*maxWaiting))
			_ = server.Close()
		}()
		got, err := io.ReadAll(client)
		if err != nil || len(got) != 3*maxWaiting {
			t.Errorf("ReadAll() = %d bytes, %v; want %d", len(got), err, 3*maxWaiting)
		}
	})
}

func TestDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := distant(t)
		begin := time.Now()
		_ = client.SetReadDeadline(begin.Add(70 * time.Millisecond))
		_, err := client.Read(make([]byte, 1))
		var op *net.OpError
		if !errors.As(err, &op) || op.Op != "read" || !op.Timeout() || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("Read() = %#v, want a net.OpError with %v", err, os.ErrDeadlineExceeded)
		}
		if took := time.Since(begin); took != 70*time.Millisecond {
			t.Errorf("Read() took %v, want 70ms", took)
		}

		// A deadline moved while Read waits holds at once.
		_ = client.SetReadDeadline(time.Time{})
		time.AfterFunc(time.Second, func() { _ = client.SetReadDeadline(time.Now()) })
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("Read() = %v, want %v", err, os.ErrDeadlineExceeded)
		}

		// A late deadline takes nothing away.
		_ = client.SetReadDeadline(time.Now().Add(time.Minute))
		go func() { _, _ = server.Write([]byte("x")) }()
		if n, err := client.Read(make([]byte, 1)); n != 1 || err != nil {
			t.Errorf("Read() = %d, %v; want 1, nil", n, err)
		}

		_ = client.SetWriteDeadline(time.Now())
		if _, err := client.Write([]byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("Write() = %v, want %v", err, os.ErrDeadlineExceeded)
		}
	})
}

func TestCloseWakesRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, _ := distant(t)
		go func() {
			synctest.Wait()
			_ = client.Close()
		}()
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Read() = %v, want %v", err, net.ErrClosed)
		}
		if _, err := client.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Write() = %v, want %v", err, net.ErrClosed)
		}
	})
}

// Over real sockets the distance can only be bounded from below.
func TestDistantProvider(t *testing.T) {
	o := options()
	o.Delay = 5 * time.Millisecond
	p := start(t, o)
	begin := time.Now()
	conn := dial(t, p, "imap-143")
	if took := time.Since(begin); took < o.Delay {
		t.Errorf("Dial() took %v, want at least %v", took, o.Delay)
	}
	if got, want := conn.RemoteAddr().String(), address(t, p, "imap-143"); got != want {
		t.Errorf("RemoteAddr() = %s, want %s", got, want)
	}
	for _, path := range seed().Paths {
		c := open(t, p, path.ID())
		if path.Protocol == profile.IMAP {
			c.want(c.ask("b LOGIN "+aliceName+" "+aliceWord), "b OK")
		}
	}
}

// A provider that is closed under its clients leaves nothing running.
func TestCloseUnderDistantClients(t *testing.T) {
	o := options()
	o.Delay = 10 * time.Millisecond
	p := start(t, o)
	c := open(t, p, "imap-993")
	if err := p.Close(); err != nil {
		t.Errorf("Close() = %v", err)
	}
	if _, err := c.conn.Read(make([]byte, 1)); err == nil {
		t.Error("Read() after Close() = nil, want an error")
	}
}
