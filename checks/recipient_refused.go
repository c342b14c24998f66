package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// recipientRefused is MM902: after the login, the server refuses the user's own address
// as recipient.
var recipientRefused = Check{Code: "MM902", Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return enveloped(e, func(v *evidence.Envelope) *evidence.Reply { return v.RcptTo }, Finding{
		Text: fmt.Sprintf("The server lets you in but takes no mail for %s.", e.Account.Address),
	})
}}
