package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// weakCertificate is MM413: a signature or a key that can be forged today.
var weakCertificate = Check{Code: "MM413", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	found := untrusted(e, "weak-signature", func(s *evidence.Session, leaf evidence.Certificate) say.Text {
		return say.With("The certificate of %s is signed in a way that can be forged today.", s.Path.Host)
	})
	return append(found, presented(e, func(s *evidence.Session, leaf evidence.Certificate) *Finding {
		switch {
		case short(leaf):
			return &Finding{
				Text:   say.With("The certificate of %s has a key of only %d bits.", s.Path.Host, leaf.KeyBits),
				Facts:  []Fact{seen(s, StageTLS, s.Secure.Step, "RSA key of %d bits, 2048 are needed", leaf.KeyBits)},
				Advice: []say.Text{AskSupport(e)},
			}
		case s.Secure.Judged.ChainWhy == "weak-key" && s.Secure.Judged.Name != evidence.No && s.Secure.Judged.Time != evidence.No:
			return &Finding{
				Text:   say.With("The certificate of %s was issued by an authority whose key is so short that it can be broken.", s.Path.Host),
				Facts:  []Fact{seen(s, StageTLS, s.Secure.Step, "%s", above(s.Secure.Chain[1:]))},
				Advice: []say.Text{AskSupport(e)},
			}
		}
		return nil
	})...)
}}

// short tells whether a certificate's key is RSA and shorter than RFC 9325 section 4.5 wants.
func short(c evidence.Certificate) bool {
	return c.KeyType == "RSA" && c.KeyBits > 0 && c.KeyBits < 2048
}

// above names the weak key among an authority's certificates. The root is not sent.
func above(chain []evidence.Certificate) say.Text {
	for _, c := range chain {
		if short(c) {
			return say.With("%s: RSA key of %d bits, 2048 are needed", subject(c), c.KeyBits)
		}
	}
	return "the root to which it leads has an RSA key of fewer than 2048 bits"
}
