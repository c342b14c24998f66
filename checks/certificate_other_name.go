package checks

import (
	"slices"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// certificateOtherName is MM404: the certificate is for other names than the one that
// was asked for.
var certificateOtherName = Check{Code: "MM404", Stage: StageTLS, Severity: Fault, Run: withClients("MM404", func(e *evidence.Evidence) []Finding {
	return presented(e, func(s *evidence.Session, leaf evidence.Certificate) *Finding {
		if s.Secure.Judged.Name != evidence.No {
			return nil
		}
		f := &Finding{
			Text:   say.With("You asked for %s, and the server proves to be %s.", s.Path.Host, some(leaf.Names, 3)),
			Facts:  []Fact{seen(s, StageTLS, s.Secure.Step, "certificate for %s, issued by %s", some(leaf.Names, 6), leaf.Issuer)},
			Params: map[string]string{"host": s.Path.Host},
		}
		if s.Secure.Judged.Chain == evidence.No {
			f.Text = say.With("You asked for %s, and the server shows a certificate for %s, which nobody whom this computer trusts vouches for.", s.Path.Host, some(leaf.Names, 3))
			f.Facts = append(f.Facts, seen(s, StageTLS, s.Secure.Step, "besides, it leads to no authority that this computer trusts (%s)", s.Secure.Judged.ChainWhy))
		}
		if s.Secure.Judged.Time == evidence.No {
			f.Text = say.With("You asked for %s, and the server shows a certificate for %s, which is out of its time besides.", s.Path.Host, some(leaf.Names, 3))
			f.Facts = append(f.Facts, seen(s, StageTLS, s.Secure.Step, "besides, it is out of its time: %s to %s", minute(leaf.NotBefore), minute(leaf.NotAfter)))
		}
		if len(leaf.Names) == 0 {
			f.Text = say.With("The certificate names no server, so it cannot prove to be %s.", s.Path.Host)
		}
		if other := verifiedAs(e, s, leaf); other != nil {
			f.Advice = []say.Text{say.With("In your mail program, set: %s. That name fits its certificate, and it answered just now.", Setting(other.Path))}
			f.Params["name"] = other.Path.Host
			return f
		}
		if name := answersAs(e, s); name != "" {
			p := s.Path
			p.Host = name
			f.Advice = []say.Text{say.With("In your mail program, set: %s. Under that name the same server proved who it is just now.", Setting(p))}
			f.Params["name"] = name
			return f
		}
		f.Advice = mend(e, s)
		if len(leaf.Names) > 0 && stranger(e, s, leaf) {
			f.Advice = append([]say.Text{say.With("If you do not know %s, a stranger's server may stand there: do not enter that name, and try from another network, for example with your phone's mobile data.", leaf.Names[0])}, f.Advice...)
		}
		return f
	})
})}

// Kin tells whether a name of the certificate shares its last two labels with a name of
// the provider. Where a domain has more than two, that is kin too soon, and nothing is said.
func Kin(e *evidence.Evidence, names []string) bool {
	own := append(slices.Clone(e.Profile.Domains), e.Profile.Web)
	for _, p := range e.Profile.Paths {
		own = append(own, p.Host)
	}
	return slices.ContainsFunc(names, func(n string) bool {
		return slices.ContainsFunc(own, func(o string) bool { return o != "" && strings.EqualFold(lastTwo(n), lastTwo(o)) })
	})
}

func lastTwo(name string) string {
	labels := strings.Split(name, ".")
	return strings.Join(labels[max(0, len(labels)-2):], ".")
}

// verifiedAs finds a path whose host the certificate is for, and which this run saw
// working under that name.
func verifiedAs(e *evidence.Evidence, s *evidence.Session, leaf evidence.Certificate) *evidence.Session {
	for _, other := range e.Usable(s.Path.Protocol) {
		if slices.ContainsFunc(leaf.Names, func(n string) bool { return strings.EqualFold(n, other.Path.Host) }) {
			return other
		}
	}
	return nil
}

// stranger tells whether no name of the certificate is the provider's. The run has judged
// that, by the list of public suffixes; where its record is older, two labels have to do.
func stranger(e *evidence.Evidence, s *evidence.Session, leaf evidence.Certificate) bool {
	if s.Secure.Judged.Kin != evidence.Unknown {
		return s.Secure.Judged.Kin == evidence.No
	}
	return !Kin(e, leaf.Names)
}

// answersAs is a name of the certificate under which this run saw the same server verify,
// if it is the provider's. A stranger who answers in the provider's place verifies as well,
// under a name of their own.
func answersAs(e *evidence.Evidence, s *evidence.Session) string {
	for _, l := range s.Looks {
		if l.Hello == evidence.HelloName && l.Judged.Verified && ours(e, s, l.Name) {
			return l.Name
		}
	}
	return ""
}

// ours tells whether a name that the run tried is the provider's. A run that judges whose
// names they are tries no other; of what an older one tried, only what lies below a domain
// of the provider's is.
func ours(e *evidence.Evidence, s *evidence.Session, name string) bool {
	if s.Secure.Judged.Kin != evidence.Unknown {
		return s.Secure.Judged.Kin == evidence.Yes
	}
	return slices.ContainsFunc(append(slices.Clone(e.Profile.Domains), e.Profile.Web), func(domain string) bool {
		return domain != "" && (strings.EqualFold(name, domain) || strings.HasSuffix(strings.ToLower(name), "."+strings.ToLower(domain)))
	})
}
