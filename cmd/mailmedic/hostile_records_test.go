package main

import (
	"bufio"
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"

	"mailmedic/probe/mailtest"
)

// The types of TLS records, RFC 8446 section 5.1.
const (
	alertRecord     = 21
	handshakeRecord = 22
	dataRecord      = 23
)

// TestHostileRecords has servers shake hands as they should, and misbehave inside TLS,
// where crypto/tls lets no server send what it must not.
func TestHostileRecords(t *testing.T) {
	// Before its greeting, a server that breaks TLS has not said a word, or could not be
	// understood.
	const broken = "MM416 MM510 MM511"
	var refusals []behaviour
	for _, n := range alerts() {
		want := "MM416"
		switch n {
		case 0, 90:
			want = broken // close_notify and user_canceled end a connection without saying why
		case 116:
			want = "MM416 MM418" // certificate_required
		}
		refusals = append(refusals, everyone(sends(alertRecord, []byte{2, n}, 1), fmt.Sprintf("sends alert %d behind the handshake", n), want)...)
	}
	const greeting = "tls\n> * OK hello\n< CAPABILITY\n"
	greeted := func(name, script string) behaviour {
		return behaviour{name: name, path: "imap-993", script: greeting + script, want: "MM511"}
	}
	meet(t, slices.Concat(
		refusals,
		everyone(sends(alertRecord, []byte{1, 90}, 100_000), "warns without end", broken),
		everyone(sends(dataRecord, nil, 100_000), "sends empty data without end", broken),
		everyone(sends(handshakeRecord, ticket(), 100_000), "sends tickets without end", broken),
		everyone(sends(handshakeRecord, []byte{24, 0, 0, 1, 0}, 100_000), "changes its keys without end", broken),
		everyone(sends(handshakeRecord, []byte{24, 0, 0, 1, 1}, 100_000), "wants other keys without end", broken),
		everyone(sends(handshakeRecord, []byte{4, 0xff, 0xff, 0xff}, 100_000), "announces a ticket of 16 MiB", broken),
		everyone(sends(handshakeRecord, []byte{1, 0, 0, 1, 0}, 1), "greets by a ClientHello", broken),
		everyone(sends(99, []byte("what"), 1), "sends a record of no kind", broken),
		[]behaviour{
			greeted("puts garbage between the records", `raw "what is this? It is no TLS record."`+"\nstall"),
			greeted("puts a clear-text answer between the records", `raw "* CAPABILITY IMAP4rev1\r\nm1 OK done\r\n"`+"\nstall"),
			greeted("sends a record that does not decrypt", `raw "\x17\x03\x03\x00\x20garbagegarbagegarbagegarbagegarb"`+"\nstall"),
			greeted("sends an alert in clear text", `raw "\x15\x03\x03\x00\x02\x02\x28"`+"\nstall"),
			greeted("stalls within a record", `raw "\x17\x03\x03\x40\x00part"`+"\nstall"),
			greeted("closes within a record", `raw "\x17\x03\x03\x40\x00part"`+"\nclose"),
			greeted("resets within a record", `raw "\x17\x03\x03\x40\x00part"`+"\nreset"),
			greeted("drips a record", `drip 1s "* CAPABILITY IMAP4rev1\r\n"`),
		},
	))
}

// ticket is a NewSessionTicket, RFC 8446 section 4.6.1.
func ticket() []byte {
	return []byte{4, 0, 0, 14, 0, 0, 14, 16, 0, 0, 0, 0, 0, 0, 1, 0x2a, 0, 0}
}

// sends shakes hands and sends one record over and over.
func sends(kind byte, content []byte, times int) func(spot, net.Conn) {
	return func(at spot, c net.Conn) {
		shown, err := at.ca.Issue(mailtest.Order{Names: []string{"mail.example.org"}})
		if err != nil {
			return
		}
		var keys bytes.Buffer
		// A ticket would be the first record under the keys, and move the count.
		config := &tls.Config{Certificates: []tls.Certificate{shown}, MinVersion: tls.VersionTLS13, SessionTicketsDisabled: true, KeyLogWriter: &keys}
		secured := tls.Server(c, config)
		if secured.Handshake() != nil {
			return
		}
		f, err := forge(c, keys.String(), secured.ConnectionState().CipherSuite)
		if err != nil {
			panic(err)
		}
		go io.Copy(io.Discard, c)
		for range times {
			if f.send(kind, content) != nil {
				return
			}
		}
	}
}

// forger writes the server's records, RFC 8446 section 5.2, with whatever content.
type forger struct {
	to     io.Writer
	suite  uint16
	secret []byte
	aead   cipher.AEAD
	iv     []byte
	count  uint64
}

