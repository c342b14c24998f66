package clientconf

import (
	"net/url"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// himalayaServer is one server and its password, which leaves it only through
// himalayaSecret.
type himalayaServer struct {
	evidence.ClientServer
	plain, command string
}

// record is what may be told of a server; nil where there is none.
func (s *himalayaServer) record() *evidence.ClientServer {
	if s == nil {
		return nil
	}
	s.Stored = s.plain != "" || s.command != ""
	return &s.ClientServer
}

// server finds the server of a protocol in whichever way the account has it.
func (a himalayaAccount) server(d profile.Protocol) *himalayaServer {
	p, backend := string(d), "backend"
	if d == profile.SMTP {
		backend = "message.send.backend"
	}
	if textAt(a.table, backend+".type") == p {
		table, _ := valueAt(a.table, backend).(map[string]any)
		return grouped(table)
	}
	if textAt(a.table, p+".server") != "" {
		table, _ := a.table[p].(map[string]any)
		return linked(table, d)
	}
	if textAt(a.table, backend) == p && textAt(a.table, p+".host") != "" {
		table, _ := a.table[p].(map[string]any)
		return grouped(table)
	}
	if textAt(a.table, p+"-host") != "" && a.uses(d) {
		return dashed(a.table, p+"-")
	}
	return nil
}

// uses tells whether an account until 0.9 takes the servers of the protocol. Before 0.6 it
// did not say.
func (a himalayaAccount) uses(d profile.Protocol) bool {
	said := textAt(a.table, "backend")
	if d == profile.SMTP {
		said = textAt(a.table, "sender")
	}
	return said == "" || said == string(d)
}

// grouped reads a server of 1.x and its betas. TLS is email-lib's default.
func grouped(t map[string]any) *himalayaServer {
	s := himalayaServer{ClientServer: evidence.ClientServer{
		Host: textAt(t, "host"), Port: intAt(t, "port"), Login: textAt(t, "login"),
		Encryption: profile.TLS, Auth: evidence.AuthPassword,
	}}
	kind := textAt(t, "encryption")
	if kind == "" {
		kind = textAt(t, "encryption.type")
	}
	switch strings.ToLower(kind) {
	case "", "tls", "ssl":
	case "start-tls", "starttls":
		s.Encryption = profile.STARTTLS
	case "none":
		s.Encryption = profile.None
	default:
		s.Encryption = ""
	}
	if on, ok := valueAt(t, "encryption").(bool); ok && !on {
		s.Encryption = profile.None
	}
	s.credentials(t)
	return &s
}

// credentials finds the password: "auth.raw", "auth.cmd" or "auth.command" of 1.x, "passwd"
// of its betas. That of OAuth is a token and no password.
func (s *himalayaServer) credentials(t map[string]any) {
	if textAt(t, "auth") == "oauth2" || textAt(t, "auth.type") == "oauth2" || valueAt(t, "oauth2") != nil {
		s.Auth = evidence.AuthOAuth
		return
	}
	for _, path := range []string{"auth", "auth.passwd", "passwd"} {
		if s.secret(valueAt(t, path)) {
			return
		}
	}
}

// secret takes a password in one of the ways of pimalaya's secret library.
func (s *himalayaServer) secret(value any) bool {
	table, _ := value.(map[string]any)
	s.plain = textAt(table, "raw")
	s.command = commandOf(table["cmd"])
	if s.command == "" {
		s.command = commandOf(table["command"])
	}
	return s.plain != "" || s.command != ""
}

// commandOf is a command. One that is a list of words is quoted, since one that is a text is
// run by a shell.
func commandOf(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []any:
		var words []string
		for _, word := range v {
			text, ok := word.(string)
			if !ok {
				return ""
			}
			words = append(words, "'"+strings.ReplaceAll(text, "'", `'\''`)+"'")
		}
		return strings.Join(words, " ")
	}
	return ""
}

// dashed reads a server of 0.9 and before, as himalaya-lib takes it: TLS unless imap-ssl says
// no, and STARTTLS inside that switch.
func dashed(t map[string]any, p string) *himalayaServer {
	s := himalayaServer{ClientServer: evidence.ClientServer{
		Host: textAt(t, p+"host"), Port: intAt(t, p+"port"), Login: textAt(t, p+"login"),
		Encryption: profile.TLS, Auth: evidence.AuthPassword, Unverified: onAt(t, p+"insecure"),
	}}
	if onAt(t, p+"starttls") {
		s.Encryption = profile.STARTTLS
	}
	if on, ok := t[p+"ssl"].(bool); ok && !on {
		s.Encryption = profile.None
	}
	if textAt(t, p+"auth") == "oauth2" {
		s.Auth = evidence.AuthOAuth
		return &s
	}
	if !s.secret(t[p+"passwd"]) {
		s.command = textAt(t, p+"passwd-cmd")
	}
	return &s
}

// linked reads a server of 2.x: a URL, or a name and port that stands for TLS.
func linked(t map[string]any, d profile.Protocol) *himalayaServer {
	link := textAt(t, "server")
	if !strings.Contains(link, "://") {
		link = string(d) + "s://" + link
	}
	u, err := url.Parse(link)
	if err != nil || strings.TrimSuffix(u.Scheme, "s") != string(d) || u.Hostname() == "" {
		return nil // unix://, a proxy on this computer, for one
	}
	s := himalayaServer{ClientServer: evidence.ClientServer{Host: u.Hostname(), Port: portOf(u.Port()), Encryption: profile.None}}
	switch {
	case strings.HasSuffix(u.Scheme, "s"):
		s.Encryption = profile.TLS
	case onAt(t, "starttls"):
		s.Encryption = profile.STARTTLS
	}
	if u.Port() == "" && (d == profile.IMAP || s.Encryption == profile.TLS) {
		s.Port = usualPort(d, s.Encryption) // which of 25 and 587 smtp:// means is said nowhere
	}
	s.sasl(t)
	return &s
}

// sasl is the mechanism: the file names exactly one, or none for no login at all.
func (s *himalayaServer) sasl(t map[string]any) {
	s.Auth = evidence.AuthNone
	for _, way := range []struct {
		name string
		auth evidence.Auth
	}{
		{"plain", evidence.AuthPassword},
		{"login", evidence.AuthPassword},
		{"scram-sha-256", evidence.AuthEncrypted},
		{"xoauth2", evidence.AuthOAuth},
		{"oauthbearer", evidence.AuthOAuth},
	} {
		found, ok := valueAt(t, "sasl."+way.name).(map[string]any)
		if !ok {
			continue
		}
		s.Auth = way.auth
		s.Login = textAt(found, "username")
		if s.Login == "" {
			s.Login = textAt(found, "authcid") // plain in the releases before 2.0
		}
		if way.auth != evidence.AuthOAuth && !s.secret(found["password"]) {
			s.secret(found["passwd"])
		}
		return
	}
}

// intAt is a port; what is none is 0, unknown.
func intAt(table map[string]any, path string) int {
	n, _ := valueAt(table, path).(int64)
	if n < 0 || n > 65535 {
		return 0
	}
	return int(n)
}

// himalayaSecret is the password of an account, or the command that gives it.
func himalayaSecret(text string, account string, d profile.Protocol) (plain, command string) {
	all, err := himalayaAccounts(text)
	if err != nil {
		return "", ""
	}
	a, ok := only(all, func(a himalayaAccount) string { return a.name }, account)
	if !ok {
		return "", ""
	}
	s := a.server(d)
	if s == nil {
		return "", ""
	}
	if s.plain != "" {
		return s.plain, ""
	}
	return "", s.command
}
