package wire

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
)

// Talk is our own opening dialogue, in either protocol: lines in, lines out, recorded.
// It is for one goroutine. A LimitError ends it: every later read returns it again.
type Talk struct {
	conn      net.Conn
	in        input
	log       *Log
	encrypted bool
}

// NewTalk begins a dialogue on c. Encrypted marks the recorded lines.
func NewTalk(c net.Conn, log *Log, limits Limits, encrypted bool) *Talk {
	return &Talk{conn: c, in: input{r: bufio.NewReader(c), limits: limits}, log: log, encrypted: encrypted}
}

// ReadLine reads a line without its end, which is CRLF or a bare LF. With an
// error it returns what had come of the line; that part is lost to the next call.
// A stream that ends inside a line gives io.ErrUnexpectedEOF, between lines io.EOF.
func (t *Talk) ReadLine() (string, error) {
	line, err := t.in.line()
	if err == nil || line != "" {
		t.log.Received(line, t.encrypted)
	}
	return line, err
}

// ReadSecret is ReadLine for a line that may echo a secret, as SASL challenges do.
// The transcript shows the given text instead.
func (t *Talk) ReadSecret(shown string) (string, error) {
	line, err := t.in.line()
	if err == nil || line != "" {
		t.log.Received(shown, t.encrypted)
	}
	return line, err
}

// WriteLine sends a line with CRLF in one Write.
func (t *Talk) WriteLine(text string) error { return t.WriteLines(text) }

// WriteLines sends several lines in one Write, as pipelining does.
func (t *Talk) WriteLines(texts ...string) error { return t.write(texts, texts) }

// WriteSecret sends text, and the transcript shows the other.
func (t *Talk) WriteSecret(text, shown string) error {
	return t.write([]string{text}, []string{shown})
}

// write records first: a transcript may list a command that got lost on the way,
// but never miss one that the server saw.
func (t *Talk) write(texts, shown []string) error {
	var out bytes.Buffer
	for _, text := range texts {
		if strings.ContainsAny(text, "\r\n\x00") {
			return errors.New("send a command: it holds a line break")
		}
		out.WriteString(text + "\r\n")
	}
	for _, text := range shown {
		t.log.Sent(text, t.encrypted)
	}
	_, err := t.conn.Write(out.Bytes())
	return err
}

// Buffered counts the bytes that were received behind the last line. Behind the
// answer to STARTTLS there must be none: RFC 3207 section 6, RFC 9051 section 6.2.1.
func (t *Talk) Buffered() int { return t.in.r.Buffered() }

// Take removes the bytes that were received behind the last line, and records them.
func (t *Talk) Take() []byte {
	taken := make([]byte, t.in.r.Buffered())
	io.ReadFull(t.in.r, taken) // buffered bytes cannot fail
	for line := range bytes.Lines(taken) {
		t.log.Received(string(bytes.TrimRight(line, "\r\n")), t.encrypted)
	}
	return taken
}

// Reader is what is left of the stream, for a library that takes the dialogue over.
func (t *Talk) Reader() *bufio.Reader { return t.in.r }

// input reads lines and literals within limits, and stays failed after a LimitError.
type input struct {
	r      *bufio.Reader
	limits Limits
	lines  int // or responses: whoever reads counts them
	bytes  int
	failed error
}

// line reads one line and counts it.
func (in *input) line() (string, error) {
	if err := in.count(); err != nil {
		return "", err
	}
	return in.text()
}

// count allows one more line or response.
func (in *input) count() error {
	in.lines++
	if in.lines > in.limits.Responses {
		return in.fail("responses", in.limits.Responses)
	}
	return in.failed
}

// text reads up to a line's end.
func (in *input) text() (string, error) {
	if in.failed != nil {
		return "", in.failed
	}
	var line []byte
	for {
		part, err := in.r.ReadSlice('\n')
		line = append(line, part...)
		in.bytes += len(part)
		switch {
		case len(line) > in.limits.Line+len("\r\n"):
			return string(line[:in.limits.Line]), in.fail("line", in.limits.Line)
		case in.bytes > in.limits.Bytes:
			return string(line), in.fail("bytes", in.limits.Bytes)
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(line) > 0:
			return string(line), io.ErrUnexpectedEOF
		case err != nil:
			return string(line), err
		}
		line = bytes.TrimSuffix(line[:len(line)-1], []byte("\r"))
		if len(line) > in.limits.Line {
			return string(line[:in.limits.Line]), in.fail("line", in.limits.Line)
		}
		return string(line), nil
	}
}

// literal reads n bytes, which the caller has checked to be positive or zero.
func (in *input) literal(n int) (string, error) {
	if n > in.limits.Literal {
		return "", in.fail("literal", in.limits.Literal)
	}
	if in.bytes += n; in.bytes > in.limits.Bytes {
		return "", in.fail("bytes", in.limits.Bytes)
	}
	p := make([]byte, n)
	got, err := io.ReadFull(in.r, p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return string(p[:got]), err
}

func (in *input) fail(what string, limit int) error {
	if in.failed == nil {
		in.failed = LimitError{What: what, Limit: limit}
	}
	return in.failed
}
