package mailtest

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log"
	"net"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// submission is one SMTP session: it takes a login, an envelope, and no message.
type submission struct {
	server   *server
	loggedIn bool
}

var _ smtp.AuthSession = (*submission)(nil)

// smtp lets go-smtp serve the connection, and returns when it has ended.
func (s *server) smtp(conn net.Conn) {
	library := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &submission{server: s}, nil
	}))
	library.Domain = cmp.Or(s.fault.Elsewhere, s.path.Host)
	library.MaxMessageBytes = 50 << 20
	library.AllowInsecureAuth = true // the encryption is our own work, so the library sees clear text
	library.ErrorLog = log.New(io.Discard, "", 0)
	_ = library.Serve(newOnly(conn)) // always the end of the only connection
	_ = library.Shutdown(context.Background())
}

func (s *submission) AuthMechanisms() []string {
	if s.server.fault.NoAuth || s.server.fault.Elsewhere != "" {
		return nil
	}
	return []string{sasl.Plain, sasl.Login}
}

func (s *submission) Auth(mechanism string) (sasl.Server, error) {
	if s.server.fault.NoAuth {
		return nil, smtp.ErrAuthUnsupported
	}
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(identity, name, password string) error {
			if identity != "" && identity != name {
				return smtp.ErrAuthFailed
			}
			return s.login(name, password)
		}), nil
	case sasl.Login:
		return &loginMechanism{check: s.login}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (s *submission) login(name, password string) error {
	if err := s.server.login(name, password); err != nil {
		return err.smtp()
	}
	s.loggedIn = true
	return nil
}

func (s *submission) Mail(string, *smtp.MailOptions) error {
	if s.loggedIn || s.server.fault.Open {
		return nil
	}
	return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
}

func (s *submission) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (s *submission) Data(io.Reader) error {
	return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "This simulation delivers no mail"}
}

func (s *submission) Reset() {}

func (s *submission) Logout() error { return nil }

// loginMechanism is the server side of LOGIN, which go-sasl has no server for: it
// asks for the name, unless that came first, and then for the password
// (draft-murchison-sasl-login).
type loginMechanism struct {
	name  string
	named bool
	check func(name, password string) error
}

func (l *loginMechanism) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil && !l.named:
		return []byte("Username:"), false, nil
	case !l.named:
		l.name, l.named = string(response), true
		return []byte("Password:"), false, nil
	case response == nil:
		return nil, false, errors.New("password expected")
	}
	return nil, true, l.check(l.name, string(response))
}
