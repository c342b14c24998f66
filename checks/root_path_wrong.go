package checks

import (
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// rootPathWrong is MM803: the root folder path that the user's mail program has does not
// fit what the server says of itself, or a path below it leads to no folder.
var rootPathWrong = Check{Code: "MM803", Stage: StageFolders, Severity: Fault, Run: withClients("MM803", func(e *evidence.Evidence) []Finding {
	return onFolders(e, func(s *evidence.Session) *Finding {
		_, sure := Prefix(s)
		if sure == "" {
			return nil // neither the server nor its folders tell
		}
		found := wrongRoot(s, e.Account, ToType(s, e.Profile))
		if found == nil {
			found = wrongFolder(s, e)
		}
		if found != nil {
			found.Sure = sure
		}
		return found
	})
})}

func wrongRoot(s *evidence.Session, a profile.Account, right FolderPaths) *Finding {
	set := a.RootPath
	if set == nil || sameRoot(s, *set, right.Root) || allOpen(s, set, a.SentPath, a.DraftsPath) {
		return nil
	}
	f := &Finding{
		Text:   say.With("Your mail program has the root folder path %s; port %d of %s needs %s.", orEmpty(*set), s.Path.Port, s.Path.Host, orEmpty(right.Root)),
		Facts:  []Fact{listed(s, "the server's own prefix is %q, its separator %q", prefixOf(s), s.Folders.Delimiter)},
		Advice: setAll(s, a, right),
		Params: map[string]string{"given": *set, "needed": right.Root},
	}
	if s.Folders.Namespace != evidence.Yes {
		f.Facts[0].Text = say.With("the server does not tell its prefix; by its folders it is %q, the separator %q", prefixOf(s), s.Folders.Delimiter)
	}
	for _, o := range []*Opened{Opens(s, set, a.SentPath), Opens(s, set, a.DraftsPath)} {
		if o != nil {
			f.Facts = append(f.Facts, opened(s, *o))
		}
	}
	return f
}

// allOpen tells whether each path that is set leads to a folder, with the root as it is. The
// program then works, whatever the server calls its prefix: with a root of its own choice,
// or with whole names and no root.
func allOpen(s *evidence.Session, root *string, paths ...*string) bool {
	open := 0
	for _, path := range paths {
		switch o := Opens(s, root, path); {
		case o == nil:
		case !o.There:
			return false
		case pathAlone(s, *root) == "" && !sameName(s, o.Name, pathAlone(s, *path)):
			return false // it is there only if the program asks the server for the root
		default:
			open++
		}
	}
	return open > 0
}

// setAll says what to set: with another root, the paths behind it change as well.
func setAll(s *evidence.Session, a profile.Account, right FolderPaths) []say.Text {
	advice := []say.Text{setRoot(s, right.Root)}
	for _, p := range []struct {
		set   *string
		right string
		text  say.Text
	}{
		{a.SentPath, right.Sent, "With that, set the Sent path to: %s."},
		{a.DraftsPath, right.Drafts, "With that, set the Drafts path to: %s."},
	} {
		if p.set != nil && *p.set != "" && p.right != "" && pathAlone(s, *p.set) != p.right {
			advice = append(advice, say.With(p.text, p.right))
		}
	}
	return advice
}

// wrongFolder looks at the paths for sent mail and for drafts. Where the server has no
// folder for either, another code says so.
func wrongFolder(s *evidence.Session, e *evidence.Evidence) *Finding {
	right := ToType(s, e.Profile)
	for _, c := range []struct {
		set          *string
		right        string
		text, advice say.Text
	}{
		{
			e.Account.SentPath, right.Sent,
			"Your mail program keeps sent mail in %s, which port %d of %s does not have.", "For port %d, set the Sent path to: %s.",
		},
		{
			e.Account.DraftsPath, right.Drafts,
			"Your mail program keeps drafts in %s, which port %d of %s does not have.", "For port %d, set the Drafts path to: %s.",
		},
	} {
		o := Opens(s, e.Account.RootPath, c.set)
		if o == nil || o.There || c.right == "" || s.Folders.Cut {
			continue
		}
		f := &Finding{
			Text:   say.With(c.text, o.Typed, s.Path.Port, s.Path.Host),
			Facts:  []Fact{opened(s, *o), listed(s, "the server has %s%s for that", prefixOf(s), c.right)},
			Advice: []say.Text{say.With(c.advice, s.Path.Port, c.right)},
			Params: map[string]string{"given": o.Typed, "needed": c.right},
		}
		if otherSeparator(s, o.Typed) {
			f.Facts = append(f.Facts, listed(s, "the separator of this server is %q", s.Folders.Delimiter))
		}
		return f
	}
	return nil
}

// opened says where a path that is set leads to.
func opened(s *evidence.Session, o Opened) Fact {
	typed := strings.TrimSpace(o.Typed)
	switch {
	case o.There && o.Messages != nil:
		return listed(s, "set to %s, the program opens %s, which is there, with %s", typed, o.Name, messages(*o.Messages))
	case o.There:
		return listed(s, "set to %s, the program opens %s, which is there", typed, o.Name)
	case has(s, o.Name):
		return listed(s, "set to %s, the program opens %s, which can hold no messages", typed, o.Name)
	}
	return listed(s, "set to %s, the program opens %s, which the server does not have", typed, o.Name)
}

// sameRoot compares two root folder paths; the delimiter at the end does not matter.
func sameRoot(s *evidence.Session, set, right string) bool {
	return sameName(s, pathAlone(s, set), right)
}

func setRoot(s *evidence.Session, root string) say.Text {
	if root == "" {
		return say.With("For port %d, empty the field for the root folder path.", s.Path.Port)
	}
	return say.With("For port %d, set the root folder path to: %s.", s.Path.Port, root)
}

// orEmpty is a path, or says that a field has nothing in it.
func orEmpty(path string) say.Text {
	if path == "" {
		return "(empty)"
	}
	return say.Verbatim(path)
}
