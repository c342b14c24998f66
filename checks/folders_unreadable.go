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
		if f == nil {
			return messagesUnreadable(e, s)
		}
		if f.Kind == evidence.Cancelled {
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

// messagesUnreadable finds a folder that was opened, and at whose messages the conversation
// broke. Many messages may take longer than the limit on a slow line, so silence counts only
// where not one came. mailmedic asks for more at once than a mail program does: a warning.
func messagesUnreadable(e *evidence.Evidence, s *evidence.Session) *Finding {
	for _, m := range s.Messages {
		f := m.Step.Failure
		if f == nil || f.Reply != nil || f.Kind == evidence.Cancelled || f.Kind == evidence.Timeout && m.Examined > 0 {
			continue
		}
		return &Finding{
			Severity: Warning, Sure: Likely,
			Text:   fmt.Sprintf("The login on port %d works, but the messages in %s could not be read.", s.Path.Port, m.Folder),
			Facts:  []Fact{seen(s, StageFolders, m.Step, "%s", ending(f))},
			Advice: []string{"Run mailmedic again in a few minutes.", AskSupport(e)},
		}
	}
	return nil
}
