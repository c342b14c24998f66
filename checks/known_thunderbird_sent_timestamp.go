package checks

import "mailmedic/probe/evidence"

// thunderbirdTimestamp is MM953: sent messages that Thunderbird saved, which Webmail shows without
// a time. One that is there proves it; naming the program is enough for the note.
var thunderbirdTimestamp = Check{Code: "MM953", Stage: StageFolders, Severity: Note, Run: func(e *evidence.Evidence) []Finding {
	found := savedByThunderbird(e)
	if len(found) == 0 {
		return onApp(e, "MM953")
	}
	return found
}}

func savedByThunderbird(e *evidence.Evidence) []Finding {
	return onMessages(e, "MM953",
		"%s: %d of the %d messages were saved by Thunderbird, the last is UID %d of %s",
		"%s: %d of the newest %d messages were saved by Thunderbird, the last is UID %d of %s",
		func(m evidence.Messages) evidence.Example { return m.SavedByThunderbird })
}
