package checks

import "mailmedic/probe/evidence"

// settingsDiffer is MM960: a mail program's settings are not what the provider asks for, in
// a way that no other code says better.
var settingsDiffer = Check{Code: "MM960", Stage: StageName, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	return inClients(e, "MM960")
}}
