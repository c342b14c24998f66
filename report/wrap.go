package report

import (
	"strings"
	"unicode"
)

// Wrap breaks text into lines of at most width columns, at blanks where it can and
// inside a word where it must. Runs of blanks become one.
func Wrap(text string, width int) []string {
	width = max(width, 2) // the widest character
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for _, piece := range split(word, width) {
			switch {
			case line == "":
				line = piece
			case Width(line)+1+Width(piece) <= width:
				line += " " + piece
			default:
				lines = append(lines, line)
				line = piece
			}
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// split cuts a word that is wider than a line.
func split(word string, width int) []string {
	var pieces []string
	start, used := 0, 0
	for i, r := range word {
		if used+runeWidth(r) > width {
			pieces = append(pieces, word[start:i])
			start, used = i, 0
		}
		used += runeWidth(r)
	}
	return append(pieces, word[start:])
}

// Width is the number of terminal columns that text takes: none for a combining
// mark, two for a wide East Asian character or an emoji.
func Width(text string) int {
	n := 0
	for _, r := range text {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case wide(r):
		return 2
	}
	return 1
}

// wide approximates Unicode's East Asian Width by its large blocks.
func wide(r rune) bool {
	return 0x1100 <= r && r <= 0x115F || // Hangul Jamo
		0x2E80 <= r && r <= 0xA4CF || // CJK, Kana, Yi
		0xAC00 <= r && r <= 0xD7A3 || // Hangul
		0xF900 <= r && r <= 0xFAFF || // CJK compatibility
		0xFE30 <= r && r <= 0xFE6F || // CJK forms
		0xFF01 <= r && r <= 0xFF60 || 0xFFE0 <= r && r <= 0xFFE6 || // full width
		0x1F300 <= r && r <= 0x1FAFF || // emoji
		0x20000 <= r && r <= 0x3FFFD // CJK extensions
}

// left pads text with blanks on its right to a width, right on its left.
func left(text string, width int) string  { return text + blanks(width-Width(text)) }
func right(text string, width int) string { return blanks(width-Width(text)) + text }

func blanks(n int) string { return strings.Repeat(" ", max(n, 0)) }
