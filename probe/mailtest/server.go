package mailtest

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"mailmedic/probe/profile"
)

// server serves one path. All of it is fixed before the first connection comes.
type server struct {
	path   profile.Path
	fault  Fault
	script Script
	ca     *CA
	tls    *tls.Config
	start  time.Time // what the dates of certificates count from
	users  []User
	store  Store
	mail   map[string]*imapmemserver.User // by login name
	record *record
	stop   <-chan struct{}
}

// stage is how far a connection has come.
type stage struct {
	secured bool // TLS is up
	greeted bool // the server has said its first line
}

// serve has a whole connection; the caller closes it afterwards.
func (s *server) serve(raw net.Conn) {
	s.record.connection(s.path.ID())
	room := -1
	if s.fault.CloseAfter > 0 {
		room = s.fault.CloseAfter
	}
	socket := &tap{Conn: raw, server: s, room: room}
	if s.fault.Script != "" {
		s.script.play(s, socket)
		return
	}
	conn := net.Conn(socket)
	if s.fault.Loses > 0 {
		conn = &lossy{Conn: conn, most: s.fault.Loses}
	}
	s.talk(conn, stage{})
}

// talk goes on as a healthy server would, but for the path's fault.
func (s *server) talk(conn net.Conn, at stage) {
	encryption := cmp.Or(s.fault.Encryption, s.path.Encryption)
	if encryption == profile.TLS && !at.secured {
		secured, err := s.handshake(conn)
		if err != nil {
			return
		}
		conn, at.secured = secured, true
	}
	if !at.greeted {
		if !pause(s.fault.Late, s.stop) {
			return
		}
		if s.fault.Greeting != "" {
			s.misgreet(conn)
			return
		}
	}
	if encryption == profile.STARTTLS && !at.secured {
		if !s.open(&transcript{Conn: conn, server: s}, at.greeted) {
			return
		}
		secured, err := s.handshake(conn)
		if err != nil {
			return
		}
		conn, at = secured, stage{secured: true, greeted: true}
	}
	conn = &transcript{Conn: conn, server: s}
	if s.fault.Banner != "" && !at.greeted {
		fmt.Fprintf(conn, "%s\r\n", s.greeting())
		at.greeted = true
	}
	if at.greeted {
		conn = &greeted{Conn: conn}
	}
	if s.path.Protocol == profile.IMAP {
		s.imap(s.edit(conn))
		return
	}
	s.smtp(conn)
}

// misgreet says what the fault has in place of a greeting.
func (s *server) misgreet(conn net.Conn) {
	switch s.fault.Greeting {
	case Closed:
	case Busy:
		fmt.Fprintf(conn, "%s\r\n", s.busy())
	case HTTP:
		fmt.Fprint(conn, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	case POP3:
		fmt.Fprint(conn, "+OK POP3 server ready\r\n")
		stall(conn)
	case SSH:
		fmt.Fprint(conn, "SSH-2.0-OpenSSH_9.6\r\n")
		stall(conn)
	default:
		stall(conn)
	}
	_ = conn.Close()
}

func (s *server) busy() string {
	if s.path.Protocol == profile.IMAP {
		return "* BYE [UNAVAILABLE] Too many connections, try again later"
	}
	return "421 4.3.2 " + s.path.Host + " Too many connections, try again later"
}

// order is the certificate that the path has.
func (s *server) order() Order {
	o := s.fault.Certificate.order(s.path.Host, s.start)
	if o.NotBefore.IsZero() {
		age := cmp.Or(s.fault.CertAge, day)
		o.NotBefore, o.NotAfter = s.start.Add(-age), s.start.Add(91*day-age)
	}
	switch {
	case s.fault.Elsewhere != "":
		o.Names, o.SelfSigned = []string{s.fault.Elsewhere}, true
	case len(s.fault.CertNames) > 0:
		o.Names = s.fault.CertNames
	}
	if s.fault.OldSuites {
		o.KeyBits = 2048
	}
	return o
}

// config is the TLS of the path with a certificate that has the flaw.
func (s *server) config(flaw Flaw) (*tls.Config, error) {
	cert, err := s.ca.Issue(flaw.order(s.path.Host, s.start))
	if err != nil {
		return nil, err
	}
	return s.serving(cert), nil
}

// serving is the TLS of the path with the certificate. Go's servers refuse the
// versions before 1.2 unless asked.
func (s *server) serving(cert tls.Certificate) *tls.Config {
	c := &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: s.fault.MaxTLS}
	if c.MaxVersion != 0 {
		c.MinVersion = tls.VersionTLS10
	}
	if s.fault.OldSuites {
		c.MaxVersion = tls.VersionTLS12
		c.CipherSuites = []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_256_CBC_SHA}
	}
	switch s.fault.WantCert {
	case CertAsked:
		c.ClientAuth = tls.RequestClientCert
	case CertDemanded:
		c.ClientAuth = tls.RequireAnyClientCert
	}
	return c
}

func handshake(conn net.Conn, config *tls.Config) (net.Conn, error) {
	secured := tls.Server(conn, config)
	return secured, secured.Handshake()
}

// pause waits, and reports false when stop comes first.
func pause(d time.Duration, stop <-chan struct{}) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-stop:
		return false
	}
}

// stall keeps a connection open without a word until its other end, or the provider, closes it.
func stall(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }
