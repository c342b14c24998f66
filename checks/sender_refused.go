package checks

import (
	"fmt"
	"strings"

	"mailmedic/probe/evidence"
)

// senderRefused is MM901: after the login, the server refuses the user's own address
// as sender.
var senderRefused = Check{Code: "MM901", Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return enveloped(e, func(v *evidence.Envelope) *evidence.Reply {
		if blocklist(v.MailFrom) {
			return nil
		}
		return v.MailFrom
	}, Finding{
		Text:   fmt.Sprintf("The server lets you in but refuses %s as sender.", e.Account.Address),
		Advice: []string{"In your mail program, use the address of this account as sender (From)."},
	})
}}

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
		if strings.HasPrefix(reply.Status, "4") {
			found.Severity = Warning
			found.Text += " It says so for now only; a mail program would try again."
		}
		found.Facts = []Fact{seen(s, StageLogin, s.Envelope.Step, "%s", quoted(reply))}
		found.Advice = append([]string{}, append(f.Advice, askSupport(e))...)
		return &found
	})
}
