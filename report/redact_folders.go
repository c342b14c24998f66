package report

import (
	"slices"
	"strings"

	"mailmedic/probe/evidence"
)

// folderNames gives the user's own folders other names, level by level, so that the tree,
// its prefixes and what is doubled in it stay as they are.
type folderNames struct {
	names    *names
	keywords map[string]string // flags of the user's own, by their other names
	standard map[string]bool   // levels that are in every mailbox, in small letters
	kept     map[string]bool   // levels that say nothing of anybody, in small letters
	leads    []string          // what a level may begin with and keeps: "~" in front of other people's folders
	given    map[string]string // levels by their other names
	taken    map[string]bool   // other names that are in the record already
	last     int               // the number of the newest other name
	wire     map[string]string // whole names as they stand in a conversation, by their other names
	others   map[string]string // given and wire in one, as long as there are as many given as known
	known    int
	work     int // how often a folder was looked for in a sentence
	hidden   map[string]int
}

func newFolderNames(e *evidence.Evidence, n *names, hidden map[string]int) *folderNames {
	f := &folderNames{names: n, keywords: map[string]string{}, kept: map[string]bool{}, given: map[string]string{}, taken: map[string]bool{}, wire: map[string]string{}, hidden: hidden}
	f.standard = map[string]bool{}
	for _, level := range append(strings.Fields(`INBOX Junk Spam Archive Archives Outbox Templates [Gmail]`), "[Google Mail]", "Junk Email", "Junk E-mail", "Bulk Mail") {
		f.standard[strings.ToLower(level)] = true
	}
	f.note(e)
	return f
}

func (f *folderNames) keep(level string) { f.kept[strings.ToLower(level)] = true }

// note takes what is to be kept: prefixes, folders that the server marks with a role, and
// the paths that the user's mail program is set to.
func (f *folderNames) note(e *evidence.Evidence) {
	separators := `./\^`
	for _, s := range e.Sessions {
		separators += s.Folders.Delimiter
	}
	sets := [][]*string{{e.Account.RootPath, e.Account.SentPath, e.Account.DraftsPath}}
	for _, c := range e.Clients {
		sets = append(sets, []*string{c.RootPath, c.SentPath, c.DraftsPath})
	}
	for _, path := range slices.Concat(sets...) {
		if path != nil {
			f.keep(strings.TrimSpace(*path))
			for _, level := range strings.FieldsFunc(*path, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
				f.keep(strings.TrimSpace(level))
			}
		}
	}
	for i := range e.Sessions {
		f.noteTree(&e.Sessions[i].Folders)
	}
}

func (f *folderNames) noteTree(t *evidence.Folders) {
	for _, level := range levels(t.Prefix, t.Delimiter) {
		f.keep(level)
	}
	for _, prefix := range t.Others {
		all := levels(prefix, t.Delimiter)
		for _, level := range all[:len(all)-1] {
			f.keep(level)
		}
		if last := all[len(all)-1]; last != "" {
			f.leads = append(f.leads, last)
		}
	}
	for _, folder := range t.List {
		for _, level := range levels(folder.Name, delimiterOf(t, folder)) {
			f.taken[level] = f.taken[level] || hiddenLevel().MatchString(level)
		}
		if slices.ContainsFunc(folder.Attributes, role) {
			f.keep(folder.Leaf())
		}
	}
}

// role tells whether an attribute says what a folder is for (RFC 6154).
func role(attribute string) bool {
	return slices.ContainsFunc([]string{`\All`, `\Archive`, `\Drafts`, `\Flagged`, `\Important`, `\Junk`, `\Sent`, `\Trash`}, func(r string) bool {
		return strings.EqualFold(r, attribute)
	})
}

func levels(name, delimiter string) []string {
	if delimiter == "" {
		return []string{name}
	}
	return strings.Split(name, delimiter)
}

// path is a folder's name with its own levels renamed.
func (f *folderNames) path(name, delimiter string) string {
	renamed := f.renamed(name, delimiter)
	if renamed != name {
		f.hidden[hiddenFolder]++
	}
	return renamed
}

func (f *folderNames) renamed(name, delimiter string) string {
	all := levels(name, delimiter)
	for i, level := range all {
		all[i] = f.level(level)
	}
	return strings.Join(all, delimiter)
}

// hiddenLevel is a level that was renamed before.
var hiddenLevel = pattern(`^folder-[0-9]+$`)

func (f *folderNames) level(level string) string {
	if owner, is := f.owner(level); is {
		return owner
	}
	if hiddenLevel().MatchString(level) || f.kept[strings.ToLower(level)] || f.standard[strings.ToLower(level)] || f.special(level) {
		return f.names.others(level)
	}
	for _, lead := range f.leads {
		if rest, found := strings.CutPrefix(level, lead); found {
			if rest == "" {
				return level
			}
			return lead + f.other(rest)
		}
	}
	return f.other(level)
}

// owner renames a level that is somebody's login name or address. A folder of every mailbox
// is called so whatever its owner is.
func (f *folderNames) owner(level string) (string, bool) {
	if f.standard[strings.ToLower(level)] || f.special(level) {
		return level, false
	}
	user, _, _ := cutFold(level, "@")
	if _, known := f.names.users[strings.ToLower(user)]; !known {
		return level, false
	}
	return f.names.renamed(level), true
}

// special tells whether a name says what a folder is for, in whatever language.
func (f *folderNames) special(level string) bool {
	as := evidence.Folder{Name: level}
	return as.Is(evidence.Sent) || as.Is(evidence.Drafts) || as.Is(evidence.Trash)
}

func (f *folderNames) other(level string) string {
	for f.given[level] == "" {
		f.last++
		if name := "folder-" + itoa(f.last); !f.taken[name] {
			f.given[level] = name
		}
	}
	return f.given[level]
}

// configured renames in a path that a person set what is somebody's name. The rest of it is
// what they know the folder by.
func (f *folderNames) configured(path *string) {
	if path == nil {
		return
	}
	shown := f.names.text(*path)
	var b strings.Builder
	for _, level := range splitKeeping(shown, `./\^`) {
		renamed, _ := f.owner(level)
		b.WriteString(renamed)
	}
	*path = b.String()
}

// splitKeeping splits a text at each of the separators, which are parts of their own.
func splitKeeping(s, separators string) []string {
	var parts []string
	for s != "" {
		at := strings.IndexAny(s, separators)
		if at < 0 {
			return append(parts, s)
		}
		parts = append(parts, s[:at], s[at:at+1])
		s = s[at+1:]
	}
	return parts
}

// tree renames the folders of one server.
func (f *folderNames) tree(t *evidence.Folders) {
	t.Prefix = f.renamed(t.Prefix, t.Delimiter)
	for i, prefix := range t.Others {
		t.Others[i] = f.renamed(prefix, t.Delimiter)
	}
	for i := range t.List {
		t.List[i].Name = f.path(t.List[i].Name, delimiterOf(t, t.List[i]))
	}
	for i, q := range t.Quota {
		if other, known := f.wire[q.Root]; known {
			t.Quota[i].Root = other
		}
	}
}

func delimiterOf(t *evidence.Folders, folder evidence.Folder) string {
	if folder.Delimiter == "" {
		return t.Delimiter
	}
	return folder.Delimiter
}
