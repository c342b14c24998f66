package cause

import (
	"slices"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
)

// mtuBlackHole is MM109: small packets arrive, full ones vanish, so that the certificates
// of the server never come. It is proven when a connection that agreed on small packets
// succeeds; it is likely when the server's short refusal of an old hello arrives, and its
// long answer to a small new one does not.
var mtuBlackHole = Cause{Code: "MM109", Where: OnPath, Fit: func(c Case) *Fit {
	e := c.Evidence
	hit := strangled(e)
	small := looks(e, evidence.HelloSmall)
	if len(hit) == 0 || len(small) == 0 || worked(small) != nil {
		return nil
	}
	explained := ofHandshake(c, hit)
	fit := &Fit{
		Explains: explained,
		Sure:     checks.Certain,
		Text:     "Large packets get lost between you and the server. Short messages pass, the certificates of the server do not.",
		For:      []checks.Fact{at(hit[0].ID(), checks.StageTLS, hit[0].Secure.Step, "the answer to a TLS hello, of any size, never comes whole")},
		Advice: append(working(c, explained),
			"Switch the VPN off, if one is on, and run mailmedic again.",
			"In the settings of the router or the VPN, set the MTU to 1400.",
			"Or ask who runs the network to let ICMP \"fragmentation needed\" and \"packet too big\" through.",
		),
		Against: []RuledOut{
			{"MM108", "encryption as such gets through"},
			{"MM110", "a small hello fails as well"},
		},
	}
	if clamped := worked(looks(e, evidence.HelloClamped)); clamped != nil {
		helped := slices.DeleteFunc(hit, func(s *evidence.Session) bool { return triedInVain(e, s, evidence.HelloClamped) })
		fit.Explains = ofHandshake(c, helped)
		nearTheServer(c, fit, helped)
		fit.For = append(fit.For, at("", checks.StageTLS, clamped.Step, "the same hello on a connection with small packets succeeded"))
		return fit
	}
	for _, old := range looks(e, evidence.HelloOld) {
		// A part of an answer that never went on is no short answer: that server is slow or stuck.
		if old.Answered == evidence.Yes && !timedOut(old) && silent(small) {
			fit.Sure = checks.Likely
			nearTheServer(c, fit, hit)
			fit.For = append(fit.For, at("", checks.StageTLS, old.Step, "a hello that gets a short answer was answered by %s", old.Address))
			return fit
		}
	}
	return nil
}}

// silent tells whether all looks ended without an answer in time.
func silent(list []evidence.Look) bool {
	return !slices.ContainsFunc(list, func(l evidence.Look) bool { return !timedOut(l) })
}

func timedOut(l evidence.Look) bool {
	return l.Step.Failure != nil && l.Step.Failure.Kind == evidence.Timeout
}
