package report

import "github.com/fatih/color"

// palette colours single words. It belongs to one renderer: the library's global
// switch, which looks at standard output only, decides nothing here.
type palette struct {
	good func(string) string // the word OK, the cell ok
	warn func(string) string // WARN and UNSURE
	bad  func(string) string // FAIL, the cell no
	head func(string) string // the verdict's sentence, titles
	code func(string) string // codes, commands to type
}

// Themes lists the ways to colour: for most people, for those who cannot tell red from
// green, and without colours for a printer or a terminal of one colour.
func Themes() []string { return []string{"default", "cb", "mono"} }

func newPalette(on bool, theme string) palette {
	p := palette{
		good: paint(on, color.FgGreen),
		warn: paint(on, color.FgYellow),
		bad:  paint(on, color.FgRed, color.Bold),
		head: paint(on, color.Bold),
		code: paint(on, color.FgCyan),
	}
	switch theme {
	case "cb":
		p.good, p.bad = paint(on, color.FgBlue), paint(on, color.FgMagenta, color.Bold)
	case "mono":
		p.good, p.code = plain, plain
		p.warn, p.bad = paint(on, color.Underline), paint(on, color.Bold)
	}
	return p
}

func paint(on bool, attributes ...color.Attribute) func(string) string {
	c := color.New(attributes...)
	if on {
		c.EnableColor()
	} else {
		c.DisableColor()
	}
	return func(text string) string {
		if text == "" {
			return "" // the library would emit bare escape codes
		}
		return c.Sprint(text)
	}
}

// plain leaves text as it is.
func plain(text string) string { return text }

// status colours a status word of the table or the verdict.
func (p palette) status(word string) func(string) string {
	switch word {
	case "OK", "ok":
		return p.good
	case "WARN", "UNSURE":
		return p.warn
	case "FAIL", "no":
		return p.bad
	}
	return plain
}
