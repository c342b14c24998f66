package cause

import (
	"slices"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
)

// largeHello is MM110: the usual hello, which since 2024 is larger than one packet, dies,
// and a small one on a connection like it succeeds.
var largeHello = Cause{Code: "MM110", Where: OnPath, Fit: func(c Case) *Fit {
	e := c.Evidence
	hit := slices.DeleteFunc(strangled(e), func(s *evidence.Session) bool { return triedInVain(e, s, evidence.HelloSmall) })
	small := worked(looks(e, evidence.HelloSmall))
	if len(hit) == 0 || small == nil {
		return nil
	}
	explained := ofHandshake(c, hit)
	fit := &Fit{
		Explains: explained,
		Sure:     checks.Certain,
		Text:     "Something on the way cannot cope with the first message of today's encryption, which is larger than it used to be. Older programs get through, new ones do not.",
		For: []checks.Fact{
			at(hit[0].ID(), checks.StageTLS, hit[0].Secure.Step, "the usual hello (post-quantum, larger than one packet) got %s", hit[0].Secure.Step.Failure.Kind),
			at("", checks.StageTLS, small.Step, "a small hello to %s succeeded: %s", small.Address, small.Version),
		},
		Advice: append(working(c, explained),
			"Update the router, the firewall and the security software that are on the way; this fault has been mended in newer versions.",
			"Ask who runs the network to do so, and show them this report.",
		),
		Against: []RuledOut{
			{"MM108", "encryption as such gets through: a small hello was answered"},
			{"MM109", "the server's large answer to the small hello arrived"},
		},
	}
	nearTheServer(c, fit, hit)
	return fit
}}
