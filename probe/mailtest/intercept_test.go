package mailtest

import (
	"crypto/tls"
	"crypto/x509"
	"testing"
)

func TestIntercept(t *testing.T) {
	const name = "Some Shield Root"
	for _, tt := range []struct {
		name      string
		intercept Intercept
		issuer    string // of the certificate on 993
		trusted   bool
	}{
		{"none", Intercept{}, "Simulated CA Intermediate", true},
		{"trusted", Intercept{Issuer: name, Trusted: true}, name, true},
		{"not trusted", Intercept{Issuer: name}, name, false},
		{"this path", Intercept{Issuer: name, Paths: []string{"imap-993"}}, name, false},
		{"another path", Intercept{Issuer: name, Paths: []string{"smtp-465"}}, "Simulated CA Intermediate", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := options()
			o.Intercept = tt.intercept
			p := start(t, o)
			conn := tls.Client(dial(t, p, "imap-993"), &tls.Config{InsecureSkipVerify: true})
			if err := conn.Handshake(); err != nil {
				t.Fatalf("Handshake() = %v", err)
			}
			chain := conn.ConnectionState().PeerCertificates
			if got := chain[0].Issuer.CommonName; got != tt.issuer {
				t.Errorf("issuer = %q, want %q", got, tt.issuer)
			}
			between := x509.NewCertPool()
			between.AddCert(chain[1])
			_, err := chain[0].Verify(x509.VerifyOptions{Roots: p.Roots(), Intermediates: between, DNSName: "secure.example.com"})
			if (err == nil) != tt.trusted {
				t.Errorf("Verify() = %v, want trusted %t", err, tt.trusted)
			}
			if err := chain[0].VerifyHostname("secure.example.com"); err != nil {
				t.Errorf("VerifyHostname() = %v: such products show the right name", err)
			}
		})
	}
}
