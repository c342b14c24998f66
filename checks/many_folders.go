package checks

import (
	"fmt"

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
		number := fmt.Sprint(n)
		if s.Folders.Cut {
			number = "more than " + number
		}
		return &Finding{
			Text:  fmt.Sprintf("This mailbox has %s folders. A mail program that synchronises all of them is slow and may seem to hang.", number),
			Facts: []Fact{listed(s, "%s folders, listed in %d ms", number, s.Folders.ListTook)},
			Advice: []string{
				"In your mail program, synchronise only the folders that you use: Thunderbird, Account Settings, Synchronization & Storage, Advanced; Outlook, IMAP Folders.",
				"Put old folders together in your provider's Webmail.",
			},
		}
	})
}}

// tooMany folders take, at 50 ms a question, close to a minute for each check for mail.
const tooMany = 1000
