package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// receivingRefusedOnly is MM710: sending accepts the name and password that receiving
// refuses. The password is proven right.
var receivingRefusedOnly = Check{Code: "MM710", Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return refusedOnly(e, profile.IMAP, []say.Text{
		"Look in your provider's Webmail whether receiving with a mail program (IMAP) is switched on for your account.",
	})
}}
