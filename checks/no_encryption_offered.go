package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// noEncryptionOffered is MM406: STARTTLS is not offered where it should be, or refused.
var noEncryptionOffered = Check{Code: "MM406", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		if s.Path.Encryption == profile.None && s.Capability.Step.Done() {
			return &Finding{
				Severity: Warning,
				Text:     say.With("Port %d is set up without encryption, so the password was kept back and the login was not tested.", s.Path.Port),
				Facts:    []Fact{seen(s, StageCapability, s.Capability.Step, "the server answers in clear text")},
				Advice:   []say.Text{UseInstead(e, s.Path.Protocol)},
			}
		}
		if s.Path.Encryption != profile.STARTTLS || s.Secure.Step.Failure == nil {
			return nil
		}
		f := &Finding{
			Text:   say.With("Port %d offers no encryption, so the password was kept back.", s.Path.Port),
			Advice: []say.Text{UseInstead(e, s.Path.Protocol), "Do not switch encryption off in your mail program: the password would travel in clear text."},
		}
		switch reply := s.Secure.Step.Failure.Reply; {
		case failure(s.Secure.Step, evidence.NotOffered) != nil:
			f.Facts = []Fact{seen(s, StageTLS, s.Secure.Step, "STARTTLS is not among the capabilities")}
		case reply != nil && failure(s.Secure.Step, evidence.Rejected, evidence.Temporary) != nil:
			f.Text = say.With("Port %d offers encryption and then refuses it, so the password was kept back.", s.Path.Port)
			f.Facts = []Fact{seen(s, StageTLS, s.Secure.Step, "answer to STARTTLS: %s", quoted(reply))}
		default:
			return nil
		}
		return f
	})
}}
