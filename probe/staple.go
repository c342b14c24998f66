package probe

import (
	"bytes"
	"crypto/x509"
	"slices"
	"time"

	"golang.org/x/crypto/ocsp"

	"mailmedic/probe/evidence"
)

// staple reads the OCSP answer that came with a certificate. One that nobody signed who
// may, or that is out of its time, proves nothing.
func staple(answer []byte, chain []*x509.Certificate, roots *x509.CertPool, now time.Time) *evidence.Staple {
	if len(answer) == 0 || len(chain) == 0 {
		return nil
	}
	// Who signed is asked below: with an issuer given, an answer that is signed otherwise
	// would not even be read.
	r, err := ocsp.ParseResponseForCert(answer, chain[0], nil)
	if err != nil {
		return &evidence.Staple{Status: "unknown", Proven: evidence.No}
	}
	s := &evidence.Staple{Status: "unknown"}
	switch r.Status {
	case ocsp.Good:
		s.Status = "good"
	case ocsp.Revoked:
		s.Status, s.RevokedAt, s.Reason = "revoked", utc(r.RevokedAt), reason(r.RevocationReason)
	}
	inTime := !now.Before(r.ThisUpdate) && (r.NextUpdate.IsZero() || now.Before(r.NextUpdate))
	s.Proven = evidence.Saw(inTime && signed(r, issuer(chain, roots), now))
	return s
}

// issuer finds who issued the leaf: among the certificates that came with it, or, since a
// root is seldom sent, in a chain that leads to one. Nil where neither has it.
func issuer(chain []*x509.Certificate, roots *x509.CertPool) *x509.Certificate {
	leaf := chain[0]
	at := slices.IndexFunc(chain[1:], func(c *x509.Certificate) bool {
		// The name is asked first, as verification does: a signature takes long to check.
		return bytes.Equal(leaf.RawIssuer, c.RawSubject) && leaf.CheckSignatureFrom(c) == nil
	})
	if at >= 0 {
		return chain[1:][at]
	}
	verified, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: pool(chain[1:]), CurrentTime: validAt(chain)})
	if err != nil || len(verified[0]) < 2 {
		return nil
	}
	return verified[0][1]
}

// signed tells whether an answer was signed by the issuer of the certificate that it is
// about, or by whom the issuer has named for it, RFC 6960 section 4.2.2.2. Not everybody
// who has a certificate of the same issuer may.
func signed(r *ocsp.Response, issuer *x509.Certificate, now time.Time) bool {
	if issuer == nil {
		return false
	}
	by := r.Certificate
	if by == nil || bytes.Equal(by.Raw, issuer.Raw) {
		return r.CheckSignatureFrom(issuer) == nil
	}
	return slices.Contains(by.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning) &&
		!now.Before(by.NotBefore) && now.Before(by.NotAfter) &&
		by.CheckSignatureFrom(issuer) == nil && r.CheckSignatureFrom(by) == nil
}

// reason is the word of RFC 5280 section 5.3.1.
func reason(code int) string {
	return map[int]string{
		ocsp.KeyCompromise: "keyCompromise", ocsp.CACompromise: "cACompromise", ocsp.AffiliationChanged: "affiliationChanged",
		ocsp.Superseded: "superseded", ocsp.CessationOfOperation: "cessationOfOperation", ocsp.CertificateHold: "certificateHold",
		ocsp.PrivilegeWithdrawn: "privilegeWithdrawn", ocsp.AACompromise: "aACompromise",
	}[code]
}
