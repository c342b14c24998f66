package probe

import (
	"io"
	"net"
	"strings"

	"mailmedic/probe/wire"
)

// replay is a connection whose beginning is told again: what we said and heard in the
// opening is put in front of the stream for a library that expects to have said it.
type replay struct {
	net.Conn
	from io.Reader
}

func (r replay) Read(b []byte) (int, error) { return r.from.Read(b) }

// recorded writes what a library sends into the transcript, line by line.
func (v *visit) recorded() net.Conn { return recorder{v.line, v.log, v.secured} }

type recorder struct {
	net.Conn
	log       *wire.Log
	encrypted bool
}

func (r recorder) Write(b []byte) (int, error) {
	for line := range strings.Lines(string(b)) {
		r.log.Sent(strings.TrimRight(line, "\r\n"), r.encrypted)
	}
	return r.Conn.Write(b)
}
