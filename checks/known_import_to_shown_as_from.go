package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// importedShown is MM951: messages that a program put there, of which Webmail shows To
// instead of From.
var importedShown = Check{Code: "MM951", Stage: StageFolders, Severity: Note, Run: func(e *evidence.Evidence) []Finding {
	found := onMessages(e, "MM951", "were put there by a mail program", func(m evidence.Messages) evidence.Example { return m.Imported })
	for i, f := range found {
		s := e.Session(f.Path)
		for _, m := range s.Messages {
			if why := whyImported(m); len(why) > 0 {
				found[i].Facts = append(f.Facts, seen(s, StageFolders, m.Step, "that follows because %s", List(why)))
			}
		}
	}
	return found
}}

// whyImported says by what the imported messages were known.
func whyImported(m evidence.Messages) []string {
	var why []string
	for _, w := range []struct {
		n    int
		what string
	}{
		{m.Untraced, "bear no trace of a delivery"},
		{m.Late, "were stored at another time than they were delivered"},
		{m.Foreign, "were delivered elsewhere"},
	} {
		if w.n > 0 {
			why = append(why, fmt.Sprintf("%d %s", w.n, w.what))
		}
	}
	return why
}
