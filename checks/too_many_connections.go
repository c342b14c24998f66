package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// tooManyConnections is MM709: the account, or this address, has as many connections
// open as the server allows.
var tooManyConnections = Check{Code: codeConnections, Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return refusalsOf(e, codeConnections, func(s *evidence.Session, l evidence.Login) *Finding {
		sure := Certain
		if acceptedIn(e, s.Path.Protocol, l.Name) {
			sure = Likely // the connections of this very run may be the ones too many
		}
		return &Finding{
			Sure:   sure,
			Text:   "The account has as many connections open as the server allows. The password is not the problem.",
			Advice: []say.Text{"Close the mail program on other devices, wait a few minutes, and try again.", "In Thunderbird, lower the number of server connections to cache (server settings, Advanced) to 1 or 2."},
		}
	})
}}
