package report

import (
	"slices"
	"strings"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// mailbox is one IMAP server with the paths that lead to it.
type mailbox struct {
	server string // the profile's name for it, empty when the provider runs one
	ports  []string
	paths  checks.FolderPaths
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
		list = append(list, mailbox{server: s.Path.Server, ports: portsOf(e, serverKey(s)), paths: checks.ToType(s, e.Profile)})
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
