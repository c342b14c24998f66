package checks

import (
	"cmp"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// prefixDoubled is MM801: folders whose name carries the prefix twice, because a client
// put the root folder path in front of names that had it already.
var prefixDoubled = Check{Code: "MM801", Stage: StageFolders, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onFolders(e, func(s *evidence.Session) *Finding {
		var twice, once []evidence.Folder
		for _, f := range s.Folders.List {
			if Doubled(s, f) {
				twice = append(twice, f)
			}
		}
		if len(twice) == 0 {
			return nil
		}
		once = playing(s, evidence.Sent)
		found := &Finding{
			Text:  say.With("Some folders carry %q twice, so what is in them shows in one mail program only.", cmp.Or(rootOf(s), "INBOX")),
			Facts: []Fact{listed(s, "doubled: %s", counts(twice))},
			Advice: []say.Text{
				onceOnly(e, s),
				"Close the program and open it again. If it makes the doubled folders again, it takes the root from the server by itself: leave the setting empty.",
				"Move the messages from the doubled folder to the right one, then delete the empty folder. mailmedic moves nothing.",
			},
		}
		if len(once) > 0 {
			found.Facts = append(found.Facts, listed(s, "right: %s", counts(once)))
		}
		return found
	})
}}

// onceOnly says how to be rid of the second prefix. Where the root folder path is known to be
// right, it is the folders behind it that carry it once more.
func onceOnly(e *evidence.Evidence, s *evidence.Session) say.Text {
	root := rootOf(s)
	if root == "" {
		return say.With("In the mail program that shows these folders, empty the field for the root folder path (Outlook), IMAP server directory (Thunderbird) or IMAP Path Prefix (Apple Mail), and set the folders without INBOX in front: Sent, not INBOX%sSent.", s.Folders.Delimiter)
	}
	if set := e.Account.RootPath; set != nil && sameRoot(s, *set, root) {
		return say.With("In your mail program, set the folders behind the root folder path without %s in front: Sent, not %sSent.", root, prefixOf(s))
	}
	return say.With("In the mail program that shows these folders, set the root folder path (Outlook), IMAP server directory (Thunderbird) or IMAP Path Prefix (Apple Mail) to %s, and set the folders behind the root folder path without %s in front: Sent, not %sSent.", root, root, prefixOf(s))
}
