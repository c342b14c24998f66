package probe

import (
	"crypto/tls"

	"mailmedic/probe/evidence"
)

// config is a ClientHello's. The usual one is Go's own, for TLS 1.2 and 1.3; the others
// differ in one thing each, so that what they get and the usual one does not tells why.
func config(h evidence.Hello) *tls.Config {
	c := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}
	switch h {
	case evidence.HelloSmall, evidence.HelloClamped:
		c.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP256}
	case evidence.HelloOld:
		c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
		c.CipherSuites = suites()
	case evidence.HelloRSA:
		c.MaxVersion = tls.VersionTLS12
		c.CipherSuites = suites()
	}
	return c
}

// suites is every suite that crypto/tls can still do, the withdrawn ones too. With these
// no password is ever sent.
func suites() (ids []uint16) {
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		ids = append(ids, s.ID)
	}
	return ids
}
