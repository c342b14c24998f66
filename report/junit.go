package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
)

// JUnit writes the report as build servers read the results of tests: a suite for each
// step with a case for each path that has it, one for the login name, and one for the run
// itself. What weighs as a fault or a warning is a failure; what is no more than a note is
// skipped with the note as its reason, so that there are failures where the verdict is not
// ok, and nowhere else. A run that could not start, or not end, is an error.
func JUnit(w io.Writer, r *Report) error {
	j := &junit{r: r, said: map[checks.Code]bool{}}
	text, err := xml.MarshalIndent(j.suites(), "", "  ")
	if err != nil {
		return fmt.Errorf("write report as JUnit: %w", err)
	}
	if _, err := io.WriteString(w, xml.Header+string(text)+"\n"); err != nil {
		return fmt.Errorf("write report as JUnit: %w", err)
	}
	return nil
}

// The elements of the format, with the attributes that every reader knows.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string      `xml:"name,attr"`
	Tests     int         `xml:"tests,attr"`
	Failures  int         `xml:"failures,attr"`
	Errors    int         `xml:"errors,attr"`
	Skipped   int         `xml:"skipped,attr"`
	Time      string      `xml:"time,attr"`
	Timestamp string      `xml:"timestamp,attr,omitempty"`
	Cases     []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Error   *junitOutcome `xml:"error"`
	Failure *junitOutcome `xml:"failure"`
	Skipped *junitOutcome `xml:"skipped"`

	took int64
}

