package checks

import "mailmedic/probe/evidence"

// outlookSentItems is MM955: Outlook needs a rule to keep sent mail on the server.
var outlookSentItems = Check{Code: "MM955", Stage: StageFolders, Severity: Note, Run: func(e *evidence.Evidence) []Finding {
	return onApp(e, "MM955")
}}
