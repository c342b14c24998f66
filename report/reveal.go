package report

import (
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// Hidden tells whether an address or a login name is one that Redact made.
func Hidden(name string) bool {
	user := name
	if at := strings.IndexAny(name, "@%"); at >= 0 {
		user = name[:at]
	}
	return sharedUser().MatchString(user) || strictUser().MatchString(user)
}

// Reveal puts an address into a record that hides it, where its owner gives it anew and it
// can be the one: nothing in the record says more. It reports whether it did. Names that
// are no form of the address stay hidden.
func Reveal(e *evidence.Evidence, address string) bool {
	user, domain, ok := profile.Split(address)
	hidden, of, is := profile.Split(e.Account.Address)
	own := initial(user) + "***"
	if !ok || !is || of != domain || !strings.EqualFold(hidden, own) {
		return false
	}
	form := func(name string) string {
		at := strings.IndexAny(name, "@%")
		switch {
		case name == own:
			return user
		case at >= 0 && name[:at] == own:
			return user + name[at:]
		}
		return name
	}
	e.Account.Address, e.Account.Login = address, form(e.Account.Login)
	for i := range e.Logins {
		e.Logins[i].Name = form(e.Logins[i].Name)
	}
	return true
}
