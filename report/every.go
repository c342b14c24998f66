package report

import (
	"slices"
	"strings"
	"time"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/report/messages"
)

// Round is what one of many runs came to. Its JSON keys are public, as those of Report are. It
// does not say whose account it was.
type Round struct {
	Schema        string        `json:"schema"`
	SchemaVersion string        `json:"schema_version"`
	ID            string        `json:"id"`
	StartedAt     *time.Time    `json:"started_at"`
	DurationMS    int64         `json:"duration_ms"`
	Simulated     bool          `json:"simulated"`
	Status        Status        `json:"status"`
	ExitCode      int           `json:"exit_code"`
	CanReceive    evidence.Seen `json:"can_receive"`
	CanSend       evidence.Seen `json:"can_send"`
	Codes         []checks.Code `json:"codes"` // root causes, most important first
}

// RoundOf takes from a report what a list of many runs shows.
func RoundOf(r *Report) Round {
	return Round{
		Schema: "mailmedic/run", SchemaVersion: schemaVersion, ID: r.Run.ID, StartedAt: r.Run.StartedAt, DurationMS: r.Run.DurationMS,
		Simulated: r.Run.Simulated, Status: r.Verdict.Status, ExitCode: r.Verdict.ExitCode,
		CanReceive: r.Verdict.CanReceive, CanSend: r.Verdict.CanSend, Codes: r.Verdict.Codes,
	}
}

// Series counts what many runs for one account came to. What it holds does not grow with
// their number.
type Series struct {
	Schema        string     `json:"schema"`
	SchemaVersion string     `json:"schema_version"`
	Runs          int        `json:"runs"`
	OK            int        `json:"ok"`
	Warning       int        `json:"warning"`
	Problem       int        `json:"problem"`
	Unknown       int        `json:"unknown"`
	FirstAt       *time.Time `json:"first_at"` // when the first run began; nil without one
	LastAt        *time.Time `json:"last_at"`
	SlowestAt     *time.Time `json:"slowest_at"`
	SlowestMS     int64      `json:"slowest_ms"`
	ExitCode      int        `json:"exit_code"` // of the worst run; without one, that of a run that was stopped
	Codes         []Often    `json:"codes"`     // the one that came most often first
}

// Often is a root cause, and in how many runs it was one.
type Often struct {
	Code  checks.Code `json:"code"`
	Title string      `json:"title"`
	Runs  int         `json:"runs"`
}

// NewSeries is one of no run yet.
func NewSeries() *Series {
	return &Series{Schema: "mailmedic/runs", SchemaVersion: schemaVersion, ExitCode: exitStopped, Codes: []Often{}}
}

// Add counts a run.
func (s *Series) Add(r *Report) {
	s.Runs++
	switch r.Verdict.Status {
	case OK:
		s.OK++
	case Warning:
		s.Warning++
	case Problem:
		s.Problem++
	default:
		s.Unknown++
	}
	if s.FirstAt == nil {
		s.FirstAt = r.Run.StartedAt
	}
	s.LastAt = r.Run.StartedAt
	if s.SlowestAt == nil || r.Run.DurationMS > s.SlowestMS {
		s.SlowestAt, s.SlowestMS = r.Run.StartedAt, r.Run.DurationMS
	}
	if s.Runs == 1 || worse(r.Verdict.ExitCode, s.ExitCode) {
		s.ExitCode = r.Verdict.ExitCode
	}
	for _, code := range r.Verdict.Codes {
		s.count(code, r)
	}
}

func (s *Series) count(code checks.Code, r *Report) {
	at := slices.IndexFunc(s.Codes, func(o Often) bool { return o.Code == code })
	if at < 0 {
		title := ""
		for _, f := range r.Findings {
			if f.Code == code {
				title = f.Title
			}
		}
		at = len(s.Codes)
		s.Codes = append(s.Codes, Often{Code: code, Title: title})
	}
	s.Codes[at].Runs++
	slices.SortStableFunc(s.Codes, func(a, b Often) int { return b.Runs - a.Runs })
}

// The columns of a list of runs.
const (
	clockWidth = 10
	stateWidth = 8
	wayWidth   = 9
	tookWidth  = 8
)

