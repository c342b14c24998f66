package report

import (
	"bytes"
	"encoding/json"
	"strings"
)

// documentStart is how a document of mailmedic begins, wherever it stands.
var documentStart = pattern(`\{\s*"schema"\s*:\s*"mailmedic/report"`)

// mostEmbedded is how many documents are looked for in a letter.
const mostEmbedded = 10

// Embedded finds the documents in a letter, a chat or a quoted reply, and gives the letter
// without them. One that ends early takes all that is behind it. Quote marks are no part of
// the letter: no line of a document begins with one.
func Embedded(letter []byte) (documents [][]byte, rest []byte) {
	if bytes.Count(letter, []byte(schemaName)) == 0 {
		return nil, letter
	}
	lines := strings.Split(strings.ReplaceAll(string(letter), "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = quoteMarks().ReplaceAllString(line, "")
	}
	text := []byte(strings.Join(lines, "\n"))
	for len(documents) < mostEmbedded {
		at := documentStart().FindIndex(text)
		if at == nil {
			break
		}
		found := first(text[at[0]:])
		documents = append(documents, found)
		rest = append(rest, text[:at[0]]...)
		rest = append(rest, bytes.Repeat([]byte("\n"), bytes.Count(found, []byte("\n")))...) // lines keep their numbers
		text = text[at[0]+len(found):]
	}
	return documents, append(rest, text...)
}

// first is the JSON value with which a text begins, or all of it where that does not end.
func first(text []byte) []byte {
	dec := json.NewDecoder(bytes.NewReader(text))
	var value json.RawMessage
	if dec.Decode(&value) != nil {
		return text
	}
	return text[:dec.InputOffset()]
}
