package cause

import (
	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// tlsFiltered is MM108: clear text passes, and every TLS hello, of whatever kind, to every
// host meets silence or a broken connection.
var tlsFiltered = Cause{Code: "MM108", Where: Network, Fit: func(c Case) *Fit {
	e := c.Evidence
	hit := strangled(e)
	clear := sessions(e, func(s *evidence.Session) bool { return s.Greeting.Step.Done() && len(s.Secure.Chain) == 0 })
	tried := sessions(e, func(s *evidence.Session) bool { return s.Connected() && s.Secure.Step.State != evidence.NotReached })
	if len(hit) < 2 || len(hit) != len(tried) || hosts(hit) < 2 || len(clear) == 0 {
		return nil
	}
	repeated := append(append(looks(e, evidence.HelloSmall), looks(e, evidence.HelloOld)...), looks(e, evidence.HelloClamped)...)
	if len(repeated) == 0 {
		return nil
	}
	for _, l := range repeated {
		if l.Step.Done() || l.Answered == evidence.Yes {
			return nil
		}
	}
	return &Fit{
		Explains: ofHandshake(c, hit),
		Sure:     checks.Likely,
		Text:     "This network lets no encryption through to the mail servers: clear text passes, every encrypted connection is cut off.",
		For: []checks.Fact{
			at(clear[0].ID(), checks.StageGreeting, clear[0].Greeting.Step, "the server greets in clear text"),
			at(hit[0].ID(), checks.StageTLS, hit[0].Secure.Step, "%s", say.Count(len(repeated),
				"on %[2]d ports of %[3]d hosts the TLS hello gets %[4]s, with %[1]d other kind of hello too",
				"on %[2]d ports of %[3]d hosts the TLS hello gets %[4]s, with %[1]d other kinds of hello too",
				len(hit), hosts(hit), hit[0].Secure.Step.Failure.Kind)),
		},
		Advice: []say.Text{
			otherNetwork,
			"If mail works there, ask who runs this network. Do not switch encryption off: your password would travel in clear text.",
		},
		Against: []RuledOut{
			{"MM405", "an old hello fails in the same way"},
			{"MM416", "it is not one server's: all hosts fail alike"},
		},
	}
}}
