package cause

import (
	"strings"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// smtpInspected is MM506: a firewall rewrites SMTP. It covers the greeting with stars, and
// what the server offers with X.
var smtpInspected = Cause{Code: "MM506", Where: OnPath, Fit: func(c Case) *Fit {
	// What happens on a line that the server has proved to be its own, no firewall rewrites.
	hit := sessions(c.Evidence, func(s *evidence.Session) bool { return starred(s) && !s.Secure.Judged.Verified })
	if len(hit) == 0 {
		return nil
	}
	explained := c.on(ids(hit), "457")
	return &Fit{
		Explains: explained,
		Sure:     checks.Certain,
		Text:     "A firewall between you and the server rewrites the conversation, and takes encryption and login out of it.",
		For:      []checks.Fact{at(hit[0].ID(), checks.StageGreeting, hit[0].Greeting.Step, "the greeting is covered with stars: %s", hit[0].Greeting.Line)},
		Advice: append(working(c, explained),
			"Ask who runs the network to switch off the inspection of SMTP (on Cisco firewalls: inspect esmtp), or to allow TLS in it.",
			"Do not go on without encryption.",
		),
		Against: []RuledOut{{"MM406", "the server's own offer was written over on the way"}},
	}
}}

// starred tells whether a greeting is covered: more than half of what it says is stars.
// Some servers put a few there for decoration.
func starred(s *evidence.Session) bool {
	if s.Path.Protocol != profile.SMTP || len(s.Greeting.Line) < 4 {
		return false
	}
	text := strings.ReplaceAll(s.Greeting.Line[3:], " ", "")
	stars := strings.Count(text, "*")
	return len(text) >= 8 && stars*10 >= len(text)*6
}
