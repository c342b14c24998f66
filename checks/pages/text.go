package pages

import (
	"strings"
	"unicode/utf8"
)

// Text renders the page for a terminal of the given width in columns: headings in
// capitals, their text set in by two blanks.
func (p Page) Text(width int) string {
	var b strings.Builder
	mark := p.Code + "  "
	for i, line := range wrap(p.Title, width-len(mark)) {
		if i > 0 {
			mark = strings.Repeat(" ", len(mark))
		}
		b.WriteString(mark + line + "\n")
	}
	for _, s := range p.Sections {
		b.WriteString("\n" + strings.ToUpper(s.Heading) + "\n")
		text := s.Text
		if s.is(sources) {
			text = "- " + strings.ReplaceAll(text, "\n", "\n- ") // one a line, as in the file
		}
		for _, line := range layout(text, width-2) {
			b.WriteString(strings.TrimRight("  "+line, " ") + "\n")
		}
	}
	return b.String()
}

// layout breaks a section into lines: it wraps paragraphs and list items again, and
// commands where a shell lets them go on.
func layout(text string, width int) []string {
	var lines []string
	block, mark := "", ""
	flush := func() {
		for _, line := range wrap(block, width-len(mark)) {
			lines = append(lines, mark+line)
			mark = strings.Repeat(" ", len(mark))
		}
		block, mark = "", ""
	}
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case strings.TrimSpace(line) == "":
			flush()
			lines = append(lines, "")
		case block == "" && strings.HasPrefix(line, "    "):
			for _, part := range Fold(strings.TrimSpace(line), width-2) {
				lines = append(lines, "  "+part)
			}
		case item(line) > 0 && (block == "" || mark != ""): // in a paragraph, "587. " is the end of a sentence
			flush()
			block, mark = plain(line[item(line):]), line[:item(line)]
		default:
			block += " " + plain(line)
		}
	}
	flush()
	return lines
}

// plain takes the code marks out of prose.
func plain(line string) string { return strings.ReplaceAll(line, "`", `"`) }

// item is the width of a list item's mark, "- " or "1. ", and 0 for any other line.
func item(line string) int {
	if strings.HasPrefix(line, "- ") {
		return 2
	}
	number, _, found := strings.Cut(line, ". ")
	if found && number != "" && strings.Trim(number, "0123456789") == "" {
		return len(number) + 2
	}
	return 0
}

// columns is the width of text on a screen: each character of the pages takes one column.
func columns(text string) int { return utf8.RuneCountInString(text) }

// wrap breaks text at blanks into lines of at most width columns. A word that is
// longer than a line stays whole.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && columns(line)+1+columns(word) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// Fold breaks a shell command into lines of at most width columns that can be pasted
// together: it goes on behind a backslash, between words and never inside quotation
// marks. A flag keeps its value where there is room. What cannot be broken stays whole.
func Fold(command string, width int) []string {
	const on, indent = " \\", "    "
	var lines []string
	line := ""
	put := func(text string) {
		room := width - len(on)
		if len(lines) > 0 {
			room -= len(indent)
		}
		if line != "" && columns(line)+1+columns(text) > room {
			lines = append(lines, line+on)
			line = ""
		}
		line = strings.TrimSpace(line + " " + text)
	}
	for _, phrase := range phrases(shellWords(command)) {
		if together := strings.Join(phrase, " "); columns(together) <= width-len(indent+on) {
			put(together)
			continue
		}
		for _, word := range phrase {
			put(word)
		}
	}
	lines = append(lines, line)
	for i := range lines[1:] {
		lines[i+1] = indent + lines[i+1]
	}
	return lines
}

// phrases joins each flag with its value, and each program behind a pipe with its name.
func phrases(words []string) [][]string {
	var list [][]string
	for _, word := range words {
		if len(list) == 0 || strings.ContainsAny(word[:1], "-|<") {
			list = append(list, nil)
		}
		list[len(list)-1] = append(list[len(list)-1], word)
	}
	return list
}

// shellWords splits a command at the blanks that are not inside quotation marks.
func shellWords(command string) []string {
	var words []string
	word, quote := "", rune(0)
	for _, r := range command {
		switch {
		case r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		}
		if r != ' ' || quote != 0 {
			word += string(r)
		} else if word != "" {
			words = append(words, word)
			word = ""
		}
	}
	if word != "" {
		words = append(words, word)
	}
	return words
}
