package probe

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"mailmedic/probe/profile"
)

func TestCut(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"", 8, ""},
		{"as it is", 8, "as it is"},
		{"one more.", 8, "one m…"},
		{"Grüße, Grüße", 8, "Grü…"},
		{"latin\xfcx", 8, "latinx"},
	} {
		if got := cut(c.text, c.most); got != c.want {
			t.Errorf("cut(%q, %d): got %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

// parts is a distinguished name with many organisational units.
func parts(t testing.TB, units int) []byte {
	t.Helper()
	name := pkix.RDNSequence{
		{{Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: mailHost}},
		{{Type: asn1.ObjectIdentifier{2, 5, 4, 10}, Value: "Avast"}},
	}
	for range units {
		name = append(name, pkix.RelativeDistinguishedNameSET{{Type: asn1.ObjectIdentifier{2, 5, 4, 11}, Value: "x"}})
	}
	return der(t, name)
}

// TestLargeName: a name of 9000 parts took 0.3 s to write, and was kept whole. What tells
// whose it is stays: who opens a connection must not hide behind a long name.
func TestLargeName(t *testing.T) {
	for units, want := range map[int]string{
		2:    "CN=" + mailHost + ",OU=x+OU=x,O=Avast",
		9000: "CN=" + mailHost + ",O=Avast",
	} {
		made := forged(t, "20600101000000Z", parts(t, units))
		parsed, err := x509.ParseCertificate(made.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		got := certificate(parsed)
		if got.Subject != want || got.Issuer != want {
			t.Errorf("%d parts: got subject of %d bytes %.80s, issuer %.80s; want %s", units, len(got.Subject), got.Subject, got.Issuer, want)
		}
	}
}

// TestLongCertificate: names, addresses and texts of a certificate have an end.
func TestLongCertificate(t *testing.T) {
	long := strings.Repeat("x", 60000)
	ca := issued(t, 1, nil, authority)
	made := issued(t, 2, &ca, func(c *x509.Certificate) {
		c.Subject.CommonName = long
		c.IssuingCertificateURL = []string{"http://" + long}
		c.DNSNames = []string{long + ".example.org"}
		for i := range 500 {
			c.DNSNames = append(c.DNSNames, fmt.Sprintf("host%d.example.org", i))
		}
	})
	got := certificate(made.cert)
	for what, text := range map[string]string{"subject": got.Subject, "URL": got.IssuerURL} {
		if len(text) > longest || !strings.HasSuffix(text, "…") {
			t.Errorf("%s: got %d bytes, want at most %d and a mark at the end", what, len(text), longest)
		}
	}
	if len(got.Names) != mostNames || got.Names[0] != "host0.example.org" {
		t.Errorf("names: got %d, the first %.40s; want %d, from host0.example.org", len(got.Names), got.Names[0], mostNames)
	}
}

// TestLongChain: a server sent hundreds of certificates, of which each cost a signature to
// verify, and the record of more than a hundred was one that mailmedic itself refused.
func TestLongChain(t *testing.T) {
	whole := forged(t, "20600101000000Z", nil)
	other := forged(t, "20610101000000Z", nil)
	for range 150 {
		whole.Certificate = append(whole.Certificate, other.Certificate[0])
	}
	p := listen(t, profile.TLS, speaks(&tls.Config{Certificates: []tls.Certificate{whole}}))
	e := gather(t, onePath(x509.NewCertPool(), profile.TLS, p.address))
	s := e.Sessions[0].Secure
	if !s.Step.Done() || len(s.Chain) != mostCertificates || s.Sent != 151 {
		t.Errorf("got %d certificates of %d, step %+v; want %d of 151, done", len(s.Chain), s.Sent, s.Step, mostCertificates)
	}
	if err := e.Whole(); err != nil {
		t.Errorf("the record is refused: %v", err)
	}
}

// TestIssuerByName: only who bears the issuer's name can be the issuer, whatever keys the
// other certificates have. They are not asked.
func TestIssuerByName(t *testing.T) {
	ca := issued(t, 1, nil, authority)
	leaf := issued(t, 2, &ca, nil)
	twin := *ca.cert
	twin.Subject, twin.RawSubject = pkix.Name{CommonName: "another"}, der(t, pkix.Name{CommonName: "another"}.ToRDNSequence())
	twin.SerialNumber = big.NewInt(3)
	if got := issuer([]*x509.Certificate{leaf.cert, &twin, ca.cert}, x509.NewCertPool()); got != ca.cert {
		t.Errorf("got %v, want the one with the issuer's name", got)
	}
	if got := issuer([]*x509.Certificate{leaf.cert, &twin}, x509.NewCertPool()); got != nil {
		t.Errorf("got %s, want none", got.Subject)
	}
}
