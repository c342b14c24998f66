package checks

import (
	"slices"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// senderRefused is MM901: after the login, the server refuses the user's own address
// as sender.
var senderRefused = Check{Code: "MM901", Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	found := enveloped(e, func(v *evidence.Envelope) *evidence.Reply { return either(v, usedUp) }, Finding{
		Text:   "The server lets you in and takes no more mail from you for now: a limit on sending is used up.",
		Advice: []say.Text{"Wait for a day. If you did not send that much yourself, somebody else may be sending with your account: change its password, and look in your provider's Webmail."},
	})
	return append(found, enveloped(e, func(v *evidence.Envelope) *evidence.Reply {
		if blocklist(v.MailFrom) || ofGreeting(v.MailFrom) || closedToServer(v.MailFrom) || usedUp(v.MailFrom) {
			return nil
		}
		if ofSender(v.RcptTo) {
			return v.RcptTo
		}
		return v.MailFrom
	}, Finding{
		Text:   say.With("The server lets you in but refuses %s as sender.", e.Account.Address),
		Advice: []say.Text{"If this account has another address, or an alias that is not set up on the server yet, use or add it in your provider's Webmail."},
	})...)
}}

// usedUp tells whether a refusal speaks of a limit on sending (RFC 3463 section 3.5: 5.4.5
// is what Gmail says then).
func usedUp(r *evidence.Reply) bool {
	return r != nil && !taken(r) && (r.Enhanced == "5.4.5" || says(r, "sending limit", "sending quota"))
}

// ofSender tells whether an answer to RCPT TO speaks of the sender: Postfix puts its
// verdict on the sender off until then. The enhanced codes are those of RFC 3463 section
// 3.2, and Exchange's for "may not send as".
func ofSender(r *evidence.Reply) bool {
	return r != nil && (slices.Contains([]string{"5.1.7", "5.1.8", "5.7.60"}, r.Enhanced) || says(r, "sender address rejected"))
}

// ofGreeting tells whether a refusal speaks of the name that mailmedic gave itself in EHLO:
// it says nothing of the user's addresses.
func ofGreeting(r *evidence.Reply) bool {
	return r != nil && !taken(r) && says(r, "helo command rejected")
}

// enveloped looks at the answers that --envelope brought. The login has worked, so
// neither connection nor password can be the cause.
func enveloped(e *evidence.Evidence, part func(*evidence.Envelope) *evidence.Reply, f Finding) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		if s.Envelope == nil {
			return nil
		}
		reply := part(s.Envelope)
		if reply == nil || strings.HasPrefix(reply.Status, "2") {
			return nil
		}
		found := f
		found.Facts = []Fact{seen(s, StageLogin, s.Envelope.Step, "%s", quoted(reply))}
		found.Advice = append(slices.Clone(f.Advice), AskSupport(e))
		if strings.HasPrefix(reply.Status, "4") && !usedUp(reply) {
			found.Severity = Warning
			found.Text = say.Join(found.Text, "It says so for now only; a mail program would try again.")
			found.Advice = []say.Text{"Wait a quarter of an hour and run mailmedic again: many servers put a first message off.", ifItStays(e)}
		}
		return &found
	})
}

// ifItStays is AskSupport for what may pass by itself.
func ifItStays(e *evidence.Evidence) say.Text {
	if e.Profile.Support != "" {
		return say.With("If it stays: send this report to %s (%s): only they can mend it.", e.Profile.Title, e.Profile.Support)
	}
	return "If it stays: send this report to your mail provider: only they can mend it."
}
