package checks

import (
	"slices"

	"mailmedic/checks/program"
	"mailmedic/checks/say"
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
// the servers on which the provider says that it occurs. What the fields say of a message
// is seen; that Webmail then shows it wrongly is the provider's word. All and newest say it of
// a folder that was read whole, and of one of which only the newest messages were.
func onMessages(e *evidence.Evidence, code Code, all, newest say.Text, look func(evidence.Messages) evidence.Example) []Finding {
	i, ok := issue(e, code)
	if !ok {
		return nil
	}
	return onEach(e, func(s *evidence.Session) *Finding {
		if slices.Contains(i.Absent, s.ID()) {
			return nil
		}
		var facts []Fact
		var examples []say.Text
		for _, m := range s.Messages {
			if x := look(m); x.Count > 0 {
				what, found := all, say.Text("%s: %d of the %d messages, for example UID %d of %s")
				if m.Examined < m.Total {
					what, found = newest, "%s: %d of the newest %d messages, for example UID %d of %s"
				}
				facts = append(facts, seen(s, StageFolders, m.Step, what, m.Folder, x.Count, m.Examined, x.UID, dateOnly(x.Date)))
				examples = append(examples, say.With(found, m.Folder, x.Count, m.Examined, x.UID, dateOnly(x.Date)))
				facts = append(facts, example(s, m, x)...)
			}
		}
		if len(facts) == 0 {
			return nil
		}
		return &Finding{Sure: Likely, Text: say.Recorded(i.Text), Facts: facts, Advice: avoid(e, i), Examples: examples}
	})
}

// dateOnly is the date of a time as it was recorded.
func dateOnly(time string) string { return time[:min(len(time), len("2006-01-02"))] }

// example quotes the message where the user wanted to see it.
func example(s *evidence.Session, m evidence.Messages, x evidence.Example) []Fact {
	if x.Subject == "" && x.From == "" {
		return nil
	}
	return []Fact{seen(s, StageFolders, m.Step, "UID %d: subject %q, from %q", x.UID, x.Subject, x.From)}
}

// avoid says where a known issue does not occur, if this run saw that server working.
func avoid(e *evidence.Evidence, i profile.Issue) []say.Text {
	for _, id := range i.Absent {
		if s := e.Session(id); s != nil && s.Usable() {
			return []say.Text{say.With("The provider says that the server on port %d of %s does not have this issue. It answered just now.", s.Path.Port, s.Path.Host)}
		}
	}
	return nil
}

// onApp notes a known issue of the mail program that the user named, or that was found to
// have the account.
func onApp(e *evidence.Evidence, code Code) []Finding {
	i, ok := issue(e, code)
	if !ok {
		return nil
	}
	f := Finding{Text: say.Recorded(i.Text), Advice: avoid(e, i)}
	if slices.Contains(i.Apps, e.Account.App) {
		f.Facts = append(f.Facts, Fact{Stage: StageFolders, Text: say.With("mail program: %s", e.Account.App)})
	}
	for _, c := range e.Clients {
		if slices.Contains(i.Apps, c.Program) && (c.Program != e.Account.App || len(f.Facts) == 0) {
			f.Facts = append(f.Facts, Fact{Stage: StageFolders, Text: say.With("mail program: %s, by %s", Named(c), c.File)})
		}
	}
	if len(f.Facts) == 0 {
		return nil
	}
	for _, name := range i.Apps {
		if how, ok := program.Find(name); ok && how.Note(string(code)) != "" {
			f.Advice = append(f.Advice, how.Note(string(code)))
		}
	}
	return []Finding{f}
}
