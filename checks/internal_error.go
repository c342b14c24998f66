package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// internalError is MM001: a fault of mailmedic itself, kept apart from the
// provider's so that it is never mistaken for one.
var internalError = Check{Code: "MM001", Stage: StageRun, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	var found []Finding
	if e.Run.Broken != "" {
		found = append(found, Finding{
			Text:  "mailmedic failed while it asked further. What it saw before stands.",
			Facts: []Fact{{Stage: StageRun, Text: say.Verbatim(e.Run.Broken)}},
		})
	}
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if s.Broken == "" {
			continue
		}
		found = append(found, Finding{
			Path:  s.ID(),
			Text:  "mailmedic failed while it tested this path. That says nothing about the server.",
			Facts: []Fact{{Path: s.ID(), Stage: StageRun, Text: say.Verbatim(s.Broken)}},
		})
	}
	return found
}}
