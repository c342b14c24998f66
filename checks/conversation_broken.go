package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// conversationBroken is MM511: the server greets, but falls silent, hangs up or talks
// nonsense before a login could begin, or where it is asked to take a message. It speaks of
// whatever breaks a conversation and no more telling check knows, so that no failure goes
// without a word.
var conversationBroken = Check{Code: "MM511", Stage: StageCapability, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		step, stage := s.Capability.Step, StageCapability
		switch {
		case s.Greeting.Step.Failure != nil:
			step, stage = s.Greeting.Step, StageGreeting
		case startTLSUnanswered(s):
			step, stage = s.Secure.Step, StageTLS
		}
		if step.Failure == nil && s.Capability.Step.Done() {
			return broken(e, s)
		}
		if step.Failure == nil || failure(step, evidence.Cancelled) != nil || named(e, s.ID(),
			otherService, serverBusy, wrongEncryption, noGreeting, greetingRefused, preauthInClear, closedBeforeGreeting, handshakeFailed, addressBlocklisted, clientCertificate) {
			return nil
		}
		return &Finding{
			Sure:   Likely,
			Text:   say.With("The server on port %d answers, but the conversation breaks before a login.", s.Path.Port),
			Facts:  []Fact{seen(s, stage, step, "%s", ending(step.Failure))},
			Advice: []say.Text{UseInstead(e, s.Path.Protocol), AskSupport(e)},
		}
	})
}}

// broken finds a server that went on to the login and broke off when it was asked, as the
// user wished, whom it takes mail from. Without a login that is an odd question: who hangs
// up over it may well be in order, but the login was never tried.
func broken(e *evidence.Evidence, s *evidence.Session) *Finding {
	if v := s.Anonymous; v != nil && breaks(v.Step) {
		return &Finding{
			Severity: Warning, Sure: Likely,
			Text:   say.With("The server on port %d broke off when it was asked to take mail without a login, so the login was not tested.", s.Path.Port),
			Facts:  []Fact{seen(s, StageLogin, v.Step, "%s", ending(v.Step.Failure))},
			Advice: []say.Text{"Run mailmedic again without --envelope.", AskSupport(e)},
		}
	}
	if v := s.Envelope; v != nil && breaks(v.Step) {
		f := &Finding{
			Sure:  Likely,
			Text:  say.With("The server on port %d lets you in, but the conversation breaks when it is asked to take a message.", s.Path.Port),
			Facts: []Fact{seen(s, StageLogin, v.Step, "%s", ending(v.Step.Failure))},
		}
		// A login alone does not make a port right that breaks behind it.
		if best := Best(e, s.Path.Protocol); best != nil && (best.Envelope == nil || !breaks(best.Envelope.Step)) {
			f.Advice = append(f.Advice, UseInstead(e, s.Path.Protocol))
		}
		f.Advice = append(f.Advice, AskSupport(e))
		return f
	}
	return nil
}

func breaks(step evidence.Step) bool {
	return step.Failure != nil && failure(step, evidence.Cancelled) == nil
}

// startTLSUnanswered tells whether the line broke over the question for TLS, before any
// handshake.
func startTLSUnanswered(s *evidence.Session) bool {
	return s.Path.Encryption == profile.STARTTLS && s.Secure.Answer == nil && s.Secure.Step.Failure != nil &&
		failure(s.Secure.Step, evidence.NotOffered, evidence.Cancelled) == nil
}
