package checks

import (
	"mailmedic/probe/evidence"
)

// draftsUnsupported is MM805: there is no Drafts folder, and the provider says so.
var draftsUnsupported = Check{Code: "MM805", Stage: StageFolders, Severity: Note, Run: func(e *evidence.Evidence) []Finding {
	return onFolders(e, func(s *evidence.Session) *Finding {
		if !e.Profile.Folders.Drafts.Unsupported || len(playing(s, evidence.Drafts)) > 0 {
			return nil
		}
		return &Finding{
			Text:   "This server has no Drafts folder, as the provider's page says.",
			Facts:  []Fact{listed(s, "%d folders, none for drafts", len(s.Folders.List))},
			Advice: []string{"In your mail program, keep drafts on this computer (\"Local Folders\" or \"On My Computer\")."},
		}
	})
}}
