package checks

import (
	"slices"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// clientCertificate is MM418: the server demands a certificate of the client. TLS 1.3 says
// so after the handshake (alert 116, RFC 8446 section 6.2), TLS 1.2 with a general alert
// in it.
var clientCertificate = Check{Code: "MM418", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		step := demanded(s)
		if step == nil {
			return nil
		}
		return &Finding{
			Text:   say.With("Port %d of %s lets in only programs that have a certificate of their own.", s.Path.Port, s.Path.Host),
			Facts:  []Fact{seen(s, StageTLS, *step, "the server asked for a client certificate and ended the connection with alert %d", step.Failure.Alert)},
			Advice: []say.Text{UseInstead(e, s.Path.Protocol), "If your provider or company gave you a certificate for mail, choose it in your mail program.", AskSupport(e)},
		}
	})
}}

// demanded finds the step that failed for want of a client certificate.
func demanded(s *evidence.Session) *evidence.Step {
	const handshakeFailure, badCertificate, certificateRequired = 40, 42, 116
	for _, step := range []*evidence.Step{&s.Greeting.Step, &s.Capability.Step, &s.Secure.Step} {
		f := failure(*step, evidence.Alert)
		if f == nil {
			continue
		}
		if f.Alert == certificateRequired || s.Secure.Wanted == evidence.Yes && slices.Contains([]int{handshakeFailure, badCertificate}, f.Alert) {
			return step
		}
	}
	return nil
}
