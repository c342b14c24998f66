package checks

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// onFolders looks at the sessions whose folders were read.
func onFolders(e *evidence.Evidence, look func(*evidence.Session) *Finding) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		if !s.Folders.Step.Done() {
			return nil
		}
		return look(s)
	})
}

// Prefix is what stands in front of the names of the user's own folders, with the
// delimiter, and how sure that is. Where NAMESPACE gives no answer, the list tells: if
// everything but INBOX is below INBOX, that is where a new folder can be made too. Empty
// sureness means that neither tells.
func Prefix(s *evidence.Session) (string, Sure) {
	switch {
	case s.Folders.Namespace == evidence.Yes && s.Folders.Prefix != "" && s.Folders.Delimiter == "":
		return s.Folders.Prefix, "" // what it is a level of is not said
	case s.Folders.Namespace == evidence.Yes:
		return s.Folders.Prefix, Certain
	}
	if s.Folders.Cut || s.Folders.Delimiter == "" {
		return "", ""
	}
	below, beside := 0, 0
	for _, f := range s.Folders.List {
		switch {
		case behind("INBOX"+s.Folders.Delimiter, f.Name) != f.Name:
			below++
		case !strings.EqualFold(f.Name, "INBOX") && f.Selectable():
			beside++
		}
	}
	switch {
	case beside > 0:
		return "", Likely
	case below > 1:
		return "INBOX" + s.Folders.Delimiter, Likely
	}
	return "", ""
}

// prefixOf is Prefix where it does not matter how sure it is.
func prefixOf(s *evidence.Session) string {
	prefix, _ := Prefix(s)
	return prefix
}

// Doubled tells whether a folder's name carries the prefix twice, as INBOX.INBOX.Sent
// does. A server without a prefix shows the same as INBOX/INBOX.
func Doubled(s *evidence.Session, f evidence.Folder) bool {
	prefix := strings.ToUpper(s.Folders.Prefix)
	if prefix == "" { // and so it would be if the list told: any other is the server's own word
		prefix = "INBOX" + s.Folders.Delimiter
	}
	name := strings.ToUpper(f.Name) + s.Folders.Delimiter
	return s.Folders.Delimiter != "" && strings.HasPrefix(name, prefix+prefix)
}

// ofUser tells whether a folder is the user's: other people's stand below prefixes of their
// own, and where the user's have a prefix, nothing else but INBOX is theirs.
func ofUser(s *evidence.Session, f evidence.Folder) bool {
	if slices.ContainsFunc(s.Folders.Others, func(prefix string) bool { return strings.HasPrefix(f.Name, prefix) }) {
		return false
	}
	if s.Folders.Namespace != evidence.Yes || s.Folders.Prefix == "" {
		return true
	}
	return strings.EqualFold(f.Name, "INBOX") || behind(s.Folders.Prefix, f.Name) != f.Name
}

// playing lists the user's folders that play a role and can hold messages, doubled ones
// left out, best first: those that the server marks, and then those nearest to the top. A
// folder far down is an archive, or what was brought along from another account.
func playing(s *evidence.Session, r evidence.Role) []evidence.Folder {
	var found []evidence.Folder
	for _, f := range s.Folders.List {
		if f.Is(r) && f.Selectable() && ofUser(s, f) && !Doubled(s, f) {
			found = append(found, f)
		}
	}
	slices.SortStableFunc(found, func(a, b evidence.Folder) int {
		return cmp.Or(btoi(b.Special(r))-btoi(a.Special(r)), depth(a)-depth(b))
	})
	return found
}

// depth is how many levels stand above a folder.
func depth(f evidence.Folder) int {
	if f.Delimiter == "" {
		return 0
	}
	return strings.Count(f.Name, f.Delimiter)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// has tells whether a folder exists.
func has(s *evidence.Session, name string) bool {
	return slices.ContainsFunc(s.Folders.List, func(f evidence.Folder) bool { return sameName(s, f.Name, name) })
}

// sameName compares names of folders. INBOX is INBOX in any case (RFC 9051 section 5.1), and
// servers take it so in front of a separator too; every other name counts as it is.
func sameName(s *evidence.Session, a, b string) bool {
	return a == b || inCapitals(s, a) == inCapitals(s, b)
}

func inCapitals(s *evidence.Session, name string) string {
	const inbox = "INBOX"
	if len(name) < len(inbox) || !strings.EqualFold(name[:len(inbox)], inbox) {
		return name
	}
	rest := name[len(inbox):]
	if rest == "" || s.Folders.Delimiter != "" && strings.HasPrefix(rest, s.Folders.Delimiter) {
		return inbox + rest
	}
	return name
}

// counts writes folder names with their message counts.
func counts(folders []evidence.Folder) say.Text {
	var parts []say.Text
	for _, f := range folders {
		part := say.Verbatim(f.Name)
		switch {
		case f.Messages != nil && !f.Newest.IsZero():
			part = say.With("%s (%s, the newest of %s)", f.Name, messages(*f.Messages), f.Newest.Format(time.DateOnly))
		case f.Messages != nil:
			part = say.With("%s (%s)", f.Name, messages(*f.Messages))
		}
		parts = append(parts, part)
	}
	return someOf(parts, 6)
}

func messages(n uint32) say.Text { return say.Count(int(n), "%d message", "%d messages") }

// listed states what LIST and NAMESPACE showed.
func listed(s *evidence.Session, format say.Text, args ...any) Fact {
	return seen(s, StageFolders, s.Folders.Step, format, args...)
}

// rootOf is the root folder path to type for a server: its prefix without the
// delimiter at the end. Empty means that the field stays empty.
func rootOf(s *evidence.Session) string {
	return strings.TrimSuffix(prefixOf(s), s.Folders.Delimiter)
}

// FolderPaths is what to type into a client for one server.
type FolderPaths struct {
	Root   string // "root folder path", "IMAP path prefix", "IMAP server directory"; empty means that the field stays empty
	Sent   string // behind the root; empty when there is no such folder
	Drafts string // likewise
}

// ToType gives the folder paths that a client needs on the server of a session. It is
// meaningful only where the folders were read.
func ToType(s *evidence.Session, p profile.Profile) FolderPaths {
	return FolderPaths{rootOf(s), behindRoot(s, evidence.Sent, p.Folders.Sent.Name), behindRoot(s, evidence.Drafts, p.Folders.Drafts.Name)}
}

// behindRoot picks the folder of a role: the one that the server marks, with messages in it
// rather than without, else the one that the profile names, else the one nearest to the top.
func behindRoot(s *evidence.Session, r evidence.Role, named string) string {
	found := playing(s, r)
	if len(found) == 0 {
		return ""
	}
	pick, prefix := found[0], prefixOf(s)
	for _, f := range found {
		fuller := f.Special(r) && f.Messages != nil && *f.Messages > 0 && pick.Messages != nil && *pick.Messages == 0
		if fuller || !pick.Special(r) && behind(prefix, f.Name) == named {
			pick = f
		}
	}
	return behind(prefix, pick.Name)
}

// behind cuts the prefix off a name. INBOX counts in any case.
func behind(prefix, name string) string {
	if n := len(prefix); len(name) > n && strings.EqualFold(name[:n], prefix) {
		return name[n:]
	}
	return name
}
