package mailtest

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/ocsp"
)

// Intercept is something near that opens TLS connections, and shows certificates of its
// own for the right names. The zero value is none.
type Intercept struct {
	Issuer  string   // the name of its authority
	Trusted bool     // this computer trusts the authority
	Paths   []string // ids of the paths that it opens; nil: all
}

// interceptor is the authority of an Intercept. A nil one opens nothing.
type interceptor struct {
	authority
	trusted bool
	paths   []string
	now     time.Time
}

func newInterceptor(i Intercept, now time.Time) (*interceptor, error) {
	if i.Issuer == "" {
		return nil, nil
	}
	a, err := newAuthority(i.Issuer, nil, now)
	if err != nil {
		return nil, fmt.Errorf("make authority %s: %w", i.Issuer, err)
	}
	return &interceptor{a, i.Trusted, i.Paths, now}, nil
}

func (i *interceptor) takes(path string) bool {
	return i != nil && (i.paths == nil || slices.Contains(i.paths, path))
}

// Issue makes a certificate as such products do: fresh, straight from their root, for the
// names that were asked for.
func (i *interceptor) Issue(o Order) (tls.Certificate, error) {
	key, err := newKey(0)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := leafTemplate(Order{Names: o.Names, NotBefore: i.now.Add(-time.Hour), NotAfter: i.now.Add(90 * day), Foreign: true})
	if err != nil {
		return tls.Certificate{}, err
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, i.cert, key.Public(), i.key)
	if err != nil {
		return tls.Certificate{}, err
	}
	parsed, err := x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der, i.cert.Raw}, PrivateKey: key, Leaf: parsed}, err
}

// stapled puts an OCSP answer to a certificate, RFC 6960.
func (ca *CA) stapled(c tls.Certificate, s Staple, now time.Time) (tls.Certificate, error) {
	if s == "" {
		return c, nil
	}
	answer := ocsp.Response{
		Status: ocsp.Good, SerialNumber: c.Leaf.SerialNumber,
		ThisUpdate: now.Add(-time.Hour), NextUpdate: now.Add(3 * day),
	}
	if s != StapleGood {
		answer.Status, answer.RevokedAt, answer.RevocationReason = ocsp.Revoked, now.Add(-2*day), ocsp.KeyCompromise
	}
	signer := ca.intermediate
	if s == StapleForged {
		signer = ca.private
	}
	der, err := ocsp.CreateResponse(ca.intermediate.cert, signer.cert, answer, signer.key)
	if err != nil {
		return c, fmt.Errorf("make OCSP answer: %w", err)
	}
	c.OCSPStaple = der
	return c, nil
}

// Shield makes a certificate for a host as security programs do that open connections:
// straight from an authority of that name, which nobody trusts.
func Shield(issuer, host string) (tls.Certificate, error) {
	i, err := newInterceptor(Intercept{Issuer: issuer}, time.Now())
	if err != nil {
		return tls.Certificate{}, err
	}
	return i.Issue(Order{Names: []string{host}})
}
