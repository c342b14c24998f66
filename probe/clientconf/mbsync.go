package clientconf

import (
	"slices"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// mbsyncPlaces are the two of mbsync(1): isync 1.5 looks at the first one first, older
// versions know the second only.
func mbsyncPlaces(p Place) []string {
	return []string{p.config("isyncrc"), p.home(".mbsyncrc")}
}

func isMbsync(name, text string) bool {
	if slices.Contains([]string{".mbsyncrc", "mbsyncrc", "isyncrc"}, name) {
		return true
	}
	return startsLine(text, "imapaccount", "imapstore")
}

// startsLine tells whether a line of the text begins with one of the words, in capitals or not.
func startsLine(text string, words ...string) bool {
	for line := range strings.Lines(text) {
		first, _, _ := strings.Cut(strings.TrimSpace(strings.ReplaceAll(line, "\t", " ")), " ")
		if slices.Contains(words, strings.ToLower(first)) {
			return true
		}
	}
	return false
}

// mbsyncPart is one section of a .mbsyncrc: its kind, its name and its settings, all
// keywords in lower case.
type mbsyncPart struct {
	kind, name string
	settings   []mbsyncSetting
}

type mbsyncSetting struct {
	keyword string
	args    []string
	line    int
}

// get is the last setting of one of the names, with an empty argument where there is none.
func (p *mbsyncPart) get(keywords ...string) mbsyncSetting {
	for i := len(p.settings) - 1; i >= 0; i-- {
		if slices.Contains(keywords, p.settings[i].keyword) {
			return p.settings[i]
		}
	}
	return mbsyncSetting{args: []string{""}}
}

func (p *mbsyncPart) text(keywords ...string) string { return p.get(keywords...).args[0] }

func (p *mbsyncPart) yes(keyword string, byDefault bool) bool {
	switch strings.ToLower(p.text(keyword)) {
	case "yes", "true", "on", "1":
		return true
	case "no", "false", "off", "0":
		return false
	}
	return byDefault
}

// mbsync reads a .mbsyncrc of isync. What is said of defaults here is from mbsync(1).
func mbsync(text string, at Origin) ([]evidence.Client, error) {
	return told(mbsyncAccounts(text, at))
}

func mbsyncAccounts(text string, at Origin) ([]account, error) {
	var r reading
	parts := r.mbsyncParts(text)
	stores := map[string][]*mbsyncPart{} // by the account they belong to
	for i := range parts {
		if s := &parts[i]; s.kind == "imapstore" {
			if of := s.text("account"); of != "" {
				stores[of] = append(stores[of], s)
			}
		}
	}
	wide := mbsyncWide(parts)
	var all []account
	for i := range parts {
		p := &parts[i]
		var of []*mbsyncPart
		switch {
		case p.kind == "imapaccount":
			of = stores[p.name]
		case p.kind == "imapstore" && p.text("account") == "" && (p.text("host") != "" || p.text("tunnel") != ""):
			of = []*mbsyncPart{p} // "all account options are legal here"
		default:
			continue
		}
		all = append(all, r.mbsyncAccount(p, of, wide, at))
		if len(all) > maxAccounts {
			break
		}
	}
	return r.done(all)
}

// mbsyncParts cuts a .mbsyncrc into its sections, which end at an empty line. A line that
// is a comment ends nothing.
func (r *reading) mbsyncParts(text string) []mbsyncPart {
	var parts []mbsyncPart
	open, number := false, 0
	for line := range strings.Lines(r.clip(text)) {
		number++
		trimmed := strings.TrimSpace(line)
		if trimmed == "" {
			open = false
			continue
		}
		if trimmed[0] == '#' {
			continue
		}
		args, whole := mbsyncWords(trimmed)
		if !whole {
			r.fault(number, "a quote is not closed")
		}
		if len(args) < 2 {
			r.fault(number, "this is a keyword without a value")
			continue
		}
		keyword := strings.ToLower(args[0])
		switch {
		case slices.Contains([]string{"imapaccount", "imapstore", "maildirstore", "channel", "group"}, keyword):
			parts = append(parts, mbsyncPart{kind: keyword, name: args[1]})
			open = true
		case open:
			last := &parts[len(parts)-1]
			last.settings = append(last.settings, mbsyncSetting{keyword, args[1:], number})
		case slices.Contains([]string{"host", "port", "user", "pass", "passcmd", "ssltype", "tlstype", "account"}, keyword):
			r.fault(number, "this belongs into a section, and an empty line has ended it")
		}
	}
	return parts
}

// mbsyncWords splits a line into arguments: quotes keep blanks, a backslash keeps the next
// character, and a hash mark in front of an argument begins a comment.
func mbsyncWords(line string) (words []string, whole bool) {
	var word []byte
	inside, quoted, escaped := false, false, false
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case escaped:
			word, escaped = append(word, c), false
		case c == '\\':
			inside, escaped = true, true
		case c == '"':
			inside, quoted = true, !quoted
		case !quoted && (c == ' ' || c == '\t'):
			if inside {
				words, word, inside = append(words, string(word)), nil, false
			}
		case !inside && c == '#':
			return words, true
		default:
			inside, word = true, append(word, c)
		}
	}
	if inside {
		words = append(words, string(word))
	}
	return words, !quoted && !escaped
}

