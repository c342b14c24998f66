package report

import (
	"mailmedic/checks/pages"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// place is where a finding can be confirmed by hand: the first of its paths, or the first
// of all where it is of none.
func place(e *evidence.Evidence, paths []string, params map[string]string) pages.Place {
	at := pages.Place{Login: loginName(e), Address: e.Account.Address, Params: params}
	if path := firstPath(e, paths); path != nil {
		at.Host, at.Port = path.Host, path.Port
		at.Protocol, at.Encryption = string(path.Protocol), string(path.Encryption)
	}
	return at
}

func firstPath(e *evidence.Evidence, paths []string) *profile.Path {
	for _, id := range paths {
		if s := e.Session(id); s != nil {
			return &s.Path
		}
	}
	if len(e.Sessions) == 0 {
		return nil
	}
	return &e.Sessions[0].Path
}

// loginName is the name that a login was last tried with, or else the one that was given.
func loginName(e *evidence.Evidence) string {
	if len(e.Logins) > 0 {
		return e.Logins[len(e.Logins)-1].Name
	}
	return e.Account.Login
}
