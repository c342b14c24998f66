package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"mailmedic/checks/say"
)

const reportExamples = `mailmedic report read report.json
mailmedic report read -          (paste a mail, then Ctrl-D)
mailmedic report read --diagnose --format text report.json
mailmedic report compare before.json after.json
mailmedic report bundle report.json`

const readExample = "Write it like this:  mailmedic report read report.json"

const savedNotes = `read FILE tells a helpdesk what a report comes to: cause, what works, what to ask and to reply. FILE, or - for standard input, is what  mailmedic check --json  printed, a bundle, a saved mail, or a text that somebody pasted: quoted, with other line breaks, cut off, or the support line alone. Of a JSON document, --format, -v and -q show the report itself again; of a text, --json gives the same summary as an object. The exit code is the verdict's, as of a check; 65 if a part is missing, and what is there is shown.

compare A B says what changed between two reports, and on whose side the fault is likely to be: 0 the same, 1 better or changed, 2 worse; 65 if a part of one is missing, and what is there is compared.

bundle FILE packs a JSON document for the helpdesk into one zip file, named by -o or mail-report-ID.zip, and asks before it is written. Nothing is uploaded.`

// largestReport bounds a saved report. One with the whole conversation of every path and
// ten thousand folders has a fifth of it.
const largestReport = 32 << 20

func savedFlags() []cli.Flag {
	flags := []cli.Flag{
		&cli.BoolFlag{Name: "diagnose", Category: groupReport, Usage: "judge the recorded evidence anew, with the checks of this version"},
		&cli.BoolFlag{Name: "yes", Category: groupReport, Usage: "write the bundle without asking"},
		&cli.BoolFlag{Name: "no-input", Category: groupReport, Usage: "never ask for anything"},
	}
	return append(flags, outputFlags()...)
}

// report works on saved reports. Its verb is its first argument.
func (p *program) report(c *cli.Context) error {
	verb, files := c.Args().First(), c.NArg()-1
	if verb == "" {
		return usage(readExample, "report needs a verb and a file.")
	}
	if err := oneOf("report", verb, "read", "compare", "bundle"); err != nil {
		return err
	}
	if verb != "read" && c.Bool("diagnose") {
		return usage(readExample, "--diagnose is a flag of report read.")
	}
	if verb != "bundle" && c.Bool("yes") {
		return usage("Write it like this:  mailmedic report bundle report.json --yes", "--yes is a flag of report bundle.")
	}
	if !c.Bool("diagnose") && (c.IsSet("fail-on") || c.IsSet("ignore")) {
		return usage("Add --diagnose to judge anew.", "--fail-on and --ignore change a verdict, and a saved one stands as it is.")
	}
	if err := besideItself(c); err != nil {
		return err
	}
	switch verb {
	case "compare":
		return p.compare(c, files)
	case "bundle":
		return p.bundle(c, files)
	}
	switch {
	case files < 1:
		return usage(readExample, "report read needs the file of a saved report, or - for standard input.")
	case files > 1:
		return usage(readExample, "report read takes one file, and there are %d.", files)
	}
	return p.read(c, c.Args().Get(1))
}

// besideItself refuses to write over a report that is to be read.
func besideItself(c *cli.Context) error {
	to := []string{c.String("output")}
	for _, value := range c.StringSlice("write") {
		_, name, _ := strings.Cut(value, "=")
		to = append(to, name)
	}
	for _, name := range to {
		if slices.ContainsFunc(c.Args().Slice()[1:], func(file string) bool { return sameFile(file, name) }) {
			return fail(exitOutput, "Name another file.", "%s is the report that is to be read, and stays as it is.", visible(name))
		}
	}
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
		return nil, fail(exitData, reportHint, "%s is larger than any report: more than %d MiB.", visible(name), largestReport>>20)
	}
	return document, nil
}

// reportHint says what a report is.
const reportHint = "A report is what  mailmedic check --json  prints, whole and unchanged."

func unopened(name string, err error) error {
	reason := say.Verbatim(plain(err))
	if errors.Is(err, fs.ErrNotExist) {
		reason = "there is no such file"
	}
	return fail(exitNoInput, "A report is what  mailmedic check --json  prints.", "%s cannot be read: %s.", visible(name), reason)
}
