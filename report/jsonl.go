package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"

	"mailmedic/probe/profile"
)

// JSON Lines: an object on each line, which says in "type" what it is. start comes first,
// then path for each path, finding for each finding, and verdict last. Without a verdict
// the rest was cut off. What a path weighs is known when all are, so it stands in the
// verdict and not with the path. A run that could not start is a single line of type
// error.

// startLine is what is known before anything was tried.
type startLine struct {
	Type          string   `json:"type"`
	Schema        string   `json:"schema"`
	SchemaVersion string   `json:"schema_version"`
	Tool          Tool     `json:"tool"`
	Run           startRun `json:"run"`
	Input         Input    `json:"input"`
}

type startRun struct {
	ID        string     `json:"id"`
	StartedAt *time.Time `json:"started_at"`
	Mode      string     `json:"mode"`
	Simulated bool       `json:"simulated"`
	Scenario  string     `json:"scenario"`
}

// pathLine is a path and how far it came.
type pathLine struct {
	Type        string             `json:"type"`
	ID          string             `json:"id"`
	Protocol    profile.Protocol   `json:"protocol"`
	Host        string             `json:"host"`
	Port        int                `json:"port"`
	Encryption  profile.Encryption `json:"encryption"`
	Role        profile.Role       `json:"role"`
	Steps       Steps              `json:"steps"`
	Addresses   []string           `json:"addresses"`
	RoundTripMS *int64             `json:"round_trip_ms"`
	DurationMS  int64              `json:"duration_ms"`
}

type findingLine struct {
	Type string `json:"type"`
	Finding
}

// verdictLine closes the lines with what the document has about the whole run.
type verdictLine struct {
	Type string `json:"type"`
	Verdict
	Paths    []pathStanding `json:"paths"`
	Run      Run            `json:"run"`
	RuledOut []RuledOut     `json:"ruled_out"`
	Support  string         `json:"support_line"`
}

// pathStanding is what a path weighs in the verdict.
type pathStanding struct {
	ID     string `json:"id"`
	Status string `json:"status"`
}

type errorLine struct {
	Type          string `json:"type"`
	Schema        string `json:"schema"`
	SchemaVersion string `json:"schema_version"`
	Tool          Tool   `json:"tool"`
	ExitCode      int    `json:"exit_code"`
	Error
}

// streamName is the schema of the lines: the document's values, in another arrangement.
const streamName = schemaName + "-lines"

// JSONL writes the whole report as JSON Lines.
func JSONL(w io.Writer, r *Report) error {
	l := NewLines(w)
	if r.Error != nil {
		return l.put(errorLine{"error", streamName, schemaVersion, r.Tool, r.Verdict.ExitCode, *r.Error})
	}
	err := l.Start(r)
	for _, p := range r.Paths {
		err = errors.Join(err, l.Path(p))
	}
	return errors.Join(err, l.End(r))
}

// Lines writes JSON Lines as they come to be known, each with one call of its writer.
type Lines struct{ w io.Writer }

// NewLines begins to write to w.
func NewLines(w io.Writer) *Lines { return &Lines{w} }

// Start writes the first line. Of the report it takes only what is known at the start.
func (l *Lines) Start(r *Report) error {
	run := startRun{r.Run.ID, r.Run.StartedAt, r.Run.Mode, r.Run.Simulated, r.Run.Scenario}
	return l.put(startLine{"start", streamName, schemaVersion, r.Tool, run, r.Input})
}

// Path writes the line of one path. It needs nothing but what was observed on that path.
func (l *Lines) Path(p Path) error {
	return l.put(pathLine{
		"path", p.ID, p.Protocol, p.Host, p.Port, p.Encryption, p.Role, p.Steps, p.Addresses, p.RoundTripMS, p.DurationMS,
	})
}

// End writes the findings and the verdict.
func (l *Lines) End(r *Report) error {
	var err error
	for _, f := range r.Findings {
		err = errors.Join(err, l.put(findingLine{"finding", f}))
	}
	v := verdictLine{Type: "verdict", Verdict: r.Verdict, Run: r.Run, RuledOut: r.RuledOut, Support: Support(r)}
	for _, p := range r.Paths {
		v.Paths = append(v.Paths, pathStanding{p.ID, p.Status})
	}
	return errors.Join(err, l.put(v))
}

// put writes a value as one line.
func (l *Lines) put(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(noNulls(reflect.ValueOf(v)).Interface()); err != nil {
		return fmt.Errorf("write report as JSON Lines: %w", err)
	}
	if _, err := l.w.Write(EscapeHidden(b.Bytes())); err != nil {
		return fmt.Errorf("write report as JSON Lines: %w", err)
	}
	return nil
}
