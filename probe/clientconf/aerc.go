package clientconf

import (
	"errors"
	"fmt"
	"math"
	"net/mail"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// aercPlaces are those of aerc-accounts(5); on macOS aerc's lib/xdg takes the preferences.
func aercPlaces(p Place) []string {
	switch p.OS {
	case "windows":
		return nil
	case "darwin":
		return []string{
			filepath.Join(dotConfig(p), "aerc", "accounts.conf"),
			filepath.Join(p.Home, "Library", "Preferences", "aerc", "accounts.conf"),
		}
	}
	return []string{filepath.Join(dotConfig(p), "aerc", "accounts.conf")}
}

// dotConfig is the folder of the XDG base directory specification.
func dotConfig(p Place) string {
	if p.Config != "" {
		return p.Config
	}
	return filepath.Join(p.Home, ".config")
}

// isAerc goes by the source, which aerc requires of every account and which has one of its
// schemes. "accounts.conf" alone is not enough: other programs have files of that name.
func isAerc(_, text string) bool {
	for _, s := range sections(text) {
		scheme, _, ok := strings.Cut(aercValue(s.keys["source"]), "://")
		word, _, _ := strings.Cut(scheme, "+")
		switch word {
		case "imap", "imaps", "maildir", "maildirpp", "notmuch", "mbox", "jmap":
			if ok && s.name != "" {
				return true
			}
		}
	}
	return false
}

// aercAccount is one section. What stands above the first heading is nobody's.
type aercAccount struct {
	name string
	keys map[string]string
}

// get is a setting; the second result tells an empty one from none.
func (a aercAccount) get(key string) (string, bool) {
	value, ok := a.keys[key]
	return aercValue(value), ok
}

func (a aercAccount) text(key string) string {
	value, _ := a.get(key)
	return value
}

func aercAccounts(text string) []aercAccount {
	var all []aercAccount
	found := sections(text)
	for _, s := range found[1:] {
		if s.name != "DEFAULT" { // a name that go-ini keeps for itself
			all = append(all, aercAccount(s))
		}
	}
	return all
}

// aercValue takes a value as go-ini does, which aerc reads its files with: in backquotes as
// it is, else up to a comment, which needs no space in front, and without quotes around it.
func aercValue(text string) string {
	if rest, ok := strings.CutPrefix(text, "`"); ok {
		if end := strings.LastIndexByte(rest, '`'); end >= 0 {
			return rest[:end]
		}
	}
	if i := strings.IndexAny(text, "#;"); i >= 0 {
		text = strings.TrimSpace(text[:i])
	}
	for _, quote := range []string{"'", `"`} {
		inner, ok := strings.CutPrefix(text, quote)
		if ok && inner != "" && strings.Index(inner, quote) == len(inner)-1 {
			return inner[:len(inner)-1]
		}
	}
	return text
}

// aerc reads accounts.conf, see aerc-accounts(5), aerc-imap(5) and aerc-smtp(5).
func aerc(text string, at Origin) ([]evidence.Client, error) {
	var clients []evidence.Client
	var errs []error
	for _, a := range aercAccounts(text) {
		if len(clients) == mostAccounts {
			errs = append(errs, fmt.Errorf("more than %d accounts: the rest is not read", mostAccounts))
			break
		}
		c := evidence.Client{Program: "aerc", File: at.Shown, Account: a.name, Address: addressOf(a.text("from"))}
		var err error
		if c.Receiving, err = a.server(profile.IMAP); err != nil {
			errs = append(errs, err)
		}
		if c.Sending, err = a.server(profile.SMTP); err != nil {
			errs = append(errs, err)
		}
		if c.Receiving == nil && c.Sending == nil {
			continue
		}
		if c.Receiving != nil {
			a.habits(&c)
		}
		a.missed(&c)
		clients = append(clients, c)
	}
	return clients, errors.Join(errs...)
}

// habits are those of an IMAP account. aerc's IMAP worker has one connection and finds its
// folders with LIST alone, without asking for a namespace (worker/imap/connect.go).
func (a aercAccount) habits(c *evidence.Client) {
	c.Connections, c.Asks = 1, evidence.No
	if sent, ok := a.get("copy-to"); ok {
		first, _, _ := strings.Cut(sent, ",") // a list in newer versions
		first = strings.TrimSpace(first)
		c.SentPath = &first
	}
	drafts := "Drafts" // the default of postpone in aerc-accounts(5)
	if given, ok := a.get("postpone"); ok {
		drafts = given
	}
	c.DraftsPath = &drafts

	minutes := 0 // the default of check-mail in aerc-accounts(5)
	if given, ok := a.get("check-mail"); ok {
		wait, err := time.ParseDuration(given)
		if err != nil || wait < 0 {
			c.Missed = append(c.Missed, "check-mail is not a duration")
			return
		}
		minutes = int(math.Ceil(wait.Minutes()))
	}
	c.CheckMinutes = &minutes
	switch {
	case minutes == 0:
		c.SyncsAll = evidence.No
	case a.text("check-mail-include") == "" && a.text("check-mail-exclude") == "":
		c.SyncsAll = evidence.Yes // else it depends on LIST-STATUS of the server, see aerc-imap(5)
	}
}

// missed says where the file means two things to two versions.
func (a aercAccount) missed(c *evidence.Client) {
	if c.Sending == nil {
		return
	}
	scheme, _, _ := strings.Cut(a.text("outgoing"), "://")
	if word, rest, _ := strings.Cut(scheme, "+"); word != "smtp" || strings.HasPrefix(rest, "insecure") {
		return
	}
	switch seenIf(a.text("smtp-starttls"), evidence.Unknown) {
	case evidence.No:
		c.Missed = append(c.Missed, "smtp-starttls = no counts for aerc 0.14; newer ones use STARTTLS all the same")
	case evidence.Unknown:
		c.Missed = append(c.Missed, "without smtp-starttls aerc 0.14 does not encrypt; newer ones use STARTTLS")
	}
}

// server reads the source or the outgoing server. It is nil without an error where that is
// something else than IMAP or SMTP, as a folder or a program. The URL holds the password,
// so that no error may show it, nor what url.Parse says of it.
func (a aercAccount) server(d profile.Protocol) (*evidence.ClientServer, error) {
	u, err := a.link(d)
	if err != nil || u == nil {
		return nil, err
	}
	plain, command := a.secret(d, u)
	words := strings.Split(u.Scheme, "+")
	s := evidence.ClientServer{Host: u.Hostname(), Port: portOf(u.Port()), Login: u.User.Username(),
		Auth: evidence.AuthPassword, Encryption: profile.STARTTLS, Stored: plain != "" || command != ""}
	if strings.HasSuffix(words[0], "s") {
		s.Encryption = profile.TLS
	}
	if d == profile.SMTP && words[0] == "smtp" && seenIf(a.text("smtp-starttls"), evidence.Yes) == evidence.No {
		s.Encryption = profile.None
	}
	for _, word := range words[1:] {
		switch {
		case word == "insecure" && s.Encryption == profile.TLS:
			s.Unverified = true
		case word == "insecure":
			s.Encryption = profile.None
		case word == "oauthbearer", word == "xoauth2":
			s.Auth = evidence.AuthOAuth
		case word == "none":
			s.Auth = evidence.AuthNone
		}
	}
	if s.Port == 0 && u.Port() == "" {
		s.Port = usualPort(d, s.Encryption) // lib/send/smtp.go takes 465 and 587, net.Dial 143 and 993
	}
	return &s, nil
}

// link is the URL of a server.
func (a aercAccount) link(d profile.Protocol) (*url.URL, error) {
	key := aercKey(d)
	scheme, _, ok := strings.Cut(a.text(key), "://")
	word, _, _ := strings.Cut(scheme, "+")
	if !ok || strings.TrimSuffix(word, "s") != string(d) {
		return nil, nil
	}
	u, err := url.Parse(a.text(key))
	if err != nil || u.Hostname() == "" || strings.Contains(u.Path, "@") {
		return nil, fmt.Errorf("account %q: %s is not a URL with a host", a.name, key)
	}
	if u.User == nil && u.Port() != "" && !strings.HasSuffix(u.Scheme, "+none") {
		// A line that is cut off before its "@" has the password where a port would be, as
		// one with a "/" in the password has, which ends the host.
		return nil, fmt.Errorf("account %q: %s names no user", a.name, key)
	}
	return u, nil
}

func aercKey(d profile.Protocol) string {
	if d == profile.SMTP {
		return "outgoing"
	}
	return "source"
}

// secret is the password in the URL, which aerc prefers, or the command that gives it. With
// OAuth it is a token, which no server takes for a password.
func (a aercAccount) secret(d profile.Protocol, u *url.URL) (plain, command string) {
	if strings.HasSuffix(u.Scheme, "+oauthbearer") || strings.HasSuffix(u.Scheme, "+xoauth2") {
		return "", ""
	}
	if plain, ok := u.User.Password(); ok {
		return plain, ""
	}
	return "", a.text(aercKey(d) + "-cred-cmd")
}

// aercSecret is the password of an account, or the command that gives it.
func aercSecret(text string, account string, d profile.Protocol) (plain, command string) {
	a, ok := only(aercAccounts(text), func(a aercAccount) string { return a.name }, account)
	if !ok {
		return "", ""
	}
	u, err := a.link(d)
	if err != nil || u == nil {
		return "", ""
	}
	return a.secret(d, u)
}

// addressOf is the address in "Name <address>".
func addressOf(from string) string {
	if a, err := mail.ParseAddress(from); err == nil {
		return a.Address
	}
	if _, rest, ok := strings.Cut(from, "<"); ok { // a comma without quotes in the name
		if a, err := mail.ParseAddress("<" + rest); err == nil {
			return a.Address
		}
	}
	return ""
}
