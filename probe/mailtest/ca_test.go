package mailtest

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"testing"
	"time"
)

func newCA(t *testing.T) *CA {
	t.Helper()
	ca, err := NewCA("Test")
	if err != nil {
		t.Fatalf("NewCA() = %v", err)
	}
	return ca
}

// verify asks what a client asks, with what the server would send.
func verify(c tls.Certificate, roots *x509.CertPool, name string, at time.Time) error {
	between := x509.NewCertPool()
	for _, der := range c.Certificate[1:] {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return err
		}
		between.AddCert(cert)
	}
	_, err := c.Leaf.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, DNSName: name, CurrentTime: at,
	})
	return err
}

func TestFlaws(t *testing.T) {
	ca := newCA(t)
	now := time.Now()
	untrusted := func(err error) bool { return errors.As(err, &x509.UnknownAuthorityError{}) }
	outOfTime := func(err error) bool {
		var e x509.CertificateInvalidError
		return errors.As(err, &e) && e.Reason == x509.Expired
	}
	for _, tt := range []struct {
		flaw Flaw
		sent int // certificates
		want func(error) bool
	}{
		{"", 2, func(err error) bool { return err == nil }},
		{EndsSoon, 2, func(err error) bool { return err == nil }},
		{WeakKey, 2, func(err error) bool { return err == nil }},
		{Expired, 2, outOfTime},
		{NotYetValid, 2, outOfTime},
		{OtherName, 2, func(err error) bool { return errors.As(err, &x509.HostnameError{}) }},
		{SelfSigned, 1, untrusted},
		{Incomplete, 1, untrusted},
		{PrivateAuthority, 2, untrusted},
	} {
		t.Run(string(tt.flaw), func(t *testing.T) {
			if !tt.flaw.known() {
				t.Errorf("known() = false")
			}
			cert, err := ca.Issue(tt.flaw.order("mail.example", now))
			if err != nil {
				t.Fatalf("Issue() = %v", err)
			}
			if got := len(cert.Certificate); got != tt.sent {
				t.Errorf("certificates sent = %d, want %d", got, tt.sent)
			}
			if err := verify(cert, ca.Roots(), "mail.example", now); !tt.want(err) {
				t.Errorf("Verify() = %v", err)
			}
		})
	}
}

// An expired certificate must not have a second fault: at its own time it verifies.
func TestExpiredVerifiedOnce(t *testing.T) {
	ca := newCA(t)
	cert, err := ca.Issue(Expired.order("mail.example", time.Now()))
	if err != nil {
		t.Fatalf("Issue() = %v", err)
	}
	if err := verify(cert, ca.Roots(), "mail.example", cert.Leaf.NotAfter.Add(-time.Hour)); err != nil {
		t.Errorf("Verify() before the end = %v", err)
	}
}

func TestIssuerURL(t *testing.T) {
	ca := newCA(t)
	for flaw, want := range map[Flaw]int{"": 1, Incomplete: 1, SelfSigned: 0, PrivateAuthority: 0} {
		cert, err := ca.Issue(flaw.order("mail.example", time.Now()))
		if err != nil {
			t.Fatalf("Issue() = %v", err)
		}
		if got := len(cert.Leaf.IssuingCertificateURL); got != want {
			t.Errorf("flaw %q: caIssuers = %v, want %d", flaw, cert.Leaf.IssuingCertificateURL, want)
		}
	}
}

func TestWeakKey(t *testing.T) {
	cert, err := newCA(t).Issue(WeakKey.order("mail.example", time.Now()))
	if err != nil {
		t.Fatalf("Issue() = %v", err)
	}
	key, ok := cert.Leaf.PublicKey.(*rsa.PublicKey)
	if !ok || key.N.BitLen() != 1024 {
		t.Errorf("key = %T, want RSA of 1024 bits", cert.Leaf.PublicKey)
	}
}

func TestPEM(t *testing.T) {
	ca := newCA(t)
	cert, err := ca.Issue(Order{Names: []string{"mail.example"}})
	if err != nil {
		t.Fatalf("Issue() = %v", err)
	}
	chain, key, err := PEM(cert)
	if err != nil {
		t.Fatalf("PEM() = %v", err)
	}
	back, err := tls.X509KeyPair(chain, key) // checks that the key fits the first certificate
	if err != nil {
		t.Fatalf("X509KeyPair() = %v", err)
	}
	if len(back.Certificate) != 2 || !back.Leaf.Equal(cert.Leaf) {
		t.Errorf("chain of %d certificates, want 2, leaf first", len(back.Certificate))
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca.RootPEM()) {
		t.Fatal("RootPEM() holds no certificate")
	}
	if err := verify(back, roots, "mail.example", time.Now()); err != nil {
		t.Errorf("Verify() = %v", err)
	}
}

func TestPrivateRoot(t *testing.T) {
	ca := newCA(t)
	cert, err := ca.Issue(Order{Names: []string{"mail.example"}, Foreign: true})
	if err != nil {
		t.Fatalf("Issue() = %v", err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca.PrivateRootPEM())
	if err := verify(cert, roots, "mail.example", time.Now()); err != nil {
		t.Errorf("Verify() with the private root = %v", err)
	}
}
