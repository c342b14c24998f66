package probe

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
)

// TestJudge asks each reason on its own: a certificate with three faults has to show
// all three.
func TestJudge(t *testing.T) {
	ca, err := mailtest.NewCA("Test CA")
	if err != nil {
		t.Fatal(err)
	}
	const host = "mail.example.org"
	now := time.Now()
	day := 24 * time.Hour
	for _, c := range []struct {
		about string
		order mailtest.Order
		want  evidence.Judgement
	}{
		{"good", mailtest.Order{Names: []string{host}}, evidence.Judgement{Verified: true, Time: "yes", Name: "yes", Chain: "yes"}},
		{"expired", mailtest.Order{Names: []string{host}, NotBefore: now.Add(-90 * day), NotAfter: now.Add(-day)},
			evidence.Judgement{Time: "no", TimeWhy: "expired", Name: "yes", Chain: "yes"}},
		{"not yet valid", mailtest.Order{Names: []string{host}, NotBefore: now.Add(day), NotAfter: now.Add(90 * day)},
			evidence.Judgement{Time: "no", TimeWhy: "not-yet-valid", Name: "yes", Chain: "yes"}},
		{"other name", mailtest.Order{Names: []string{"other.example"}}, evidence.Judgement{Time: "yes", Name: "no", Chain: "yes"}},
		{"self-signed", mailtest.Order{Names: []string{host}, SelfSigned: true},
			evidence.Judgement{Time: "yes", Name: "yes", Chain: "no", ChainWhy: "self-signed"}},
		{"private authority", mailtest.Order{Names: []string{host}, Foreign: true},
			evidence.Judgement{Time: "yes", Name: "yes", Chain: "no", ChainWhy: "unknown-authority"}},
		{"everything at once", mailtest.Order{Names: []string{"other.example"}, SelfSigned: true, NotBefore: now.Add(-90 * day), NotAfter: now.Add(-day)},
			evidence.Judgement{Time: "no", TimeWhy: "expired", Name: "no", Chain: "no", ChainWhy: "self-signed"}},
	} {
		got := judge(issue(t, ca, c.order), host, ca.Roots(), now)
		if got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.about, got, c.want)
		}
	}
	incomplete := judge(issue(t, ca, mailtest.Order{Names: []string{host}, OmitIntermediate: true}), host, ca.Roots(), now)
	if incomplete.ChainWhy != "missing-intermediate" || incomplete.Missing == "" || incomplete.Verified {
		t.Errorf("incomplete: got %+v, want missing-intermediate with the missing subject", incomplete)
	}
}

