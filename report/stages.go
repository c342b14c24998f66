package report

import (
	"mailmedic/checks"
	"mailmedic/probe/evidence"
)

// stage is one step of a path as the formats for machines name it, with its own time.
type stage struct {
	name  string
	stage checks.Stage
	word  string // ok, warning, problem, skipped or not_applicable
	at    int64  // when it began, in milliseconds after the run
	took  int64  // in milliseconds
	timed bool   // at and took were measured

	step evidence.Step // as it was recorded; zero for a saved report without evidence
}

// tried tells whether there is a result.
func (s stage) tried() bool {
	return s.word == stepOK || s.word == stepWarning || s.word == stepProblem
}

// stages lists the steps of a path in their order.
func stages(r *Report, p Path) []stage {
	all := []stage{
		{name: "dns", stage: checks.StageDNS, word: p.Steps.DNS},
		{name: "tcp", stage: checks.StageTCP, word: p.Steps.TCP},
		{name: "greeting", stage: checks.StageGreeting, word: p.Steps.Greeting},
		{name: "tls", stage: checks.StageTLS, word: p.Steps.TLS},
		{name: "capability", stage: checks.StageCapability, word: p.Steps.Capability},
		{name: "login", stage: checks.StageLogin, word: p.Steps.Login},
		{name: "folders", stage: checks.StageFolders, word: p.Steps.Folders},
	}
	e := observed(r)
	s := e.Session(p.ID)
	if s == nil {
		return all
	}
	steps := []evidence.Step{looked(e, s), dialled(s), s.Greeting.Step, s.Secure.Step, s.Capability.Step, s.Login, s.Folders.Step}
	for i, step := range steps {
		all[i].step, all[i].at, all[i].took = step, int64(step.At), int64(step.Took)
		all[i].timed = step.Done() || step.Failed()
	}
	return all
}

// looked is the look-up of the session's host that took longest.
func looked(e *evidence.Evidence, s *evidence.Session) evidence.Step {
	var longest evidence.Step
	for _, kind := range []string{"A", "AAAA"} {
		l := e.Lookup(s.Path.Host, kind)
		if l == nil {
			continue
		}
		better := l.Step.Done() && !longest.Done()
		if longest.State == evidence.NotReached || better || l.Step.Done() == longest.Done() && l.Step.Took > longest.Took {
			longest = l.Step
		}
	}
	return longest
}

// dialled is the connection on which the session went on, or else the one that was waited
// for longest.
func dialled(s *evidence.Session) evidence.Step {
	var longest evidence.Step
	for _, d := range s.Dials {
		if d.Step.Done() && d.Address == s.Address {
			return d.Step
		}
		if longest.State == evidence.NotReached || d.Step.Took > longest.Took {
			longest = d.Step
		}
	}
	return longest
}
