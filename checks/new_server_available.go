package checks

import (
	"slices"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// newServerAvailable is MM954: a server on which the provider says that known issues do
// not occur answered in this run.
var newServerAvailable = Check{Code: "MM954", Stage: StageFolders, Severity: Note, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		var without []string
		for _, i := range e.Profile.Issues {
			if slices.Contains(i.Absent, s.ID()) {
				without = append(without, i.Code)
			}
		}
		if len(without) == 0 || !s.Usable() || s.Folders.Inbox.Failed() {
			return nil
		}
		advice := say.With("If one of these issues troubles you, set incoming mail (IMAP) to: %s. The folder paths differ there.", Setting(s.Path))
		if c, ok := Compare(e); ok && c.New.ID() == s.ID() {
			advice = c.Advice // it has seen more than that the server answers
		}
		return &Finding{
			Text:   say.With("Port %d of %s works here. The provider offers it for trial, without the known issues %s.", s.Path.Port, s.Path.Host, strings.Join(without, ", ")),
			Facts:  []Fact{seen(s, StageCapability, s.Capability.Step, "answered over a verified connection")},
			Advice: []say.Text{advice},
		}
	})
}}
