package checks

import (
	"strings"
	"testing"

	"mailmedic/probe/evidence"
)

// TestWeakCertificate: a key that can be broken is found wherever on the way it is, once.
func TestWeakCertificate(t *testing.T) {
	chain := func(bits ...int) func(*evidence.Session) {
		return func(s *evidence.Session) {
			leaf := s.Secure.Chain[0]
			s.Secure.Chain = nil
			for _, b := range bits {
				c := leaf
				c.KeyType, c.KeyBits = "RSA", b
				s.Secure.Chain = append(s.Secure.Chain, c)
			}
		}
	}
	refused := func(s *evidence.Session) {
		s.Secure.Judged = evidence.Judgement{Time: evidence.Yes, Name: evidence.Yes, Chain: evidence.No, ChainWhy: "weak-key"}
	}
	for _, c := range []struct {
		name    string
		session evidence.Session
		want    string // in the text, "" for no finding
		fact    string
	}{
		{"strong", secured(587, chain(2048, 4096)), "", ""},
		{"the server's own", secured(587, chain(1024, 2048), refused), "has a key of only 1024 bits", "RSA key of 1024 bits, 2048 are needed"},
		{"the server's own, as recorded when that still passed", secured(587, chain(1024, 2048)), "has a key of only 1024 bits", "RSA key of 1024 bits, 2048 are needed"},
		{"its authority's", secured(587, chain(2048, 1024), refused), "issued by an authority whose key is so short", "smtp.example.net: RSA key of 1024 bits"},
		{"that of the root, which is not sent", secured(587, chain(2048, 2048), refused), "issued by an authority whose key is so short", "the root to which it leads"},
		{"of a length that was not recorded", secured(587, chain(0)), "", ""},
		{"for another name", secured(587, chain(2048, 1024), refused, func(s *evidence.Session) { s.Secure.Judged.Name = evidence.No }), "", ""},
	} {
		e := &evidence.Evidence{Run: evidence.Run{At: now}, Sessions: []evidence.Session{c.session}}
		found := Run(e, []Check{weakCertificate})
		if c.want == "" {
			if len(found) != 0 {
				t.Errorf("%s: got %v, want nothing", c.name, found)
			}
			continue
		}
		if len(found) != 1 || !strings.Contains(found[0].Text.String(), c.want) || !strings.Contains(found[0].Facts[0].Text.String(), c.fact) {
			t.Errorf("%s: got %+v, want one finding with %q and the fact %q", c.name, found, c.want, c.fact)
		}
	}
}
