package report

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"
)

// passwordNoun is how people call it.
const passwordNoun = `(?i)\b(?:password|passwd|passwort|passord|passordet|kennwort|pwd|pw|pass)\b["'*]{0,3}(?:\s+(?:mitt|mein))?`

// What people write of a password: the word and a colon, or a sentence, with or without it.
// In a sentence only what no word looks like is taken for one, as "is wrong" says nothing.
var (
	passwordSaid = pattern(passwordNoun + `(?:\s+(?:is|er|ist))?\s*[:=](?:\*\*)?\s*(\S+)`)
	passwordIs   = pattern(passwordNoun + `\s+(?:is|er|ist)\s+(\S*[0-9!#$%&+=@_^~]\S*)`)
	passwordNext = pattern(passwordNoun + `(?:\s+(?:is|er|ist))?\s*:(?:\*\*)?$`)
	loginCommand = pattern(`(?i)^\S{1,20}\s+LOGIN\s+\S+\s+\S+$`)
	base64Word   = pattern(`[A-Za-z0-9+/]{8,}={0,2}`)
	noPassword   = pattern(`(?i)^(?:[*\x{2022}\x{25cf}]*|no|none|nei|ingen|yes|ja|not|ikke|hidden|skjult|redacted|removed|xxx+|-+)$`)
)

// PasswordLines is what Paste looks for, for a text that came beside a report.
func PasswordLines(text []byte) []int {
	return passwordLines(withoutMarks(string(text[:min(len(text), LargestPaste)])))
}

// DocumentPasswords is PasswordLines for a JSON document, into which people write as well.
func DocumentPasswords(document []byte) []int {
	plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&", `\"`, `"`, `\r`, " ", `\n`, " ").Replace(string(document))
	return passwordLines(strings.Split(plain, "\n"))
}

// passwordLines gives the numbers of the lines in which a password may stand. mailmedic
// writes none; people write theirs beside a report, or paste what they typed into another
// program.
func passwordLines(lines []string) []int {
	found := []int{}
	asked := false // the line before ends in "Password:"
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if holdsPassword(line) || asked && oneWord(line) && !stoodIn(line) {
			found = append(found, i+1)
		}
		asked = passwordNext().MatchString(line)
	}
	return found
}

func holdsPassword(line string) bool {
	for _, m := range passwordSaid().FindAllStringSubmatch(line, 20) {
		if !stoodIn(m[1]) {
			return true
		}
	}
	for _, m := range passwordIs().FindAllStringSubmatch(line, 20) {
		if !stoodIn(m[1]) {
			return true
		}
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

// stoodIn tells whether a word stands in the place of a password, and is all that stands
// there: "no" does, "nocturne" does not.
func stoodIn(word string) bool {
	return noPassword().MatchString(strings.Trim(word, `"'()<>[]{}.,;:!?`))
}

// oneWord tells whether a line may be a password that somebody put below the word.
func oneWord(line string) bool { return len(line) >= 4 && !strings.ContainsAny(line, " :") }

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
