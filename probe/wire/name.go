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
	if !utf8.ValidString(name) {
		return false
	}
	encoding := base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").
		WithPadding(base64.NoPadding)
	behindShift := false // one encoded run right behind another is not allowed
	for name != "" {
		b := name[0]
		name = name[1:]
		if b < ' ' || b == 0x7F {
			return false
		}
		if b != '&' {
			behindShift = false
			continue
		}
		run, rest, closed := strings.Cut(name, "-")
		if !closed {
			return false
		}
		name = rest
		if run == "" { // "&-" stands for "&"
			behindShift = false
			continue
		}
		if behindShift || !encodes(encoding, run) {
			return false
		}
		behindShift = true
	}
	return true
}

// encodes tells whether a run is base64 of UTF-16 that needed encoding: printable
// ASCII stands for itself.
func encodes(encoding *base64.Encoding, run string) bool {
	if strings.ContainsAny(run, "\r\n") { // the decoder would skip them
		return false
	}
	bytes, err := encoding.DecodeString(run)
	if err != nil || len(bytes) == 0 || len(bytes)%2 != 0 {
		return false
	}
	for len(bytes) > 0 {
		r := rune(bytes[0])<<8 | rune(bytes[1])
		bytes = bytes[2:]
		if utf16.IsSurrogate(r) {
			if len(bytes) == 0 {
				return false
			}
			low := rune(bytes[0])<<8 | rune(bytes[1])
			bytes = bytes[2:]
			if utf16.DecodeRune(r, low) == utf8.RuneError {
				return false
			}
			continue
		}
		if r >= ' ' && r <= '~' {
			return false
		}
	}
	return true
}
