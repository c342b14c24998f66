package checks

import (
	"slices"
	"strings"
	"unicode"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// nameCase is what a check of the login name looks at: the name as typed, and what the
// provider wants for this address, best first.
type nameCase struct {
	typed  string
	needed []string
}

// typedName gives the name to check. It reports false when the user typed none, when
// nothing is known about the form, or when a server has accepted the name: a server's
// word outweighs a page.
func typedName(e *evidence.Evidence) (nameCase, bool) {
	a := e.Account
	if a.Login == "" || answered(e, a.Login, evidence.Accepted) {
		return nameCase{}, false
	}
	address := a.Address
	if address == "" {
		address = strings.TrimSpace(a.Login)
	}
	needed := e.Profile.LoginNames(address)
	return nameCase{a.Login, needed}, len(needed) > 0
}

// answered tells whether a server gave the result for a login name.
func answered(e *evidence.Evidence, name string, result evidence.Result) bool {
	return slices.ContainsFunc(e.Logins, func(l evidence.Login) bool { return l.Name == name && l.Result == result })
}

// The shapes of a login name.
const (
	bare    say.Text = "the part before the @ alone"
	percent say.Text = "with a percent sign"
	whole   say.Text = "the whole address"
)

func formOf(name string) say.Text {
	switch {
	case strings.Contains(name, "@"):
		return whole
	case strings.Contains(name, "%"):
		return percent
	}
	return bare
}

// proven tells whether this run proved the name wrong: the server rejected it, and with
// the same password accepted the one that the provider wants.
func (n nameCase) proven(e *evidence.Evidence) bool {
	return answered(e, n.typed, evidence.RejectedIn) &&
		slices.ContainsFunc(n.needed, func(name string) bool { return name != n.typed && answered(e, name, evidence.Accepted) })
}

// rightForm tells whether the name has a form that the provider takes.
func (n nameCase) rightForm() bool {
	return slices.ContainsFunc(n.needed, func(name string) bool { return formOf(name) == formOf(n.typed) })
}

// clean takes off what does not show and does not belong: blanks and quotes at the
// ends, and invisible characters anywhere.
func clean(name string) string {
	visible := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, name)
	return strings.TrimFunc(visible, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"'<>`, r) })
}

// looksWrong tells whether the name differs from a right one only in what does not
// show, or in capitals.
func (n nameCase) looksWrong() bool {
	return clean(n.typed) != n.typed ||
		slices.ContainsFunc(n.needed, func(name string) bool { return name != n.typed && strings.EqualFold(name, n.typed) })
}

// known tells whether the login name's own domain is one that the profile or the
// account's address knows.
func known(e *evidence.Evidence, name string) bool {
	_, domain, ok := profile.Split(name)
	if !ok || e.Profile.Kind(name) == profile.Own {
		return true
	}
	_, mine, _ := profile.Split(e.Account.Address)
	return e.Account.Address == "" || domain == mine
}

// elsewhere gives the look-up that shows the address's mail to be with another
// provider, or nil. A profile that the user named is taken at their word.
func elsewhere(e *evidence.Evidence) *evidence.Lookup {
	_, domain, _ := profile.Split(e.Account.Address)
	mx := e.Lookup(domain, "MX")
	if e.Run.ProfileBecause == evidence.ByUser || !mx.Elsewhere(&e.Profile) {
		return nil
	}
	return mx
}
