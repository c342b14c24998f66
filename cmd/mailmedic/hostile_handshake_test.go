package main

import (
	"bufio"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/mailtest"
)

// alerts are all that IANA's registry of TLS alerts has, those of older versions too.
func alerts() []byte {
	return []byte{
		0, 10, 20, 21, 22, 30, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 60, 70, 71, 80, 86, 90,
		100, 109, 110, 111, 112, 113, 114, 115, 116, 120, 121,
	}
}

// inTLS has a behaviour below TLS on the paths that begin with it.
func inTLS(name, script, want string) []behaviour {
	return []behaviour{
		{name: name, path: "imap-993", script: script, want: want},
		{name: name, path: "smtp-465", script: script, want: want},
	}
}

// TestHostileHandshakes has servers misbehave in the TLS handshake.
func TestHostileHandshakes(t *testing.T) {
	const failed = "MM416"
	const stranger = "MM501 MM416" // what came was no TLS
	var refusals []behaviour
	for _, n := range alerts() {
		want := failed
		switch n {
		case 0:
			want = "MM416 MM510" // close_notify is a way to hang up
		case 116:
			want = "MM416 MM418" // certificate_required
		case 70:
			want = "MM416 MM405" // protocol_version
		case 40, 71:
			want = "MM416 MM405 MM414" // handshake_failure, insufficient_security
		}
		name := fmt.Sprintf("answers the hello by alert %d", n)
		script := fmt.Sprintf(`raw "\x15\x03\x03\x00\x02\x02\x%02x"`, n)
		refusals = append(refusals,
			behaviour{name: name, path: "imap-993", script: "hello\n" + script, want: want},
			behaviour{name: name, path: "smtp-587", script: "> 220 hello\n< EHLO\n> 250-x\n> 250 STARTTLS\n< STARTTLS\n> 220 go\nhello\n" + script, want: want},
		)
	}
	meet(t, slices.Concat(
		refusals,
		inTLS("answers the hello by silence", "hello\nstall", "MM504"),
		inTLS("answers the hello by a reset", "hello\nreset", failed),
		inTLS("answers the hello by closing", "hello\nclose", failed),
		inTLS("answers the hello by closing its half", "hello\nhalf", failed),
		inTLS("warns a million times", "hello\n"+`repeat 1000000 "\x15\x03\x03\x00\x02\x01\x5a"`+"\nstall", failed),
		inTLS("sends empty records", "hello\n"+`repeat 1000000 "\x16\x03\x03\x00\x00"`+"\nstall", failed),
		inTLS("changes ciphers a million times", "hello\n"+`repeat 1000000 "\x14\x03\x03\x00\x01\x01"`+"\nstall", failed),
		inTLS("asks for hellos a million times", "hello\n"+`repeat 1000000 "\x16\x03\x03\x00\x04\x00\x00\x00\x00"`+"\nstall", failed),
		inTLS("announces a message of 16 MiB", "hello\n"+`repeat 1000000 "\x16\x03\x03\x00\x04\x02\xff\xff\xff"`+"\nstall", failed),
		inTLS("sends a message of 64 KiB in records of a byte", "hello\n"+`>> "\x16\x03\x03\x00\x04\x02\x00\xff\xff"`+"\n"+`repeat 1000000 "\x16\x03\x03\x00\x01\x00"`+"\nstall", failed),
		inTLS("sends certificates of 16 MiB first", "hello\n"+`repeat 1000000 "\x16\x03\x03\x00\x04\x0b\xff\xff\xff"`+"\nstall", failed),
		inTLS("sends records that are too long", "hello\n"+`>> "\x16\x03\x03\xff\xff"`+"\n"+`repeat 1000000 "\x00"`+"\nstall", failed),
		inTLS("sends data before keys", "hello\n"+`repeat 1000000 "\x17\x03\x03\x00\x04data"`+"\nstall", failed),
		inTLS("sends records of no kind", "hello\n"+`repeat 1000000 "\x63\x03\x03\x00\x04data"`+"\nstall", stranger),
		inTLS("answers by SSL 2", "hello\n"+`>> "\x80\x2e\x04\x00\x01\x00\x02\x00\x10\x00\x00\x00\x10"`+"\nstall", stranger),
		inTLS("answers by DTLS", "hello\n"+`>> "\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x02"`+"\nstall", stranger),
		inTLS("drips the handshake", "hello\n"+`drip 1s "\x16\x03\x03\x00\x7a\x02\x00"`, failed),
		inTLS("stops within a record", "hello\n"+`>> "\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03"`+"\nstall", failed),
		inTLS("stops within a record and reads nothing", "hello\n"+`>> "\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03"`+"\ndeaf", failed),
		inTLS("puts garbage in a handshake", "hello\n"+`>> "\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03"`+"\n"+`repeat 1000000 "garbage"`+"\nstall", failed),
		everyone(func(_ spot, c net.Conn) { io.Copy(c, c) }, "repeats what it hears", "MM504 MM416"),
		// No evidence tells these from a line on which whatever is large gets lost: what is
		// short arrives, as the refusal of an old hello.
		everyone(stallsAt(60), "stalls within the ServerHello", failed+" MM109"),
		everyone(stallsAt(200), "stalls behind the ServerHello", failed+" MM109"),
	))
}

// everyone has a server of its own kind on the paths that begin with TLS.
func everyone(serve func(spot, net.Conn), name, want string) []behaviour {
	return []behaviour{
		{name: name, path: "imap-993", serve: serve, want: want},
		{name: name, path: "smtp-465", serve: serve, want: want},
	}
}