// forge takes the server's first secret out of a key log, RFC 9850.
func forge(to io.Writer, keys string, suite uint16) (*forger, error) {
	for line := range strings.Lines(keys) {
		words := strings.Fields(line)
		if len(words) == 3 && words[0] == "SERVER_TRAFFIC_SECRET_0" {
			secret, err := hex.DecodeString(words[2])
			if err != nil {
				return nil, err
			}
			f := &forger{to: to, suite: suite, secret: secret}
			return f, f.rekey()
		}
	}
	return nil, errors.New("the key log has no secret of the server's")
}

// rekey makes the keys of the secret, RFC 8446 section 7.3.
func (f *forger) rekey() (err error) {
	f.count = 0
	if f.iv, err = f.expand("iv", 12); err != nil {
		return err
	}
	switch f.suite {
	case tls.TLS_AES_128_GCM_SHA256:
		key, err := f.expand("key", 16)
		if err != nil {
			return err
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return err
		}
		f.aead, err = cipher.NewGCM(block)
		return err
	case tls.TLS_CHACHA20_POLY1305_SHA256: // on machines that have no AES of their own
		key, err := f.expand("key", chacha20poly1305.KeySize)
		if err != nil {
			return err
		}
		f.aead, err = chacha20poly1305.New(key)
		return err
	}
	return fmt.Errorf("no forger for %s", tls.CipherSuiteName(f.suite))
}

// expand is HKDF-Expand-Label with an empty context, RFC 8446 section 7.1.
func (f *forger) expand(label string, length int) ([]byte, error) {
	label = "tls13 " + label
	info := append(binary.BigEndian.AppendUint16(nil, uint16(length)), byte(len(label)))
	return hkdf.Expand(sha256.New, f.secret, string(info)+label+"\x00", length)
}

func (f *forger) send(kind byte, content []byte) error {
	inner := append(slices.Clone(content), kind)
	header := binary.BigEndian.AppendUint16([]byte{dataRecord, 3, 3}, uint16(len(inner)+f.aead.Overhead()))
	nonce := slices.Clone(f.iv)
	for i, b := range binary.BigEndian.AppendUint64(nil, f.count) {
		nonce[len(nonce)-8+i] ^= b
	}
	f.count++
	if _, err := f.to.Write(f.aead.Seal(header, nonce, inner, header)); err != nil {
		return err
	}
	if kind != handshakeRecord || content[0] != 24 {
		return nil
	}
	var err error // behind a KeyUpdate come new keys
	if f.secret, err = f.expand("traffic upd", sha256.Size); err != nil {
		return err
	}
	return f.rekey()
}

// TestHostileRenegotiation has a server of TLS 1.2 ask for a second handshake, which Go's
// own cannot. Nobody renegotiates with a server that may be another by now.
func TestHostileRenegotiation(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("MAILMEDIC_REAL") == "1" {
			t.Fatalf("MAILMEDIC_REAL=1 is set, but openssl is not there (apt-get install --no-install-recommends openssl)")
		}
		t.Log("openssl is not there, so nothing was tested. To get it: apt-get install --no-install-recommends openssl.")
		return
	}
	folder := t.TempDir()
	serve := func(at spot, c net.Conn) {
		if err := renegotiates(at, c, folder); err != nil {
			t.Error(err)
		}
	}
	meet(t, []behaviour{{name: "renegotiates", path: "imap-993", serve: serve, want: "MM511"}})
}

// renegotiates lets "openssl s_server" have the connection. Lines on its input that are "r"
// make it ask for a second handshake, any other goes to the client.
func renegotiates(at spot, c net.Conn, folder string) error {
	shown, err := at.ca.Issue(mailtest.Order{Names: []string{"mail.example.org"}})
	if err != nil {
		return err
	}
	cert, key, err := mailtest.PEM(shown)
	if err != nil {
		return err
	}
	file := filepath.Join(folder, "server.pem")
	if err := os.WriteFile(file, append(cert, key...), 0o600); err != nil {
		return err
	}
	server := exec.Command("openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-tls1_2", "-cert", file, "-cert_chain", file, "-key", file, "-crlf")
	say, err := server.StdinPipe()
	if err != nil {
		return err
	}
	heard, err := server.StdoutPipe()
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return err
	}
	defer server.Wait()
	defer server.Process.Kill()
	for lines := bufio.NewScanner(heard); lines.Scan(); {
		switch line := lines.Text(); {
		case strings.HasPrefix(line, "ACCEPT "):
			if err := between(c, strings.TrimPrefix(line, "ACCEPT ")); err != nil {
				return err
			}
			fmt.Fprintln(say, "* OK hello")
		case strings.Contains(line, "CAPABILITY"):
			fmt.Fprintln(say, "r")
		}
	}
	return nil
}

// between carries bytes both ways until either side hangs up.
func between(c net.Conn, address string) error {
	server, err := net.Dial("tcp4", address)
	if err != nil {
		return err
	}
	go func() {
		io.Copy(server, c)
		server.Close()
	}()
	go func() {
		io.Copy(c, server)
		c.Close()
	}()
	return nil
}
