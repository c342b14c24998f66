package checks

import (
	"slices"
	"time"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// presented looks at the certificates that sessions were shown. A fault that every path
// to several hosts shows may be made on the way: something near the user answers in the
// provider's place.
func presented(e *evidence.Evidence, look func(s *evidence.Session, leaf evidence.Certificate) *Finding) []Finding {
	found := onCertificates(e, look)
	if !everywhere(e, found) {
		return found
	}
	for i := range found {
		if found[i].Sure == "" || found[i].Sure == Certain {
			found[i].Sure = Likely
		}
		found[i].Advice = append([]say.Text{"Try from another network first, for example with your phone's mobile data: something on the way may answer in the provider's place."}, found[i].Advice...)
	}
	return found
}

// everywhere tells whether findings hit every path that showed a certificate, on more
// than one host.
func everywhere(e *evidence.Evidence, found []Finding) bool {
	paths, hosts := Paths(found), map[string]bool{}
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if len(s.Secure.Chain) == 0 {
			continue
		}
		if s.Secure.Judged.Verified || !slices.Contains(paths, s.ID()) {
			return false
		}
		hosts[s.Path.Host] = true
	}
	return len(hosts) > 1
}

func onCertificates(e *evidence.Evidence, look func(s *evidence.Session, leaf evidence.Certificate) *Finding) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		if len(s.Secure.Chain) == 0 {
			return nil
		}
		f := look(s, s.Secure.Chain[0])
		if f == nil {
			return nil
		}
		if s.Secure.Judged.Verified {
			return f
		}
		if differs(s) {
			return nil // MM419 says what is wrong with it, and that another address is right
		}
		f.Facts = append(f.Facts, seen(s, StageTLS, s.Secure.Step, "the password was not sent there"))
		f.Advice = append(f.Advice, "Do not add an exception in your mail program: it could not tell a stranger's server from this one.")
		return f
	})
}

// outOfTime looks at chains that are outside of their time for the given reason. wrong
// tells whether one certificate is, text what that means for the host.
func outOfTime(e *evidence.Evidence, reason string, advice say.Text, wrong func(evidence.Certificate) bool, text func(host string, c evidence.Certificate) say.Text) []Finding {
	return presented(e, func(s *evidence.Session, _ evidence.Certificate) *Finding {
		if s.Secure.Judged.TimeWhy != reason || s.Secure.Judged.Name == evidence.No {
			return nil // one certificate, one fault: a stranger's need not be in its time
		}
		for _, c := range s.Secure.Chain {
			if !wrong(c) {
				continue
			}
			f := &Finding{
				Text: text(s.Path.Host, c),
				Facts: []Fact{
					seen(s, StageTLS, s.Secure.Step, "%s: valid from %s to %s", subject(c), minute(c.NotBefore), minute(c.NotAfter)),
					seen(s, StageTLS, s.Secure.Step, "this computer's clock says %s", minute(e.Run.At)),
				},
				Advice: mend(e, s),
			}
			if newer := renewed(e, s); newer != nil && reason == "expired" {
				f.Text = say.Join(f.Text, say.With("Port %d of the same server already has a newer one.", newer.Path.Port))
				f.Facts = append(f.Facts, seen(newer, StageTLS, newer.Secure.Step, "%s: valid until %s; so it was renewed, and port %d still has the old one", subject(newer.Secure.Chain[0]), minute(newer.Secure.Chain[0].NotAfter), s.Path.Port))
			}
			if s.Secure.Judged.Chain == evidence.No {
				f.Facts = append(f.Facts, seen(s, StageTLS, s.Secure.Step, "besides, it leads to no authority that this computer trusts (%s)", s.Secure.Judged.ChainWhy))
			}
			if !clockProven(e) && !outOfTheirTime(e, s) {
				f.Sure, f.Advice = Possible, append([]say.Text{advice}, f.Advice...)
			}
			return f
		}
		return nil
	})
}

