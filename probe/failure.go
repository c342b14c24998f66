package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"reflect"
	"syscall"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/wire"
)

// failed turns an error into evidence: by errno first, then by type, never by its
// words, which differ between systems, languages and releases. It is the only code
// that looks inside errors.
func failed(ctx context.Context, err error) *evidence.Failure {
	f := &evidence.Failure{Kind: kindOf(err), Text: short(err.Error())}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		f.Errno = errnoName(errno)
	}
	if alert, ok := alertOf(err); ok {
		f.Kind, f.Alert = evidence.Alert, alert
	}
	// A timeout after the run has ended says nothing about the server.
	if over(ctx) && (f.Kind == evidence.Timeout || f.Kind == evidence.Closed || f.Kind == evidence.Other) {
		f.Kind = evidence.Cancelled
	}
	return f
}

// over tells whether the run has ended. A socket whose limit is the run's may notice a
// moment before the context does.
func over(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && !time.Now().Before(deadline)
}

func kindOf(err error) evidence.Kind {
	var (
		errno  syscall.Errno
		limit  wire.LimitError
		record tls.RecordHeaderError
		said   *replyError
		parse  *syntaxError
	)
	switch {
	case errors.As(err, &said):
		return said.kind
	case errors.As(err, &parse):
		return evidence.Protocol
	case errors.As(err, &limit):
		return evidence.TooMuch
	case errors.As(err, &record):
		return evidence.NotTLS
	case errors.Is(err, context.Canceled):
		return evidence.Cancelled
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return evidence.Timeout
	case errors.As(err, &errno):
		return errnoKind(errno)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return evidence.Closed
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return evidence.Timeout
	}
	return evidence.Other
}

// alertOf finds the number of an alert that the peer sent. crypto/tls does not
// export the type outside QUIC, but its kind is that of the wire: one byte.
func alertOf(err error) (int, bool) {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" || op.Err == nil {
		return 0, false
	}
	v := reflect.ValueOf(op.Err)
	if v.Kind() != reflect.Uint8 {
		return 0, false
	}
	return int(v.Uint()), true
}

// replyError is a refusal by the server as an error on the way to a Failure.
type replyError struct {
	kind  evidence.Kind
	reply evidence.Reply
}

func (e *replyError) Error() string { return e.reply.Status + " " + e.reply.Text }

// syntaxError is an answer that is not what the protocol allows at that place.
type syntaxError struct{ line string }

func (e *syntaxError) Error() string { return "unexpected answer: " + e.line }

// refusal makes the failure for a server's refusal.
func refusal(kind evidence.Kind, r evidence.Reply) error { return &replyError{kind, r} }

// withReply copies the server's answer into the failure, if there was one.
func withReply(f *evidence.Failure, err error) *evidence.Failure {
	var said *replyError
	if errors.As(err, &said) {
		f.Reply = &said.reply
	}
	return f
}

func asReply(err error, said **replyError) bool { return errors.As(err, said) }

func asDNS(err error, dns **net.DNSError) bool { return errors.As(err, dns) }
