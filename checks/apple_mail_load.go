package checks

import "mailmedic/probe/evidence"

// appleMailLoad is MM957: Apple Mail asks more of the server than it needs to.
var appleMailLoad = Check{Code: "MM957", Stage: StageFolders, Severity: Note, Run: func(e *evidence.Evidence) []Finding {
	return onApp(e, "MM957")
}}
