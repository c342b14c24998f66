package report

import (
	"fmt"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/report/messages"
)

// printer lays text out in lines.
type printer struct {
	b       strings.Builder
	p       palette
	width   int
	verbose int
	ascii   bool
	speak   *messages.Speaker
	listen  bool // it is read to somebody: every line begins at the left edge, and with a word
}

func newPrinter(o TextOptions, speak *messages.Speaker) *printer {
	width := widest
	if o.Width > 0 {
		width = min(o.Width, widest)
	}
	return &printer{p: newPalette(o.Color, o.Theme), width: width, verbose: o.Verbose, ascii: o.ASCII, speak: speak, listen: o.Spoken}
}

// say says a message in the reader's language.
func (t *printer) say(message say.Text, values ...any) string {
	return t.spell(t.speak.Say(message, values...))
}

// spell writes the letters of a language that a terminal of unknown character set cannot show.
func (t *printer) spell(s string) string {
	if !t.ascii {
		return s
	}
	return asciiOnly(t.letters(s))
}

// letters writes those of Norwegian as people do who lack them. In another language they
// are in names alone, where an escape is better than a letter that is not there.
func (t *printer) letters(s string) string {
	if t.speak.Language() != messages.Bokmal {
		return s
	}
	return strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa", "Æ", "Ae", "Ø", "Oe", "Å", "Aa", "«", `"`, "»", `"`, "é", "e").Replace(s)
}

// clean is Clean for this terminal's character set.
func (t *printer) clean(s string, max int) string {
	if !t.ascii {
		return Clean(s, max)
	}
	return strings.ReplaceAll(Clean(asciiOnly(t.letters(Clean(s, 0))), max-2), "…", "...")
}

// asciiOnly gives typographic marks their ASCII look and escapes the rest.
func asciiOnly(s string) string {
	s = strings.NewReplacer("…", "...", "“", `"`, "”", `"`, "‘", "'", "’", "'", "–", "-", "—", "-", "→", "->").Replace(s)
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < 0x7F:
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

func (t *printer) line(s string) {
	t.b.WriteString(strings.TrimRight(s, " "))
	t.b.WriteByte('\n')
}

// hanging writes text behind first, wrapped, with further lines behind indent. Only
// the text is coloured. Empty text writes nothing.
func (t *printer) hanging(first, indent, text string, paint func(string) string) {
	room := t.width - max(Width(first), Width(indent))
	for i, l := range Wrap(text, room) {
		if i > 0 {
			first = indent
		}
		t.line(first + paint(l))
	}
}

// pair writes two texts at the ends of one line, or on two lines.
func (t *printer) pair(a, b string) {
	room := min(t.width, filled) - Width(a) - Width(b)
	if room < 2 {
		t.hanging("", "", a, plain)
		t.hanging("", "", b, plain)
		return
	}
	t.line(a + blanks(room) + b)
}

// status writes a status word in the margin, and beside it a code or a port as it
// stands and a text, wrapped.
func (t *printer) status(word, beside, text string, paint func(string) string) {
	shown := t.statusWord(word)
	first := "  " + t.p.status(word)(shown) + blanks(margin-2-Width(shown)) + beside
	for i, l := range Wrap(text, t.width-margin-Width(beside)) {
		if i > 0 {
			first = blanks(margin + Width(beside))
		}
		t.line(first + paint(l))
	}
}

// section writes a labelled part of a block: label on the left, or above where the
// lines are short. Each item is wrapped on its own, with its mark in front.
func (t *printer) section(label string, items []item) {
	indent := blanks(labelWidth)
	lead := left("  "+label, labelWidth)
	if t.width < narrow {
		if len(items) > 0 {
			t.line("  " + label)
		}
		indent = "    "
		lead = indent
	}
	for _, it := range items {
		paint := plain
		if it.paint != nil {
			paint = it.paint
		}
		before := t.b.Len()
		t.hanging(lead+it.mark, indent+blanks(len(it.mark)), it.text, paint)
		if t.b.Len() > before {
			lead = indent
		}
	}
}

// labelWidth is the column at which the text of a section starts.
const labelWidth = 15

// item is one wrapped text of a section.
type item struct {
	mark  string // "1. " or "- "
	text  string
	paint func(string) string // nil for none
}
