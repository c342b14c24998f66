package checks

import (
	"fmt"
	"slices"
	"strings"

	"mailmedic/probe/evidence"
)

// certificateOtherName is MM404: the certificate is for other names than the one that
// was asked for.
var certificateOtherName = Check{Code: "MM404", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return presented(e, func(s *evidence.Session, leaf evidence.Certificate) *Finding {
		if s.Secure.Judged.Name != evidence.No {
			return nil
		}
		f := &Finding{
			Text:   fmt.Sprintf("You asked for %s, and the server proves to be %s.", s.Path.Host, strings.Join(first(leaf.Names, 3), ", ")),
			Facts:  []Fact{seen(s, StageTLS, s.Secure.Step, "certificate for %s, issued by %s", strings.Join(first(leaf.Names, 6), ", "), leaf.Issuer)},
			Params: map[string]string{"host": s.Path.Host},
		}
		if len(leaf.Names) == 0 {
			f.Text = fmt.Sprintf("The certificate names no server, so it cannot prove to be %s.", s.Path.Host)
		}
		if other := verifiedAs(e, s, leaf); other != nil {
			f.Advice = []string{fmt.Sprintf("In your mail program, set: %s. That name fits its certificate, and it answered just now.", Setting(other.Path))}
			f.Params["name"] = other.Path.Host
			return f
		}
		f.Advice = mend(e, s)
		return f
	})
}}

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

func first(names []string, n int) []string {
	if len(names) <= n {
		return names
	}
	return append(slices.Clone(names[:n]), "and others")
}
