package checks

import (
	"fmt"
	"unicode"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// malformedHost is MM208: the host name could not be asked for as it stands.
var malformedHost = Check{Code: "MM208", Stage: StageDNS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return unresolved(e, func(s *evidence.Session, _ []evidence.Lookup, kind evidence.Kind) *Finding {
		if kind != evidence.BadName {
			return nil
		}
		f := &Finding{
			Text:   say.With("%q is not a name that can be looked up.", s.Path.Host),
			Advice: []say.Text{"Type only the server's name: no https://, no port, no blank before or after it."},
		}
		if odd := oddLetters(s.Path.Host); len(odd) > 0 {
			f.Text = say.With("The server name %s holds %s, which may look like a letter of the English alphabet and is none.", s.Path.Host, say.List(odd))
			f.Advice = []say.Text{"Type the server's name anew by hand. Do not paste it."}
		}
		return f
	})
}}

// oddLetters names the letters of a host name that are not ASCII, by their code points,
// since some look like others.
func oddLetters(host string) []string {
	var odd []string
	for _, r := range host {
		if r > unicode.MaxASCII && unicode.IsLetter(r) {
			odd = append(odd, fmt.Sprintf("%q (U+%04X)", r, r))
		}
	}
	return odd
}
