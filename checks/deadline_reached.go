package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// deadlineReached is MM003: the limit of the whole run passed with paths unfinished.
// What they would have shown is not known, so no timeout is read into it.
var deadlineReached = Check{Code: "MM003", Stage: StageRun, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	if e.Run.Ended != evidence.Deadline {
		return nil
	}
	f := Finding{Text: fmt.Sprintf("The run was ended after %d ms, before every path was tested.", e.Run.Took)}
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if step, stage, cut := cutShort(s); cut {
			f.Facts = append(f.Facts, seen(s, stage, step, "port %d: waiting for %s", s.Path.Port, awaited(stage)))
		}
	}
	f.Advice = []string{"Run mailmedic again with a longer limit, for example --deadline 90s."}
	return []Finding{f}
}}

// cutShort finds the step of a session that the end of the run interrupted.
func cutShort(s *evidence.Session) (evidence.Step, Stage, bool) {
	for _, d := range s.Dials {
		if failure(d.Step, evidence.Cancelled) != nil {
			return d.Step, StageTCP, true
		}
	}
	for _, at := range []struct {
		step  evidence.Step
		stage Stage
	}{
		{s.Greeting.Step, StageGreeting}, {s.Secure.Step, StageTLS}, {s.Capability.Step, StageCapability},
		{s.Login, StageLogin}, {s.Folders.Step, StageFolders},
	} {
		if failure(at.step, evidence.Cancelled) != nil {
			return at.step, at.stage, true
		}
	}
	return evidence.Step{}, "", false
}

// awaited says what a path waits for at a stage.
func awaited(stage Stage) string {
	switch stage {
	case StageTCP:
		return "a connection"
	case StageGreeting:
		return "the greeting"
	case StageTLS:
		return "the encrypted connection"
	case StageLogin:
		return "the answer to the login"
	case StageFolders:
		return "the folder list"
	}
	return "the server's capabilities"
}
