package checks

import "mailmedic/probe/evidence"

// synchronisesEverything is MM959: a mail program goes through all folders at each check, or
// searches on the server while the user types, which the provider asks not to do.
var synchronisesEverything = Check{Code: "MM959", Stage: StageFolders, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	return inClients(e, "MM959")
}}
