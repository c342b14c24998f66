package report

import (
	"maps"
	"strings"
	"unicode/utf8"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// hostsIn lists the names of servers in a record, in small letters, and what each is a name
// in: a word that is joined to one of them is a part of a server's name.
func hostsIn(e *evidence.Evidence) map[string]bool {
	hosts := map[string]bool{}
	put := func(names ...string) {
		for _, name := range names {
			name = strings.TrimPrefix(strings.ToLower(strings.Trim(name, ".")), "*.")
			hosts[name] = name != ""
			if _, in, _ := strings.Cut(name, "."); strings.Contains(in, ".") {
				hosts[in] = true
			}
		}
	}
	put(e.Profile.Domains...)
	for _, s := range e.Sessions {
		put(s.Path.Host, s.Capability.Name)
		for _, c := range s.Secure.Chain {
			put(c.Names...)
		}
		if r := s.Greeting.Reply; r != nil && s.Path.Protocol == profile.SMTP {
			name, _, _ := strings.Cut(r.Text, " ") // RFC 5321 section 4.2
			put(name)
		}
	}
	for _, l := range e.Lookups {
		put(l.Name)
		put(l.Answers...)
	}
	for _, c := range e.Controls {
		put(c.Host)
	}
	for _, c := range e.Clients {
		for _, s := range []*evidence.ClientServer{c.Receiving, c.Sending} {
			if s != nil {
				put(s.Host)
			}
		}
	}
	if e.Successor != nil {
		maps.Copy(hosts, hostsIn(e.Successor))
	}
	return hosts
}

// hostIn finds a domain by itself and behind the names in it, unless servers that were tested
// are of it: they are what the report is about.
func (n *names) hostIn(domain string) func(s string, from, to int) bool {
	for host := range n.tested {
		if strings.HasSuffix(host, "."+domain) {
			return apart
		}
	}
	return func(s string, from, to int) bool {
		return apart(s, from, to) || from > 0 && s[from-1] == '.' && apart(s[from:], 0, to-from)
	}
}

// lookup hides a domain in what was looked up of it and in what came of that.
func (n *names) lookup(l *evidence.Lookup) {
	if n.level != Strict {
		return
	}
	for _, domain := range n.places {
		if domain == n.domains[domain] {
			continue
		}
		l.Name = replaceWords(l.Name, domain, true, n.hostIn(domain), n.domainPart)
		for i := range l.Answers {
			l.Answers[i] = replaceWords(l.Answers[i], domain, true, n.hostIn(domain), n.domainPart)
		}
	}
}

// meant tells whether a part of a text is somebody's name: a word by itself, or one that is
// joined to others as in "user.jane", unless all of it together is a server's.
func (n *names) meant(s string, from, to int) bool {
	after, _ := utf8.DecodeRuneInString(s[to:])
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	if touches(s, from, to) || before == '*' || after == '*' {
		return false
	}
	host := strings.Trim(joined(s, from, to), ".-_")
	for found := true; found; _, host, found = strings.Cut(host, ".") {
		if n.hosts[host] {
			return false
		}
	}
	return true
}