type junitOutcome struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",cdata"`
}

// junit sorts findings into cases.
type junit struct {
	r    *Report
	said map[checks.Code]bool // root causes that stand in a case
}

// suites makes the cases of the run last: what stands nowhere else stands there.
func (j *junit) suites() junitSuites {
	all := junitSuites{Name: "mailmedic", Time: inSeconds(j.r.Run.DurationMS), Suites: []junitSuite{}}
	if j.r.Error == nil {
		for i, step := range []checks.Stage{
			checks.StageDNS, checks.StageTCP, checks.StageGreeting, checks.StageTLS,
			checks.StageCapability, checks.StageLogin, checks.StageFolders,
		} {
			all.Suites = append(all.Suites, j.suite(string(step), j.ofStep(i)))
		}
		all.Suites = append(all.Suites, j.suite("name", []junitCase{j.loginName()}))
	}
	all.Suites = append(all.Suites, j.suite("run", j.ofRun()))
	for _, s := range all.Suites {
		all.Tests, all.Failures, all.Errors = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors
	}
	return all
}

// suite counts cases together.
func (j *junit) suite(name string, cases []junitCase) junitSuite {
	s := junitSuite{Name: name, Tests: len(cases), Cases: cases}
	if j.r.Run.StartedAt != nil {
		s.Timestamp = j.r.Run.StartedAt.UTC().Format("2006-01-02T15:04:05")
	}
	var took int64
	for i := range cases {
		c := &cases[i]
		c.Class, c.Time = "mailmedic."+name, inSeconds(c.took)
		s.Failures, s.Errors, s.Skipped = s.Failures+btoi(c.Failure != nil), s.Errors+btoi(c.Error != nil), s.Skipped+btoi(c.Skipped != nil)
		took += c.took
	}
	s.Time = inSeconds(took)
	return s
}

// ofStep makes a case of one step, by its place, for each path that has it.
func (j *junit) ofStep(at int) (cases []junitCase) {
	for _, p := range j.r.Paths {
		all := stages(j.r, p)
		step := all[at]
		found := j.findingsOf(p, all, at)
		if step.word == stepNone && len(found) == 0 {
			continue
		}
		c := junitCase{Name: Clean(p.ID, 60)}
		if step.tried() && step.timed {
			c.took = step.took
		}
		if len(found) == 0 && step.word == stepProblem {
			found = j.reasons(p)
		}
		if step.word == stepSkipped && step.step.Reason == "" {
			step.step.Reason = "not reached"
		}
		c.Failure, c.Skipped = j.outcome(step, found)
		cases = append(cases, c)
	}
	return cases
}

// findingsOf are the root causes, and the notes, that speak of a step of a path.
func (j *junit) findingsOf(p Path, all []stage, at int) (found []Finding) {
	for _, f := range j.r.Findings {
		if f.Root && slices.Contains(f.Paths, p.ID) && placeOf(f, all) == at {
			found = append(found, f)
			j.said[f.Code] = true
		}
	}
	return found
}

// placeOf finds the step that a finding belongs to: its own if that was tried, or else the
// first one that failed. It is -1 for a finding of the login name or of the run.
func placeOf(f Finding, all []stage) int {
	own := stageOf(checks.Finding{Code: f.Code})
	if own == checks.StageName || own == checks.StageRun {
		return -1
	}
	at := slices.IndexFunc(all, func(s stage) bool { return s.stage == own })
	if at >= 0 && all[at].tried() {
		return at
	}
	if failed := slices.IndexFunc(all, func(s stage) bool { return s.word == stepProblem }); failed >= 0 {
		return failed
	}
	return at
}

// reasons are all root causes that speak of a path, for a step of it of which none speaks.
func (j *junit) reasons(p Path) (found []Finding) {
	for _, f := range j.r.Findings {
		if f.Root && slices.Contains(f.Paths, p.ID) && (f.Kind != checks.Note || f.Ignored) {
			found = append(found, f)
		}
	}
	return found
}

// outcome weighs what was found at a step.
func (j *junit) outcome(step stage, found []Finding) (failed, skipped *junitOutcome) {
	weighing := slices.DeleteFunc(slices.Clone(found), func(f Finding) bool { return f.Ignored || f.Severity == checks.Note })
	switch {
	case len(weighing) > 0:
		return failure(weighing), nil
	case step.word == stepProblem && len(found) > 0:
		return nil, &junitOutcome{Message: heads(found)}
	case step.word == stepProblem && step.step.Failure != nil:
		return nil, &junitOutcome{Message: Clean(string(step.step.Failure.Kind), 60)}
	case step.word == stepProblem || step.word == stepSkipped:
		return nil, &junitOutcome{Message: Clean(step.step.Reason, 200)}
	}
	return nil, nil
}

// failure is a failed case for one or more findings. Its type is the code of the first.
func failure(found []Finding) *junitOutcome {
	o := &junitOutcome{Type: Clean(string(found[0].Code), 20), Message: heads(found)}
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%s (%s): %s\n", Clean(string(f.Code), 20), Clean(string(f.Confidence), 12), Clean(f.Message, 1000))
		for i, action := range f.Actions {
			fmt.Fprintf(&b, "%d. %s\n", i+1, Clean(action, 600))
		}
		fmt.Fprintf(&b, "mailmedic explain %s\n", Clean(string(f.Code), 20))
	}
	o.Text = b.String()
	return o
}

// heads are codes and titles.
func heads(found []Finding) string {
	var all []string
	for _, f := range found {
		all = append(all, Clean(string(f.Code)+" "+f.Title, 200))
	}
	return strings.Join(all, "; ")
}

// loginName is the one case that is of no path: what the user typed.
func (j *junit) loginName() junitCase {
	c := junitCase{Name: "login-name"}
	var found []Finding
	for _, f := range j.r.Findings {
		if f.Root && stageOf(checks.Finding{Code: f.Code}) == checks.StageName {
			found = append(found, f)
			j.said[f.Code] = true
		}
	}
	step := stage{word: stepSkipped, step: evidence.Step{Reason: "no server was asked"}}
	if slices.ContainsFunc(observed(j.r).Logins, func(l evidence.Login) bool { return l.Result == evidence.Accepted }) {
		step.word = stepOK
	}
	c.Failure, c.Skipped = j.outcome(step, found)
	return c
}

// ofRun tells whether the run came to its end, and has the root causes that are of no path.
func (j *junit) ofRun() []junitCase {
	run := junitCase{Name: "finished", took: j.r.Run.DurationMS, Error: j.unfinished()}
	cases := []junitCase{run}
	for _, f := range counted(j.r) {
		ended := run.Error != nil && stageOf(checks.Finding{Code: f.Code}) == checks.StageRun
		if !j.said[f.Code] && !ended {
			cases = append(cases, junitCase{Name: Clean(f.Slug, 60), Failure: failure([]Finding{f})})
		}
	}
	return cases
}

func (j *junit) unfinished() *junitOutcome {
	v := j.r.Verdict
	switch {
	case j.r.Error != nil:
		return &junitOutcome{Type: "exit " + strconv.Itoa(v.ExitCode), Message: Clean(j.r.Error.Message, 1000), Text: Clean(j.r.Error.Hint, 1000)}
	case v.Status == Unknown:
		return &junitOutcome{Type: "exit " + strconv.Itoa(v.ExitCode), Message: Clean(v.Headline, 300)}
	}
	return nil
}
