package clientconf

import (
	"encoding/base64"
	"net/url"
	"strings"
	"unicode/utf16"
)

// folderURI reads Thunderbird's name of a folder: "imap://anna%40example.com@host/INBOX/Sent".
// The path has "/" between the names, whatever the server's delimiter is.
func folderURI(uri string) (user, host, path string, ok bool) {
	rest, ok := strings.CutPrefix(uri, "imap://")
	if !ok {
		return "", "", "", false
	}
	authority, path, ok := strings.Cut(rest, "/")
	if !ok {
		return "", "", "", false
	}
	host = authority
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		user, host = unescape(authority[:at]), authority[at+1:]
	}
	return user, host, folderName(unescape(path)), true
}

// unescape resolves %20, and leaves a text as it is that cannot be resolved.
func unescape(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return strings.ToValidUTF8(plain, "\ufffd")
	}
	return text
}

// folderName resolves modified UTF-7, RFC 3501 section 5.1.3, which is how folders are
// called on servers without UTF8=ACCEPT. A text that is none stays as it is.
func folderName(text string) string {
	encoding := base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)
	var out strings.Builder
	rest := text
	for {
		before, after, shifted := strings.Cut(rest, "&")
		out.WriteString(before)
		if !shifted {
			return out.String()
		}
		code, next, ended := strings.Cut(after, "-")
		if !ended {
			return text
		}
		rest = next
		if code == "" {
			out.WriteByte('&')
			continue
		}
		data, err := encoding.DecodeString(code)
		if err != nil || len(data)%2 != 0 {
			return text
		}
		var units []uint16
		for i := 0; i < len(data); i += 2 {
			units = append(units, uint16(data[i])<<8|uint16(data[i+1]))
		}
		out.WriteString(string(utf16.Decode(units)))
	}
}
