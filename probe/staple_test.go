package probe

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"slices"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
)

// signer is a certificate with its key.
type signer struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// issued makes a certificate; a nil parent signs itself.
func issued(t testing.TB, serial int64, parent *signer, change func(*x509.Certificate)) signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	made := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: big.NewInt(serial).String()},
		NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(24 * time.Hour), BasicConstraintsValid: true,
	}
	if change != nil {
		change(made)
	}
	by := signer{made, key}
	if parent != nil {
		by = *parent
	}
	der, err := x509.CreateCertificate(rand.Reader, made, by.cert, key.Public(), by.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return signer{cert, key}
}

func authority(c *x509.Certificate) { c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign }

func responder(c *x509.Certificate) {
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning}
}

// TestStaple asks what an OCSP answer proves, by who signed it, whom it is about, and when.
func TestStaple(t *testing.T) {
	root := issued(t, 1, nil, authority)
	other := issued(t, 2, nil, authority)
	ca := issued(t, 3, &root, authority)
	leaf := issued(t, 4, &ca, nil)
	neighbour := issued(t, 5, &ca, nil) // somebody else's, of the same authority
	named := issued(t, 6, &ca, responder)
	foreign := issued(t, 7, &other, responder)
	outdated := issued(t, 8, &ca, func(c *x509.Certificate) { responder(c); c.NotAfter = time.Now().Add(-time.Hour) })

	trusted := issued(t, 9, nil, authority)
	direct := issued(t, 10, &trusted, nil)
	roots := pool([]*x509.Certificate{trusted.cert})

	now := time.Now().Truncate(time.Second)
	answer := func(change func(*ocsp.Response)) ocsp.Response {
		r := ocsp.Response{Status: ocsp.Good, SerialNumber: leaf.cert.SerialNumber, ThisUpdate: now.Add(-time.Hour), NextUpdate: now.Add(time.Hour)}
		if change != nil {
			change(&r)
		}
		return r
	}
	by := func(who signer, r ocsp.Response) []byte {
		issuer := ca
		if r.SerialNumber == direct.cert.SerialNumber {
			issuer = trusted
		}
		if who.cert != issuer.cert && who.cert != other.cert {
			r.Certificate = who.cert
		}
		der, err := ocsp.CreateResponse(issuer.cert, who.cert, r, who.key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	good, revoked := answer(nil), answer(func(r *ocsp.Response) {
		r.Status, r.RevokedAt, r.RevocationReason = ocsp.Revoked, now.Add(-2*time.Hour), ocsp.KeyCompromise
	})
	about := func(who signer, r ocsp.Response) ocsp.Response {
		r.SerialNumber = who.cert.SerialNumber
		return r
	}
	withIssuer := revoked
	withIssuer.Certificate = ca.cert
	whole := []*x509.Certificate{leaf.cert, ca.cert, root.cert}

	for _, c := range []struct {
		name   string
		answer []byte
		chain  []*x509.Certificate
		status string
		proven evidence.Seen
	}{
		{"good", by(ca, good), whole, "good", evidence.Yes},
		{"revoked", by(ca, revoked), whole, "revoked", evidence.Yes},
		{"unknown to its authority", by(ca, answer(func(r *ocsp.Response) { r.Status = ocsp.Unknown })), whole, "unknown", evidence.Yes},
		{"the issuer puts its own certificate in", by(ca, withIssuer), whole, "revoked", evidence.Yes},
		{"the issuer comes last", by(ca, revoked), []*x509.Certificate{leaf.cert, root.cert, ca.cert}, "revoked", evidence.Yes},
		{"by whom the issuer named", by(named, revoked), whole, "revoked", evidence.Yes},
		{"without an end", by(ca, answer(func(r *ocsp.Response) { r.NextUpdate = time.Time{} })), whole, "good", evidence.Yes},

		{"signed by another authority", by(other, revoked), whole, "revoked", evidence.No},
		{"signed by a neighbour", by(neighbour, revoked), whole, "revoked", evidence.No},
		{"signed by itself", by(leaf, good), whole, "good", evidence.No},
		{"by whom another authority named", by(foreign, revoked), whole, "revoked", evidence.No},
		{"by whom the issuer had named once", by(outdated, revoked), whole, "revoked", evidence.No},
		{"the issuer is a root, and no root came", by(trusted, about(direct, revoked)), []*x509.Certificate{direct.cert}, "revoked", evidence.Yes},
		{"the same, signed by another authority", by(other, about(direct, revoked)), []*x509.Certificate{direct.cert}, "revoked", evidence.No},
		{"the issuer is no trusted root, and did not come", by(ca, revoked), []*x509.Certificate{leaf.cert}, "revoked", evidence.No},
		{"another certificate came as issuer", by(other, revoked), []*x509.Certificate{leaf.cert, other.cert}, "revoked", evidence.No},
		{"over", by(ca, answer(func(r *ocsp.Response) { r.NextUpdate = now.Add(-time.Minute) })), whole, "good", evidence.No},
		{"not yet", by(ca, answer(func(r *ocsp.Response) { r.ThisUpdate = now.Add(time.Minute) })), whole, "good", evidence.No},
		{"about another certificate", by(ca, answer(func(r *ocsp.Response) { r.SerialNumber = neighbour.cert.SerialNumber })), whole, "unknown", evidence.No},
		{"an error", ocsp.TryLaterErrorResponse, whole, "unknown", evidence.No},
		{"rubbish", []byte("rubbish"), whole, "unknown", evidence.No},
	} {
		got := staple(c.answer, c.chain, roots, now)
		if got == nil || got.Status != c.status || got.Proven != c.proven {
			t.Errorf("%s: got %+v, want %s, proven %q", c.name, got, c.status, c.proven)
		}
	}
	if got := staple(nil, whole, roots, now); got != nil {
		t.Errorf("no answer: got %+v, want none", got)
	}
	got := staple(by(ca, revoked), whole, roots, now)
	if got.Reason != "keyCompromise" || !got.RevokedAt.Equal(now.Add(-2*time.Hour)) {
		t.Errorf("revoked: got %q on %s, want keyCompromise on %s", got.Reason, got.RevokedAt, now.Add(-2*time.Hour))
	}
}

// TestStapleAndPassword: only a proven revocation keeps the password back.
func TestStapleAndPassword(t *testing.T) {
	for _, c := range []struct {
		staple mailtest.Staple
		status string
		proven evidence.Seen
		logins int
	}{
		{mailtest.StapleGood, "good", evidence.Yes, 1},
		{mailtest.StapleForged, "revoked", evidence.No, 1},
		{mailtest.StapleRevoked, "revoked", evidence.Yes, 0},
	} {
		provider, plan := start(t, func(m *mailtest.Options, o *Options) {
			o.Only = []string{"imap-993"}
			m.Faults = map[string]mailtest.Fault{"imap-993": {Staple: c.staple}}
		})
		e := gather(t, plan)
		s := e.Session("imap-993")
		if s.Secure.Staple == nil || s.Secure.Staple.Status != c.status || s.Secure.Staple.Proven != c.proven {
			t.Errorf("%s: got %+v, want %s, proven %q", c.staple, s.Secure.Staple, c.status, c.proven)
		}
		if got := len(e.Logins); got != c.logins {
			t.Errorf("%s: got %d logins, want %d", c.staple, got, c.logins)
		}
		logsIn := func(line string) bool { return slices.Contains([]string{"AUTHENTICATE", "LOGIN"}, verb(line)) }
		if got := slices.ContainsFunc(provider.Commands("imap-993"), logsIn); got != (c.logins > 0) {
			t.Errorf("%s: the server was asked to log in: %t, want %t", c.staple, got, c.logins > 0)
		}
	}
}
