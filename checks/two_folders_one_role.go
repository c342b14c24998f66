package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// twoFolders is MM804: two folders look like the same role and both are in use, as
// when two clients each made their own.
var twoFolders = Check{Code: "MM804", Stage: StageFolders, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	return onFolders(e, func(s *evidence.Session) *Finding {
		for _, role := range []evidence.Role{evidence.Sent, evidence.Drafts, evidence.Trash} {
			var used []evidence.Folder
			for _, f := range playing(s, role) {
				if f.Messages != nil && *f.Messages > 0 {
					used = append(used, f)
				}
			}
			if len(used) < 2 {
				continue
			}
			return &Finding{
				Text:   fmt.Sprintf("Two folders are used as %s.", role),
				Facts:  []Fact{listed(s, "%s", counts(used))},
				Advice: []string{fmt.Sprintf("Choose one of them as %s in every mail program that uses this account, and move the messages of the other there.", role)},
			}
		}
		return nil
	})
}}
