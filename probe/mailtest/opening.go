package mailtest

import (
	"fmt"
	"net"
	"strings"

	"mailmedic/probe/profile"
)

// next is what follows an answer given before TLS.
type next int

const (
	stay   next = iota // the dialogue goes on
	secure             // the TLS handshake follows
	leave              // the connection is closed
)

// open speaks the clear-text part of a STARTTLS path, which is ours and not the
// libraries' so that the lines inside TLS can be seen. It reports whether the client
// may start its handshake now.
func (s *server) open(conn net.Conn, greeted bool) bool {
	if !greeted {
		fmt.Fprintf(conn, "%s\r\n", s.greeting())
	}
	for {
		line, err := readLine(conn)
		if err != nil {
			return false
		}
		answer, then := s.clear(line)
		fmt.Fprintf(conn, "%s\r\n", answer)
		if then != stay {
			return then == secure
		}
	}
}

func (s *server) greeting() string {
	switch {
	case s.fault.Masked:
		return "220 " + strings.Repeat("*", 23) + "2" + strings.Repeat("*", 5) + "0" + strings.Repeat("*", 12)
	case s.fault.Elsewhere != "":
		return fmt.Sprintf("220 %s ESMTP relay ready", s.fault.Elsewhere)
	case s.fault.Banner != "" && s.path.Protocol == profile.SMTP:
		return "220 " + s.fault.Banner
	case s.fault.Banner != "":
		return "* OK " + s.fault.Banner
	}
	if s.path.Protocol == profile.IMAP {
		return fmt.Sprintf("* OK [CAPABILITY %s] %s IMAP server ready", s.clearCapabilities(), s.path.Host)
	}
	return fmt.Sprintf("220 %s ESMTP Service Ready", s.path.Host)
}

// clearCapabilities forbids a login before TLS, as RFC 9051 section 6.2.3 asks.
func (s *server) clearCapabilities() string {
	if s.fault.NoSTARTTLS || s.fault.Stripped {
		return "IMAP4rev1 SASL-IR LITERAL- LOGINDISABLED"
	}
	return "IMAP4rev1 SASL-IR LITERAL- STARTTLS LOGINDISABLED"
}

func (s *server) clear(line string) (answer string, then next) {
	if s.path.Protocol == profile.IMAP {
		return s.clearIMAP(line)
	}
	return s.clearSMTP(line)
}

func (s *server) clearIMAP(line string) (string, next) {
	words := strings.Fields(line)
	if len(words) < 2 {
		return "* BAD Syntax error", stay
	}
	tag := words[0]
	switch verb := strings.ToUpper(words[1]); verb {
	case "CAPABILITY":
		return fmt.Sprintf("* CAPABILITY %s\r\n%s OK CAPABILITY completed", s.clearCapabilities(), tag), stay
	case "NOOP":
		return tag + " OK NOOP completed", stay
	case "LOGOUT":
		return fmt.Sprintf("* BYE Logging out\r\n%s OK LOGOUT completed", tag), leave
	case "LOGIN", "AUTHENTICATE":
		return tag + " NO [PRIVACYREQUIRED] TLS is required to authenticate", stay
	case "STARTTLS":
		if s.fault.NoSTARTTLS || s.fault.Blocked {
			return tag + " BAD STARTTLS not available", stay
		}
		return tag + " OK Begin TLS negotiation now", secure
	}
	return tag + " BAD Unknown command", stay
}

func (s *server) clearSMTP(line string) (string, next) {
	verb, client, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO":
		return s.ehlo(client), stay
	case "HELO":
		return "250 " + s.path.Host, stay
	case "NOOP", "RSET":
		return "250 2.0.0 OK", stay
	case "QUIT":
		return "221 2.0.0 Bye", leave
	case "AUTH", "MAIL", "RCPT", "DATA":
		return "530 5.7.0 Must issue a STARTTLS command first", stay // RFC 3207 section 4
	case "STARTTLS":
		if s.fault.Blocked || s.fault.Masked {
			return "500 5.5.1 Command unrecognized", stay
		}
		if s.fault.NoSTARTTLS {
			return "502 5.5.1 TLS not supported", stay
		}
		return "220 2.0.0 Ready to start TLS", secure
	}
	return "500 5.5.2 Command not recognized", stay
}

func (s *server) ehlo(client string) string {
	lines := []string{"Hello " + client, "PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES", "SIZE 52428800"}
	if s.fault.Elsewhere != "" {
		lines = []string{s.fault.Elsewhere, "PIPELINING", "SIZE 10240000"}
	}
	if s.fault.Plain {
		lines = []string{"Hello " + client, "PIPELINING"}
	}
	switch {
	case s.fault.Masked:
		lines = append(lines[:1], "XXXXXXXA", "XXXB")
	case !s.fault.NoSTARTTLS && !s.fault.Stripped:
		lines = append(lines, "STARTTLS")
	}
	last := len(lines) - 1
	return "250-" + strings.Join(lines[:last], "\r\n250-") + "\r\n250 " + lines[last]
}
