package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// conversationBroken is MM511: the server greets, but falls silent, hangs up or talks
// nonsense before a login could begin. It speaks of whatever breaks a conversation and
// no more telling check knows, so that no failure goes without a word.
var conversationBroken = Check{Code: "MM511", Stage: StageCapability, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		step, stage := s.Capability.Step, StageCapability
		switch {
		case s.Greeting.Step.Failure != nil:
			step, stage = s.Greeting.Step, StageGreeting
		case startTLSUnanswered(s):
			step, stage = s.Secure.Step, StageTLS
		}
		if step.Failure == nil || failure(step, evidence.Cancelled) != nil || named(e, s.ID(),
			otherService, serverBusy, wrongEncryption, noGreeting, greetingRefused, preauthInClear, closedBeforeGreeting, handshakeFailed, addressBlocklisted, clientCertificate) {
			return nil
		}
		return &Finding{
			Sure:   Likely,
			Text:   fmt.Sprintf("The server on port %d answers, but the conversation breaks before a login.", s.Path.Port),
			Facts:  []Fact{seen(s, stage, step, "%s", ending(step.Failure))},
			Advice: []string{UseInstead(e, s.Path.Protocol), AskSupport(e)},
		}
	})
}}

// startTLSUnanswered tells whether the line broke over the question for TLS, before any
// handshake.
func startTLSUnanswered(s *evidence.Session) bool {
	return s.Path.Encryption == profile.STARTTLS && s.Secure.Answer == nil && s.Secure.Step.Failure != nil &&
		failure(s.Secure.Step, evidence.NotOffered, evidence.Cancelled) == nil
}
