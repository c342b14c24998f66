package checks

import (
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// notSubscribed is MM807: a folder that matters exists, and programs that show subscribed
// folders only (LSUB, or LIST with SUBSCRIBED, RFC 9051 section 6.3.9) do not show it.
var notSubscribed = Check{Code: "MM807", Stage: StageFolders, Severity: Note, Run: func(e *evidence.Evidence) []Finding {
	return onFolders(e, func(s *evidence.Session) *Finding {
		if !subscribes(s) {
			return nil
		}
		var names []string
		for _, role := range []evidence.Role{evidence.Sent, evidence.Drafts, evidence.Trash} {
			for _, f := range playing(s, role) {
				if f.Subscribed == evidence.No {
					names = append(names, f.Name)
				}
			}
		}
		if len(names) == 0 {
			return nil
		}
		return &Finding{
			Text:   say.With("The folder %s is there and not subscribed, so some mail programs hide it.", strings.Join(names, ", ")),
			Facts:  []Fact{listed(s, "not subscribed: %s", strings.Join(names, ", "))},
			Advice: []say.Text{"In your mail program, open the list of folders to subscribe to and tick it, or show all folders and not only subscribed ones."},
		}
	})
}}

// subscribes tells whether the account uses subscriptions at all: one that has none but
// INBOX is used with programs that do not care.
func subscribes(s *evidence.Session) bool {
	for _, f := range s.Folders.List {
		if f.Subscribed == evidence.Yes && !strings.EqualFold(f.Name, "INBOX") {
			return true
		}
	}
	return false
}
