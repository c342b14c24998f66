package main

import (
	"bytes"

	"github.com/urfave/cli/v2"

	"mailmedic/report"
)

// briefFormat is what report read shows unless the report itself is asked for.
const briefFormat = "brief"

// read tells an agent what a saved report comes to, or shows it again, or what this version
// makes of its evidence. Nothing is contacted.
func (p *program) read(c *cli.Context, name string) error {
	options, err := p.reportOptions(c)
	if err != nil {
		return err
	}
	output, err := p.openOutput(c)
	defer output.discard()
	if err != nil {
		return err
	}
	s, err := p.saved(c.Context, name)
	if err != nil {
		return err
	}
	if c.Bool("diagnose") {
		if s.fault != nil {
			return s.fault // it names the place in the evidence
		}
		if s.report.Evidence == nil {
			return fail(exitData, "Without --diagnose it can be shown.", "%s holds no evidence, so it cannot be judged anew.", visible(name))
		}
		options.Redaction = s.report.Redaction
		s.report = judged(s.report.Evidence, options)
	}
	formatted := c.IsSet("format") || c.Bool("json")
	if s.fault != nil && formatted {
		return s.fault // a part must not be taken for the whole
	}
	if !formatted && (s.part.Kind != report.Document || s.fault != nil || !output.quiet && output.verbose == 0) {
		output = output.briefly()
	}
	if err := s.fits(output); err != nil {
		return err
	}
	if output.format != briefFormat && s.part.Kind == report.Document {
		p.leftAside(name, s) // the summary says it itself
	}
	render := func(format string, to stream) ([]byte, error) {
		shown, err := output.hide.saved(s, to)
		if err != nil {
			return nil, err
		}
		return p.readAgain(output, s.as(shown), format, to)
	}
	if err := output.write(p.io, render); err != nil {
		return err
	}
	if s.fault != nil {
		p.io.tell(s.fault.Error())
	}
	if warning := report.PasswordWarning(s.part, p.speak); warning != "" && output.format != briefFormat {
		p.io.tell(warning) // only the brief says it itself
	}
	p.end = exit(s.report.ExitCode())
	if !s.part.Whole {
		p.end = exitData
	}
	return nil
}

// briefly makes the brief the format of standard output, or of the file in its place.
func (o output) briefly() output {
	o.format = briefFormat
	if o.silent {
		o.targets[0].format = briefFormat
	}
	return o
}

// readAgain renders a saved report. A text has no more than the brief says, as words or as
// an object.
func (p *program) readAgain(o output, s saved, format string, to stream) ([]byte, error) {
	b := report.NewBrief(s.report, s.part, p.speak, version)
	switch {
	case format == briefFormat:
		var text bytes.Buffer
		err := report.BriefText(&text, b, p.speak, report.TextOptions{Color: to.color, Width: to.width, ASCII: to.ascii})
		return text.Bytes(), err
	case s.part.Kind == report.Document && s.fault == nil:
		return o.render(s.report, format, to)
	}
	text, err := encoded(b)
	return report.EscapeHidden(text), err
}

// fits refuses what a text, or a part of a document, cannot be shown as, before anything is
// written anywhere. There is only its summary.
func (s saved) fits(o output) error {
	if s.part.Kind == report.Document && s.fault == nil {
		return nil
	}
	for _, format := range o.used() {
		switch {
		case format == briefFormat || format == "json":
		case s.fault != nil:
			return s.fault
		default:
			return fail(exitData, "Its summary is shown without --format, and with --json as an object.", "A pasted text cannot be shown as %s.", format)
		}
	}
	if s.fault == nil && (o.quiet || o.verbose > 0) {
		return fail(exitData, "Leave both out.", "A pasted text has its summary only, and -q and -v are for the report itself.")
	}
	return nil
}

// as is the same with the report as one place may have it.
func (s saved) as(r *report.Report) saved {
	s.report = r
	return s
}
