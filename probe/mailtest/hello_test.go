package mailtest

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"
)

// hello says a ClientHello on a port that speaks TLS at once.
func hello(t *testing.T, p *Provider, change func(*tls.Config)) (*tls.Conn, error) {
	t.Helper()
	config := &tls.Config{ServerName: "secure.example.com", RootCAs: p.Roots()}
	if change != nil {
		change(config)
	}
	conn := tls.Client(dial(t, p, "imap-993"), config)
	return conn, conn.Handshake()
}

// unanswered says whether a server stays silent to a ClientHello, without a word and
// without the end of the connection.
func unanswered(t *testing.T, p *Provider, change func(*tls.Config)) bool {
	t.Helper()
	config := &tls.Config{ServerName: "secure.example.com", RootCAs: p.Roots()}
	if change != nil {
		change(config)
	}
	raw := dial(t, p, "imap-993")
	if err := raw.SetDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatalf("SetDeadline() = %v", err)
	}
	err := tls.Client(raw, config).Handshake()
	var network net.Error
	return errors.As(err, &network) && network.Timeout()
}

// small is a hello without the key of 1,200 bytes that a modern one brings.
func small(c *tls.Config) { c.CurvePreferences = []tls.CurveID{tls.X25519} }

func TestHelloAnswers(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault Fault
		want  func(error) bool
	}{
		{"passes", Fault{}, func(err error) bool { return err == nil }},
		{"reset", Fault{Hello: HelloReset}, func(err error) bool { return errors.Is(err, syscall.ECONNRESET) }},
		{"closed", Fault{Hello: HelloClosed}, func(err error) bool { return errors.Is(err, io.EOF) }},
		{"garbage", Fault{Hello: HelloGarbage}, func(err error) bool { return errors.As(err, &tls.RecordHeaderError{}) }},
		{"alert", Fault{Alert: 80}, func(err error) bool {
			var alert tls.AlertError
			return errors.As(err, &alert) && alert == 80 || fmt.Sprint(err) == "remote error: tls: internal error"
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := hello(t, faulty(t, "imap-993", tt.fault), nil); !tt.want(err) {
				t.Errorf("Handshake() = %v", err)
			}
		})
	}
}

// The clear text before STARTTLS passes; the hello behind it does not.
func TestHelloBehindSTARTTLS(t *testing.T) {
	p := faulty(t, "smtp-587", Fault{Hello: HelloReset})
	c := talk(t, dial(t, p, "smtp-587"))
	c.line()
	c.want(c.ask("EHLO client.example"), "STARTTLS")
	c.want(c.ask("STARTTLS"), "220")
	err := tls.Client(c.conn, &tls.Config{ServerName: "smtp.example.com", RootCAs: p.Roots()}).Handshake()
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("Handshake() = %v, want %v", err, syscall.ECONNRESET)
	}
}

func TestHelloSilent(t *testing.T) {
	if !unanswered(t, faulty(t, "imap-993", Fault{Hello: HelloSilent}), nil) {
		t.Error("the hello was answered, want silence")
	}
}

func TestHelloLimit(t *testing.T) {
	p := faulty(t, "imap-993", Fault{HelloLimit: 1000})
	if !unanswered(t, p, nil) {
		t.Error("a large hello was answered, want silence")
	}
	if _, err := hello(t, p, small); err != nil {
		t.Errorf("Handshake() with a small hello = %v", err)
	}
}

// What goes in small pieces comes through: the greeting of a clear-text port does.
func TestLoses(t *testing.T) {
	if !unanswered(t, faulty(t, "imap-993", Fault{Loses: 1000}), small) {
		t.Error("the certificate came through, want silence")
	}
	c := talk(t, dial(t, faulty(t, "imap-143", Fault{Loses: 1000}), "imap-143"))
	c.want(c.line(), "* OK")
	c.want(c.ask("a STARTTLS"), "a OK")
}

func TestLossyLosesAllBehind(t *testing.T) {
	near, far := net.Pipe()
	var got bytes.Buffer
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = got.ReadFrom(far)
	}()
	l := &lossy{Conn: near, most: 4}
	for _, piece := range []string{"four", "five!", "two"} {
		if n, err := l.Write([]byte(piece)); n != len(piece) || err != nil {
			t.Errorf("Write(%s) = %d, %v; the sender does not see what is lost", piece, n, err)
		}
	}
	_ = l.Close()
	<-done
	if got.String() != "four" {
		t.Errorf("came through: %q, want %q", got.String(), "four")
	}
}

