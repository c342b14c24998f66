package probe

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/wire"
)

// handshake secures a connection. Verification is off during it, because it would hide
// every fault of a certificate but the first; judge asks each one afterwards, and no
// secret moves before it has answered. There is no ALPN: some mail servers answer it
// with an alert.
func (r *run) handshake(ctx context.Context, conn *wire.Conn, host string, hello evidence.Hello, s *evidence.Secure) (*tls.Conn, bool) {
	watch := r.begin()
	before := conn.BytesRead()
	c := config(hello)
	c.ServerName = host
	c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		s.Wanted = evidence.Yes
		return &tls.Certificate{}, nil // an empty one: there is none to give
	}
	secured := tls.Client(conn, c)
	err := secured.HandshakeContext(ctx)
	s.Answered = evidence.Saw(conn.BytesRead() > before)
	if err != nil {
		f := failed(ctx, err)
		if f.Kind == evidence.NotTLS {
			s.Instead = recognise(conn.FirstBytes())
		}
		if first := conn.Err(); f.Kind == evidence.Other && first != nil {
			f.Kind = failed(ctx, first).Kind
		}
		if f.Kind == evidence.Other {
			f.Kind = evidence.TLS
		}
		s.Step = watch.failed(f)
		return nil, false
	}
	s.Step = watch.done()
	state := secured.ConnectionState()
	s.Version, s.Cipher = tls.VersionName(state.Version), tls.CipherSuiteName(state.CipherSuite)
	if state.CurveID != 0 {
		s.Group = state.CurveID.String()
	}
	chain := state.PeerCertificates
	if len(chain) > mostCertificates {
		s.Sent, chain = len(chain), chain[:mostCertificates]
	}
	for _, c := range chain {
		s.Chain = append(s.Chain, certificate(c))
	}
	s.Staple = staple(state.OCSPResponse, chain, r.plan.Options.Roots, r.start)
	s.Judged = judge(chain, host, r.plan.Options.Roots, r.start)
	if s.Judged.Name == evidence.No {
		s.Judged.Kin = evidence.Saw(slices.ContainsFunc(s.Chain[0].Names, kinOf(r.plan.Profile, r.plan.Options.Successor).has))
	}
	return secured, true
}

// judge asks each reason to distrust a chain on its own. roots is nil for the system's.
func judge(chain []*x509.Certificate, host string, roots *x509.CertPool, now time.Time) evidence.Judgement {
	if len(chain) == 0 {
		return evidence.Judgement{}
	}
	leaf, middle := chain[0], pool(chain[1:])
	err := verify(leaf, x509.VerifyOptions{DNSName: host, Roots: roots, Intermediates: middle, CurrentTime: now})
	if err == nil {
		return evidence.Judgement{Verified: true, Time: evidence.Yes, Name: evidence.Yes, Chain: evidence.Yes}
	}
	j := evidence.Judgement{Time: evidence.Yes, Name: evidence.Saw(leaf.VerifyHostname(host) == nil), Chain: evidence.Yes}
	for _, c := range chain {
		if now.After(c.NotAfter) {
			j.Time, j.TimeWhy = evidence.No, "expired"
			break
		}
		if now.Before(c.NotBefore) {
			j.Time, j.TimeWhy = evidence.No, "not-yet-valid"
			break
		}
	}
	err = verify(leaf, x509.VerifyOptions{Roots: roots, Intermediates: middle, CurrentTime: validAt(chain)})
	if err != nil {
		j.Chain = evidence.No
		j.ChainWhy, j.Missing = why(chain, err)
	}
	if j.Time == evidence.Yes && j.Name == evidence.Yes && j.Chain == evidence.Yes {
		// Each part is right alone and the whole is not: it may not pass for verified.
		j.Chain, j.ChainWhy = evidence.No, "unknown-authority"
	}
	return j
}

// errWeakKey is the fault of a chain that leads to a trusted root by a key that can be broken.
var errWeakKey = errors.New("an RSA key of the chain is too short")

// verify is x509's verification, and besides no key of the chain may be breakable: main
// lets crypto/rsa use any, so that the handshake gets far enough to show them.
func verify(leaf *x509.Certificate, o x509.VerifyOptions) error {
	chains, err := leaf.Verify(o)
	if err == nil && !slices.ContainsFunc(chains, func(c []*x509.Certificate) bool { return !slices.ContainsFunc(c, breakable) }) {
		return errWeakKey
	}
	return err
}

// breakable tells whether the key of a certificate is RSA and under 2048 bits, RFC 9325
// section 4.5. The root's counts too: whoever breaks it can issue the rest.
func breakable(c *x509.Certificate) bool {
	kind, bits := key(c)
	return kind == "RSA" && bits < 2048
}

