package checks

import (
	"fmt"
	"strings"

	"mailmedic/probe/evidence"
)

// serversDiffer is MM809: a provider with two mail stores shows the same mailbox
// differently on them. It is no fault of either; settings made for one do not fit the other.
var serversDiffer = Check{Code: "MM809", Stage: StageFolders, Severity: Note, Run: func(e *evidence.Evidence) []Finding {
	var reference *evidence.Session
	return onFolders(e, func(s *evidence.Session) *Finding {
		if s.Path.Server == "" || s.Folders.Cut {
			return nil
		}
		if reference == nil {
			reference = s
		}
		if s.Path.Server == reference.Path.Server {
			return nil
		}
		facts := differences(reference, s)
		if len(facts) == 0 {
			return nil
		}
		return &Finding{
			Text:  fmt.Sprintf("The %s and the %s server show your mailbox differently.", reference.Path.Server, s.Path.Server),
			Facts: facts,
		}
	})
}}

// differences compares what two servers showed of one mailbox.
func differences(a, b *evidence.Session) []Fact {
	var facts []Fact
	note := func(s *evidence.Session, format string, args ...any) {
		facts = append(facts, listed(s, format, args...))
	}
	if prefixOf(a) != prefixOf(b) {
		note(b, "prefix %q on %s, %q on %s", prefixOf(a), a.ID(), prefixOf(b), b.ID())
	}
	if a.Folders.Delimiter != b.Folders.Delimiter {
		note(b, "separator %q on %s, %q on %s", a.Folders.Delimiter, a.ID(), b.Folders.Delimiter, b.ID())
	}
	here, there := tree(a), tree(b)
	if only := missing(a, there); len(only) > 0 {
		note(a, "only on %s: %s", a.ID(), strings.Join(first(only, 6), ", "))
	}
	if only := missing(b, here); len(only) > 0 {
		note(b, "only on %s: %s", b.ID(), strings.Join(first(only, 6), ", "))
	}
	for _, f := range a.Folders.List {
		twin, ok := there[plainName(a, f)]
		if ok && f.Messages != nil && twin.Messages != nil && *f.Messages != *twin.Messages {
			note(b, "%s: %d messages on %s, %d on %s", plainName(a, f), *f.Messages, a.ID(), *twin.Messages, b.ID())
		}
	}
	return facts
}

// tree is a server's folders by the names that both servers share.
func tree(s *evidence.Session) map[string]evidence.Folder {
	folders := map[string]evidence.Folder{}
	for _, f := range s.Folders.List {
		folders[plainName(s, f)] = f
	}
	return folders
}

// missing lists the folders of one server that the other's tree lacks.
func missing(on *evidence.Session, from map[string]evidence.Folder) []string {
	var names []string
	for _, f := range on.Folders.List {
		if _, ok := from[plainName(on, f)]; f.Selectable() && !ok {
			names = append(names, plainName(on, f))
		}
	}
	return names
}

// plainName is a folder's name without the server's prefix and with "/" between its parts.
func plainName(s *evidence.Session, f evidence.Folder) string {
	name := relative(s, f.Name)
	if d := s.Folders.Delimiter; d != "" {
		name = strings.ReplaceAll(name, d, "/")
	}
	if strings.EqualFold(name, "INBOX") {
		return "INBOX"
	}
	return name
}
