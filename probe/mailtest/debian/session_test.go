package debian

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"
)

const serverName = "imap.runbox.com"

// selfSigned makes a certificate for the name.
func selfSigned(t *testing.T, name string) Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		DNSNames:     []string{name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return Certificate{
		CertPEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}),
		KeyPEM:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}),
	}
}

// session is one connection that is spoken to by hand.
type session struct {
	t     *testing.T
	conn  net.Conn
	lines *bufio.Reader
}

func dial(t *testing.T, address string) *session {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(30 * time.Second))
	return &session{t, conn, bufio.NewReader(conn)}
}

// secure does the handshake and checks that the server sends exactly this certificate.
func (s *session) secure(c Certificate) {
	s.t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(c.CertPEM)
	conn := tls.Client(s.conn, &tls.Config{RootCAs: roots, ServerName: serverName})
	if err := conn.Handshake(); err != nil {
		s.t.Fatalf("handshake: %v", err)
	}
	s.conn, s.lines = conn, bufio.NewReader(conn)
}

func (s *session) send(line string) {
	s.t.Helper()
	if _, err := fmt.Fprintf(s.conn, "%s\r\n", line); err != nil {
		s.t.Fatalf("send: %v", err)
	}
}

func (s *session) line() string {
	s.t.Helper()
	line, err := s.lines.ReadString('\n')
	if err != nil {
		s.t.Fatalf("read a line: %v", err)
	}
	return strings.TrimRight(line, "\r\n")
}

// imap sends a command and returns the response up to its tagged line.
func (s *session) imap(command string) string {
	s.t.Helper()
	s.send("a " + command)
	return s.until(func(line string) bool { return strings.HasPrefix(line, "a ") })
}

// smtp sends a command and returns the reply. An empty command reads the greeting.
func (s *session) smtp(command string) string {
	s.t.Helper()
	if command != "" {
		s.send(command)
	}
	return s.until(func(line string) bool { return len(line) < 4 || line[3] != '-' })
}

func (s *session) until(last func(string) bool) string {
	s.t.Helper()
	var text strings.Builder
	for {
		line := s.line()
		text.WriteString(line + "\n")
		if last(line) {
			return text.String()
		}
	}
}

func authPlain(user, password string) string {
	return "AUTH PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00"+password))
}

// holds checks that the answer has the text.
func holds(t *testing.T, what, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("%s = %q, want it to hold %q", what, got, want)
	}
}

// lacks checks that the answer does not have the text.
func lacks(t *testing.T, what, got, never string) {
	t.Helper()
	if strings.Contains(got, never) {
		t.Errorf("%s = %q, want it to lack %q", what, got, never)
	}
}
