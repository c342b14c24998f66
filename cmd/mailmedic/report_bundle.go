package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"mailmedic/report"
)

const bundleExample = "Write it like this:  mailmedic report bundle report.json --yes"

// bundle packs a saved report into one file for a helpdesk. What goes in is shown first,
// and it is written when somebody said yes to it.
func (p *program) bundle(c *cli.Context, files int) error {
	if files != 1 {
		return usage(bundleExample, "report bundle takes one file, and there are %d.", files)
	}
	for _, flag := range []string{"format", "write"} {
		if c.IsSet(flag) {
			return usage(bundleExample, "A bundle has its own files, so --%s says nothing here.", flag)
		}
	}
	if c.String("redact") == string(report.Off) {
		return usage(bundleExample, "--redact off is for your own screen, and never for a file.")
	}
	hide, err := p.hiding(c)
	if err != nil {
		return err
	}
	name := c.Args().Get(1)
	asked := !c.Bool("yes")
	if asked && (name == "-" || c.Bool("no-input") || c.Bool("json") || !p.io.terminal(p.io.in)) {
		return usage(bundleExample, "Nobody can be asked whether the bundle may be written, so --yes is needed.")
	}
	s, err := p.saved(c.Context, name)
	switch {
	case err != nil:
		return err
	case s.fault != nil:
		return s.fault
	case s.part.Kind != report.Document:
		return fail(exitData, reportHint, "%s is a text, and a bundle is made of a JSON document.", visible(name))
	}
	p.leftAside(name, s)
	shared, err := hide.saved(s, stream{})
	if err != nil {
		return err
	}
	parts, archive, err := report.Bundle(shared)
	if err != nil {
		return err
	}
	to := bundlePath(c.String("output"), report.BundleName(s.report))
	there := takes(to)
	if there && (!asked || sameFile(name, to)) {
		return fail(exitOutput, "Name another file with -o.", "%s is there already, and stays as it is.", visible(to))
	}
	t, err := openTarget(bundleFormat, to)
	if err != nil {
		return err
	}
	defer t.discard()
	if asked {
		p.io.tell(p.contents(parts, to))
		if there {
			p.io.tell(p.speak.Say("%s is there already, and would be replaced.", visible(to)))
		}
		yes, err := p.agreed(c)
		if err != nil {
			return err
		}
		if !yes {
			p.io.tell(p.speak.Say("Nothing was written."))
			return nil
		}
	}
	if err := t.commit(archive); err != nil {
		return err
	}
	return p.packed(c, parts, len(archive), to)
}

// bundlePath is where the bundle goes: into the file or the folder that was named.
func bundlePath(output, name string) string {
	if output == "" || output == "-" {
		return name
	}
	if at, err := os.Stat(output); err == nil && at.IsDir() {
		return filepath.Join(output, name)
	}
	return output
}

// takes tells whether a bundle would take the place of a file.
func takes(name string) bool {
	at, err := os.Stat(name)
	return err == nil && at.Mode().IsRegular()
}

// contents lists what goes into a bundle.
func (p *program) contents(parts []report.File, to string) string {
	lines := []string{p.speak.Say("This goes into %s:", visible(to))}
	for _, f := range parts {
		lines = append(lines, fmt.Sprintf("  %-16s ", f.Name)+p.speak.Say("%6d bytes", len(f.Text)))
	}
	return strings.Join(lines, "\n")
}

// agreed asks on the terminal. Only a clear yes is one.
func (p *program) agreed(c *cli.Context) (bool, error) {
	fmt.Fprint(p.io.err, p.speak.Say("Write it? It stays on this computer. [y/N]")+" ")
	line, _ := wait(c.Context, func() (string, error) { return bufio.NewReader(p.io.in).ReadString('\n') })
	if c.Context.Err() != nil {
		fmt.Fprintln(p.io.err)
		return false, stopped()
	}
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || answer == "yes" || answer == "j" || answer == "ja", nil
}

// packedFile is one file of a bundle as --json lists it.
type packedFile struct {
	Name  string `json:"name"`
	Bytes int    `json:"bytes"`
}

// packed says where the bundle is.
func (p *program) packed(c *cli.Context, parts []report.File, size int, to string) error {
	if c.Bool("json") {
		list := []packedFile{}
		for _, f := range parts {
			list = append(list, packedFile{f.Name, len(f.Text)})
		}
		return p.printJSON(struct {
			File  string       `json:"file"`
			Bytes int          `json:"bytes"`
			Files []packedFile `json:"files"`
		}{to, size, list})
	}
	if c.Bool("quiet") {
		return nil
	}
	text := p.speak.Say("%s is written, with %d bytes. Nothing was uploaded: send it to your helpdesk yourself.", visible(to), size) + "\n"
	if c.Bool("yes") {
		text = p.contents(parts, to) + "\n" + text
	}
	return p.io.say(text)
}
