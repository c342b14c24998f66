package checks

import "mailmedic/probe/evidence"

// apostropheInSubject is MM952: messages that a client put there with an apostrophe in the
// subject, which Webmail does not show rightly.
var apostropheInSubject = Check{Code: "MM952", Stage: StageFolders, Severity: Note, Run: func(e *evidence.Evidence) []Finding {
	return onMessages(e, "MM952",
		"%s: %d of the %d messages were put there with an apostrophe in the subject, the last is UID %d of %s",
		"%s: %d of the newest %d messages were put there with an apostrophe in the subject, the last is UID %d of %s",
		func(m evidence.Messages) evidence.Example { return m.Apostrophe })
}}