// stallsAt shakes hands, and falls silent behind so many bytes.
func stallsAt(bytes int) func(spot, net.Conn) {
	return func(at spot, c net.Conn) {
		shown, err := at.ca.Issue(mailtest.Order{Names: []string{"mail.example.org"}})
		if err != nil {
			return
		}
		// With this curve the ServerHello has some 130 bytes, and with all others more.
		config := &tls.Config{Certificates: []tls.Certificate{shown}, CurvePreferences: []tls.CurveID{tls.X25519}}
		tls.Server(&stalling{Conn: c, left: bytes}, config).Handshake()
		io.Copy(io.Discard, c)
	}
}

// stalling swallows what is written behind so many bytes.
type stalling struct {
	net.Conn
	left int
}

func (s *stalling) Write(b []byte) (int, error) {
	sent := min(s.left, len(b))
	s.left -= sent
	if _, err := s.Conn.Write(b[:sent]); err != nil {
		return 0, err
	}
	return len(b), nil
}

// TestHostileCertificates has servers show certificates that no authority makes.
func TestHostileCertificates(t *testing.T) {
	long := strings.Repeat("x", 64<<10)
	own := "MM410 MM412 MM404" // nobody vouches for it, and it may be for another name
	signed := func(change func(*x509.Certificate)) func(spot, net.Conn) {
		return shows(func(spot) (tls.Certificate, error) { return selfSigned(change) })
	}
	issued := func(change func(*tls.Certificate)) func(spot, net.Conn) {
		return shows(func(at spot) (tls.Certificate, error) {
			c, err := at.ca.Issue(mailtest.Order{Names: []string{"mail.example.org"}})
			change(&c)
			return c, err
		})
	}
	servers := slices.Concat(
		bulky(everyone(issued(func(c *tls.Certificate) {
			for range 10_000 {
				c.Certificate = append(c.Certificate, c.Certificate[1])
			}
		}), "sends ten thousand certificates", "MM416")),
		everyone(issued(func(c *tls.Certificate) {
			for range 500 {
				c.Certificate = append(c.Certificate, c.Certificate[1])
			}
		}), "sends five hundred certificates", "MM701"),
		everyone(issued(func(c *tls.Certificate) { c.Certificate[1] = []byte(long) }), "sends a certificate that is none", "MM416"),
		everyone(issued(func(c *tls.Certificate) { c.Certificate = [][]byte{[]byte("not DER")} }), "sends no certificate at all", "MM416"),
		everyone(signed(func(c *x509.Certificate) { c.Subject.CommonName = long }), "has a subject of 64 KiB", own),
		everyone(signed(func(c *x509.Certificate) { c.DNSNames = append(c.DNSNames, long+".example.org") }), "is for a name of 64 KiB", own),
		everyone(signed(func(c *x509.Certificate) {
			for i := range 9000 {
				c.DNSNames = append(c.DNSNames, fmt.Sprintf("h%d.example.org", i))
			}
		}), "is for nine thousand names", own),
		everyone(signed(func(c *x509.Certificate) {
			for range 9000 {
				c.Subject.OrganizationalUnit = append(c.Subject.OrganizationalUnit, "x")
			}
		}), "has a subject of nine thousand parts", own),
		everyone(shows(hugeKey), "has a key of 16384 bits", "MM416"),
	)
	for i := range servers {
		servers[i].busy = true // what takes the program long to read took the server long to make
	}
	meet(t, servers)
}

// shows has a server whose certificate is made for each connection. It greets, and refuses
// whatever it is asked.
func shows(made func(spot) (tls.Certificate, error)) func(spot, net.Conn) {
	return func(at spot, c net.Conn) {
		shown, err := made(at)
		if err != nil {
			panic(err)
		}
		secured := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{shown}})
		if secured.Handshake() == nil {
			refuses(at, secured)
		}
	}
}

// refuses greets, and refuses whatever it is asked.
func refuses(at spot, c net.Conn) {
	smtp := strings.HasPrefix(at.path, "smtp")
	if smtp {
		fmt.Fprint(c, "220 hello\r\n")
	} else {
		fmt.Fprint(c, "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hello\r\n")
	}
	for in := bufio.NewScanner(c); in.Scan(); {
		word, _, _ := strings.Cut(in.Text(), " ")
		switch {
		case word == "EHLO":
			fmt.Fprint(c, "250-mail.example.org\r\n250 AUTH PLAIN\r\n")
		case smtp:
			fmt.Fprint(c, "535 no\r\n")
		default:
			fmt.Fprint(c, word+" NO no\r\n")
		}
	}
}

// hostTemplate is a certificate for the host before it is signed.
func hostTemplate() *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.example.org"}, DNSNames: []string{"mail.example.org"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(60 * 24 * time.Hour),
	}
}

// selfSigned makes a certificate for the host that nobody else signed.
func selfSigned(change func(*x509.Certificate)) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := hostTemplate()
	change(template)
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

// hugeKey makes a certificate whose key takes seconds to verify with. Nobody has the other
// half of it, which a client that asked for it would find out.
func hugeKey(spot) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	huge := pretended{&rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 16383, 1), E: 65537}}
	template := hostTemplate()
	template.SignatureAlgorithm = x509.ECDSAWithSHA256
	der, err := x509.CreateCertificate(rand.Reader, template, template, huge.Public(), key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: huge}, err
}

// pretended signs with a key that it does not have.
type pretended struct{ key *rsa.PublicKey }

func (p pretended) Public() crypto.PublicKey { return p.key }

func (p pretended) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return make([]byte, p.key.Size()), nil
}
