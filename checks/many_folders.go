package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// manyFolders is MM806: so many folders that a program which synchronises all of them
// is busy for minutes: each costs it one question and answer at every check.
var manyFolders = Check{Code: "MM806", Stage: StageFolders, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	return onFolders(e, func(s *evidence.Session) *Finding {
		n := len(s.Folders.List)
		if n < tooMany {
			return nil
		}
		f := &Finding{
			Text:  say.With("This mailbox has %d folders. A mail program that synchronises all of them is slow and may seem to hang.", n),
			Facts: []Fact{listed(s, "%d folders, listed in %d ms", n, s.Folders.ListTook)},
			Advice: []say.Text{
				"In your mail program, synchronise only the folders that you use: Thunderbird, Account Settings, Synchronization & Storage, Advanced; Outlook, IMAP Folders.",
				"Put old folders together in your provider's Webmail.",
			},
		}
		if s.Folders.Cut {
			f.Text = say.With("This mailbox has more than %d folders. A mail program that synchronises all of them is slow and may seem to hang.", n)
			f.Facts = []Fact{listed(s, "more than %d folders, listed in %d ms", n, s.Folders.ListTook)}
		}
		return f
	})
}}

// tooMany folders take, at 50 ms a question, close to a minute for each check for mail.
const tooMany = 1000
