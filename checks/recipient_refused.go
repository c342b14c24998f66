package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// recipientRefused is MM902: after the login, the server refuses the user's own address
// as recipient, or will take no recipient from this computer at all.
var recipientRefused = Check{Code: "MM902", Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	found := enveloped(e, otherwiseRefused, Finding{
		Text: say.With("The server lets you in but takes no mail for %s.", e.Account.Address),
	})
	found = append(found, enveloped(e, func(v *evidence.Envelope) *evidence.Reply { return either(v, ofGreeting) }, Finding{
		Text:   "The server lets you in and takes no mail, because it does not like the name by which mailmedic introduced this computer. It may do the same to your mail program.",
		Advice: []say.Text{"Send a message to yourself with your mail program. If that works, all is well. If it is refused with the same words, give this computer a name without blanks and underscores."},
	})...)
	return append(found, enveloped(e, func(v *evidence.Envelope) *evidence.Reply { return either(v, closedToServer) }, Finding{
		Text:   "The server lets you in and takes no mail from anybody, because the block list that it asks does not answer its name server. Your own address is not the matter.",
		Advice: []say.Text{UseInstead(e, profile.SMTP)},
	})...)
}}

// either is the answer of an envelope that fits, MAIL FROM first, or nil.
func either(v *evidence.Envelope, fits func(*evidence.Reply) bool) *evidence.Reply {
	for _, r := range []*evidence.Reply{v.MailFrom, v.RcptTo} {
		if r != nil && fits(r) {
			return r
		}
	}
	return nil
}

// otherwiseRefused is the answer to RCPT TO, unless it says that the mailbox is full,
// which is MM712, that a list names this computer, which is MM507, or speaks of the sender,
// which is MM901.
func otherwiseRefused(v *evidence.Envelope) *evidence.Reply {
	if full(v.RcptTo) || blocklist(v.RcptTo) || closedToServer(v.RcptTo) || ofSender(v.RcptTo) || usedUp(v.RcptTo) || ofGreeting(v.RcptTo) {
		return nil
	}
	return v.RcptTo
}
