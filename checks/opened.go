package checks

import (
	"strings"

	"mailmedic/probe/evidence"
)

// Opened is the folder that a mail program opens on one server, set up as it is.
type Opened struct {
	Typed    string  // the path that is set
	Name     string  // the whole name that the program asks for
	There    bool    // the server has such a folder, and it can hold messages
	Messages *uint32 // in it, where they were counted
}

// Opens tells which folder a program opens on a server for a path that is set in it, nil
// for no path. With a root set, a program puts that in front, whatever the path begins
// with: so a root that is typed twice comes about. Without one it asks the server for the
// root, or takes the path as it stands: whichever the server has.
func Opens(s *evidence.Session, root, path *string) *Opened {
	if path == nil || pathAlone(s, *path) == "" {
		return nil
	}
	o := &Opened{Typed: *path, Name: pathAlone(s, *path)}
	switch {
	case root != nil && pathAlone(s, *root) != "":
		o.Name = pathAlone(s, *root) + s.Folders.Delimiter + o.Name
	case !has(s, o.Name):
		o.Name = prefixOf(s) + o.Name
	}
	for _, f := range s.Folders.List {
		if sameName(s, f.Name, o.Name) {
			o.There, o.Messages = f.Selectable(), f.Messages
		}
	}
	return o
}

// pathAlone is a path without blanks around it and without a separator at its end: programs cut
// both off.
func pathAlone(s *evidence.Session, path string) string {
	path = strings.TrimSpace(path)
	if d := s.Folders.Delimiter; d != "" {
		path = strings.TrimSuffix(path, d)
	}
	return strings.TrimSuffix(path, "/")
}

// otherSeparator tells whether a path is written with a separator that is not the server's:
// it then names one folder with that character in its name, or none.
func otherSeparator(s *evidence.Session, path string) bool {
	d := s.Folders.Delimiter
	return d != "" && !strings.Contains(pathAlone(s, path), d) && strings.ContainsAny(pathAlone(s, path), "./^")
}
