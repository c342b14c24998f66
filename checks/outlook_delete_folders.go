package checks

import "mailmedic/probe/evidence"

// outlookDeleteFolders is MM956: Outlook cannot delete folders that were made by hand.
var outlookDeleteFolders = Check{Code: "MM956", Stage: StageFolders, Severity: Note, Run: func(e *evidence.Evidence) []Finding {
	return onApp(e, "MM956")
}}
