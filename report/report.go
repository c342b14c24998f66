// Package report turns evidence, findings and diagnoses into words. New joins them
// into one record; every format is a function over that record, so that no two
// formats can disagree. The package is pure but for the io.Writer it prints to.
package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"mailmedic/checks"
	"mailmedic/checks/cause"
	"mailmedic/checks/pages"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/report/messages"
)

// The name and the version of the document. A change of meaning is a new major version.
const (
	schemaName    = "mailmedic/report"
	schemaVersion = "1.0"
)

// Report is the document of one run. Its JSON keys are the public contract.
type Report struct {
	Schema        string             `json:"schema"`
	SchemaVersion string             `json:"schema_version"`
	Tool          Tool               `json:"tool"`
	Run           Run                `json:"run"`
	Input         Input              `json:"input"`
	Verdict       Verdict            `json:"verdict"`
	Paths         []Path             `json:"paths"`
	Findings      []Finding          `json:"findings"` // root causes first, most important first
	RuledOut      []RuledOut         `json:"ruled_out"`
	Evidence      *evidence.Evidence `json:"evidence"` // nil when no run was started
	Environment   Environment        `json:"environment"`
	Redaction     Redaction          `json:"redaction"`
	Error         *Error             `json:"error,omitempty"` // only in the document of a run that could not start

	speak  *messages.Speaker // the language of Tool.Lang
	pasted *supportLine      // of a report that was read from a pasted text: all that is known of its paths
	cut    bool              // a part of what was read is missing, and may have held more
}

// Tool is the program that made the document.
type Tool struct {
	Version     string `json:"version"`
	KnownIssues string `json:"known_issues"` // date of the list of known issues
	Lang        string `json:"lang"`         // of what people read in the document, as en
}

// Run says when and how the run was made.
type Run struct {
	ID              string     `json:"id"`
	StartedAt       *time.Time `json:"started_at"` // nil when no run was started
	DurationMS      int64      `json:"duration_ms"`
	Mode            string     `json:"mode"`
	Simulated       bool       `json:"simulated"`
	Scenario        string     `json:"scenario"` // the demo scenario's name, empty on a real run
	DeadlineReached bool       `json:"deadline_reached"`
	LoginAttempts   Attempts   `json:"login_attempts"`
	Connections     int        `json:"connections"`
}

// Attempts counts login attempts for each protocol.
type Attempts struct {
	IMAP int `json:"imap"`
	SMTP int `json:"smtp"`
}

// Input is what the user gave. A nil field was not given.
type Input struct {
	Address    string  `json:"address"`
	Login      *string `json:"login"`
	LoginForm  *string `json:"login_form"` // full_address, user_name, percent or other
	Provider   string  `json:"provider"`
	Symptom    *string `json:"symptom"`
	AppPort    *string `json:"app_port"`
	RootPath   *string `json:"root_path"`
	SentPath   *string `json:"sent_path"`
	DraftsPath *string `json:"drafts_path"`
}

// Status is the verdict in one word.
type Status string

// The verdicts, in the order of their exit codes 0 to 3.
const (
	OK      Status = "ok"
	Warning Status = "warning"
	Problem Status = "problem"
	Unknown Status = "unknown"
)

// Verdict is the answer to "does my mail work?".
type Verdict struct {
	Status     Status        `json:"status"`
	ExitCode   int           `json:"exit_code"`
	CanReceive evidence.Seen `json:"can_receive"` // yes, no or unknown
	CanSend    evidence.Seen `json:"can_send"`
	Headline   string        `json:"headline"`
	Codes      []checks.Code `json:"codes"` // root causes, most important first
	Notes      []checks.Code `json:"notes"`
	Ignored    []checks.Code `json:"ignored"`
}

