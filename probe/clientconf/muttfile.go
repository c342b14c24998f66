package clientconf

import (
	"path/filepath"
	"slices"
	"strings"
)

const (
	maxIncluded = 20   // files that a muttrc and what it sources can add
	maxDepth    = 3    // of files that source files
	maxHooks    = 1000 // hooks with settings, of each kind
)

// muttScope is a set of settings. What a hook sets lies above what the file sets.
type muttScope struct {
	values map[string]muttWord
	under  *muttScope
	server bool // an account-hook set them for the server in question
}

func (s *muttScope) get(name string) (muttWord, bool) {
	for ; s != nil; s = s.under {
		if v, ok := s.values[name]; ok {
			return v, true
		}
	}
	return muttWord{}, false
}

func (s *muttScope) text(name string) string {
	v, _ := s.get(name)
	return v.text
}

// yes reads a boolean or a quadoption.
func (s *muttScope) yes(name string, byDefault bool) bool {
	switch strings.ToLower(s.text(name)) {
	case "yes", "ask-yes", "1", "true":
		return true
	case "no", "ask-no", "0", "false":
		return false
	}
	return byDefault
}

// muttHook is a part of the settings that mutt takes only in some folders, or for some
// servers.
type muttHook struct {
	pattern string
	scope   *muttScope
}

// muttReader reads a muttrc and what it sources.
type muttReader struct {
	reading
	at       Origin
	top      *muttScope
	folder   []muttHook // folder-hooks, and macros that source a file
	account  []muttHook // account-hooks
	boxes    []string   // what the command mailboxes lists
	included int
}

// file runs through one file.
func (m *muttReader) file(text, path string, scope *muttScope, above []string) {
	above = append(slices.Clone(above), path)
	muttLines(m.clip(text), func(number int, line string) {
		m.line(line, number, path, scope, above)
	})
}

// line runs through the commands of one line, or of a hook.
func (m *muttReader) line(line string, number int, path string, scope *muttScope, above []string) {
	l := &muttLexer{text: line}
	for ok := l.more(); ok; ok = l.next() {
		l.expand = m.expandable(scope, false)
		switch l.name() {
		case "set":
			m.set(l, scope)
		case "unset":
			for l.more() {
				unset(scope, l.name())
				l.word()
			}
		case "source":
			if l.more() {
				m.source(l, number, path, scope, above)
			}
		case "mailboxes":
			for l.more() && len(m.boxes) < maxAccounts {
				m.boxes = append(m.boxes, l.word().text)
			}
		case "my_hdr":
			if l.more() && strings.EqualFold(l.word().text, "From:") {
				scope.values["from"] = muttWord{text: rest(l)}
			}
		case "account-hook":
			m.account = m.hook(m.account, l, number, path, scope, above)
		case "folder-hook":
			m.folder = m.hook(m.folder, l, number, path, scope, above)
		case "macro":
			m.macro(l, number, path, above)
		}
	}
}

// rest reads the arguments that are left as one text.
func rest(l *muttLexer) string {
	var words []string
	for l.more() {
		words = append(words, l.word().text)
	}
	return strings.Join(words, " ")
}

// expandable tells what $name stands for. A password becomes part of nothing that is told
// of, and of the environment only the home folder is known.
func (m *muttReader) expandable(scope *muttScope, secret bool) func(name string) muttWord {
	return func(name string) muttWord {
		switch {
		case isPass(name) && !secret:
			return muttWord{}
		case name == "HOME":
			return muttWord{text: m.at.Home}
		}
		w, _ := scope.get(name)
		return w
	}
}

// secretive tells the settings that can hold a password: URLs have a part of their own for it.
func secretive(name string) bool {
	return isPass(name) || name == "smtp_url" || name == "folder" || name == "spoolfile" || name == "spool_file"
}

func unset(scope *muttScope, name string) {
	var value muttWord
	if muttSwitch(name) {
		value.text = "no"
	}
	if kept(name) {
		scope.values[muttName(name)] = value
	}
}

// set reads "name=value", "name", "noname", "invname" and "name?" until the command ends.
func (m *muttReader) set(l *muttLexer, scope *muttScope) {
	for l.more() {
		name := l.name()
		if name == "" {
			l.word() // nothing that sets a value
			continue
		}
		value := muttWord{text: "yes"}
		given := false
		l.text = strings.TrimLeft(l.text, " \t")
		if after, ok := strings.CutPrefix(l.text, "="); ok {
			l.text = strings.TrimLeft(after, " \t")
			l.expand = m.expandable(scope, secretive(name))
			value, given = l.word(), true
		} else if positive, ok := strings.CutPrefix(name, "no"); ok && muttSwitch(positive) {
			name, value.text = positive, "no"
		}
		// Without a value, "set name" asks what a text is set to.
		if kept(name) && (given || muttSwitch(name)) {
			scope.values[muttName(name)] = value
		}
	}
}

