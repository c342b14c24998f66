package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes text from elsewhere safe to print on one line. Every text that
// mailmedic did not write itself passes through it on the way out. What is not
// visible (control, escape, bidirectional and other format characters, separators,
// odd spaces, bytes that are not UTF-8) becomes an escape such as \x1b or \u202e.
// The result has at most max characters, an ellipsis for what was cut included;
// max below 1 sets no limit.
func Clean(s string, max int) string {
	var b strings.Builder
	n := 0    // characters written
	keep := 0 // bytes that fit beside an ellipsis
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		piece := visible(r, s[i], size)
		i += size
		n += utf8.RuneCountInString(piece)
		if max > 0 && n > max {
			return b.String()[:keep] + "…"
		}
		b.WriteString(piece)
		if n < max {
			keep = b.Len()
		}
	}
	return b.String()
}

// visible writes one character, or its escape.
func visible(r rune, first byte, size int) string {
	switch {
	case r == utf8.RuneError && size <= 1:
		return fmt.Sprintf(`\x%02x`, first)
	case unicode.IsPrint(r) && !empty(r):
		return string(r)
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// empty tells whether a printable character draws nothing: fillers, the braille
// blank and variation selectors. A login name that holds one looks like another.
func empty(r rune) bool {
	switch {
	case r == 0x034F, r == 0x115F, r == 0x1160, r == 0x17B4, r == 0x17B5, r == 0x2800, r == 0x3164, r == 0xFFA0:
		return true
	case 0x180B <= r && r <= 0x180F, 0xFE00 <= r && r <= 0xFE0F, 0xE0100 <= r && r <= 0xE01EF:
		return true
	}
	return false
}
