package clientconf

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// mobileconfigPlaces is where a browser leaves a profile before it is installed. Installed
// ones are kept where other programs may not read.
func mobileconfigPlaces(p Place) []string {
	if p.OS != "darwin" {
		return nil
	}
	return []string{
		filepath.Join(p.Home, "Downloads", "*.mobileconfig"),
		filepath.Join(p.Home, "Desktop", "*.mobileconfig"),
	}
}

// isMobileconfig goes by the name, and where a profile was renamed by the payload that sets
// up mail, whose type stands in the plain in every form but an encrypted one.
func isMobileconfig(name, text string) bool {
	if strings.EqualFold(filepath.Ext(name), ".mobileconfig") {
		return true
	}
	return strings.Contains(text, appleMail) && (strings.Contains(text, "<plist") || strings.HasPrefix(text, "bplist"))
}

// appleMail is the PayloadType of an account of mail in Apple's device management.
const appleMail = "com.apple.mail.managed"

// mobileconfig reads a configuration profile: the payloads of Apple's "Mail" reference.
func mobileconfig(text string, at Origin) ([]evidence.Client, error) {
	found, signed, err := mailPayloads(text)
	if err != nil {
		return nil, err
	}
	var clients []evidence.Client
	for _, p := range found {
		if len(clients) == mostAccounts {
			return clients, fmt.Errorf("more than %d accounts: the rest is not read", mostAccounts)
		}
		c := evidence.Client{Program: "apple-mail", File: at.Shown, Account: p.name(), Address: p.text("EmailAddress")}
		c.Receiving, c.Sending = p.server(profile.IMAP), p.server(profile.SMTP)
		if c.Receiving == nil && c.Sending == nil {
			continue
		}
		if prefix, ok := p["IncomingMailServerIMAPPathPrefix"].(string); ok {
			c.RootPath = &prefix
		}
		for _, s := range []*evidence.ClientServer{c.Receiving, c.Sending} {
			switch {
			case s == nil || s.Encryption != "":
			case s.Port == 0:
				c.Missed = append(c.Missed, "SSL for sending without a port: Mail tries 25, 587 and 465")
			default:
				c.Missed = append(c.Missed, fmt.Sprintf("SSL on port %d: it does not say which kind", s.Port))
			}
		}
		if signed {
			c.Missed = append(c.Missed, "the profile is signed; the signature was not checked")
		}
		clients = append(clients, c)
	}
	return clients, nil
}

// payload is one account of a profile.
type payload map[string]any

// mailPayloads finds the accounts of IMAP, and tells whether they stood in a signature.
func mailPayloads(text string) (found []payload, signed bool, err error) {
	text, signed, err = unwrapped(text)
	if err != nil {
		return nil, signed, err
	}
	value, err := plist(text)
	if err != nil {
		return nil, signed, err
	}
	top, _ := value.(map[string]any)
	if _, ok := top["EncryptedPayloadContent"]; ok {
		return nil, signed, errors.New("the profile is encrypted")
	}
	contents, _ := top["PayloadContent"].([]any)
	for _, content := range contents {
		p, _ := content.(map[string]any)
		if p["PayloadType"] == appleMail && p["EmailAccountType"] == "EmailTypeIMAP" {
			found = append(found, p)
		}
	}
	return found, signed, nil
}

// unwrapped is the property list in a signed profile: a CMS signature (RFC 5652) that has
// the signed bytes in it as they are.
func unwrapped(text string) (string, bool, error) {
	trimmed := strings.TrimLeft(strings.TrimPrefix(text, "\ufeff"), " \t\r\n")
	if strings.HasPrefix(trimmed, "<") || strings.HasPrefix(text, "bplist") {
		return trimmed, false, nil
	}
	if i := strings.Index(text, "<?xml"); i >= 0 {
		inner := text[i:]
		if end := strings.Index(inner, "</plist>"); end >= 0 {
			return inner[:end+len("</plist>")], true, nil
		}
	}
	return "", false, errors.New("no property list is in it: it is encrypted, signed around a binary one, or no profile")
}

func (p payload) text(key string) string {
	text, _ := p[key].(string)
	return text
}

func (p payload) name() string {
	return cmp.Or(p.text("EmailAccountDescription"), p.text("PayloadDisplayName"), p.text("EmailAddress"))
}

// server reads one server. Apple's reference has no SSL by default, and takes the protocol's
// own port where none is given; for sending it tries 25, 587 and 465.
func (p payload) server(d profile.Protocol) *evidence.ClientServer {
	way := map[profile.Protocol]string{profile.IMAP: "Incoming", profile.SMTP: "Outgoing"}[d] + "MailServer"
	if p.text(way+"HostName") == "" {
		return nil
	}
	port, _ := p[way+"PortNumber"].(int64)
	ssl, _ := p[way+"UseSSL"].(bool)
	s := evidence.ClientServer{
		Host: p.text(way + "HostName"), Port: portOf(fmt.Sprint(port)), Login: p.text(way + "Username"),
		Encryption: profile.None, Stored: p.password(d) != "",
	}
	if s.Port == 0 && d == profile.IMAP {
		s.Port = 143
		if ssl {
			s.Port = 993
		}
	}
	if ssl {
		// One switch stands for both ways. On a port that is registered for neither it cannot be
		// told which is meant.
		s.Encryption = profile.Customary(s.Port)
	}
	switch p.text(way + "Authentication") {
	case "EmailAuthPassword":
		s.Auth = evidence.AuthPassword
	case "EmailAuthCRAMMD5", "EmailAuthHTTPMD5":
		s.Auth = evidence.AuthEncrypted
	case "EmailAuthNTLM":
		s.Auth = evidence.AuthOther
	case "EmailAuthNone":
		s.Auth = evidence.AuthNone
	}
	return &s
}

func (p payload) password(d profile.Protocol) string {
	if same, _ := p["OutgoingPasswordSameAsIncomingPassword"].(bool); d == profile.IMAP || same {
		return p.text("IncomingPassword")
	}
	return p.text("OutgoingPassword")
}

// mobileconfigSecret is the password of an account; a profile has no commands.
func mobileconfigSecret(text string, account string, d profile.Protocol) (plain, command string) {
	found, _, err := mailPayloads(text)
	if err != nil {
		return "", ""
	}
	p, ok := only(found, payload.name, account)
	if !ok || p.server(d) == nil {
		return "", ""
	}
	return p.password(d), ""
}
