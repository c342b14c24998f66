package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// deadlineReached is MM003: the limit of the whole run passed with paths unfinished.
// What they would have shown is not known, so no timeout is read into it.
var deadlineReached = Check{Code: "MM003", Stage: StageRun, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	if e.Run.Ended != evidence.Deadline {
		return nil
	}
	f := Finding{Text: say.With("The run was ended after %d ms, before every path was tested.", e.Run.Took)}
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if step, stage, cut := cutShort(s); cut {
			f.Facts = append(f.Facts, seen(s, stage, step, awaited(stage), s.Path.Port))
		}
	}
	f.Advice = []say.Text{"Run mailmedic again with a longer limit, for example --deadline 90s."}
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

// awaited says what a port was waited for at a stage.
func awaited(stage Stage) say.Text {
	switch stage {
	case StageTCP:
		return "port %d: waiting for a connection"
	case StageGreeting:
		return "port %d: waiting for the greeting"
	case StageTLS:
		return "port %d: waiting for the encrypted connection"
	case StageLogin:
		return "port %d: waiting for the answer to the login"
	case StageFolders:
		return "port %d: waiting for the folder list"
	}
	return "port %d: waiting for the server's capabilities"
}
