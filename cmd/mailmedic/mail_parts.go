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

// mailStart knows the source of a mail, as programs save it, by its first field.
var mailStart = regexp.MustCompile(`^(?:From [^\n]*\n)?(?i:received|return-path|delivered-to|from|to|subject|date|message-id|mime-version|content-type|x-[a-z-]+|reply-to|dkim-signature|arc-[a-z-]+): `)

// isMail tells whether data is a saved mail. A paste that begins with the fields of a
// forwarded one is not: it has no MIME-Version.
func isMail(data []byte) bool {
	head := data[:min(len(data), 64<<10)]
	return mailStart.Match(head) && bytes.Contains(bytes.ToLower(head), []byte("mime-version:"))
}

// mostParts bounds the parts of a mail that are looked at.
const mostParts = 100

// mailParts takes the texts and attachments out of a mail. What cannot be decoded is left
// out.
func mailParts(data []byte) []report.File {
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
	*parts = append(*parts, report.File{Name: params["name"], Text: text})
}
