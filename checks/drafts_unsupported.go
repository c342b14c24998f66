package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// draftsUnsupported is MM805: there is no Drafts folder, and the provider says so. That
// matters to who has set one up.
var draftsUnsupported = Check{Code: "MM805", Stage: StageFolders, Severity: Note, Run: withClients("MM805", func(e *evidence.Evidence) []Finding {
	return onFolders(e, func(s *evidence.Session) *Finding {
		if !e.Profile.Folders.Drafts.Unsupported || s.Folders.Cut || len(s.Folders.List) == 0 || len(playing(s, evidence.Drafts)) > 0 {
			return nil
		}
		f := &Finding{
			Text:   "This server has no Drafts folder, as the provider's page says.",
			Facts:  []Fact{listed(s, "%s", say.Count(len(s.Folders.List), "%d folder, none for drafts", "%d folders, none for drafts"))},
			Advice: []say.Text{"In your mail program, keep drafts on this device (\"Local Folders\" or \"On My Computer\")."},
		}
		if set := e.Account.DraftsPath; set != nil && *set != "" {
			if o := Opens(s, e.Account.RootPath, set); o == nil || o.There {
				return nil // they have made one
			}
			f.Severity = Warning
			f.Text = say.With("Your mail program keeps drafts in %s, which port %d of %s does not have: this server keeps no drafts, as the provider's page says.", *set, s.Path.Port, s.Path.Host)
			f.Params = map[string]string{"given": *set}
		}
		return f
	})
})}
