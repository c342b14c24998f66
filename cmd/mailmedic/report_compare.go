package main

import (
	"bytes"

	"github.com/urfave/cli/v2"

	"mailmedic/report"
)

const compareExample = "Write it like this:  mailmedic report compare before.json after.json"

// compare says what changed from one report to another, in changed facts only.
func (p *program) compare(c *cli.Context, files int) error {
	if files != 2 {
		return usage(compareExample, "report compare takes two files, and there are %d.", files)
	}
	for _, name := range []string{"quiet", "verbose", "redact"} {
		if c.IsSet(name) {
			return usage("Leave it out.", "--%s is no flag of report compare, which shows all that changed, as the two reports have it.", name)
		}
	}
	first, second := c.Args().Get(1), c.Args().Get(2)
	if first == "-" && second == "-" {
		return usage(compareExample, "Standard input can be one of the two only.")
	}
	output, err := p.openOutput(c)
	defer output.discard()
	if err != nil {
		return err
	}
	for _, format := range output.used() {
		if format != "text" && format != "json" { // before anything is written anywhere
			return usage("There are text and json.", "A comparison cannot be shown as %s.", format)
		}
	}
	var both [2]saved
	for i, name := range []string{first, second} {
		if both[i], err = p.saved(c.Context, name); err != nil {
			return err
		}
		if fault := both[i].fault; fault != nil {
			return fault
		}
		p.leftAside(name, both[i])
		if !both[i].part.Whole {
			p.io.tell(p.speak.Say("A part of %s is missing. What is there is compared.", visible(name)))
		}
	}
	found := report.Compare(both[0].report, both[1].report)
	render := func(format string, to stream) ([]byte, error) { return p.compared(found, format, to) }
	if err := output.write(p.io, render); err != nil {
		return err
	}
	p.end = exit(found.ExitCode)
	return nil
}

func (p *program) compared(found report.Comparison, format string, to stream) ([]byte, error) {
	if format == "json" {
		text, err := encoded(found)
		return report.EscapeHidden(text), err
	}
	var text bytes.Buffer
	err := report.ComparisonText(&text, found, p.speak, report.TextOptions{Color: to.color, Width: to.width, ASCII: to.ascii})
	return text.Bytes(), err
}
