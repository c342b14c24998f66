package report

import (
	"encoding/binary"
	"html"
	"io"
	"mime/quotedprintable"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Plain makes UTF-8 of a saved text, whatever a shell or an editor made of it: Windows
// PowerShell writes UTF-16 when output goes to a file, and an old editor Windows-1252.
func Plain(text []byte) []byte {
	switch {
	case len(text) > 1 && text[0] == 0xFF && text[1] == 0xFE:
		return fromUTF16(text[2:], binary.LittleEndian)
	case len(text) > 1 && text[0] == 0xFE && text[1] == 0xFF:
		return fromUTF16(text[2:], binary.BigEndian)
	case len(text) > 2 && string(text[:3]) == "\uFEFF":
		return text[3:]
	case noughts(text, 1):
		return fromUTF16(text, binary.LittleEndian)
	case noughts(text, 0):
		return fromUTF16(text, binary.BigEndian)
	}
	return text
}

// noughts tells whether nearly every other byte at the beginning is zero, from one on. So is
// UTF-16 of a language with Latin letters, which some programs write without its mark.
func noughts(text []byte, from int) bool {
	const looked, most = 200, 10 // bytes, and of a hundred those that may be another
	start := text[:min(len(text), looked)]
	if len(start) < 4 {
		return false
	}
	zero, other := 0, 0
	for i, c := range start {
		switch {
		case c != 0:
		case i%2 == from:
			zero++
		default:
			other++
		}
	}
	return other == 0 && zero*200 >= len(start)*(100-most)
}

func fromUTF16(text []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, 0, len(text)/2)
	for ; len(text) > 1; text = text[2:] {
		units = append(units, order.Uint16(text))
	}
	return []byte(string(utf16.Decode(units)))
}

// typed gives what a mail or word-processing program made prettier its typewriter look,
// and takes out what cannot be seen.
func typed() *strings.Replacer {
	return strings.NewReplacer(
		"\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n", "\f", "\n", "\v", "\n",
		"\u00A0", " ", "\u2002", " ", "\u2003", " ", "\u2007", " ", "\u2009", " ", "\u202F", " ", "\u3000", " ", "\t", "    ",
		"\u200B", "", "\u200C", "", "\u200D", "", "\u2060", "", "\uFEFF", "", "\u00AD", "", "\u200E", "", "\u200F", "",
		"\u2018", "'", "\u2019", "'", "\u201A", "'", "\u201B", "'", "\u201C", `"`, "\u201D", `"`, "\u201E", `"`, "\u201F", `"`, "\u00AB", `"`, "\u00BB", `"`,
		"\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "-", "\u2014", "-", "\u2015", "-", "\u2212", "-", "\u2500", "-",
		"\u2026", "...", "\u2550", "=", "\uFF1D", "=", "\u2192", "->",
	)
}

// windows1252 gives the marks of that code page a typewriter look; it is empty for others.
func windows1252(c byte) string {
	return map[byte]string{0x85: "...", 0x91: "'", 0x92: "'", 0x93: `"`, 0x94: `"`, 0x96: "-", 0x97: "-", 0xA0: " "}[c]
}

// utf8Of reads bytes that are no UTF-8 as Windows-1252, one by one: a paste may hold both.
func utf8Of(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r != utf8.RuneError || size > 1:
			b.WriteString(text[i : i+size])
		case windows1252(text[i]) != "":
			b.WriteString(windows1252(text[i]))
		default:
			b.WriteRune(rune(text[i]))
		}
		i += size
	}
	return b.String()
}

var (
	quoteMarks = pattern(`^(?: {0,3}[>|] ?)+`)
	entity     = pattern(`&(?:[a-z]{2,6}|#[0-9]{2,6}|#x[0-9a-f]{2,5});`)
	newLineTag = pattern(`(?i)<(?:br|/p|/div|/tr|/h[1-6]|/li|/pre)\b[^<>]{0,200}>`)
	asideTag   = pattern(`(?i)</span><span>`) // what stands at the two ends of a line of the page
	cellTag    = pattern(`(?i)</t[dh]\s*>`)
	unseenTag  = pattern(`(?is)<(style|script|head)\b.*?</(?:style|script|head)\s*>`)
	anyTag     = pattern(`(?s)</?[a-zA-Z!][^<>]{0,1000}>`)
)

// withoutMarks turns a paste into the lines that mailmedic may have written: without the marks
// of a reply and the changes of mail programs. Lines that were broken stay broken.
func withoutMarks(text string) []string {
	text = utf8Of(text)
	if strings.Contains(text, "=3D=3D=3D") {
		text = fromQuotedPrintable(text)
	}
	plain := typed()
	text = plain.Replace(text)
	if looksLikeHTML(text) {
		text = fromHTML(text)
	}
	if entity().MatchString(text) {
		text = plain.Replace(html.UnescapeString(text))
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(quoteMarks().ReplaceAllString(line, ""), " ")
	}
	return lines
}

// fromQuotedPrintable decodes the source of a mail (RFC 2045 section 6.7), as far as it is
// one: "===" cannot stand in it.
func fromQuotedPrintable(text string) string {
	decoded, _ := io.ReadAll(quotedprintable.NewReader(strings.NewReader(text)))
	if len(decoded) < len(text)/4 {
		return text
	}
	return utf8Of(string(decoded))
}

func looksLikeHTML(text string) bool {
	start := strings.ToLower(strings.TrimSpace(text[:min(len(text), 1000)]))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html") || strings.HasPrefix(start, "<div") || strings.HasPrefix(start, "<meta")
}

// fromHTML keeps the words of a page, and its lines.
func fromHTML(text string) string {
	text = unseenTag().ReplaceAllString(text, "")
	text = newLineTag().ReplaceAllString(text, "\n")
	text = asideTag().ReplaceAllString(text, "  ")
	text = cellTag().ReplaceAllString(text, "  ")
	return anyTag().ReplaceAllString(text, "")
}