// Finding is one code with everything that was found under it.
type Finding struct {
	Code       checks.Code       `json:"code"`
	Slug       string            `json:"slug"`
	Severity   checks.Severity   `json:"severity"` // weighed for this user
	Kind       checks.Severity   `json:"kind"`     // before it was weighed
	Confidence checks.Sure       `json:"confidence"`
	Root       bool              `json:"root"`
	CausedBy   *checks.Code      `json:"caused_by"`
	Paths      []string          `json:"paths"`
	Title      string            `json:"title"`
	Message    string            `json:"message"`
	Evidence   []Fact            `json:"evidence"`
	Examples   []string          `json:"examples"` // of a note: where it was met, in short
	Actions    []string          `json:"actions"`
	ByHand     []string          `json:"by_hand"` // shell commands that confirm it on the first of the paths
	Params     map[string]string `json:"params"`
	Rivals     []checks.Code     `json:"rivals"`  // causes that would explain the same, less likely
	Ignored    bool              `json:"ignored"` // by the user's wish; does not count
}

// Fact is one observation behind a finding.
type Fact struct {
	Path string       `json:"path"` // empty when the fact is not of one path
	Step checks.Stage `json:"step"`
	Fact string       `json:"fact"`
	AtMS int64        `json:"at_ms"`
}

// RuledOut is a tempting wrong explanation and the evidence against it.
type RuledOut struct {
	Code    checks.Code `json:"code"`
	Because string      `json:"because"`
	Cause   checks.Code `json:"cause"` // the root cause that holds in its place
}

// Environment is this computer as far as it matters.
type Environment struct {
	OS       string `json:"os"`
	Arch     string `json:"arch"`
	Resolver string `json:"resolver"` // the name servers that were asked
	Proxy    string `json:"proxy"`    // names of the proxy variables that are set
}

// Redaction says what was hidden in the document, and how often.
type Redaction struct {
	Level  string         `json:"level"`
	Hidden map[string]int `json:"hidden"`
}

