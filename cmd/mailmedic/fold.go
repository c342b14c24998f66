package main

import (
	"os"
	"strings"

	"golang.org/x/term"

	"mailmedic/report"
)

// columns is how wide a line for a stream may be.
func (io stdio) columns(f *os.File) int {
	n, _, _ := term.GetSize(int(f.Fd()))
	return min(width(io.env, n), fallbackWidth)
}

// say prints a text for a person, as wide as the screen has room for.
func (io stdio) say(text string) error { return io.print([]byte(fold(text, io.columns(io.out)))) }

// leastRoom is the narrowest column, in characters, in which a text is still read well.
const leastRoom = 20

// padded fills a name with blanks up to a width, so that what follows stands in a column.
func padded(name string, columns int) string {
	return name + strings.Repeat(" ", max(0, columns-report.Width(name)))
}

// fold breaks the lines of a text that are wider than the screen. The text beside a name
// stays in its column, or goes on below the name where the column would get too narrow.
// What there is to type stays in one piece, because a broken command cannot be pasted.
func fold(text string, width int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \n")
		if report.Width(line) <= width || toType(line) {
			b.WriteString(line + "\n")
			continue
		}
		for _, part := range broken(line, width) {
			b.WriteString(part + "\n")
		}
	}
	return b.String()
}

// toType knows a line that is a command: of mailmedic, or of another program, which the
// pages set in by four blanks.
func toType(line string) bool {
	words := strings.TrimLeft(line, " ")
	indent := len(line) - len(words)
	return indent == 4 || indent > 0 && strings.HasPrefix(words, "mailmedic ")
}

// broken breaks one line. Its text starts behind its blanks, behind the mark of a list,
// or behind the last gap if a name stands before that.
func broken(line string, width int) []string {
	const below = 6 // the indent of a text that has no room beside its name
	start := len(line) - len(strings.TrimLeft(line, " "))
	gap := strings.LastIndex(line, "  ")
	named := gap > start && report.Width(line[:gap]) < width && !strings.HasSuffix(strings.TrimRight(line[:gap], " "), ":") && !strings.Contains(line[:gap], "?")
	switch {
	case named:
		start = gap + len("  ")
	case strings.HasPrefix(line[start:], "- "):
		start += len("- ")
	}
	head, column := line[:start], report.Width(line[:start])
	if width-column >= leastRoom {
		parts := flow(line[start:], strings.Repeat(" ", column), width)
		parts[0] = head + parts[0][column:]
		return parts
	}
	parts := flow(line[start:], strings.Repeat(" ", below), width)
	if named {
		parts = append([]string{strings.TrimRight(head, " ")}, parts...)
	}
	return parts
}

// flow fills lines with the words of a text, each line behind the indent. What follows a
// colon and two blanks is there to be typed.
func flow(text, indent string, width int) []string {
	room := max(width-len(indent), leastRoom)
	var lines []string
	line := ""
	add := func(gap, word string) {
		if line != "" && report.Width(line+gap+word) > room {
			lines = append(lines, indent+line)
			line = ""
		}
		if line == "" {
			gap = ""
		}
		line += gap + word
	}
	typed := false
	for chunk := range strings.SplitSeq(text, "  ") {
		chunk = strings.TrimSpace(chunk)
		if chunk == "" {
			continue
		}
		if typed {
			add("  ", chunk)
			typed = false
			continue
		}
		gap := "  "
		for _, word := range strings.Fields(chunk) {
			for _, piece := range report.Wrap(word, room) {
				add(gap, piece)
				gap = " "
			}
		}
		typed = strings.HasSuffix(chunk, ":")
	}
	return append(lines, indent+line)
}
