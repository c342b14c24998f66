package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// overQuota is MM712: the mailbox is full, by its own count (RFC 9208) or because the
// server says so (OVERQUOTA, RFC 5530; enhanced code X.2.2, RFC 3463).
var overQuota = Check{Code: "MM712", Stage: StageLogin, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		facts := append(filled(s), saysFull(e, s)...)
		if len(facts) == 0 {
			return nil
		}
		return &Finding{
			Text:   "Your mailbox is full, or nearly. New messages may be returned to their senders, and copies of what you send cannot be stored.",
			Facts:  facts,
			Advice: []say.Text{"Delete what you do not need, large messages first, and empty the Trash folder. Your provider's Webmail shows how much room is left."},
		}
	})
}}

// nearlyFull is the share, in percent, from which one more large message may not fit.
const nearlyFull = 95

// filled lists the limits that are reached.
func filled(s *evidence.Session) []Fact {
	var facts []Fact
	for _, q := range s.Folders.Quota {
		if q.Limit > 0 && float64(q.Used) >= float64(q.Limit)*nearlyFull/100 {
			facts = append(facts, listed(s, "%s: %d of %d used", q.Resource, q.Used, q.Limit))
		}
	}
	return facts
}

// saysFull lists the answers in which the server says that the mailbox is full.
func saysFull(e *evidence.Evidence, s *evidence.Session) []Fact {
	var facts []Fact
	for _, l := range e.Logins {
		if l.Path == s.ID() && full(l.Reply) {
			facts = append(facts, Fact{Path: l.Path, Stage: StageLogin, Text: say.Verbatim(quoted(l.Reply)), At: l.At + l.Took})
		}
	}
	if f := s.Folders.Step.Failure; f != nil && full(f.Reply) {
		facts = append(facts, listed(s, "%s", quoted(f.Reply)))
	}
	if s.Envelope != nil && full(s.Envelope.RcptTo) {
		facts = append(facts, seen(s, StageLogin, s.Envelope.Step, "%s", quoted(s.Envelope.RcptTo)))
	}
	return facts
}

func full(r *evidence.Reply) bool {
	return r != nil && !usedUp(r) && (r.Code == "OVERQUOTA" || r.Enhanced == "4.2.2" || r.Enhanced == "5.2.2")
}
