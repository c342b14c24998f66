package report

import (
	"slices"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// FolderSettings gives what to type into a client for the server behind a session:
// the root folder path, and the Sent and Drafts folders as a client with that root
// names them. An empty root means that the field stays empty; an empty sent or
// drafts means that the server has no such folder. It is meaningful only where
// s.Folders was read.
func FolderSettings(s *evidence.Session, p profile.Profile) (root, sent, drafts string) {
	root = strings.TrimSuffix(s.Folders.Prefix, s.Folders.Delimiter)
	return root, special(s, `\Sent`, p.Folders.Sent), special(s, `\Drafts`, p.Folders.Drafts)
}

// special finds the folder that the server marks for a use (RFC 6154), or else the
// one that the profile names, and writes it relative to the root folder path.
func special(s *evidence.Session, use string, wanted profile.Folder) string {
	for _, f := range s.Folders.List {
		if selectable(f) && hasAttribute(f, use) {
			return relative(s, f.Name)
		}
	}
	if wanted.Name == "" {
		return ""
	}
	for _, f := range s.Folders.List {
		if selectable(f) && relative(s, f.Name) == relative(s, wanted.Name) {
			return relative(s, f.Name)
		}
	}
	return ""
}

// relative cuts the namespace's prefix off a name. INBOX counts in any case, RFC
// 9051 section 5.1.
func relative(s *evidence.Session, name string) string {
	prefix := s.Folders.Prefix
	if prefix != "" && len(name) > len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
		return name[len(prefix):]
	}
	return name
}

func selectable(f evidence.Folder) bool {
	return !hasAttribute(f, `\Noselect`) && !hasAttribute(f, `\NonExistent`)
}

func hasAttribute(f evidence.Folder, attribute string) bool {
	return slices.ContainsFunc(f.Attributes, func(a string) bool { return strings.EqualFold(a, attribute) })
}

// mailbox is one IMAP server with the paths that lead to it.
type mailbox struct {
	server string // the profile's name for it, empty when the provider runs one
	ports  []string
	root   string
	sent   string
	drafts string
}

// mailboxes lists the IMAP servers whose folders were read. Paths belong together
// when the profile gives them one server name, or else one host.
func mailboxes(e *evidence.Evidence) []mailbox {
	var list []mailbox
	var keys []string
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if s.Path.Protocol != profile.IMAP || !s.Folders.Step.Done() || slices.Contains(keys, serverKey(s)) {
			continue
		}
		keys = append(keys, serverKey(s))
		m := mailbox{server: s.Path.Server, ports: portsOf(e, serverKey(s))}
		m.root, m.sent, m.drafts = FolderSettings(s, e.Profile)
		list = append(list, m)
	}
	return list
}

func serverKey(s *evidence.Session) string {
	if s.Path.Server != "" {
		return "server " + s.Path.Server
	}
	return "host " + strings.ToLower(s.Path.Host)
}

// portsOf lists the usable IMAP ports of a server.
func portsOf(e *evidence.Evidence, key string) []string {
	var ports []string
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if s.Path.Protocol == profile.IMAP && s.Usable() && serverKey(s) == key {
			ports = append(ports, portOf(s.ID()))
		}
	}
	return ports
}

// portOf takes the port out of a path id.
func portOf(id string) string {
	_, port, _ := strings.Cut(id, "-")
	return port
}
