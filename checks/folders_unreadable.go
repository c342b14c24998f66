package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// foldersUnreadable is MM810: the login worked, and the folder list could not be read.
var foldersUnreadable = Check{Code: "MM810", Stage: StageFolders, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		if s.Folders.Step.Done() && len(s.Folders.List) == 0 {
			return &Finding{
				Sure:   Likely,
				Text:   say.With("The login on port %d works, but the server shows no folder, not even the inbox.", s.Path.Port),
				Facts:  []Fact{listed(s, "LIST answered without a folder")},
				Advice: []say.Text{AskSupport(e)},
			}
		}
		f, text := s.Folders.Step.Failure, say.With("The login on port %d works, but the list of folders could not be read.", s.Path.Port)
		if f == nil {
			f, text = s.Folders.Inbox.Failure, say.With("The login on port %d works, but the inbox could not be opened.", s.Path.Port)
		}
		if f == nil {
			return messagesUnreadable(e, s)
		}
		if f.Kind == evidence.Cancelled {
			return nil
		}
		how := ending(f)
		if f.Reply != nil {
			how = say.Verbatim(quoted(f.Reply))
		}
		return &Finding{
			Sure:   Likely,
			Text:   text,
			Facts:  []Fact{listed(s, "%s", how)},
			Advice: []say.Text{"Run mailmedic again in a few minutes.", AskSupport(e)},
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
			Text:   say.With("The login on port %d works, but the messages in %s could not be read.", s.Path.Port, m.Folder),
			Facts:  []Fact{seen(s, StageFolders, m.Step, "%s", ending(f))},
			Advice: []say.Text{"Run mailmedic again in a few minutes.", AskSupport(e)},
		}
	}
	return nil
}
