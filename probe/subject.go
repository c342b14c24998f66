package probe

import (
	"bytes"
	"io"
	"mime"
	"net/textproto"
	"regexp"
	"strings"
)

// subjectOf undoes encoded words (RFC 2047), in which an apostrophe may hide.
func subjectOf(header textproto.MIMEHeader) string { return decoded(header.Get("Subject")) }

func decoded(text string) string {
	plain, err := (&mime.WordDecoder{CharsetReader: latin}).DecodeHeader(unlabelled(text))
	if err != nil {
		return text
	}
	return plain
}

// unlabelled takes the language out of encoded words, "=?utf-8*en?Q?...?=" (RFC 2231
// section 5), which mime does not know.
func unlabelled(text string) string { return language.ReplaceAllString(text, "$1?$2") }

var language = regexp.MustCompile(`(=\?[^?*]+)\*[^?]*\?([bBqQ]\?)`)

// latin reads a charset of which the bytes below 0x80 are ASCII, as they are wherever no
// letter of two bytes has one of the apostrophe's value in it. Its other letters become
// question marks: they matter to nobody here. Of a charset that is not like that it gives
// what is surely ASCII, or nothing: an error would spoil the words beside it.
func latin(charset string, in io.Reader) (io.Reader, error) {
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	switch charset = strings.ToLower(charset); {
	case strings.Contains(charset, "2022") || strings.HasPrefix(charset, "cp5022"):
		text = inASCII(text)
	case strings.HasPrefix(charset, "utf-16"), strings.HasPrefix(charset, "utf-32"), strings.HasPrefix(charset, "hz"):
		text = nil
	}
	for i, b := range text {
		if b >= 0x80 {
			text[i] = '?'
		}
	}
	return bytes.NewReader(text), nil
}

// inASCII keeps of an ISO 2022 text what stands in the sets of one byte, which are ASCII or
// its national forms: "ESC ( B" leads into one, "ESC $" out of it (RFC 1468).
func inASCII(text []byte) []byte {
	const escape = 0x1b
	var kept []byte
	single := true
	for i := 0; i < len(text); i++ {
		if text[i] != escape {
			if single {
				kept = append(kept, text[i])
			}
			continue
		}
		for i++; i < len(text) && text[i] >= 0x20 && text[i] <= 0x2f; i++ {
			single = text[i] == '(' // of several the last counts: ESC $ ( D is of two bytes
			if text[i] == '$' {
				single = false
				i++
				for i < len(text) && text[i] >= 0x20 && text[i] <= 0x2f {
					i++
				}
				break
			}
		}
	}
	return kept
}
