package checks

import "mailmedic/probe/evidence"

// checksTooOften is MM958: a mail program looks for new mail as often as the provider asks
// not to, or more often.
var checksTooOften = Check{Code: "MM958", Stage: StageFolders, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	return inClients(e, "MM958")
}}
