package report

import (
	"strings"

	"mailmedic/checks/say"
)

// reasons are what a recording gives as the reason of a step that was left out, in English
// whatever the user speaks. A reason of another version stays as it was written.
func reasons() []say.Text {
	return []say.Text{
		"--no-login was given",
		"no password was given",
		"no login name was given",
		"no address was given",
		"too many logins of this account were rejected lately",
		"there is no login name to try",
		"the number of rejected logins allowed for one run is used up",
		"the connection is not encrypted, so the password was kept back",
		"the server offers no login that mailmedic can do",
		"the server asks for no login",
		"the server did not go on after it was asked to take mail without a login",
		"the address belongs to another provider, so the password was kept back",
		"the server did not prove who it is, so the password was kept back",
		"the certificate has been revoked, so the password was kept back",
		"the profile asks for no encryption here",
		"the run had no connection left",
		"the path is not fit for a login",
		"of many accounts, each logs in on one path for each direction",
		"the survey for all accounts logs in nowhere",
		"the newer instructions are only tried, not used",
		"the run had no connection left for a login here",
		"runs of --every follow too closely for a login each",
		"the login comes when the questions are answered",
		"no safe connection was found, so the password was not asked for",
		"the address belongs to another provider, so the password was not asked for",
		"the login name has the wrong form, so the password was not asked for",
		"the test was stopped before the login",
	}
}

// namedReasons begin with what is to blame: a path, or a program.
func namedReasons() []say.Text {
	return []say.Text{
		"%s put logins off for now, so no other was tried",
		"%s did not accept the login, and a rejected login is not repeated elsewhere",
		"%s opens the connection on the way, so the password was kept back",
	}
}

// reason is a recorded reason as a message.
func reason(recorded string) say.Text {
	for _, known := range reasons() {
		if recorded == string(known) {
			return known
		}
	}
	for _, known := range namedReasons() {
		if name, found := strings.CutSuffix(recorded, strings.TrimPrefix(string(known), "%s")); found {
			return say.With(known, name)
		}
	}
	return say.Verbatim(recorded)
}
