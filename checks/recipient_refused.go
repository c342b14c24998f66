package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// recipientRefused is MM902: after the login, the server refuses the user's own address
// as recipient.
var recipientRefused = Check{Code: "MM902", Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return enveloped(e, otherwiseRefused, Finding{
		Text: fmt.Sprintf("The server lets you in but takes no mail for %s.", e.Account.Address),
	})
}}

// otherwiseRefused is the answer to RCPT TO, unless it says that the mailbox is full,
// which is MM712, or that a list names this computer, which is MM507.
func otherwiseRefused(v *evidence.Envelope) *evidence.Reply {
	if full(v.RcptTo) || blocklist(v.RcptTo) {
		return nil
	}
	return v.RcptTo
}
