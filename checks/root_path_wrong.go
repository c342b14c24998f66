package checks

import (
	"fmt"
	"strings"

	"mailmedic/probe/evidence"
)

// rootPathWrong is MM803: the root folder path, or the Sent path below it, that the
// user's client has does not fit what the server says of itself.
var rootPathWrong = Check{Code: "MM803", Stage: StageFolders, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onFolders(e, func(s *evidence.Session) *Finding {
		if s.Folders.Namespace != evidence.Yes {
			return nil // an empty prefix is then no answer, only none given
		}
		right := ToType(s, e.Profile)
		if set := e.Account.RootPath; set != nil && !sameRoot(s, *set, right.Root) {
			return &Finding{
				Text:   fmt.Sprintf("Your mail program has the root folder path %s; port %d of %s needs %s.", orEmpty(*set), s.Path.Port, s.Path.Host, orEmpty(right.Root)),
				Facts:  []Fact{listed(s, "the server's own prefix is %q, its separator %q", s.Folders.Prefix, s.Folders.Delimiter)},
				Advice: []string{fmt.Sprintf("For port %d, set the root folder path to: %s.", s.Path.Port, orEmpty(right.Root))},
				Params: map[string]string{"given": *set, "needed": right.Root},
			}
		}
		if set := e.Account.SentPath; set != nil && *set != "" && right.Sent != "" && !s.Folders.Cut && !leadsTo(s, e.Account.RootPath, right.Root, *set) {
			return &Finding{
				Text:   fmt.Sprintf("Your mail program keeps sent mail in %s, which port %d of %s does not have.", *set, s.Path.Port, s.Path.Host),
				Facts:  []Fact{listed(s, "sent mail is in %s%s", s.Folders.Prefix, right.Sent)},
				Advice: []string{fmt.Sprintf("For port %d, set the Sent path to: %s.", s.Path.Port, right.Sent)},
				Params: map[string]string{"given": *set, "needed": right.Sent},
			}
		}
		return nil
	})
}}

// sameRoot compares two root folder paths; the delimiter at the end does not matter.
func sameRoot(s *evidence.Session, set, right string) bool {
	set = strings.TrimSuffix(strings.TrimSpace(set), s.Folders.Delimiter)
	return set == right || strings.EqualFold(set, "INBOX") && strings.EqualFold(right, "INBOX")
}

// leadsTo tells whether a path as typed names an existing folder: behind the root, or in
// full where the client puts no root in front.
func leadsTo(s *evidence.Session, typed *string, root, set string) bool {
	if root != "" && has(s, root+s.Folders.Delimiter+set) {
		return true
	}
	return (typed == nil || *typed == "" || root == "") && has(s, set)
}

func orEmpty(path string) string {
	if path == "" {
		return "(empty)"
	}
	return path
}
