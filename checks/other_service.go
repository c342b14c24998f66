package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// otherService is MM501: something answers on the port, but it is no mail server of
// the kind that belongs there.
var otherService = Check{Code: "MM501", Stage: StageGreeting, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEachAddress(e, func(s *evidence.Session) *Finding {
		service, step := answering(s)
		if service == "" || service == own(s.Path.Protocol) || service == evidence.ServiceTLS {
			return nil
		}
		f := &Finding{
			Text:   fmt.Sprintf("Port %d of %s is answered by %s.", s.Path.Port, s.Path.Host, called(service)),
			Facts:  []Fact{seen(s, StageGreeting, step, "first words: %q", s.Greeting.Line)},
			Advice: []string{UseInstead(e, s.Path.Protocol)},
		}
		if service == evidence.ServiceOther {
			f.Sure = Possible
		}
		return f
	})
}}

// answering says what spoke where the greeting, or the first TLS record, was due.
func answering(s *evidence.Session) (evidence.Service, evidence.Step) {
	if s.Secure.Instead != "" && s.Path.Encryption == profile.TLS {
		return s.Secure.Instead, s.Secure.Step
	}
	if failure(s.Greeting.Step, evidence.Protocol) != nil {
		return s.Greeting.Service, s.Greeting.Step
	}
	return "", evidence.Step{}
}

func own(p profile.Protocol) evidence.Service {
	if p == profile.IMAP {
		return evidence.ServiceIMAP
	}
	return evidence.ServiceSMTP
}

func called(s evidence.Service) string {
	switch s {
	case evidence.ServiceHTTP:
		return "a web server"
	case evidence.ServicePOP3:
		return "a POP3 server"
	case evidence.ServiceSSH:
		return "an SSH server"
	case evidence.ServiceFTP:
		return "an FTP server"
	case evidence.ServiceIMAP:
		return "an IMAP server, which is for receiving"
	case evidence.ServiceSMTP:
		return "an SMTP server, which is for sending"
	}
	return "something that is no mail server"
}
