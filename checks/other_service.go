package checks

import (
	"mailmedic/checks/say"
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
			Text:   say.With(answeredBy(service), s.Path.Port, s.Path.Host),
			Facts:  []Fact{seen(s, StageGreeting, step, "first words: %q", s.Greeting.Line)},
			Advice: []say.Text{UseInstead(e, s.Path.Protocol)},
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

// answeredBy says what answers on a port of a host.
func answeredBy(s evidence.Service) say.Text {
	switch s {
	case evidence.ServiceHTTP:
		return "Port %d of %s is answered by a web server."
	case evidence.ServicePOP3:
		return "Port %d of %s is answered by a POP3 server."
	case evidence.ServiceSSH:
		return "Port %d of %s is answered by an SSH server."
	case evidence.ServiceFTP:
		return "Port %d of %s is answered by an FTP server."
	case evidence.ServiceIMAP:
		return "Port %d of %s is answered by an IMAP server, which is for receiving."
	case evidence.ServiceSMTP:
		return "Port %d of %s is answered by an SMTP server, which is for sending."
	}
	return "Port %d of %s is answered by something that is no mail server."
}