func TestOldSuites(t *testing.T) {
	p := faulty(t, "imap-993", Fault{OldSuites: true})
	if _, err := hello(t, p, nil); err == nil {
		t.Error("Handshake() of a modern client = nil, want an error")
	}
	conn, err := hello(t, p, func(c *tls.Config) {
		c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}
	})
	if err != nil || conn.ConnectionState().CipherSuite != tls.TLS_RSA_WITH_AES_128_CBC_SHA {
		t.Errorf("Handshake() with RSA key exchange = %v, %+v", err, conn.ConnectionState())
	}
}

func TestWantCert(t *testing.T) {
	for _, tt := range []struct {
		name   string
		fault  Fault
		wanted bool // the client was asked
		open   bool // and may go on without one
	}{
		{"not wanted", Fault{}, false, true},
		{"asked", Fault{WantCert: CertAsked}, true, true},
		{"demanded", Fault{WantCert: CertDemanded}, true, false},
		{"demanded in TLS 1.2", Fault{WantCert: CertDemanded, MaxTLS: tls.VersionTLS12}, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wanted := false
			conn, err := hello(t, faulty(t, "imap-993", tt.fault), func(c *tls.Config) {
				c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
					wanted = true
					return &tls.Certificate{}, nil
				}
			})
			if err == nil { // TLS 1.3 tells the client only afterwards
				_, err = conn.Read(make([]byte, 1))
			}
			if wanted != tt.wanted || (err == nil) != tt.open {
				t.Errorf("asked %t, went on without: %v; want asked %t, open %t", wanted, err, tt.wanted, tt.open)
			}
		})
	}
}

func TestStaple(t *testing.T) {
	for _, tt := range []struct {
		staple Staple
		status int
		proven bool
	}{
		{StapleGood, ocsp.Good, true},
		{StapleRevoked, ocsp.Revoked, true},
		{StapleForged, ocsp.Revoked, false},
	} {
		t.Run(string(tt.staple), func(t *testing.T) {
			conn, err := hello(t, faulty(t, "imap-993", Fault{Staple: tt.staple}), nil)
			if err != nil {
				t.Fatalf("Handshake() = %v", err)
			}
			state := conn.ConnectionState()
			leaf, issuer := state.PeerCertificates[0], state.PeerCertificates[1]
			_, err = ocsp.ParseResponseForCert(state.OCSPResponse, leaf, issuer)
			if (err == nil) != tt.proven {
				t.Errorf("ParseResponseForCert() = %v, want proven %t", err, tt.proven)
			}
			if !tt.proven {
				return
			}
			answer, _ := ocsp.ParseResponseForCert(state.OCSPResponse, leaf, issuer)
			if answer.Status != tt.status || answer.NextUpdate.Before(time.Now()) {
				t.Errorf("answer = %+v, want status %d", answer, tt.status)
			}
		})
	}
	conn, err := hello(t, start(t, options()), nil)
	if err != nil || conn.ConnectionState().OCSPResponse != nil {
		t.Errorf("without the fault: %v, OCSP answer %v, want none", err, conn.ConnectionState().OCSPResponse)
	}
}

func TestCertificatesOfHosts(t *testing.T) {
	o := options()
	o.Faults = map[string]Fault{
		"imap-993": {CertAge: 30 * day},
		"smtp-465": {CertNames: []string{"mail.example.net", "mail.example.org"}},
	}
	p := start(t, o)
	conn, err := hello(t, p, nil)
	if err != nil {
		t.Fatalf("Handshake() = %v", err)
	}
	leaf := conn.ConnectionState().PeerCertificates[0]
	if left := time.Until(leaf.NotAfter); left < 60*day || left > 61*day {
		t.Errorf("a certificate of 30 days lasts until %s, want 61 days more", leaf.NotAfter)
	}
	err = tls.Client(dial(t, p, "smtp-465"), &tls.Config{ServerName: "smtp.example.com", RootCAs: p.Roots()}).Handshake()
	var name x509.HostnameError
	if !errors.As(err, &name) || fmt.Sprint(name.Certificate.DNSNames) != "[mail.example.net mail.example.org]" {
		t.Errorf("Handshake() = %v, want a certificate for two other names", err)
	}
}
