package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// folderNameEncoding is MM808: names that are neither modified UTF-7 (RFC 3501 section
// 5.1.3) nor UTF-8. Some programs show them garbled, some stop reading the list there.
var folderNameEncoding = Check{Code: "MM808", Stage: StageFolders, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	return onFolders(e, func(s *evidence.Session) *Finding {
		var odd []evidence.Folder
		for _, f := range s.Folders.List {
			if f.Misspelt {
				odd = append(odd, f)
			}
		}
		if len(odd) == 0 {
			return nil
		}
		return &Finding{
			Text:   say.Count(len(odd), "%d of the folders has a name that mail programs cannot read.", "%d of the folders have names that mail programs cannot read."),
			Facts:  []Fact{listed(s, "as the server sends them: %s", counts(odd))},
			Advice: []say.Text{"Rename these folders in your provider's Webmail, with plain letters.", AskSupport(e)},
		}
	})
}}