// mbsyncWide tells of each store that a channel connects whether a channel takes all of
// its folders.
func mbsyncWide(parts []mbsyncPart) map[string]bool {
	wide := map[string]bool{}
	for i := range parts {
		p := &parts[i]
		if p.kind != "channel" {
			continue
		}
		all := false
		for _, s := range p.settings {
			if s.keyword == "pattern" || s.keyword == "patterns" {
				all = all || slices.Contains(s.args, "*")
			}
		}
		for _, end := range []string{p.text("far", "master"), p.text("near", "slave")} {
			if rest, ok := strings.CutPrefix(end, ":"); ok {
				store, _, _ := strings.Cut(rest, ":")
				wide[store] = wide[store] || all
			}
		}
	}
	return wide
}

func (r *reading) mbsyncAccount(p *mbsyncPart, stores []*mbsyncPart, wide map[string]bool, at Origin) account {
	a := account{Client: evidence.Client{Program: "mbsync", File: at.Shown, Account: p.name}}
	if strings.Contains(p.text("user"), "@") {
		a.Address = p.text("user")
	}
	if host := p.text("host"); host != "" {
		a.Receiving = r.mbsyncServer(p, host)
		a.in = plain(p.text("pass"))
		if a.in.Empty() {
			// The plus sign says that the command asks on the terminal.
			// With more than one argument mbsync takes none of them.
			if len(p.get("passcmd").args) == 1 {
				a.in.Command = strings.TrimPrefix(p.text("passcmd"), "+")
			}
		}
		a.Receiving.Stored = !a.in.Empty()
	}
	if p.text("tunnel") != "" {
		a.Missed = append(a.Missed, "it connects through a Tunnel command, which is not run")
	}
	if p.text("usercmd") != "" {
		a.Missed = append(a.Missed, "the login name comes from a UserCmd, which is not run")
	}
	for _, s := range stores {
		r.mbsyncStore(&a.Client, s, wide)
	}
	return a
}

// mbsyncStore adds what a store says of the folders of its account.
func (r *reading) mbsyncStore(c *evidence.Client, s *mbsyncPart, wide map[string]bool) {
	if root := s.text("path"); root != "" {
		if end := root[len(root)-1]; end != '/' && end != '.' {
			// What the manual page says of it: "you must append a slash".
			c.Missed = append(c.Missed, "Path has no separator at its end, so that mbsync finds no folder below it")
		}
		if c.RootPath != nil && *c.RootPath != root {
			c.Missed = append(c.Missed, "several stores have a Path, and only the first was read")
		} else {
			c.RootPath = &root
			c.Asks = evidence.No // UseNamespace "is meaningless if a Path was specified"
		}
	} else if c.Asks == evidence.Unknown {
		c.Asks = evidence.Saw(s.yes("usenamespace", true))
	}
	if all, connected := wide[s.name]; connected && c.SyncsAll != evidence.Yes {
		c.SyncsAll = evidence.Saw(all)
	}
}

// mbsyncServer reads the connection part of an account.
func (r *reading) mbsyncServer(p *mbsyncPart, host string) *evidence.ClientServer {
	s := &evidence.ClientServer{
		Encryption: profile.STARTTLS, // "Most servers support this, so it is the default (unless a tunnel is used)"
		Login:      p.text("user"),   // without User it is the name on this computer
		Auth:       authOf(p.get("authmech", "authmechs").args),
	}
	if p.yes("requirecram", false) {
		s.Auth = evidence.AuthEncrypted
	}
	if p.text("tunnel") != "" {
		s.Encryption = profile.None
	}
	// UseIMAPS and RequireSSL are of isync before 1.2, as is a host "imaps:name". Later
	// versions still read them, but ignore "RequireSSL no".
	if p.yes("useimaps", false) {
		s.Encryption = profile.TLS
	}
	if rest, ok := strings.CutPrefix(host, "imaps:"); ok {
		host, s.Encryption = rest, profile.TLS
	}
	s.Host = strings.TrimPrefix(strings.TrimPrefix(host, "imap:"), "//")
	// TLSType is the name since isync 1.5.
	kind := p.get("tlstype", "ssltype")
	switch strings.ToLower(kind.args[0]) {
	case "":
	case "none":
		s.Encryption = profile.None
	case "starttls":
		s.Encryption = profile.STARTTLS
	case "imaps":
		s.Encryption = profile.TLS
	default:
		s.Encryption = ""
		r.fault(kind.line, "the type of TLS is none that mbsync knows")
	}
	port := p.get("port")
	s.Port = r.port(port.line, port.args[0], imapPort(s.Encryption))
	return s
}