// validAt finds a time at which all certificates of a chain were valid, so that the
// question about the authority is not answered with the date. Where there is none, the
// leaf's own beginning has to do.
func validAt(chain []*x509.Certificate) time.Time {
	from, to := chain[0].NotBefore, chain[0].NotAfter
	for _, c := range chain[1:] {
		if c.NotBefore.After(from) {
			from = c.NotBefore
		}
		if c.NotAfter.Before(to) {
			to = c.NotAfter
		}
	}
	if from.After(to) {
		from = chain[0].NotBefore
	}
	return from.Add(time.Second)
}

// why names the reason for which no trusted root was reached.
func why(chain []*x509.Certificate, err error) (reason, missing string) {
	leaf := chain[0]
	if errors.Is(err, errWeakKey) {
		return "weak-key", ""
	}
	if slices.ContainsFunc(chain, weak) {
		return "weak-signature", ""
	}
	if selfSigned(leaf) {
		return "self-signed", ""
	}
	var unknown x509.UnknownAuthorityError
	if !errors.As(err, &unknown) {
		return "unfit", "" // constraints or usage forbid what the certificate is used for
	}
	// A public authority issues from an intermediate, names where to get it, and logs
	// what it issues. Such a leaf that comes alone came without its intermediate; any
	// other may as well be from an authority that this computer does not know.
	if len(chain) == 1 && (len(leaf.IssuingCertificateURL) > 0 || logged(leaf)) {
		return "missing-intermediate", distinguished(leaf.RawIssuer, leaf.Issuer)
	}
	return "unknown-authority", ""
}

func selfSigned(c *x509.Certificate) bool {
	return slices.Equal(c.RawSubject, c.RawIssuer) && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

// weak tells whether a signature that matters was made with SHA-1 or MD5. A root's own
// signature proves nothing and does not matter.
func weak(c *x509.Certificate) bool {
	if slices.Equal(c.RawSubject, c.RawIssuer) {
		return false
	}
	switch c.SignatureAlgorithm {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return true
	}
	return false
}

// logged tells whether the certificate carries timestamps of certificate
// transparency, RFC 6962 section 3.3.
func logged(c *x509.Certificate) bool {
	scts := asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2}
	for _, extension := range c.Extensions {
		if extension.Id.Equal(scts) {
			return true
		}
	}
	return false
}

func pool(certs []*x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range certs {
		p.AddCert(c)
	}
	return p
}

// certificate takes down what is needed of a certificate.
func certificate(c *x509.Certificate) evidence.Certificate {
	kind, bits := key(c)
	sum := sha256.Sum256(c.Raw)
	names := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	e := evidence.Certificate{
		Subject: distinguished(c.RawSubject, c.Subject), Issuer: distinguished(c.RawIssuer, c.Issuer), Names: hostNames(names),
		NotBefore: utc(c.NotBefore), NotAfter: utc(c.NotAfter), IsCA: c.IsCA, SelfSigned: selfSigned(c),
		KeyType: kind, KeyBits: bits, Signature: c.SignatureAlgorithm.String(),
		Logged: logged(c), SHA256: hex.EncodeToString(sum[:]), Raw: c.Raw,
	}
	if len(c.IssuingCertificateURL) > 0 {
		e.IssuerURL = short(c.IssuingCertificateURL[0])
	}
	return e
}

func key(c *x509.Certificate) (kind string, bits int) {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return "RSA", k.N.BitLen()
	case *ecdsa.PublicKey:
		return "ECDSA", k.Curve.Params().BitSize
	case ed25519.PublicKey:
		return "Ed25519", 256
	}
	return "unknown", 0
}

// complete looks for the certificate that one path did not send among those that the
// other paths did, and notes where the same leaf would have verified.
func complete(e *evidence.Evidence, roots *x509.CertPool) {
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if s.Secure.Judged.ChainWhy != "missing-intermediate" {
			continue
		}
		leaf, err := x509.ParseCertificate(s.Secure.Chain[0].Raw)
		if err != nil {
			continue
		}
		for _, other := range e.Sessions {
			_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: parsed(other.Secure.Chain), CurrentTime: validAt([]*x509.Certificate{leaf})})
			if err == nil {
				s.Secure.Judged.CompletedBy = other.ID()
				break
			}
		}
	}
}

func parsed(chain []evidence.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range chain[min(1, len(chain)):] {
		if cert, err := x509.ParseCertificate(c.Raw); err == nil {
			p.AddCert(cert)
		}
	}
	return p
}

// tryTLS asks on a connection of its own whether a port that should greet in clear
// text, and is silent, waits for TLS instead. One that does is a session like any other:
// it ends with a goodbye behind its greeting, and the transcript has it.
func (v *visit) tryTLS(ctx context.Context) evidence.Seen {
	d := v.dial(ctx, v.target.Path, v.s.Address)
	if d.conn == nil {
		return evidence.Unknown
	}
	second, end := v.run.aside(ctx, v.target, d.conn, v.log)
	defer end()
	second.until = time.Now().Add(v.plan.Budget.Step)
	if !second.secure(ctx) {
		return evidence.No
	}
	second.greet(ctx)
	second.farewell(ctx)
	return evidence.Yes
}
