package clientconf

import (
	"cmp"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// muttPlaces are those of mutt(1) and neomutt(1).
func muttPlaces(p Place) []string {
	return []string{
		p.home(".muttrc"), p.home(".mutt", "muttrc"), p.config("mutt", "muttrc"),
		p.home(".neomuttrc"), p.home(".neomutt", "neomuttrc"), p.config("neomutt", "neomuttrc"), p.config("neomutt", "muttrc"),
	}
}

func isMutt(name, text string) bool {
	if strings.HasSuffix(name, "muttrc") {
		return true
	}
	return muttLike.MatchString(text)
}

var muttLike = regexp.MustCompile(`(?m)^[ \t]*set[ \t]+(folder|imap_user|imap_pass|smtp_url|spoolfile|spool_file|from|realname)[ \t]*=`)

// mutt reads a muttrc of mutt or NeoMutt, and the files below the home folder that it
// sources. What is said of defaults here is from the manual of mutt 2.2, which for these
// settings says the same as NeoMutt's of 2022.
func mutt(text string, at Origin) ([]evidence.Client, error) {
	return told(muttAccounts(text, at))
}

func muttAccounts(text string, at Origin) ([]account, error) {
	m := &muttReader{at: at, top: &muttScope{values: map[string]muttWord{}}}
	m.file(text, at.File, m.top, nil)
	var all []account
	add := func(scope *muttScope, name string) {
		if a, ok := m.muttAccount(scope, name); ok && !slices.ContainsFunc(all, func(b account) bool { return same(a, b) }) {
			all = append(all, a)
		}
	}
	add(m.top, "")
	for _, h := range m.folder {
		_, folder := h.scope.values["folder"]
		_, spool := h.scope.values["spoolfile"]
		_, smtp := h.scope.values["smtp_url"]
		if !folder && !spool && !smtp {
			continue
		}
		name := h.pattern
		if strings.ContainsAny(name, "/@:") {
			name = "" // a URL, or the pattern of one, can have a password in it
		}
		add(h.scope, name)
	}
	// Further servers can be known from nothing but the list of mailboxes.
	for _, box := range m.boxes {
		at, ok := mailURL(box, "imap")
		if !ok || len(all) > maxAccounts || slices.ContainsFunc(all, func(a account) bool { return onServer(a.Receiving, at) }) {
			continue
		}
		add(&muttScope{values: map[string]muttWord{"folder": {}, "spoolfile": {text: box}, "smtp_url": {}, "from": {}}, under: m.top}, "")
	}
	return m.done(all)
}

// same tells whether two accounts are the same login on the same servers.
func same(a, b account) bool {
	equal := func(x, y *evidence.ClientServer) bool {
		return x == nil && y == nil || x != nil && y != nil && strings.EqualFold(x.Host, y.Host) && x.Port == y.Port && x.Login == y.Login
	}
	return equal(a.Receiving, b.Receiving) && (equal(a.Sending, b.Sending) || b.Receiving != nil && a.Sending == nil)
}

// onServer tells whether a folder is on a server that is known already.
func onServer(s *evidence.ClientServer, at location) bool {
	return s != nil && strings.EqualFold(s.Host, at.host) && (at.user == "" || at.user == s.Login)
}

// muttAccount is what a set of settings comes down to; false if it names no server.
func (m *muttReader) muttAccount(s *muttScope, name string) (account, bool) {
	a := account{Client: evidence.Client{Program: "mutt", File: m.at.Shown, Asks: evidence.Unknown}}
	root, received := mailURL(s.text("folder"), "imap")
	if !received {
		if root, received = mailURL(s.text("spoolfile"), "imap"); received {
			root.path = "" // where one folder is says nothing of the root
			root.bare = true
		}
	}
	if received {
		m.receiving(&a, s, root)
	}
	if out, ok := mailURL(s.text("smtp_url"), "smtp"); ok {
		sending(&a, s, out)
	}
	for _, setting := range []string{"folder", "spoolfile", "smtp_url", "imap_user", "from", "record", "postponed"} {
		if v, ok := s.get(setting); ok && v.command != "" {
			m.miss("%s comes from a program, which is not run", setting)
		}
	}
	if a.Receiving == nil && a.Sending == nil {
		return a, false
	}
	if s.text("tunnel") != "" && s.text("tunnel") != "no" {
		a.Missed = append(a.Missed, "it connects through a tunnel command, which is not run")
	}
	a.Address = address(s.text("from"))
	a.Account = cmp.Or(name, a.Address, muttLabel(a))
	return a, true
}

// muttLabel names an account that has no name and no address.
func muttLabel(a account) string {
	server := a.Receiving
	if server == nil {
		server = a.Sending
	}
	if server.Login == "" {
		return server.Host
	}
	return server.Login + ", " + server.Host
}

func (m *muttReader) receiving(a *account, s *muttScope, root location) {
	s = m.forServer(s, root)
	server := muttServer(s, root)
	server.Login = cmp.Or(root.user, s.text("imap_user"), s.text("imap_login"))
	server.Auth = authOf(muttList(s.text("imap_authenticators")))
	a.in = muttPassword(ofServer(s, "imap_pass", root), "imap_pass", root.password)
	server.Stored = !a.in.Empty()
	a.Receiving = server
	if !root.bare {
		a.RootPath = &root.path
		a.Asks = evidence.No // NAMESPACE only fills the list of folders to choose from
	}
	a.SentPath = muttFolder(s.text("record"), root)
	a.DraftsPath = muttFolder(s.text("postponed"), root)
	m.checking(a, s)
}

// checking tells how often mutt asks for new mail. It asks for the open folder when the
// last answer is older than timeout (imap_check_mailbox), 600 seconds by default. Folders
// that mailboxes lists, or all that are subscribed to, are asked for each time that
// mail_check has passed, 5 seconds by default, while somebody uses mutt.
func (m *muttReader) checking(a *account, s *muttScope) {
	subscribed := s.yes("imap_check_subscribed", false)
	listed := slices.ContainsFunc(m.boxes, func(box string) bool {
		_, url := mailURL(box, "imap")
		return url || strings.HasPrefix(box, "=") || strings.HasPrefix(box, "+")
	})
	a.SyncsAll = evidence.Saw(subscribed)
	if listed && !subscribed {
		a.SyncsAll = evidence.Unknown // the list can be of all folders
	}
	name, byDefault := "timeout", 600
	if listed || subscribed {
		name, byDefault = "mail_check", 5
	}
	n, err := strconv.Atoi(s.text(name))
	if err != nil || n <= 0 {
		n = byDefault
	}
	a.CheckMinutes = minutes(float64(n))
}

// forServer adds what account-hooks set for a server.
func (m *muttReader) forServer(s *muttScope, at location) *muttScope {
	spellings := at.spellings()
	for _, h := range m.account {
		if hooked(h.pattern, spellings) {
			s = &muttScope{values: h.scope.values, under: s, server: true}
		}
	}
	return s
}

// hooked tells whether the pattern of an account-hook means a server. It is a regular
// expression for mutt, and nearly always a URL with or without its end.
func hooked(pattern string, spellings []string) bool {
	if pattern == "." || pattern == ".*" {
		return true
	}
	pattern = strings.TrimPrefix(pattern, "^")
	pattern = strings.TrimSuffix(strings.TrimSuffix(strings.ReplaceAll(pattern, `\`, ""), "$"), "/")
	return pattern != "" && slices.ContainsFunc(spellings, func(url string) bool { return strings.Contains(url, pattern) })
}

// ofServer is the scope without a password that was set for another server. mutt itself would
// send the one at the top of the file to every server that asks; whose it is tells the
// server that stands beside it.
func ofServer(s *muttScope, setting string, at location) *muttScope {
	holder := s
	for holder != nil {
		if _, here := holder.values[setting]; here {
			break
		}
		holder = holder.under
	}
	if holder == nil || holder.server {
		return s
	}
	url, protocol := holder.text("folder"), "imap"
	if setting == "smtp_pass" {
		url, protocol = holder.text("smtp_url"), "smtp"
	} else if _, remote := mailURL(url, protocol); !remote {
		url = holder.text("spoolfile")
	}
	if server, ok := mailURL(url, protocol); ok && strings.EqualFold(server.host, at.host) && server.user == at.user {
		return s
	}
	return &muttScope{values: map[string]muttWord{setting: {}}, under: s}
}

func sending(a *account, s *muttScope, out location) {
	server := muttServer(s, out)
	server.Login = cmp.Or(out.user, s.text("smtp_user"))
	server.Auth = authOf(muttList(s.text("smtp_authenticators")))
	a.out = muttPassword(ofServer(s, "smtp_pass", out), "smtp_pass", out.password)
	server.Stored = !a.out.Empty()
	a.Sending = server
}

// muttServer reads what both directions have in common.
func muttServer(s *muttScope, at location) *evidence.ClientServer {
	server := &evidence.ClientServer{Host: at.host, Port: at.port, Unverified: !s.yes("ssl_verify_host", true)}
	force := s.yes("ssl_force_tls", true) // no before mutt 2.0
	switch {
	case at.secure:
		server.Encryption = profile.TLS
	case force || s.yes("ssl_starttls", true):
		server.Encryption, server.IfOffered = profile.STARTTLS, !force
	default:
		server.Encryption, server.Unverified = profile.None, false
	}
	if server.Port == 0 && at.protocol == "imap" {
		server.Port = imapPort(server.Encryption)
	}
	if server.Port == 0 {
		server.Port = 25
		if at.secure {
			server.Port = 465
		}
	}
	return server
}

func muttPassword(s *muttScope, setting, inURL string) Stored {
	if inURL != "" {
		return plain(inURL)
	}
	v, _ := s.get(setting)
	if v.command == "" {
		return plain(v.text)
	}
	if v.only {
		return Stored{Command: v.command}
	}
	return Stored{} // made of several pieces
}

func muttList(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ":")
}

// muttFolder reads a folder that can stand relative to the root: "=Sent", "+Sent" or the
// whole URL. A folder on this computer, or on another server, is none.
func muttFolder(text string, root location) *string {
	if text != "" && (text[0] == '=' || text[0] == '+') {
		if root.bare {
			return nil // relative to a folder on this computer
		}
		path := strings.TrimLeft(text[1:], "/")
		return &path
	}
	at, ok := mailURL(text, "imap")
	if !ok || !strings.EqualFold(at.host, root.host) || at.path == "" {
		return nil
	}
	path := behind(root.path, at.path)
	return &path
}

// address takes the address out of "Anna <anna@example.com>".
func address(text string) string {
	if parsed, err := mail.ParseAddress(text); err == nil {
		return parsed.Address
	}
	return ""
}
