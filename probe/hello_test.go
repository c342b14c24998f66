package probe

import (
	"crypto/tls"
	"io"
	"net"
	"slices"
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// TestHelloSizes: what the small hello is for is that it fits into a packet into which the
// usual one does not.
func TestHelloSizes(t *testing.T) {
	const segment = 1400 // what an Ethernet or a VPN over it leaves for data
	for _, c := range []struct {
		hello evidence.Hello
		fits  bool
	}{
		{"", false}, {evidence.HelloName, false},
		{evidence.HelloSmall, true}, {evidence.HelloClamped, true}, {evidence.HelloOld, true},
	} {
		client, server := net.Pipe()
		size := make(chan int, 1)
		go func() {
			b := make([]byte, 1<<16)
			n, _ := server.Read(b)
			server.Close()
			size <- n
		}()
		with := config(c.hello)
		with.ServerName = mailHost
		if err := tls.Client(client, with).Handshake(); err == nil {
			t.Errorf("%q: the handshake succeeded without a server", c.hello)
		}
		client.Close()
		if got := <-size; got == 0 || got < segment != c.fits {
			t.Errorf("%q: got %d bytes, want it to fit into %d: %t", c.hello, got, segment, c.fits)
		}
	}
}

// TestHelloDiffers holds each hello against what it is for.
func TestHelloDiffers(t *testing.T) {
	const rsa = tls.TLS_RSA_WITH_AES_128_GCM_SHA256
	for _, c := range []struct {
		hello    evidence.Hello
		min, max uint16
		rsa      bool // RSA key exchange is among its suites
	}{
		{"", tls.VersionTLS12, tls.VersionTLS13, false},
		{evidence.HelloName, tls.VersionTLS12, tls.VersionTLS13, false},
		{evidence.HelloSmall, tls.VersionTLS12, tls.VersionTLS13, false},
		{evidence.HelloClamped, tls.VersionTLS12, tls.VersionTLS13, false},
		{evidence.HelloOld, tls.VersionTLS10, tls.VersionTLS11, false},
		{evidence.HelloRSA, tls.VersionTLS12, tls.VersionTLS12, true},
	} {
		got := sent(t, c.hello)
		if low, high := slices.Min(got.SupportedVersions), slices.Max(got.SupportedVersions); low != c.min || high != c.max {
			t.Errorf("%q: got versions %x to %x, want %x to %x", c.hello, low, high, c.min, c.max)
		}
		if has := slices.Contains(got.CipherSuites, rsa); has != c.rsa && c.hello != evidence.HelloOld {
			t.Errorf("%q: RSA key exchange: got %t, want %t", c.hello, has, c.rsa)
		}
		if len(got.SupportedProtos) != 0 {
			t.Errorf("%q: got ALPN %v, want none", c.hello, got.SupportedProtos)
		}
		if got.ServerName != mailHost {
			t.Errorf("%q: got server name %q, want %s", c.hello, got.ServerName, mailHost)
		}
	}
}

// sent gives a hello as a server reads it.
func sent(t *testing.T, h evidence.Hello) (seen tls.ClientHelloInfo) {
	t.Helper()
	client, server := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer server.Close()
		_ = tls.Server(server, &tls.Config{MinVersion: tls.VersionTLS10, GetConfigForClient: func(c *tls.ClientHelloInfo) (*tls.Config, error) {
			seen = *c
			return nil, io.EOF
		}}).Handshake()
	}()
	with := config(h)
	with.ServerName = mailHost
	_ = tls.Client(client, with).Handshake()
	client.Close()
	<-done
	if len(seen.SupportedVersions) == 0 {
		t.Fatalf("%q: no hello arrived", h)
	}
	return seen
}

// TestHelloClientCertificate asks where it shows that a server wants a certificate of the
// client: TLS 1.3 says so only when the handshake is over, RFC 8446 section 4.4.2.4.
func TestHelloClientCertificate(t *testing.T) {
	ca, ecdsa, _ := certificates(t)
	for _, c := range []struct {
		name    string
		max     uint16
		want    tls.ClientAuthType
		secure  string // the handshake
		behind  string // the first step after it
		through bool
	}{
		{"TLS 1.3 demands one", tls.VersionTLS13, tls.RequireAnyClientCert, "TLS 1.3", "alert 116", false},
		{"TLS 1.2 demands one", tls.VersionTLS12, tls.RequireAnyClientCert, "alert 40", "", false},
		{"TLS 1.3 asks for one", tls.VersionTLS13, tls.RequestClientCert, "TLS 1.3", "", true},
		{"TLS 1.2 asks for one", tls.VersionTLS12, tls.RequestClientCert, "TLS 1.2", "", true},
	} {
		for _, encryption := range []profile.Encryption{profile.TLS, profile.STARTTLS} {
			t.Run(c.name+", "+string(encryption), func(t *testing.T) {
				p := listen(t, encryption, speaks(&tls.Config{Certificates: []tls.Certificate{ecdsa}, MaxVersion: c.max, ClientAuth: c.want}))
				plan := onePath(ca.Roots(), encryption, p.address)
				plan.Options.NoLogin = "not wanted"
				s := gather(t, plan).Sessions[0]
				if s.Secure.Wanted != evidence.Yes {
					t.Errorf("wanted: got %q, want yes", s.Secure.Wanted)
				}
				if got := outcome(s.Secure.Step, s.Secure.Version); got != c.secure {
					t.Errorf("handshake: got %s, want %s", got, c.secure)
				}
				first := s.Greeting.Step // behind STARTTLS there is no second greeting
				if encryption == profile.STARTTLS {
					first = s.Capability.Step
				}
				if got := outcome(first, ""); got != c.behind {
					t.Errorf("first step behind it: got %q (%+v), want %q", got, first.Failure, c.behind)
				}
				if got := s.Capability.Step.Done(); got != c.through {
					t.Errorf("went on: got %t, want %t", got, c.through)
				}
			})
		}
	}
	p := listen(t, profile.TLS, speaks(&tls.Config{Certificates: []tls.Certificate{ecdsa}}))
	if s := gather(t, onePath(ca.Roots(), profile.TLS, p.address)).Sessions[0]; s.Secure.Wanted == evidence.Yes {
		t.Error("nobody asked for a certificate: got yes")
	}
}
