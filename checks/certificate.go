package checks

import (
	"time"

	"mailmedic/probe/evidence"
)

// presented looks at the certificates that sessions were shown.
func presented(e *evidence.Evidence, look func(s *evidence.Session, leaf evidence.Certificate) *Finding) []Finding {
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
			return &Finding{
				Text: text(s.Path.Host, c),
				Facts: []Fact{
					seen(s, StageTLS, s.Secure.Step, "%s: valid from %s to %s", subject(c), minute(c.NotBefore), minute(c.NotAfter)),
					seen(s, StageTLS, s.Secure.Step, "this computer's clock says %s", minute(e.Run.At)),
				},
				Advice: append([]string{advice}, mend(e, s)...),
			}
		}
		return nil
	})
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
