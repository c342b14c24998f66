package checks

import (
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// serversDiffer is MM809: a provider with two mail stores shows the same mailbox
// differently on them. It is no fault of either; settings made for one do not fit the other.
var serversDiffer = Check{Code: "MM809", Stage: StageFolders, Severity: Note, Run: func(e *evidence.Evidence) []Finding {
	c, ok := Compare(e)
	if !ok {
		return nil
	}
	f := Finding{
		Path:   c.New.ID(),
		Text:   say.With("Your mailbox does not look the same on %s and on %s.", ServerNamed(c.Old.Path.Server), ServerNamed(c.New.Path.Server)),
		Advice: []say.Text{c.Advice},
	}
	for _, r := range c.Rows {
		if r.Differs && r.What != knownIssues {
			f.Facts = append(f.Facts, listed(c.New, "%s: %s on port %d, %s on port %d", r.What, r.Old, c.Old.Path.Port, r.New, c.New.Path.Port))
		}
	}
	if len(f.Facts) == 0 {
		return nil
	}
	return []Finding{f}
}}

// tree is a server's folders by the names that both servers share.
func tree(s *evidence.Session) map[string]evidence.Folder {
	folders, prefix := map[string]evidence.Folder{}, prefixOf(s)
	for _, f := range s.Folders.List {
		folders[plainName(s, prefix, f)] = f
	}
	return folders
}

// missing lists the folders of one server that the other's tree lacks.
func missing(on *evidence.Session, from map[string]evidence.Folder) []string {
	var names []string
	prefix := prefixOf(on)
	for _, f := range on.Folders.List {
		name := plainName(on, prefix, f)
		if _, ok := from[name]; f.Selectable() && !ok && ofUser(on, f) && !Doubled(on, f) { // of doubled ones MM801 speaks
			names = append(names, name)
		}
	}
	return names
}

// plainName is a folder's name without the server's prefix and with "/" between its parts.
func plainName(s *evidence.Session, prefix string, f evidence.Folder) string {
	name := behind(prefix, f.Name)
	if d := s.Folders.Delimiter; d != "" {
		name = strings.ReplaceAll(name, d, "/")
	}
	if strings.EqualFold(name, "INBOX") {
		return "INBOX"
	}
	return name
}
