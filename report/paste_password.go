package report

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	passwordSaid = pattern(`(?i)\b(?:password|passwd|passwort|passord|passordet|kennwort|pwd)\b(?:\s+(?:is|er|ist))?\s*[:=]\s*(\S+)`)
	loginCommand = pattern(`(?i)^\S{1,20}\s+LOGIN\s+\S+\s+\S+$`)
	base64Word   = pattern(`[A-Za-z0-9+/]{8,}={0,2}`)
	noPassword   = pattern(`(?i)^["'(<\[]?(?:\*+|no|none|nei|ingen|yes|ja|not|ikke|hidden|skjult|redacted|removed|xxx+|-+|\.{3})\b?`)
)

// PasswordLines is what Paste looks for, for a text that came beside a report.
func PasswordLines(text []byte) []int {
	return passwordLines(withoutMarks(string(text[:min(len(text), LargestPaste)])))
}

// passwordLines gives the numbers of the lines in which a password may stand. mailmedic
// writes none; people write theirs beside a report, or paste what they typed into another
// program.
func passwordLines(lines []string) []int {
	found := []int{}
	for i, line := range lines {
		if holdsPassword(strings.TrimSpace(line)) {
			found = append(found, i+1)
		}
	}
	return found
}

func holdsPassword(line string) bool {
	if m := passwordSaid().FindStringSubmatch(line); m != nil && !noPassword().MatchString(m[1]) {
		return true
	}
	if loginCommand().MatchString(line) {
		return true
	}
	for _, word := range base64Word().FindAllString(line, 20) {
		if isPlain(word) {
			return true
		}
	}
	return false
}

// isPlain tells whether a word is the answer of SASL's PLAIN (RFC 4616) in base64: two NULs
// with a name between them and a password behind.
func isPlain(word string) bool {
	decoded, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(word, "="))
	if err != nil || bytes.Count(decoded, []byte{0}) != 2 || !utf8.Valid(decoded) {
		return false
	}
	parts := bytes.Split(decoded, []byte{0})
	readable := func(part []byte) bool { return !bytes.ContainsFunc(part, unicode.IsControl) }
	return len(parts[1]) > 0 && len(parts[2]) > 0 && readable(parts[0]) && readable(parts[1]) && readable(parts[2])
}
