package probe

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// leastEncoded is the length from which a password is looked for in further encodings:
// those of a shorter one stand in many a text by chance.
const leastEncoded = 4

// spellings lists the forms in which a password could come back, all of them UTF-8 as the
// record is.
func spellings(password string, names []Attempt) []string {
	forms := readings(password)
	if len(password) >= leastEncoded {
		for _, reading := range append(readings(password), password) {
			forms = append(forms, escapes(reading)...)
		}
		forms = append(forms, hex.EncodeToString([]byte(password)), percent(password), url.QueryEscape(password), url.PathEscape(password))
	}
	for _, n := range names {
		forms = append(forms, base64.StdEncoding.EncodeToString([]byte("\x00"+n.Name+"\x00"+password)))
	}
	forms = append(forms, inBase64(password)...)
	slices.Sort(forms)
	return slices.Compact(forms)
}

// readings are what becomes of a password in a text: itself, or, where it is not UTF-8,
// what is left when the text is made so, in each of the ways in which that is done. Too
// little of one is not looked for.
func readings(password string) []string {
	left := strings.ToValidUTF8(password, "")
	switch {
	case left == password:
		return []string{password}
	case len(left) < leastEncoded:
		return nil
	}
	return []string{left, strings.ToValidUTF8(password, "\uFFFD"), string([]rune(password))}
}

// escapes are the ways in which a text stands inside of a longer one that is quoted: by
// IMAP, by Go, and as a folder's name. The quotes are not part of them.
func escapes(text string) []string {
	inside := func(quoted string) string { return quoted[1 : len(quoted)-1] }
	list := []string{inside(strconv.Quote(text)), inside(strconv.QuoteToASCII(text))}
	if left := strings.ToValidUTF8(text, ""); left == text {
		folder := modifiedUTF7(text)
		list = append(list, inside(quote(text)), folder, inside(quote(folder)))
	}
	return list
}

// inBase64 is the password inside something longer: base64 begins at one of three places
// there. The characters that also depend on the neighbours are left off.
func inBase64(password string) []string {
	var forms []string
	urls := strings.NewReplacer("+", "-", "/", "_") // RFC 4648 section 5
	for shift := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + password))
		from := (shift*8 + 5) / 6
		to := (shift + len(password)) * 8 / 6
		if to-from >= 4 {
			forms = append(forms, encoded[from:to], urls.Replace(encoded[from:to]))
		}
	}
	return forms
}

// percent writes every byte as RFC 3986 section 2.1 allows.
func percent(text string) string {
	var out strings.Builder
	for _, b := range []byte(text) {
		out.WriteString("%" + hex.EncodeToString([]byte{b}))
	}
	return out.String()
}

// modifiedUTF7 writes a text as IMAP4rev1 writes the names of folders, RFC 3501 section 5.1.3.
func modifiedUTF7(text string) string {
	encoding := base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)
	var out strings.Builder
	var units []byte // UTF-16 that waits to be encoded
	end := func() {
		if len(units) > 0 {
			out.WriteString("&" + encoding.EncodeToString(units) + "-")
			units = nil
		}
	}
	for _, r := range text {
		switch {
		case r == '&':
			end()
			out.WriteString("&-")
		case r >= ' ' && r <= '~':
			end()
			out.WriteRune(r)
		default:
			for _, u := range utf16.AppendRune(nil, r) {
				units = append(units, byte(u>>8), byte(u))
			}
		}
	}
	end()
	return out.String()
}
