package pages

import "strings"

// Text renders the page for a terminal of the given width in columns: headings in
// capitals, their text set in by two blanks. fill gives the values of {host}, {port},
// {login} and the like; what it lacks is left as a word in capitals to replace.
func (p Page) Text(fill map[string]string, width int) string {
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
		if s.Heading == "Sources" {
			text = "- " + strings.ReplaceAll(text, "\n", "\n- ") // one a line, as in the file
		}
		for _, line := range layout(filled(text, fill), width-2) {
			b.WriteString(strings.TrimRight("  "+line, " ") + "\n")
		}
	}
	return b.String()
}

// filled puts values in place of the placeholders.
func filled(text string, fill map[string]string) string {
	var pairs []string
	for name, value := range fill {
		if value != "" {
			pairs = append(pairs, "{"+name+"}", value)
		}
	}
	text = strings.NewReplacer(pairs...).Replace(text)
	return strings.NewReplacer(
		"{host}", "HOST", "{port}", "PORT", "{login}", "NAME", "{address}", "ADDRESS",
		"{domain}", "DOMAIN", "{folder}", "FOLDER", "{uid}", "NUMBER",
	).Replace(text)
}

// layout breaks a section into lines: it wraps paragraphs and list items again and
// leaves commands as they are, because a broken command cannot be pasted.
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
			lines = append(lines, strings.TrimPrefix(line, "  "))
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

// wrap breaks text at blanks into lines of at most width columns. A word that is
// longer than a line stays whole.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
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
