package checks

import "mailmedic/probe/evidence"

// stoppedByUser is MM002: the user ended the run.
var stoppedByUser = Check{Code: "MM002", Stage: StageRun, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	if e.Run.Ended != evidence.Stopped {
		return nil
	}
	return []Finding{{Text: "You stopped the run. What is shown is what was known by then."}}
}}
