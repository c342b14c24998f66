package evidence

import (
	"slices"
	"strings"
)

// Role is what a folder is for, RFC 6154.
type Role string

// The roles that the checks ask about.
const (
	Sent   Role = "Sent"
	Drafts Role = "Drafts"
	Trash  Role = "Trash"
)

// Selectable tells whether the folder can hold messages.
func (f Folder) Selectable() bool {
	return !f.has(`\Noselect`) && !f.has(`\NonExistent`)
}

// Special tells whether the server itself marks the folder with the role.
func (f Folder) Special(r Role) bool { return f.has(`\` + string(r)) }

// Is tells whether the folder plays the role: by the server's mark, or by its last
// name in one of the languages that clients use.
func (f Folder) Is(r Role) bool {
	return f.Special(r) || roleNamed(strings.ToLower(f.Leaf())) == r
}

// Leaf is the name behind the last delimiter.
func (f Folder) Leaf() string {
	at := strings.LastIndex(f.Name, f.Delimiter)
	if f.Delimiter == "" || at < 0 {
		return f.Name
	}
	return f.Name[at+len(f.Delimiter):]
}

func (f Folder) has(attribute string) bool {
	return slices.ContainsFunc(f.Attributes, func(a string) bool { return strings.EqualFold(a, attribute) })
}