// Error says why a run could not start.
type Error struct {
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// Options is how the user wants the result weighed.
type Options struct {
	FailOn      string            // warning (also when empty), problem or never
	Ignore      []string          // "MM303" or "MM303=smtp-25"
	KnownIssues string            // date of the list of known issues
	Say         *messages.Speaker // the reader's language; nil is English
	Redaction   Redaction         // what was hidden in the evidence; the zero value means nothing
	Stands      *Verdict          // of the report that is made again with more hidden; nil where one is to be reached
}

// Again are the options to make a report again on evidence in which more is hidden. Its
// sentences become others. What it comes to does not, whoever reads it: neither the verdict,
// with the exit code that its user chose, nor what was ignored.
func (r *Report) Again(done Redaction) Options {
	o := Options{KnownIssues: r.Tool.KnownIssues, Say: messages.In(messages.Language(r.Tool.Lang)), Stands: &r.Verdict}
	for _, f := range r.Findings {
		if f.Ignored {
			o.Ignore = append(o.Ignore, r.ignoredAs(f)...)
		}
	}
	o.Redaction = Redaction{Level: done.Level, Hidden: maps.Clone(done.Hidden)}
	for kind, n := range r.Redaction.Hidden {
		o.Redaction.Hidden[kind] = max(o.Redaction.Hidden[kind], n) // what is hidden anew may have been hidden before
	}
	return o
}

// ignoredAs is how a finding was asked to be ignored: everywhere, or on its paths if the
// same code counts on others.
func (r *Report) ignoredAs(f Finding) []string {
	if !slices.ContainsFunc(r.Findings, func(g Finding) bool { return g.Code == f.Code && !g.Ignored }) {
		return []string{string(f.Code)}
	}
	var list []string
	for _, path := range f.Paths {
		list = append(list, string(f.Code)+"="+path)
	}
	return list
}

// New joins one run's evidence, findings and diagnoses into its report. It changes
// none of its arguments.
func New(e *evidence.Evidence, found []checks.Finding, why []cause.Diagnosis, rest []checks.Finding, o Options) *Report {
	return build(e, found, why, rest, o, shelf(o.Say.Language()))
}

// library gives a code its page, which is empty where there is none.
type library func(checks.Code) pages.Page

// shelf is the pages in a language.
func shelf(l messages.Language) library {
	in := pages.In(string(l))
	return func(code checks.Code) pages.Page {
		p, _ := in.Find(string(code))
		return p
	}
}

func build(e *evidence.Evidence, found []checks.Finding, why []cause.Diagnosis, rest []checks.Finding, o Options, look library) *Report {
	if e == nil {
		e = &evidence.Evidence{Schema: evidence.Schema}
	}
	entries := join(e, found, why, rest, o.Ignore)
	r := blank(Tool{Version: e.Run.Version, KnownIssues: o.KnownIssues, Lang: string(o.Say.Language())})
	r.speak = o.Say
	if o.Redaction.Level != "" {
		r.Redaction = o.Redaction
	}
	r.Run = runOf(e)
	r.Input = inputOf(e)
	r.Evidence = e
	r.Environment = Environment{
		OS: e.Host.OS, Arch: e.Host.Arch,
		Resolver: strings.Join(e.Host.Resolvers, ", "), Proxy: strings.Join(e.Host.Proxies, ", "),
	}
	for i := range e.Sessions {
		r.Paths = append(r.Paths, pathOf(e, &e.Sessions[i], entries))
	}
	for _, en := range entries {
		r.Findings = append(r.Findings, en.finding(o.Say, e, look(en.code)))
	}
	r.RuledOut = append(r.RuledOut, ruledOut(o.Say, why, entries)...)
	r.Verdict = judge(e, entries, o.FailOn)
	if o.Stands != nil {
		r.Verdict = *o.Stands
	}
	r.Verdict.Headline = headline(r)
	return r
}

// Failed is the document of a run that could not start: for a wrong flag, a missing
// file or a password source that gave nothing. It may be passed on, so an address that was
// typed does not stand in it.
func Failed(exit int, tool Tool, message, hint string) *Report {
	r := blank(tool)
	r.Redaction.Level = string(Share)
	message, hint = maskedIn(message, Share, &r.Redaction), maskedIn(hint, Share, &r.Redaction)
	r.Verdict.ExitCode = exit
	r.Verdict.Headline = message
	r.Error = &Error{Message: message, Hint: hint}
	return r
}

// blank is a document about nothing yet, with every array there.
func blank(tool Tool) *Report {
	tool.Lang = cmp.Or(tool.Lang, string(messages.English))
	return &Report{
		Schema: schemaName, SchemaVersion: schemaVersion,
		Tool: tool,
		Verdict: Verdict{
			Status: Unknown, CanReceive: unknown, CanSend: unknown,
			Codes: []checks.Code{}, Notes: []checks.Code{}, Ignored: []checks.Code{},
		},
		Paths: []Path{}, Findings: []Finding{}, RuledOut: []RuledOut{},
		Redaction: Redaction{Level: string(Off), Hidden: map[string]int{}},
	}
}

// ExitCode is what the process ends with, whatever the format.
func (r *Report) ExitCode() int { return r.Verdict.ExitCode }

func runOf(e *evidence.Evidence) Run {
	run := Run{
		ID: e.Run.ID, DurationMS: int64(e.Run.Took), Mode: e.Run.Mode,
		Simulated: e.Run.Simulated != "", Scenario: e.Run.Simulated,
		DeadlineReached: e.Run.Ended == evidence.Deadline, Connections: e.Run.Connections,
	}
	if !e.Run.At.IsZero() {
		run.StartedAt = new(e.Run.At)
	}
	run.LoginAttempts.IMAP = len(attempts(e, profile.IMAP))
	run.LoginAttempts.SMTP = len(attempts(e, profile.SMTP))
	return run
}

func inputOf(e *evidence.Evidence) Input {
	a := e.Account
	return Input{
		Address: a.Address, Login: given(a.Login), LoginForm: given(loginForm(a)),
		Provider: e.Profile.Name, Symptom: given(a.Symptom), AppPort: given(a.AppPort),
		RootPath: a.RootPath, SentPath: a.SentPath, DraftsPath: a.DraftsPath,
	}
}

func given(s string) *string {
	if s == "" {
		return nil
	}
	return new(s)
}

// loginForm names the shape of the login name as typed, which stays useful when
// the name itself is hidden.
func loginForm(a profile.Account) string {
	user, domain, ok := profile.Split(a.Address)
	switch {
	case a.Login == "":
		return ""
	case strings.EqualFold(a.Login, a.Address):
		return "full_address"
	case ok && a.Login == user:
		return "user_name"
	case ok && strings.EqualFold(a.Login, user+"%"+domain):
		return "percent"
	}
	return "other"
}
