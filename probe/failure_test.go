package probe

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/wire"
)

// TestFailureShapes asserts what the classifier may rely on: errno before type, through
// any number of wrappings, and never the words.
func TestFailureShapes(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	call := func(errno syscall.Errno) error { return dial(os.NewSyscallError("connect", errno)) }
	for _, c := range []struct {
		err   error
		kind  evidence.Kind
		errno string
	}{
		{call(syscall.ECONNREFUSED), evidence.Refused, "ECONNREFUSED"},
		{call(syscall.ENETUNREACH), evidence.Unreachable, "ENETUNREACH"},
		{call(syscall.EHOSTUNREACH), evidence.Unreachable, "EHOSTUNREACH"},
		{call(syscall.EPERM), evidence.Denied, "EPERM"},
		{call(syscall.ECONNRESET), evidence.Reset, "ECONNRESET"},
		{call(syscall.ETIMEDOUT), evidence.Timeout, "ETIMEDOUT"},
		{fmt.Errorf("wrapped: %w", call(syscall.ECONNREFUSED)), evidence.Refused, "ECONNREFUSED"},
		{dial(os.ErrDeadlineExceeded), evidence.Timeout, ""},
		{context.DeadlineExceeded, evidence.Timeout, ""},
		{io.EOF, evidence.Closed, ""},
		{io.ErrUnexpectedEOF, evidence.Closed, ""},
		{wire.LimitError{What: "line", Limit: 1}, evidence.TooMuch, ""},
		{&syntaxError{"what"}, evidence.Protocol, ""},
		{fmt.Errorf("connection refused"), evidence.Other, ""}, // words alone say nothing
	} {
		got := failed(t.Context(), c.err)
		if got.Kind != c.kind || got.Errno != c.errno || got.Text == "" {
			t.Errorf("%v: got %s %q, want %s %q", c.err, got.Kind, got.Errno, c.kind, c.errno)
		}
	}
}

// TestFailureAfterTheEnd keeps a timeout that the end of the run caused from being
// read as the server's.
func TestFailureAfterTheEnd(t *testing.T) {
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if got := failed(over, os.ErrDeadlineExceeded).Kind; got != evidence.Cancelled {
		t.Errorf("timeout after the end: got %s, want %s", got, evidence.Cancelled)
	}
	if got := failed(over, syscall.ECONNREFUSED).Kind; got != evidence.Refused {
		t.Errorf("refusal: got %s, want %s", got, evidence.Refused)
	}
}

// TestRefusedDial holds the classifier against the kernel itself. A port that was just
// given back may be taken by another process, so a few are tried.
func TestRefusedDial(t *testing.T) {
	for range 5 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := l.Addr().String()
		l.Close()
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			continue
		}
		if got := failed(t.Context(), err); got.Kind != evidence.Refused {
			t.Errorf("got %s %s, want %s", got.Kind, got.Errno, evidence.Refused)
		}
		return
	}
	t.Error("five ports that were given back were taken at once")
}

// TestEndedAtTheDeadline: a socket may notice the end of the run before its context does.
// What it made of a step and what the run says of itself must agree: a step that was
// cancelled in a run that came to its end would have no cause.
func TestEndedAtTheDeadline(t *testing.T) {
	late := unnoticed{t.Context(), time.Now().Add(-time.Millisecond)}
	if got := failed(late, os.ErrDeadlineExceeded).Kind; got != evidence.Cancelled {
		t.Errorf("the step: got %s, want %s", got, evidence.Cancelled)
	}
	if got := ended(t.Context(), late); got != evidence.Deadline {
		t.Errorf("the run: got %q, want %q", got, evidence.Deadline)
	}
	early := unnoticed{t.Context(), time.Now().Add(time.Hour)}
	if got := ended(t.Context(), early); got != evidence.Finished {
		t.Errorf("before the deadline: got %q, want finished", got)
	}
}

// unnoticed is a context whose deadline has not ended it yet.
type unnoticed struct {
	context.Context
	deadline time.Time
}

func (u unnoticed) Deadline() (time.Time, bool) { return u.deadline, true }
