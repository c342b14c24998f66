package probe

import (
	"crypto/x509"
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
