package checks

import (
	"fmt"
	"slices"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// issue finds one of the provider's known issues, or reports that the profile has none
// of that code.
func issue(e *evidence.Evidence, code Code) (profile.Issue, bool) {
	for _, i := range e.Profile.Issues {
		if i.Code == string(code) {
			return i, true
		}
	}
	return profile.Issue{}, false
}

// onMessages looks for a known issue in what the header fields of messages showed, on
// the servers on which the provider says that it occurs.
func onMessages(e *evidence.Evidence, code Code, what string, look func(evidence.Messages) evidence.Example) []Finding {
	i, ok := issue(e, code)
	if !ok {
		return nil
	}
	return onEach(e, func(s *evidence.Session) *Finding {
		if slices.Contains(i.Absent, s.ID()) {
			return nil
		}
		var facts []Fact
		for _, m := range s.Messages {
			if x := look(m); x.Count > 0 {
				facts = append(facts, seen(s, StageFolders, m.Step, "%s: %d of %d messages %s, the newest is UID %d of %s", m.Folder, x.Count, m.Examined, what, x.UID, x.Date))
			}
		}
		if len(facts) == 0 {
			return nil
		}
		return &Finding{Text: i.Text, Facts: facts, Advice: avoid(e, i)}
	})
}

// avoid says where a known issue does not occur, if this run saw that server working.
func avoid(e *evidence.Evidence, i profile.Issue) []string {
	for _, id := range i.Absent {
		if s := e.Session(id); s != nil && s.Usable() {
			return []string{fmt.Sprintf("The provider says that the server on port %d of %s does not have this issue. It answered just now.", s.Path.Port, s.Path.Host)}
		}
	}
	return nil
}

// onApp notes a known issue of the mail program that the user named.
func onApp(e *evidence.Evidence, code Code) []Finding {
	i, ok := issue(e, code)
	if !ok || e.Account.App == "" || !slices.Contains(i.Apps, e.Account.App) {
		return nil
	}
	return []Finding{{Text: i.Text, Facts: []Fact{{Stage: StageFolders, Text: "mail program: " + e.Account.App}}, Advice: avoid(e, i)}}
}
