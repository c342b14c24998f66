package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// twoFolders is MM804: two folders look like the same role and both are in use, as
// when two clients each made their own.
var twoFolders = Check{Code: "MM804", Stage: StageFolders, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	return onFolders(e, func(s *evidence.Session) *Finding {
		for _, role := range []evidence.Role{evidence.Sent, evidence.Drafts, evidence.Trash} {
			var used []evidence.Folder
			for _, f := range playing(s, role) {
				// One far below the others is an archive, unless the server marks it.
				near := len(used) == 0 || f.Special(role) || depth(f) <= depth(used[0]) || used[0].Special(role) && depth(f) <= top(s)
				if f.Messages != nil && *f.Messages > 0 && near {
					used = append(used, f)
				}
			}
			if len(used) < 2 {
				continue
			}
			text := say.Text("Two folders are used as %s.")
			if len(used) > 2 {
				text = "Several folders are used as %s."
			}
			f := &Finding{
				Text:   say.With(text, role),
				Facts:  []Fact{listed(s, "%s", counts(used))},
				Advice: []say.Text{say.With("Choose one of them as %s in every mail program that uses this account, and move the messages of the other there.", role)},
			}
			if g, ok := growing(used); ok {
				f.Text = say.Join(f.Text, say.With("The newest message is in %s.", g.Name))
				f.Params = map[string]string{"growing": g.Name}
			}
			return f
		}
		return nil
	})
}}

// top is the depth at which the user's own folders begin.
func top(s *evidence.Session) int {
	if prefixOf(s) == "" {
		return 0
	}
	return 1
}

// growing picks the folder that is in use now: the one with the newest message. Where one
// of them has no date, or two have the same, nothing can be said.
func growing(used []evidence.Folder) (evidence.Folder, bool) {
	newest := used[0]
	for _, f := range used[1:] {
		if f.Newest.After(newest.Newest) {
			newest = f
		}
	}
	for _, f := range used {
		if f.Newest.IsZero() || f.Name != newest.Name && f.Newest.Equal(newest.Newest) {
			return evidence.Folder{}, false
		}
	}
	return newest, true
}
