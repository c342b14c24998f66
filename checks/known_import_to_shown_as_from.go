package checks

import "mailmedic/probe/evidence"

// importedShown is MM951: messages that a client put there, of which Webmail shows To
// instead of From.
var importedShown = Check{Code: "MM951", Stage: StageFolders, Severity: Note, Run: func(e *evidence.Evidence) []Finding {
	return onMessages(e, "MM951", "were put there by a mail program", func(m evidence.Messages) evidence.Example { return m.Imported })
}}
