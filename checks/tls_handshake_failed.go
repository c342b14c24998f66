package checks

import (
	"fmt"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// handshakeFailed is MM416: the TLS handshake fails, and no more telling code fits. With
// TLS 1.3 a server's refusal may come only with the first answer after it.
var handshakeFailed = Check{Code: "MM416", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return append(atOtherAddresses(e), onEachHandshake(e, func(s *evidence.Session) *Finding {
		step := s.Secure.Step
		if failure(s.Greeting.Step, evidence.Alert, evidence.TLS) != nil {
			step = s.Greeting.Step
		}
		f := step.Failure
		if f == nil || failure(step, evidence.Cancelled) != nil || startTLSUnanswered(s) ||
			wordless(e, s) != nil || named(e, s.ID(), otherService, wrongEncryption, noGreeting, noEncryptionOffered, startTLSInjection, tlsTooOld, oldKeyExchange, clientCertificate) {
			return nil
		}
		found := &Finding{
			Sure:   Possible,
			Text:   say.With("Port %d could not set up the encrypted connection.", s.Path.Port),
			Facts:  []Fact{seen(s, StageTLS, step, "%s", ending(f))},
			Advice: []say.Text{UseInstead(e, s.Path.Protocol), ifEverywhere(e)},
		}
		if f.Kind == evidence.Alert {
			found.Sure = Likely
			found.Params = map[string]string{"alert": fmt.Sprint(f.Alert)}
		}
		return found
	})...)
}}

// ifEverywhere is AskSupport for what another network may be free of.
func ifEverywhere(e *evidence.Evidence) say.Text {
	if e.Profile.Support != "" {
		return say.With("If it is the same from another network, for example with your phone's mobile data: send this report to %s (%s): only they can mend it.", e.Profile.Title, e.Profile.Support)
	}
	return "If it is the same from another network, for example with your phone's mobile data: send this report to your mail provider: only they can mend it."
}

// atOtherAddresses finds addresses of a host, beside the one on which the session went on,
// where no encrypted connection comes about: a program may land there.
func atOtherAddresses(e *evidence.Evidence) []Finding {
	var found []Finding
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if !s.Secure.Step.Done() {
			continue
		}
		for _, d := range s.Dials {
			if d.Secure == nil || d.Address == s.Address || d.Secure.Step.Failure == nil || failure(d.Secure.Step, evidence.Cancelled) != nil {
				continue
			}
			found = append(found, Finding{
				Path: s.ID(), Addr: d.Address, Severity: Warning, Sure: Likely,
				Text:   say.With("%s has several addresses. At %s no encrypted connection comes about.", s.Path.Host, d.Address),
				Facts:  []Fact{seen(s, StageTLS, d.Secure.Step, "%s: %s; %s is right", d.Address, ending(d.Secure.Step.Failure), s.Address)},
				Advice: []say.Text{say.Join("It is chance which address a program meets, so the trouble comes and goes.", AskSupport(e))},
			})
		}
	}
	return found
}

// ending says how a conversation broke, in our words: an error's own are for -v.
func ending(f *evidence.Failure) say.Text {
	switch f.Kind {
	case evidence.Alert:
		return say.With("the server ended it with TLS alert %d", f.Alert)
	case evidence.Timeout:
		return "no answer within the limit"
	case evidence.Closed, evidence.Reset:
		return "the connection was closed"
	case evidence.TooMuch:
		return "the server sent more than any mail server does"
	case evidence.Protocol, evidence.NotTLS:
		return "the answer is none that the protocol has"
	}
	return "it failed on this computer's side"
}