// RoundHead is the line above a list of runs.
func RoundHead(r *Report, o TextOptions) string {
	t := newPrinter(o, r.speak)
	t.simulated(r, r.speak.Say("A demonstration against a built-in server."))
	if o.Spoken {
		return t.b.String() // each line has the names of what stands in it
	}
	head := left(r.speak.Say("Time"), clockWidth) + left(r.speak.Say("State"), stateWidth)
	if t.width >= narrow {
		head += left(r.speak.Say("Receive"), wayWidth) + left(r.speak.Say("Send"), wayWidth) + left(r.speak.Say("Took"), tookWidth)
	}
	t.line(head + r.speak.Say("Codes"))
	return t.b.String()
}

// RoundLine is a run as a line of a list.
func RoundLine(r *Report, o TextOptions) string {
	t := newPrinter(o, r.speak)
	word := statusWord(string(r.Verdict.Status))
	shown := t.statusWord(word)
	if o.Spoken {
		t.hanging("", "", t.spokenRound(r, shown), plain)
		return t.b.String()
	}
	first := left(clock(r.Run.StartedAt), clockWidth) + t.p.status(word)(shown) + blanks(stateWidth-Width(shown))
	indent := blanks(clockWidth + stateWidth)
	if t.width >= narrow {
		first += left(seenWord(r.speak, r.Verdict.CanReceive), wayWidth) + left(seenWord(r.speak, r.Verdict.CanSend), wayWidth)
		first += left(r.speak.Say("%.1f s", float64(r.Run.DurationMS)/1000), tookWidth)
		indent += blanks(2*wayWidth + tookWidth)
	}
	codes := r.speak.Say(listed(r.Verdict.Codes))
	if codes == "" {
		t.line(first)
		return t.b.String()
	}
	for i, l := range Wrap(codes, t.width-len(indent)) {
		if i > 0 {
			first = indent
		}
		t.line(first + l)
	}
	return t.b.String()
}

// spokenRound is a run for a screen reader, which reads no columns.
func (t *printer) spokenRound(r *Report, state string) string {
	said := []string{
		r.speak.Say("Time") + " " + clock(r.Run.StartedAt), r.speak.Say("State") + " " + state,
		r.speak.Say("Receive") + " " + seenWord(r.speak, r.Verdict.CanReceive), r.speak.Say("Send") + " " + seenWord(r.speak, r.Verdict.CanSend),
		r.speak.Say("Took") + " " + r.speak.Say("%.1f s", float64(r.Run.DurationMS)/1000),
	}
	if len(r.Verdict.Codes) > 0 {
		said = append(said, r.speak.Say("Codes")+" "+r.speak.Say(listed(r.Verdict.Codes)))
	}
	return strings.Join(said, ", ")
}

func clock(at *time.Time) string {
	if at == nil {
		return "-"
	}
	return at.Format(time.TimeOnly)
}

// seenWord is a fact in a cell of a table.
func seenWord(speak *messages.Speaker, s evidence.Seen) string {
	switch s {
	case evidence.Yes:
		return speak.Say("yes")
	case evidence.No:
		return speak.Say("no")
	}
	return "-"
}

// SeriesText sums many runs up for a person.
func SeriesText(s *Series, speak *messages.Speaker, o TextOptions) string {
	t := newPrinter(o, speak)
	if s.Runs == 0 {
		t.hanging("", "", speak.Say("No run was finished."), plain)
		return t.b.String()
	}
	t.line("")
	t.hanging("", "", speak.Count(s.Runs, "%d run, from %s to %s.", "%d runs, from %s to %s.", moment(*s.FirstAt), moment(*s.LastAt)), t.p.head)
	for _, state := range []struct {
		status Status
		runs   int
	}{{OK, s.OK}, {Warning, s.Warning}, {Problem, s.Problem}, {Unknown, s.Unknown}} {
		if state.runs > 0 {
			t.status(statusWord(string(state.status)), "", speak.Count(state.runs, "%d run", "%d runs"), plain)
		}
	}
	for _, o := range s.Codes {
		label := "  " + left(t.clean(string(o.Code), 12), margin-2)
		t.hanging(label, blanks(margin), speak.Say("%s: %s", say.Count(o.Runs, "%d run", "%d runs"), t.clean(o.Title, 200)), plain)
	}
	t.hanging("", "", speak.Say("The slowest run took %.1f s, at %s.", float64(s.SlowestMS)/1000, clock(s.SlowestAt)), plain)
	t.hanging("", "", speak.Say("Nothing was changed, sent or uploaded."), plain)
	return t.b.String()
}
