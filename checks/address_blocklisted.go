package checks

import (
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// addressBlocklisted is MM507: the server refuses this computer's own address because a
// list says so. Home addresses stand on such lists by right: mail programs are not meant
// to use port 25.
var addressBlocklisted = Check{Code: "MM507", Stage: StageGreeting, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEachAddress(e, func(s *evidence.Session) *Finding {
		reply, step := listedIn(s)
		if reply == nil {
			return nil
		}
		return &Finding{
			Text:   say.With("The server on port %d refuses the address of your internet connection, because a block list names it. That says nothing about your password.", s.Path.Port),
			Facts:  []Fact{seen(s, StageGreeting, step, "%s", quoted(reply))},
			Advice: []say.Text{UseInstead(e, s.Path.Protocol), "If every port refuses you, try from another network, for example with your phone's mobile data, and ask your provider not to apply block lists to customers who log in."},
		}
	})
}}

// listedIn finds the refusal in which a server speaks of a block list.
func listedIn(s *evidence.Session) (*evidence.Reply, evidence.Step) {
	for _, step := range []evidence.Step{s.Greeting.Step, s.Capability.Step} {
		if f := failure(step, evidence.Rejected, evidence.Temporary); f != nil && blocklist(f.Reply) {
			return f.Reply, step
		}
	}
	if s.Envelope == nil {
		return nil, evidence.Step{}
	}
	for _, r := range []*evidence.Reply{s.Envelope.MailFrom, s.Envelope.RcptTo} {
		if r != nil && !taken(r) && blocklist(r) {
			return r, s.Envelope.Step
		}
	}
	return nil, evidence.Step{}
}

// blocklist tells whether a refusal names a list. There is no code of its own for it, so
// the words have to do; they are those of the lists and of the servers that ask them. Some
// are used of mailboxes too ("user not listed in directory"): these do not count where the
// enhanced code speaks of an address (RFC 3463 section 3.2).
func blocklist(r *evidence.Reply) bool {
	if r == nil || closedToServer(r) {
		return false
	}
	text := strings.ToLower(r.Text)
	if begins(text, "blocked using", "spamhaus", "spamcop", "barracudacentral", "sorbs", "dnsbl", "rbl") {
		return true
	}
	if _, subject, _ := strings.Cut(r.Enhanced, "."); strings.HasPrefix(subject, "1.") {
		return false
	}
	text = strings.ReplaceAll(text, "not listed", "")
	return begins(text, "blocklist", "block list", "blacklist", "listed by ", "listed in ", "listed at ")
}

// begins tells whether a word of the text begins with one of those given: "absorbs" does
// not begin with "sorbs".
func begins(text string, words ...string) bool {
	for _, w := range words {
		for from := 0; ; {
			at := strings.Index(text[from:], w)
			if at < 0 {
				break
			}
			from += at
			if from == 0 || !strings.ContainsAny(text[from-1:from], "abcdefghijklmnopqrstuvwxyz0123456789") {
				return true
			}
			from += len(w)
		}
	}
	return false
}

// closedToServer tells whether it is the server itself that the list gives no answer: so
// do lists to name servers that anybody may use. Then the address is on no list.
func closedToServer(r *evidence.Reply) bool {
	return r != nil && !taken(r) && says(r, "open resolver")
}
