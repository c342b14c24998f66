package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// importedShown is MM951: messages that a program put there, of which Webmail shows To
// instead of From.
var importedShown = Check{Code: "MM951", Stage: StageFolders, Severity: Note, Run: func(e *evidence.Evidence) []Finding {
	found := onMessages(e, "MM951",
		"%s: %d of the %d messages were put there by a mail program, the last is UID %d of %s",
		"%s: %d of the newest %d messages were put there by a mail program, the last is UID %d of %s",
		func(m evidence.Messages) evidence.Example { return m.Imported })
	for i, f := range found {
		s := e.Session(f.Path)
		for _, m := range s.Messages {
			if why := whyImported(m); len(why) > 0 {
				found[i].Facts = append(f.Facts, seen(s, StageFolders, m.Step, "%s", followsBecause(why)))
			}
		}
	}
	return found
}}

// whyImported says by what the imported messages were known, a clause for each way.
func whyImported(m evidence.Messages) []say.Text {
	var why []say.Text
	if m.Untraced > 0 {
		why = append(why, say.Count(m.Untraced, "%d bears no trace of a delivery", "%d bear no trace of a delivery"))
	}
	if m.Late > 0 {
		why = append(why, say.Count(m.Late, "%d was stored at another time than it was delivered", "%d were stored at another time than they were delivered"))
	}
	if m.Foreign > 0 {
		why = append(why, say.Count(m.Foreign, "%d was delivered elsewhere", "%d were delivered elsewhere"))
	}
	return why
}

// followsBecause makes a sentence of one clause or more.
func followsBecause(why []say.Text) say.Text {
	switch len(why) {
	case 1:
		return say.With("that follows because %s", why[0])
	case 2:
		return say.With("that follows because %s and %s", why[0], why[1])
	}
	return say.With("that follows because %s, %s and %s", why[0], why[1], why[2])
}
