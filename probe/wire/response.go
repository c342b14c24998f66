package wire

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// response reads one line and, where the grammar has them, its literals. The text
// holds literals as they came, "{n}" and CRLF before each.
func (g *Guard) response() (string, error) {
	line, err := g.in.line()
	if err != nil || !hasLiterals(line) {
		return line, err
	}
	var whole strings.Builder
	scan := scanner{most: g.in.limits.Depth}
	for {
		whole.WriteString(line)
		if whole.Len() > g.in.limits.Response {
			return whole.String(), g.in.fail("response", g.in.limits.Response)
		}
		if !scan.line(line) {
			return whole.String(), g.in.fail("depth", scan.most)
		}
		size, ok := announced(line)
		if !ok || scan.quoted {
			return whole.String(), nil
		}
		literal, err := g.in.literal(size)
		whole.WriteString("\r\n" + literal)
		if err != nil {
			return whole.String(), err
		}
		line, err = g.in.text()
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return whole.String() + line, err
		}
	}
}

// hasLiterals tells whether a response that begins so may hold literals. Status
// responses are free text, in which "{5}" at the end announces nothing.
func hasLiterals(line string) bool {
	rest, untagged := strings.CutPrefix(line, "* ")
	if !untagged {
		return false
	}
	word, _, _ := strings.Cut(rest, " ")
	return !isText(word)
}

// announced reads the "{n}" or "{n+}" that ends a line. A size beyond int counts
// as the largest int, so that it meets the limit.
func announced(line string) (int, bool) {
	body, ok := strings.CutSuffix(line, "}")
	open := strings.LastIndexByte(body, '{')
	if !ok || open < 0 {
		return 0, false
	}
	n, err := strconv.ParseUint(strings.TrimSuffix(body[open+1:], "+"), 10, 31)
	if errors.Is(err, strconv.ErrRange) {
		return 1<<31 - 1, true
	}
	return int(n), err == nil
}

// scanner follows parentheses and quotes over the lines of one response.
type scanner struct {
	most, depth int
	quoted      bool
}

// line tells whether the depth stayed within the limit.
func (s *scanner) line(text string) bool {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case s.quoted && c == '\\':
			i++
		case c == '"':
			s.quoted = !s.quoted
		case s.quoted:
		case c == '(':
			if s.depth++; s.depth > s.most {
				return false
			}
		case c == ')':
			s.depth--
		}
	}
	return true
}

// isText tells the untagged responses that are free text or plain words.
func isText(word string) bool {
	switch strings.ToUpper(word) {
	case "OK", "NO", "BAD", "BYE", "PREAUTH", "CAPABILITY", "ENABLED":
		return true
	}
	return false
}

// record puts a response into the transcript. A run of FETCH answers is one line: there may
// be thousands, and none of them shows anything.
func (g *Guard) record(raw string) {
	if kind, _ := kindOf(raw); kind == "FETCH" && strings.HasPrefix(raw, "* ") {
		g.fetched, g.fetchedBytes = g.fetched+1, g.fetchedBytes+len(raw)
		return
	}
	g.recordFetched()
	for line := range strings.SplitSeq(describe(raw), "\r\n") {
		g.log.Received(line, g.encrypted)
	}
}

func (g *Guard) recordFetched() {
	if g.fetched > 0 {
		g.log.Received(fmt.Sprintf("* FETCH … (%d answers, %d bytes)", g.fetched, g.fetchedBytes), g.encrypted)
		g.fetched, g.fetchedBytes = 0, 0
	}
}

// describe is what the transcript may show of a response other than FETCH. Whatever may
// hold parts of a message is shown by its size only: every line of an unknown kind, because
// a server that miscounts a literal goes on with the message's own lines.
func describe(raw string) string {
	rest, untagged := strings.CutPrefix(raw, "* ")
	word, more, _ := strings.Cut(rest, " ")
	size := fmt.Sprintf("… (%d bytes)", len(raw))
	if !untagged {
		status, _, _ := strings.Cut(more, " ")
		switch strings.ToUpper(status) {
		case "OK", "NO", "BAD":
			if isTag(word) {
				return raw
			}
		}
		return size
	}
	kind, _ := kindOf(raw)
	switch {
	case kind != "" || isText(word):
		return raw
	case isAtom(word) && len(word) <= len("LANGUAGE"):
		return "* " + word + " " + size
	}
	return size
}

// isTag wants a letter and digits, as imapclient counts its commands: words of a
// message seldom look so.
func isTag(word string) bool {
	return len(word) > 1 && !isNumber(word[:1], 8) && isNumber(word[1:], 32)
}
