package main

import (
	"mailmedic/probe"
	"mailmedic/report"
)

// lines writes jsonl on standard output while a run is under way. They take the place of
// the line that says how far it is.
type lines struct {
	options report.Options
	hide    hiding
	to      stream
	out     *report.Lines
	begun   bool
	written map[string]bool // by path
	failed  error           // the first line that could not be written
}

// newLines is nil where standard output is to get something else.
func newLines(io stdio, j job) *lines {
	if j.output.silent || j.output.format != "jsonl" {
		return nil
	}
	return &lines{options: j.report, hide: j.output.hide, to: io.stdout(j.output.choice), out: report.NewLines(printing{io}), written: map[string]bool{}}
}

// event is probe's callback; probe calls it from one goroutine.
func (l *lines) event(e probe.Event) {
	if e.Record == nil {
		return
	}
	r := l.hide.of(report.New(e.Record, nil, nil, nil, l.options), l.options, l.to)
	if e.Stage == "start" {
		l.start(r)
		return
	}
	for _, path := range r.Paths {
		l.path(path)
	}
}

func (l *lines) start(r *report.Report) {
	if l.begun {
		return
	}
	l.begun = true
	l.keep(l.out.Start(r))
}

func (l *lines) path(p report.Path) {
	if l.written[p.ID] {
		return
	}
	l.written[p.ID] = true
	l.keep(l.out.Path(p))
}

// end writes the rest, with what the probe dropped because nobody listened for a while.
func (l *lines) end(r *report.Report) error {
	if l == nil {
		return nil
	}
	l.start(r)
	for _, p := range r.Paths {
		l.path(p)
	}
	l.keep(l.out.End(r))
	return l.failed
}

func (l *lines) keep(err error) {
	if l.failed == nil {
		l.failed = err
	}
}

// printing is standard output, in the same words about what goes wrong as for any report.
type printing struct{ io stdio }

// Write writes at once.
func (p printing) Write(text []byte) (int, error) { return len(text), p.io.print(text) }
