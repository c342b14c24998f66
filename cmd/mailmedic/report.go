package main

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/urfave/cli/v2"

	"mailmedic/report"
)

const readExample = "Write it like this:  mailmedic report read --diagnose report.json"

const savedNotes = `FILE is what  mailmedic check --json  printed, or - for standard input. The exit code is the verdict's, as of a check; a file that is no whole report ends with 65 and names the place.`

// largestReport bounds a saved report. One with the whole conversation of every path and
// ten thousand folders has a fifth of it.
const largestReport = 32 << 20

func savedFlags() []cli.Flag {
	flags := []cli.Flag{
		&cli.BoolFlag{Name: "diagnose", Category: groupReport, Usage: "judge the recorded evidence anew, with the checks of this version"},
	}
	return append(flags, outputFlags()...)
}

// report works on saved reports. Its verb is its first argument.
func (p *program) report(c *cli.Context) error {
	verb := c.Args().First()
	switch {
	case verb == "":
		return usage(readExample, "report needs a verb and a file.")
	case verb != "read":
		return oneOf("report", verb, "read")
	case c.NArg() < 2:
		return usage(readExample, "report read needs the file of a saved report, or - for standard input.")
	case c.NArg() > 2:
		return usage(readExample, "report read takes one file, and there are %d.", c.NArg()-1)
	case !c.Bool("diagnose") && (c.IsSet("fail-on") || c.IsSet("ignore")):
		return usage("Add --diagnose to judge anew.", "--fail-on and --ignore change a verdict, and a saved one stands as it is.")
	}
	return p.read(c, c.Args().Get(1))
}

// read shows a saved report again, or what this version makes of its evidence. Nothing is
// contacted.
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
	document, err := p.load(name)
	if err != nil {
		return err
	}
	r, err := report.Read(document)
	if err != nil {
		return fail(exitData, "A report is what  mailmedic check --json  prints, whole and unchanged.", "%s cannot be read: %s", visible(name), visible(err.Error()))
	}
	if c.Bool("diagnose") {
		if r.Evidence == nil {
			return fail(exitData, "Without --diagnose it can be shown.", "%s holds no evidence: that run could not start.", visible(name))
		}
		options.Redaction = r.Redaction
		r = judged(r.Evidence, options)
	}
	render := func(format string, s stream) ([]byte, error) {
		return output.render(output.hide.of(r, options, s), format, s)
	}
	if err := output.write(p.io, render); err != nil {
		return err
	}
	p.end = exit(r.ExitCode())
	return nil
}

// load reads a file, or standard input for "-".
func (p *program) load(name string) ([]byte, error) {
	file := p.io.in
	if name != "-" {
		opened, err := os.Open(name)
		if err != nil {
			return nil, unopened(name, err)
		}
		defer opened.Close()
		file = opened
	}
	document, err := io.ReadAll(io.LimitReader(file, largestReport+1))
	if err != nil {
		return nil, unopened(name, err)
	}
	if len(document) > largestReport {
		return nil, fail(exitData, "A report is what  mailmedic check --json  prints.", "%s is larger than any report: more than %d MiB.", visible(name), largestReport>>20)
	}
	return document, nil
}

func unopened(name string, err error) error {
	reason := plain(err)
	if errors.Is(err, fs.ErrNotExist) {
		reason = "there is no such file"
	}
	return fail(exitNoInput, "A report is what  mailmedic check --json  prints.", "%s cannot be read: %s.", visible(name), reason)
}
