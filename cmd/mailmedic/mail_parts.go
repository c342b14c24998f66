package main

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"

	"mailmedic/report"
)

// mailStart knows the source of a mail, as programs save it, by its first field: the name of
// any, because servers and programs put their own in front.
var mailStart = regexp.MustCompile(`^(?:From [^\n]*\n)?[A-Za-z][A-Za-z0-9-]{1,60}:[ \t\r\n]`)

// unpadded is a mail without what editors and copying put in front of it.
func unpadded(data []byte) []byte {
	return bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\uFEFF")), "\r\n")
}

// isMail tells whether data is a saved mail. A paste that begins with the fields of a
// forwarded one is not: it has no MIME-Version.
func isMail(data []byte) bool {
	data = unpadded(data)
	head := data[:min(len(data), 64<<10)]
	return mailStart.Match(head) && bytes.Contains(bytes.ToLower(head), []byte("mime-version:"))
}

// mostParts bounds the parts of a mail that are looked at.
const mostParts = 100

// mailParts takes the texts and attachments out of a mail. What cannot be decoded is left
// out.
func mailParts(data []byte) []report.File {
	data = unpadded(data)
	if bytes.HasPrefix(data, []byte("From ")) { // the line that parts the mails of a folder is no field
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	message, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	var parts []report.File
	collect(textproto.MIMEHeader(message.Header), message.Body, 0, &parts)
	return parts
}

func collect(header textproto.MIMEHeader, body io.Reader, depth int, parts *[]report.File) {
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") && params["boundary"] != "" && depth < 10 {
		reader := multipart.NewReader(body, params["boundary"])
		for len(*parts) < mostParts {
			part, err := reader.NextRawPart()
			if err != nil {
				return
			}
			collect(part.Header, part, depth+1, parts)
		}
		return
	}
	switch strings.ToLower(strings.TrimSpace(header.Get("Content-Transfer-Encoding"))) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	if err != nil && len(text) == 0 || len(*parts) >= mostParts {
		return
	}
	*parts = append(*parts, report.File{Name: params["name"], Text: marked(text, params["charset"])})
}

// marked puts the byte order of a text in UTF-16 in front of it, where only the charset says
// it (RFC 2781).
func marked(text []byte, charset string) []byte {
	mark := map[string]string{"utf-16le": "\xFF\xFE", "utf-16be": "\xFE\xFF", "utf-16": "\xFE\xFF"}[strings.ToLower(charset)]
	if mark == "" || bytes.HasPrefix(text, []byte("\xFF\xFE")) || bytes.HasPrefix(text, []byte("\xFE\xFF")) {
		return text
	}
	return append([]byte(mark), text...)
}
