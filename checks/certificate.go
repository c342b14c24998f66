package checks

import (
	"slices"
	"time"

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
		found[i].Advice = append([]string{"Try from another network first, for example with your phone's mobile data: something on the way may answer in the provider's place."}, found[i].Advice...)
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
		f.Facts = append(f.Facts, seen(s, StageTLS, s.Secure.Step, "the password was not sent there"))
		f.Advice = append(f.Advice, "Do not add an exception in your mail program: it could not tell a stranger's server from this one.")
		return f
	})
}

// outOfTime looks at chains that are outside of their time for the given reason. wrong
// tells whether one certificate is, text what that means for the host.
func outOfTime(e *evidence.Evidence, reason, advice string, wrong func(evidence.Certificate) bool, text func(host string, c evidence.Certificate) string) []Finding {
	return presented(e, func(s *evidence.Session, _ evidence.Certificate) *Finding {
		if s.Secure.Judged.TimeWhy != reason {
			return nil
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
			if !clockProven(e) {
				f.Sure, f.Advice = Possible, append([]string{advice}, f.Advice...)
			}
			return f
		}
		return nil
	})
}

// clockProven tells whether some certificate of this run verified: by a clock that is
// far off, none would.
func clockProven(e *evidence.Evidence) bool {
	return slices.ContainsFunc(e.Sessions, func(s evidence.Session) bool { return s.Secure.Judged.Verified })
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

// day writes a date as a person reads it.
const day = "2 January 2006"

// subject shortens a certificate's subject to what identifies it.
func subject(c evidence.Certificate) string {
	if len(c.Names) > 0 {
		return c.Names[0]
	}
	return c.Subject
}

// mend is the advice for faults of a certificate: another path that worked, and who
// can repair this one.
func mend(e *evidence.Evidence, s *evidence.Session) []string {
	return []string{UseInstead(e, s.Path.Protocol), askSupport(e)}
}

// untrusted looks at chains that led to no trusted root for the given reason.
func untrusted(e *evidence.Evidence, reason string, text func(*evidence.Session, evidence.Certificate) string) []Finding {
	return presented(e, func(s *evidence.Session, leaf evidence.Certificate) *Finding {
		if s.Secure.Judged.ChainWhy != reason {
			return nil
		}
		return &Finding{
			Text:   text(s, leaf),
			Facts:  []Fact{seen(s, StageTLS, s.Secure.Step, "%s, issued by %s, %d certificates sent, %s", subject(leaf), leaf.Issuer, len(s.Secure.Chain), leaf.Signature)},
			Advice: mend(e, s),
			Params: map[string]string{"issuer": leaf.Issuer},
		}
	})
}
