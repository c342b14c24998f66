package wire

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decodes tells whether go-imap can decode a mailbox name: modified UTF-7,
// RFC 3501 section 5.1.3, or UTF-8 as it stands.
func decodes(name string) bool {
	_, ok := decode(name)
	return ok
}

func decode(name string) (text string, ok bool) {
	if !utf8.ValidString(name) {
		return "", false
	}
	var out strings.Builder
	encoding := base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").
		WithPadding(base64.NoPadding)
	behindShift := false // one encoded run right behind another is not allowed
	for name != "" {
		b := name[0]
		name = name[1:]
		if b < ' ' || b == 0x7F {
			return "", false
		}
		if b != '&' {
			out.WriteByte(b)
			behindShift = false
			continue
		}
		run, rest, closed := strings.Cut(name, "-")
		if !closed {
			return "", false
		}
		name = rest
		if run == "" { // "&-" stands for "&"
			out.WriteByte('&')
			behindShift = false
			continue
		}
		runes, ok := encoded(encoding, run)
		if behindShift || !ok {
			return "", false
		}
		out.WriteString(runes)
		behindShift = true
	}
	return out.String(), true
}

// encoded reads a run of base64 of UTF-16 that needed encoding: printable ASCII stands
// for itself.
func encoded(encoding *base64.Encoding, run string) (string, bool) {
	if strings.ContainsAny(run, "\r\n") { // the decoder would skip them
		return "", false
	}
	bytes, err := encoding.DecodeString(run)
	if err != nil || len(bytes) == 0 || len(bytes)%2 != 0 {
		return "", false
	}
	var out strings.Builder
	for len(bytes) > 0 {
		r := rune(bytes[0])<<8 | rune(bytes[1])
		bytes = bytes[2:]
		if utf16.IsSurrogate(r) {
			if len(bytes) == 0 {
				return "", false
			}
			low := rune(bytes[0])<<8 | rune(bytes[1])
			bytes = bytes[2:]
			whole := utf16.DecodeRune(r, low)
			if whole == utf8.RuneError {
				return "", false
			}
			out.WriteRune(whole)
			continue
		}
		if r >= ' ' && r <= '~' {
			return "", false
		}
		out.WriteRune(r)
	}
	return out.String(), true
}
