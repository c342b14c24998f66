package checks

import (
	"slices"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// onEach runs a look over every session and keeps what it finds there.
func onEach(e *evidence.Evidence, look func(*evidence.Session) *Finding) []Finding {
	var found []Finding
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if f := look(s); f != nil {
			f.Path = s.ID()
			found = append(found, *f)
		}
	}
	return found
}

// onEachAddress is onEach for what is said before any login: it looks at the addresses of a
// host too on which the session did not go on. One that turns people away while another
// lets them in is a matter of luck, and a warning.
func onEachAddress(e *evidence.Evidence, look func(*evidence.Session) *Finding) []Finding {
	found := onEach(e, look)
	for i, f := range found {
		if s := e.Session(f.Path); !s.Greeting.Step.Done() && s.GreetsElsewhere() {
			found[i].Sure = LessSure(f.Sure, Likely)
			found[i].Text = say.Join(found[i].Text, "Another address of the same name answers, so it is chance which one a program meets.")
		}
	}
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if !s.Greeting.Step.Done() {
			continue
		}
		for _, d := range s.Dials {
			if d.Greeting == nil || d.Address == s.Address || !d.Greeting.Step.Failed() {
				continue
			}
			f := look(&evidence.Session{Path: s.Path, Address: d.Address, Greeting: *d.Greeting})
			if f == nil {
				continue
			}
			f.Path, f.Addr, f.Severity = s.ID(), d.Address, Warning
			f.Text = say.With("%s has several addresses. At %s: %s", s.Path.Host, d.Address, f.Text)
			f.Advice = []say.Text{say.Join("It is chance which address a program meets, so the trouble comes and goes.", AskSupport(e))}
			found = append(found, *f)
		}
	}
	return found
}

// onEachHandshake is onEach for handshakes that fail. Where one came about at another
// address of the host, it is chance which of them a program meets.
func onEachHandshake(e *evidence.Evidence, look func(*evidence.Session) *Finding) []Finding {
	found := onEach(e, look)
	for i, f := range found {
		if e.Session(f.Path).SecuresElsewhere() {
			found[i].Sure = LessSure(f.Sure, Likely)
			found[i].Text = say.Join(found[i].Text, "At another address of the same name encryption works, so it is chance which one a program meets.")
		}
	}
	return found
}

// LessSure is the weaker of two; empty is surer than anything.
func LessSure(a, b Sure) Sure {
	order := []Sure{"", Certain, Likely, Possible}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

// named tells whether one of the checks already speaks of a path.
func named(e *evidence.Evidence, id string, by ...Check) bool {
	return slices.ContainsFunc(by, func(c Check) bool {
		return slices.ContainsFunc(c.Run(e), func(f Finding) bool { return f.Path == id })
	})
}

// seen states one observation at a step of a path.
func seen(s *evidence.Session, stage Stage, step evidence.Step, format say.Text, args ...any) Fact {
	return Fact{Path: s.ID(), Stage: stage, Text: say.With(format, args...), At: step.At + step.Took}
}

// failure gives the step's failure, if it failed with one of the kinds.
func failure(step evidence.Step, kinds ...evidence.Kind) *evidence.Failure {
	if step.Failure != nil && slices.Contains(kinds, step.Failure.Kind) {
		return step.Failure
	}
	return nil
}

// quoted is a server's reply as it came.
func quoted(r *evidence.Reply) string {
	parts := []string{r.Status}
	if r.Enhanced != "" {
		parts = append(parts, r.Enhanced)
	}
	if r.Code != "" {
		parts = append(parts, "["+r.Code+"]")
	}
	return strings.TrimSpace(strings.Join(append(parts, r.Text), " "))
}

// Setting writes a path as a person types it into a mail program.
func Setting(p profile.Path) say.Text {
	return say.With("server %s, port %d, security %s", p.Host, p.Port, security(p.Encryption))
}

// security is what mail programs call a way to TLS, and a word where there is none.
func security(e profile.Encryption) say.Text {
	if e == profile.None {
		return "none"
	}
	return say.Verbatim(e.Shown())
}

// Best is the path of a protocol that this run saw working and that serves the user
// best, or nil when none worked. Advice may recommend no other.
func Best(e *evidence.Evidence, p profile.Protocol) *evidence.Session {
	usable := e.Usable(p)
	for _, role := range []profile.Role{profile.Recommended, profile.Alternate, profile.Optional, profile.Trial} {
		at := slices.IndexFunc(usable, func(s *evidence.Session) bool { return s.Path.Role == role && s.LoggedIn() })
		if at < 0 {
			at = slices.IndexFunc(usable, func(s *evidence.Session) bool { return s.Path.Role == role })
		}
		if at >= 0 {
			return usable[at]
		}
	}
	return nil
}

// ForDirection chooses between two messages, one about receiving and one about sending: to
// put a word for the direction into a gap would not do in a language that bends the rest.
func ForDirection(p profile.Protocol, receiving, sending say.Text) say.Text {
	if p == profile.SMTP {
		return sending
	}
	return receiving
}

// UseInstead advises the best path that worked, or says that none did
// and what to try then.
func UseInstead(e *evidence.Evidence, p profile.Protocol) say.Text {
	best := Best(e, p)
	if best == nil {
		return ForDirection(p,
			"No setting for incoming mail (IMAP) worked just now. Try again in half an hour, and once from another network, for example with your phone's mobile data.",
			"No setting for outgoing mail (SMTP) worked just now. Try again in half an hour, and once from another network, for example with your phone's mobile data.")
	}
	if best.LoggedIn() {
		return say.Join(SetTo(best.Path), "This worked just now.")
	}
	return say.Join(SetTo(best.Path), "It answered just now over a verified connection.")
}

// SetTo advises to use a path in the mail program.
func SetTo(p profile.Path) say.Text {
	return say.With(ForDirection(p.Protocol,
		"In your mail program, set incoming mail (IMAP) to: %s.",
		"In your mail program, set outgoing mail (SMTP) to: %s."), Setting(p))
}

// AskSupport is the last resort for what only the provider can mend.
func AskSupport(e *evidence.Evidence) say.Text {
	if e.Profile.Support != "" {
		return say.With("Send this report to %s (%s): only they can mend it.", e.Profile.Title, e.Profile.Support)
	}
	return "Send this report to your mail provider: only they can mend it."
}
