package cause

import (
	"slices"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// starttlsStripped is MM407: something on the way takes the offer of encryption out of the
// conversation, or breaks it. Going on in clear text is what that is for.
var starttlsStripped = Cause{Code: "MM407", Where: OnPath, Fit: func(c Case) *Fit {
	e := c.Evidence
	missing := sessions(e, func(s *evidence.Session) bool {
		return s.Path.Encryption == profile.STARTTLS && s.Secure.Step.Failed() && !starred(s) &&
			(s.Secure.Offered == evidence.No || blocked(s))
	})
	sure := checks.Sure("")
	var facts []checks.Fact
	hit := slices.DeleteFunc(slices.Clone(missing), func(s *evidence.Session) bool {
		how, text := removed(e, s, missing)
		if text == "" {
			return true
		}
		if sure == "" || how == checks.Certain {
			sure = how
		}
		facts = append(facts, at(s.ID(), checks.StageTLS, s.Secure.Step, "%s", text))
		return false
	})
	if len(hit) == 0 {
		return nil
	}
	explained := c.on(ids(hit), "4")
	return &Fit{
		Explains: explained,
		Sure:     sure,
		Text:     "Something on your network takes the encryption out of the conversation with the mail server. The password was kept back.",
		For:      facts,
		Advice: append(working(c, explained),
			"Do not go on without encryption: your password would travel in clear text, and something is waiting for that.",
			otherNetwork,
		),
		Against: []RuledOut{{"MM406", "the server does offer encryption"}},
	}
}}

// blocked tells whether the server's offer stood, and the command was unknown all the same.
func blocked(s *evidence.Session) bool {
	return s.Secure.Offered == evidence.Yes && s.Secure.Answer != nil && slices.Contains([]string{"500", "501", "502", "BAD"}, s.Secure.Answer.Status)
}

// notTheServer tells whether the same server takes the command on another port, or both
// receiving and sending do not know what they offer.
func notTheServer(e *evidence.Evidence, s *evidence.Session, missing []*evidence.Session) bool {
	taken := sessions(e, func(o *evidence.Session) bool { return beside(s, o) && o.Secure.Step.Done() })
	return len(taken) > 0 || slices.ContainsFunc(missing, func(o *evidence.Session) bool { return blocked(o) && o.Path.Protocol != s.Path.Protocol })
}

// removed says what shows that the offer was taken out of a path, and how surely.
func removed(e *evidence.Evidence, s *evidence.Session, missing []*evidence.Session) (checks.Sure, say.Text) {
	switch {
	case s.Secure.Anyway == evidence.Yes:
		return checks.Certain, "STARTTLS is not offered, and accepted when it is asked for all the same"
	case slices.ContainsFunc(s.Capability.Clear, crossed):
		return checks.Likely, say.With("in place of STARTTLS stands %s", crossedIn(s.Capability.Clear))
	case blocked(s) && notTheServer(e, s, missing):
		return checks.Likely, say.With("STARTTLS is offered, and the command for it answered as unknown: %s", s.Secure.Answer.Status)
	case allMissing(e, missing):
		return checks.Likely, say.With("STARTTLS is missing on all %d ports that should offer it, of both receiving and sending", len(missing))
	}
	if twin := twinWith(e, s); twin != nil {
		return checks.Likely, say.With("it offers all that port %d offers, but for STARTTLS", twin.Path.Port)
	}
	return "", ""
}

// beside tells whether two paths are STARTTLS ports of one server.
func beside(s, o *evidence.Session) bool {
	return o.ID() != s.ID() && o.Path.Host == s.Path.Host && o.Path.Protocol == s.Path.Protocol && o.Path.Encryption == profile.STARTTLS
}

// crossed knows a keyword that a firewall has written over.
func crossed(keyword string) bool {
	rest := strings.TrimLeft(keyword, "X")
	return len(keyword)-len(rest) >= 3 && len(rest) <= 1
}

func crossedIn(list []string) string {
	if at := slices.IndexFunc(list, crossed); at >= 0 {
		return list[at]
	}
	return ""
}

// allMissing tells whether no STARTTLS port of the provider offers it, though they are of
// both protocols: two server programs do not forget it on the same day.
func allMissing(e *evidence.Evidence, missing []*evidence.Session) bool {
	met := map[profile.Protocol]int{}
	for _, s := range missing {
		if s.Secure.Offered == evidence.No {
			met[s.Path.Protocol]++
		}
	}
	should := sessions(e, func(s *evidence.Session) bool {
		return s.Path.Encryption == profile.STARTTLS && s.Greeting.Step.Done()
	})
	return met[profile.IMAP] > 0 && met[profile.SMTP] > 0 && met[profile.IMAP]+met[profile.SMTP] == len(should)
}

// twinWith finds a port of the same host that offers STARTTLS and otherwise the same. Only
// port 25 is meddled with by itself; on any other the server may as well be set up so.
func twinWith(e *evidence.Evidence, s *evidence.Session) *evidence.Session {
	if s.Path.Port != 25 {
		return nil
	}
	for _, o := range sessions(e, func(o *evidence.Session) bool {
		return beside(s, o) && o.Secure.Offered == evidence.Yes
	}) {
		without := slices.DeleteFunc(slices.Clone(o.Capability.Clear), func(k string) bool { return strings.EqualFold(k, "STARTTLS") })
		if len(without) > 1 && slices.Equal(without, s.Capability.Clear) {
			return o
		}
	}
	return nil
}
