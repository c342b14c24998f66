package mailtest

import (
	"bufio"
	"encoding/binary"
	"net"
)

// recordHeader is the length of a TLS record's header, RFC 8446 section 5.1.
const recordHeader = 5

// handshake lets the client's hello through or does to it what the fault says.
func (s *server) handshake(conn net.Conn) (net.Conn, error) {
	f := s.fault
	if f.Hello == "" && f.HelloLimit == 0 && f.Alert == 0 {
		return handshake(conn, s.tls)
	}
	read := bufio.NewReaderSize(conn, 64<<10)
	header, err := read.Peek(recordHeader)
	if err != nil {
		return nil, err
	}
	size := int(binary.BigEndian.Uint16(header[3:]))
	if _, err := read.Peek(min(recordHeader+size, 64<<10)); err != nil {
		return nil, err
	}
	switch {
	case f.Hello == HelloReset:
		reset(conn)
	case f.Hello == HelloGarbage:
		_, _ = conn.Write([]byte("\x00\x8f\x13\x37 what is this\x01\xfe\xca\xfe"))
	case f.Alert != 0:
		_, _ = conn.Write([]byte{21, 3, 3, 0, 2, 2, f.Alert}) // a fatal alert, RFC 8446 section 6
	case f.Hello == HelloSilent, f.HelloLimit > 0 && size > f.HelloLimit:
		stall(conn)
	case f.Hello == "":
		return handshake(peeked{conn, read}, s.tls)
	}
	_ = conn.Close()
	return nil, net.ErrClosed
}

// peeked is a connection whose first bytes were looked at.
type peeked struct {
	net.Conn
	read *bufio.Reader
}

func (p peeked) Read(b []byte) (int, error) { return p.read.Read(b) }

// lossy loses what is sent in large pieces, and everything behind it: on a real network
// the pieces behind wait for the one that never comes.
type lossy struct {
	net.Conn
	most int
	lost bool
}

func (l *lossy) Write(b []byte) (int, error) {
	l.lost = l.lost || len(b) > l.most
	if l.lost {
		return len(b), nil
	}
	return l.Conn.Write(b)
}

// reset ends a connection with a TCP reset: without lingering, closing a socket sends
// RST in place of FIN.
func reset(conn net.Conn) {
	switch c := conn.(type) {
	case *lossy:
		reset(c.Conn)
	case *tap:
		reset(c.Conn)
	case *net.TCPConn:
		_ = c.SetLinger(0)
		_ = c.Close()
	}
}
