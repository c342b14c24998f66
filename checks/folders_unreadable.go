package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// foldersUnreadable is MM810: the login worked, and the folder list could not be read.
var foldersUnreadable = Check{Code: "MM810", Stage: StageFolders, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		if s.Folders.Step.Done() && len(s.Folders.List) == 0 {
			return &Finding{
				Sure:   Likely,
				Text:   fmt.Sprintf("The login on port %d works, but the server shows no folder, not even the inbox.", s.Path.Port),
				Facts:  []Fact{listed(s, "LIST answered without a folder")},
				Advice: []string{AskSupport(e)},
			}
		}
		f, what := s.Folders.Step.Failure, "the list of folders could not be read"
		if f == nil {
			f, what = s.Folders.Inbox.Failure, "the inbox could not be opened"
		}
		if f == nil || f.Kind == evidence.Cancelled {
			return nil
		}
		text := ending(f)
		if f.Reply != nil {
			text = quoted(f.Reply)
		}
		return &Finding{
			Sure:   Likely,
			Text:   fmt.Sprintf("The login on port %d works, but %s.", s.Path.Port, what),
			Facts:  []Fact{listed(s, "%s", text)},
			Advice: []string{"Run mailmedic again in a few minutes.", AskSupport(e)},
		}
	})
}}
