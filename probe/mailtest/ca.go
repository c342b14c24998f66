package mailtest

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

// issuerURL is where the leaves say that their intermediate can be fetched (RFC 5280
// section 4.2.2.1). Nothing answers there.
const issuerURL = "http://ca.example/intermediate.der"

const day = 24 * time.Hour

// CA is a certificate authority: a root, and an intermediate that signs the leaves.
type CA struct {
	root, intermediate authority
	private            authority // signs Foreign orders
}

type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// Order says which certificate is wanted. The zero value of each field is the
// healthy choice.
type Order struct {
	Names            []string  // DNS names of the SAN
	NotBefore        time.Time // zero: yesterday
	NotAfter         time.Time // zero: in 90 days
	SelfSigned       bool      // its own issuer, and sent alone
	OmitIntermediate bool      // issued as usual but sent without the intermediate
	Foreign          bool      // signed by a root that is sent but is not in Roots
	KeyBits          int       // an RSA key of this size; 0: an ECDSA P-256 key
}

// NewCA makes an authority in memory. Its root is called name.
func NewCA(name string) (*CA, error) { return caAt(name, time.Now()) }

// caAt makes an authority at a time.
func caAt(name string, now time.Time) (*CA, error) {
	root, err := newAuthority(name+" Root", nil, now)
	if err != nil {
		return nil, fmt.Errorf("make root of %s: %w", name, err)
	}
	intermediate, err := newAuthority(name+" Intermediate", &root, now)
	if err != nil {
		return nil, fmt.Errorf("make intermediate of %s: %w", name, err)
	}
	private, err := newAuthority(name+" Private Root", nil, now)
	if err != nil {
		return nil, fmt.Errorf("make private root of %s: %w", name, err)
	}
	return &CA{root: root, intermediate: intermediate, private: private}, nil
}

// Roots is a pool with the root alone.
func (ca *CA) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(ca.root.cert)
	return pool
}

// RootPEM is the root in PEM, as SSL_CERT_FILE wants it.
func (ca *CA) RootPEM() []byte { return certPEM(ca.root.cert.Raw) }

// PrivateRootPEM is the root of Foreign orders in PEM, for tests in which the
// computer trusts a private authority.
func (ca *CA) PrivateRootPEM() []byte { return certPEM(ca.private.cert.Raw) }

// Issue makes a certificate with its key and the chain that a server would send, leaf
// first.
func (ca *CA) Issue(o Order) (tls.Certificate, error) {
	key, err := newKey(o.KeyBits)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make key for %v: %w", o.Names, err)
	}
	leaf, err := leafTemplate(o)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make certificate for %v: %w", o.Names, err)
	}
	signer, chain := ca.signer(o, authority{leaf, key})
	der, err := x509.CreateCertificate(rand.Reader, leaf, signer.cert, key.Public(), signer.key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("sign certificate for %v: %w", o.Names, err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read back certificate for %v: %w", o.Names, err)
	}
	return tls.Certificate{Certificate: append([][]byte{der}, chain...), PrivateKey: key, Leaf: parsed}, nil
}

// signer chooses who signs, and what is sent behind the leaf.
func (ca *CA) signer(o Order, self authority) (authority, [][]byte) {
	switch {
	case o.SelfSigned:
		return self, nil
	case o.Foreign:
		return ca.private, [][]byte{ca.private.cert.Raw}
	case o.OmitIntermediate:
		return ca.intermediate, nil
	}
	return ca.intermediate, [][]byte{ca.intermediate.cert.Raw}
}

// PEM encodes the chain, leaf first, and the key, as server software reads them from
// files.
func PEM(c tls.Certificate) (cert, key []byte, err error) {
	der, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		return nil, nil, fmt.Errorf("encode private key: %w", err)
	}
	var chain bytes.Buffer
	for _, raw := range c.Certificate {
		chain.Write(certPEM(raw))
	}
	return chain.Bytes(), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

func certPEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func leafTemplate(o Order) (*x509.Certificate, error) {
	number, err := serial()
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		SerialNumber:          number,
		DNSNames:              o.Names,
		NotBefore:             o.NotBefore,
		NotAfter:              o.NotAfter,
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	if len(o.Names) > 0 {
		t.Subject = pkix.Name{CommonName: o.Names[0]}
	}
	if t.NotBefore.IsZero() {
		t.NotBefore = time.Now().Add(-day)
	}
	if t.NotAfter.IsZero() {
		t.NotAfter = time.Now().Add(90 * day)
	}
	if !o.SelfSigned && !o.Foreign {
		t.IssuingCertificateURL = []string{issuerURL}
	}
	return t, nil
}

// newAuthority makes a certificate that may sign others; a nil parent makes a root.
// It begins long before any leaf, so that also an expired leaf has a time at which
// its whole chain was valid.
func newAuthority(name string, parent *authority, now time.Time) (authority, error) {
	key, err := newKey(0)
	if err != nil {
		return authority{}, err
	}
	number, err := serial()
	if err != nil {
		return authority{}, err
	}
	t := &x509.Certificate{
		SerialNumber:          number,
		Subject:               pkix.Name{CommonName: name, Organization: []string{"mailmedic simulation"}},
		NotBefore:             now.Add(-2 * 365 * day),
		NotAfter:              now.Add(8 * 365 * day),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	signer := authority{t, key}
	if parent != nil {
		signer = *parent
	}
	der, err := x509.CreateCertificate(rand.Reader, t, signer.cert, key.Public(), signer.key)
	if err != nil {
		return authority{}, err
	}
	cert, err := x509.ParseCertificate(der)
	return authority{cert, key}, err
}

func newKey(rsaBits int) (crypto.Signer, error) {
	if rsaBits > 0 {
		return rsa.GenerateKey(rand.Reader, rsaBits)
	}
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

// serial makes a positive number of at most 63 bits; RFC 5280 section 4.1.2.2 allows 20 octets.
func serial() (*big.Int, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		return nil, fmt.Errorf("make serial number: %w", err)
	}
	return n.Add(n, big.NewInt(1)), nil
}