// TestJudgeKeys has a trusted root lead to a leaf over keys of many sizes. A key that can be
// broken makes whoever broke it the server, so one anywhere on the way proves nothing. The
// program itself is built with rsa1024min=0, or it would not get to see such a key.
func TestJudgeKeys(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	now := time.Now()
	right := evidence.Judgement{Verified: true, Time: evidence.Yes, Name: evidence.Yes, Chain: evidence.Yes}
	broken := evidence.Judgement{Time: evidence.Yes, Name: evidence.Yes, Chain: evidence.No, ChainWhy: "weak-key"}
	for _, c := range []struct {
		name string
		bits [3]int // RSA keys of root, intermediate and leaf; 0 is ECDSA
		host string
		at   time.Time
		want evidence.Judgement
	}{
		{"strong", [3]int{2048, 2048, 2048}, mailHost, now, right},
		{"no RSA", [3]int{0, 0, 0}, mailHost, now, right},
		{"leaf of 512 bits", [3]int{0, 0, 512}, mailHost, now, broken},
		{"leaf of 1024 bits", [3]int{0, 0, 1024}, mailHost, now, broken},
		{"leaf of 2047 bits", [3]int{0, 0, 2047}, mailHost, now, broken},
		{"intermediate of 512 bits", [3]int{0, 512, 0}, mailHost, now, broken},
		{"intermediate of 1024 bits", [3]int{0, 1024, 0}, mailHost, now, broken},
		{"root of 1024 bits", [3]int{1024, 0, 0}, mailHost, now, broken},
		{"and another name", [3]int{0, 0, 1024}, "other.example", now, evidence.Judgement{Time: evidence.Yes, Name: evidence.No, Chain: evidence.No, ChainWhy: "weak-key"}},
		{"and expired", [3]int{0, 0, 1024}, mailHost, now.Add(100 * 24 * time.Hour), evidence.Judgement{Time: evidence.No, TimeWhy: "expired", Name: evidence.Yes, Chain: evidence.No, ChainWhy: "weak-key"}},
	} {
		root := rooted(t, 1, c.bits[0], nil)
		middle := rooted(t, 2, c.bits[1], &root)
		leaf := rooted(t, 3, c.bits[2], &middle)
		got := judge([]*x509.Certificate{leaf.cert, middle.cert}, c.host, pool([]*x509.Certificate{root.cert}), c.at)
		if got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
	weak, strong := rooted(t, 1, 1024, nil), rooted(t, 4, 0, nil)
	middle := rooted(t, 2, 0, &weak)
	again := *middle.cert
	again.SignatureAlgorithm = 0 // that of the other key
	cross := signedBy(t, &again, middle.key, strong)
	leaf := rooted(t, 3, 0, &middle)
	got := judge([]*x509.Certificate{leaf.cert, middle.cert, cross}, mailHost, pool([]*x509.Certificate{weak.cert, strong.cert}), now)
	if got != right {
		t.Errorf("a strong way besides a weak one: got %+v, want %+v", got, right)
	}
}

// rooted makes a certificate with an RSA key of so many bits, or an ECDSA key for 0. A nil
// parent signs itself.
func rooted(t *testing.T, serial int64, bits int, parent *signer) signer {
	t.Helper()
	var key crypto.Signer
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if bits > 0 {
		key, err = rsa.GenerateKey(rand.Reader, bits)
	}
	if err != nil {
		t.Fatal(err)
	}
	made := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: fmt.Sprint("number ", serial)}, DNSNames: []string{mailHost},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour), BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageCertSign,
	}
	by := signer{made, key}
	if parent != nil {
		by = *parent
	}
	return signer{signedBy(t, made, key, by), key}
}

func signedBy(t *testing.T, made *x509.Certificate, key crypto.Signer, by signer) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, made, by.cert, key.Public(), by.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func issue(t *testing.T, ca *mailtest.CA, o mailtest.Order) []*x509.Certificate {
	t.Helper()
	made, err := ca.Issue(o)
	if err != nil {
		t.Fatal(err)
	}
	var chain []*x509.Certificate
	for _, der := range made.Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		chain = append(chain, c)
	}
	return chain
}

// TestComplete finds the missing certificate in what another path sent.
func TestComplete(t *testing.T) {
	ca, err := mailtest.NewCA("Test CA")
	if err != nil {
		t.Fatal(err)
	}
	const host = "mail.example.org"
	whole := issue(t, ca, mailtest.Order{Names: []string{host}})
	part := issue(t, ca, mailtest.Order{Names: []string{host}, OmitIntermediate: true})
	session := func(port int, chain []*x509.Certificate) evidence.Session {
		s := evidence.Session{}
		s.Path.Protocol, s.Path.Port = "imap", port
		for _, c := range chain {
			s.Secure.Chain = append(s.Secure.Chain, certificate(c))
		}
		s.Secure.Judged = judge(chain, host, ca.Roots(), time.Now())
		return s
	}
	e := &evidence.Evidence{Sessions: []evidence.Session{session(993, part), session(143, whole)}}
	complete(e, ca.Roots())
	if got := e.Sessions[0].Secure.Judged.CompletedBy; got != "imap-143" {
		t.Errorf("completed by: got %q, want imap-143", got)
	}
	alone := &evidence.Evidence{Sessions: []evidence.Session{session(993, part)}}
	complete(alone, ca.Roots())
	if got := alone.Sessions[0].Secure.Judged.CompletedBy; got != "" {
		t.Errorf("nobody sent it: got %q, want none", got)
	}
}
