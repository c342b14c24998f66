package mailtest

import (
	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-smtp"
)

// User is an account. Its name is matched as it stands: no other form of it is accepted.
type User struct {
	Name     string
	Password string
}

// refusal is a login's refusal in both protocols.
type refusal struct {
	code     imap.ResponseCode // RFC 5530
	reply    int
	enhanced smtp.EnhancedCode // RFC 4954 section 6, RFC 5248
	text     string
}

func (r *refusal) imap() error {
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: r.code, Text: r.text}
}

func (r *refusal) smtp() error {
	return &smtp.SMTPError{Code: r.reply, EnhancedCode: r.enhanced, Message: r.text}
}

// login judges one attempt; nil means that it succeeded.
func (s *server) login(name, password string) *refusal {
	refused := s.fault.Login.refusal()
	if refused == nil && !s.known(name, password) {
		refused = Rejected.refusal()
	}
	s.record.login(Attempt{Path: s.path.ID(), Name: name, OK: refused == nil})
	return refused
}

func (s *server) known(name, password string) bool {
	users := s.users
	if s.fault.Users != nil {
		users = s.fault.Users
	}
	for _, u := range users {
		if u.Name == name && u.Password == password {
			return true
		}
	}
	return false
}

func (a Answer) refusal() *refusal {
	switch a {
	case Rejected:
		return &refusal{imap.ResponseCodeAuthenticationFailed, 535, smtp.EnhancedCode{5, 7, 8}, "Authentication failed"}
	case Unavailable:
		return &refusal{imap.ResponseCodeUnavailable, 454, smtp.EnhancedCode{4, 7, 0}, "Temporary authentication failure"}
	case Limit:
		return &refusal{imap.ResponseCodeLimit, 421, smtp.EnhancedCode{4, 7, 0}, "Maximum number of connections exceeded"}
	case Ended:
		return &refusal{imap.ResponseCodeExpired, 525, smtp.EnhancedCode{5, 7, 13}, "Account has expired"}
	case ContactAdmin:
		return &refusal{imap.ResponseCodeContactAdmin, 525, smtp.EnhancedCode{5, 7, 13}, "Account is disabled, contact support"}
	case AppPassword:
		return &refusal{imap.ResponseCodeAlert, 534, smtp.EnhancedCode{5, 7, 9}, "Application-specific password required"}
	}
	return nil
}