// renewed finds another port of the same host with a certificate that is right and ends
// later: the new one is there, and one program was not told to read it.
func renewed(e *evidence.Evidence, s *evidence.Session) *evidence.Session {
	for i := range e.Sessions {
		o := &e.Sessions[i]
		if o.Path.Host == s.Path.Host && o.Secure.Judged.Verified && len(o.Secure.Chain) > 0 && o.Secure.Chain[0].NotAfter.After(s.Secure.Chain[0].NotAfter) {
			return o
		}
	}
	return nil
}

// outOfTheirTime tells whether a path's certificates are out of their time by the clocks of
// others too.
func outOfTheirTime(e *evidence.Evidence, s *evidence.Session) bool {
	offset, told := ClockOffset(e)
	theirs := e.Run.At.Add(offset)
	return told && slices.ContainsFunc(s.Secure.Chain, func(c evidence.Certificate) bool { return !c.ValidAt(theirs) })
}

// clockProven tells whether the clocks of others agree with this computer's, or, where
// nobody told theirs, whether some certificate of this run verified, which by a clock that
// is far off none would.
func clockProven(e *evidence.Evidence) bool {
	if offset, told := ClockOffset(e); told {
		return offset.Abs() < SameTime
	}
	return slices.ContainsFunc(e.Sessions, func(s evidence.Session) bool { return s.Secure.Judged.Verified })
}

// SameTime is how far two clocks may be apart that are both right: nobody's mail fails
// over minutes.
const SameTime = 5 * time.Minute

// ClockOffset is how far the clocks of others are ahead of this computer's, as far as
// SMTP greetings and the web server told theirs and agree with each other.
func ClockOffset(e *evidence.Evidence) (offset time.Duration, told bool) {
	var ahead []time.Duration
	for _, c := range e.Clocks {
		if c.Source != evidence.ClockMessage { // that may be old
			ahead = append(ahead, c.Theirs.Sub(c.Ours))
		}
	}
	if len(ahead) == 0 || slices.Max(ahead)-slices.Min(ahead) > SameTime {
		return 0, false
	}
	return ahead[0], true
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

// subject shortens a certificate's subject to what identifies it.
func subject(c evidence.Certificate) string {
	if len(c.Names) > 0 {
		return c.Names[0]
	}
	return c.Subject
}

// mend is the advice for faults of a certificate: another path that worked, and who
// can repair this one.
func mend(e *evidence.Evidence, s *evidence.Session) []say.Text {
	return []say.Text{UseInstead(e, s.Path.Protocol), AskSupport(e)}
}

// vouched states who vouches for a certificate, and how much of the way to them was sent.
func vouched(s *evidence.Session, leaf evidence.Certificate) Fact {
	sent := max(len(s.Secure.Chain), s.Secure.Sent)
	return seen(s, StageTLS, s.Secure.Step, "%s", say.Count(sent,
		"%[2]s, issued by %[3]s, %[1]d certificate sent, %[4]s",
		"%[2]s, issued by %[3]s, %[1]d certificates sent, %[4]s", subject(leaf), leaf.Issuer, leaf.Signature))
}

// untrusted looks at chains that led to no trusted root for the given reason.
func untrusted(e *evidence.Evidence, reason string, text func(*evidence.Session, evidence.Certificate) say.Text) []Finding {
	return presented(e, func(s *evidence.Session, leaf evidence.Certificate) *Finding {
		if s.Secure.Judged.ChainWhy != reason || s.Secure.Judged.Name == evidence.No {
			return nil // MM404 weighs more and mentions it
		}
		if _, told := ClockOffset(e); s.Secure.Judged.Time == evidence.No && (!told || outOfTheirTime(e, s)) {
			return nil // MM403 weighs more and mentions it, unless it is this computer's clock that is wrong
		}
		return &Finding{
			Text:   text(s, leaf),
			Facts:  []Fact{vouched(s, leaf)},
			Advice: mend(e, s),
			Params: map[string]string{"issuer": leaf.Issuer},
		}
	})
}