// muttSwitch tells a boolean that matters here, as "notice" is no "no" in front of "tice".
func muttSwitch(name string) bool {
	return slices.Contains([]string{"ssl_starttls", "ssl_force_tls", "ssl_verify_host", "imap_check_subscribed", "imap_idle", "tunnel_is_secure"}, name)
}

// kept tells the settings that are looked at, so that a long file takes little memory.
func kept(name string) bool {
	return muttSwitch(name) || strings.HasPrefix(name, "my_") || slices.Contains([]string{
		"folder", "spoolfile", "spool_file", "record", "postponed", "from", "smtp_url", "smtp_user", "smtp_pass", "smtp_authenticators",
		"imap_user", "imap_login", "imap_pass", "imap_authenticators", "mail_check", "timeout", "tunnel",
	}, name)
}

// muttName is mutt's name of what NeoMutt has renamed.
func muttName(name string) string {
	if name == "spool_file" {
		return "spoolfile"
	}
	return name
}

// source follows the command to another file below the home folder. Programs are not run.
func (m *muttReader) source(l *muttLexer, number int, path string, scope *muttScope, above []string) {
	w := l.word()
	if w.command != "" || strings.HasSuffix(w.text, "|") || l.more() && l.text[0] == '|' {
		m.miss("line %d sources what a program prints, and no program is run", number)
		return
	}
	file := w.text
	if after, ok := strings.CutPrefix(file, "~/"); ok {
		file = filepath.Join(m.at.Home, after)
	} else if !filepath.IsAbs(file) {
		file = filepath.Join(filepath.Dir(path), file)
	}
	file = filepath.Clean(file)
	place := Place{Home: m.at.Home}
	shown := place.shown(file)
	switch {
	case m.at.Home == "" || shown == file:
		m.miss("line %d sources a file outside the home folder, which is not followed", number)
	case slices.Contains(above, file):
		m.miss("line %d sources a file that is being read already", number)
	case len(above) > maxDepth:
		m.miss("line %d sources a file %d files deep, which is not followed", number, maxDepth+1)
	case m.included >= maxIncluded:
		m.miss("line %d sources more than %d files, the rest is not followed", number, maxIncluded)
	default:
		m.included++
		text, err := load(file)
		if err != nil {
			m.miss("line %d sources a file that cannot be read: %s: %v", number, shown, err)
			return
		}
		m.file(text, file, scope, above)
	}
}

// hook reads "pattern command": what the command sets is kept apart.
func (m *muttReader) hook(into []muttHook, l *muttLexer, number int, path string, scope *muttScope, above []string) []muttHook {
	if !l.more() {
		return into
	}
	pattern := l.word().text
	if pattern == "-noregex" && l.more() {
		pattern = l.word().text // NeoMutt
	}
	l.expand, l.later = m.expandable(scope, true), true
	commands := rest(l)
	l.later = false
	return m.apart(into, pattern, commands, number, path, above)
}

// apart runs through commands whose settings do not hold everywhere.
func (m *muttReader) apart(into []muttHook, pattern, commands string, number int, path string, above []string) []muttHook {
	if len(into) >= maxHooks {
		m.miss("there are more than %d hooks, the rest was not read", maxHooks)
		return into
	}
	scope := &muttScope{values: map[string]muttWord{}, under: m.top}
	if len(above) <= maxDepth {
		m.line(commands, number, path, scope, append(slices.Clone(above), "")) // a hook is a level too
	}
	if len(scope.values) == 0 {
		return into
	}
	return append(into, muttHook{pattern, scope})
}

// macro reads a key that sources a file, which is how people go from one account to
// another: "<enter-command>source ~/.config/mutt/work<enter>".
func (m *muttReader) macro(l *muttLexer, number int, path string, above []string) {
	_, after, ok := strings.Cut(rest(l), "source ")
	file, _, closed := strings.Cut(after, "<")
	if file = strings.TrimSpace(file); ok && closed && file != "" && !strings.Contains(file, "|") {
		m.folder = m.apart(m.folder, filepath.Base(file), "source '"+strings.ReplaceAll(file, "'", "")+"'", number, path, above)
	}
}
