package report

import (
	"slices"
	"strings"

	"mailmedic/checks"
	"mailmedic/probe/profile"
)

// supportLine is what a support line says. Of a report that somebody pasted it may be
// all that is left.
type supportLine struct {
	run    string // the run's id without its hyphens
	status Status
	words  []supportWord
}

// supportWord is how one path or topic fares.
type supportWord struct {
	about string // "i993", "s" for all paths of a protocol, "net", "name", "log", "dir" or "app"
	state string // "+", "-", "?" or "/303", as Support writes them
}

// code is the code that stands against the word, or "".
func (w supportWord) code() checks.Code {
	if digits, found := strings.CutPrefix(w.state, "/"); found {
		return checks.Code("MM" + digits)
	}
	return ""
}

// path tells which path the word is about. ok is false for a topic, and for a word that
// stands for all paths of a protocol.
func (w supportWord) path() (protocol profile.Protocol, port string, ok bool) {
	port = strings.TrimLeft(w.about, "is")
	if port == "" || strings.Trim(port, "0123456789") != "" {
		return "", "", false
	}
	if w.about[0] == 's' {
		return profile.SMTP, port, true
	}
	return profile.IMAP, port, true
}

// One word for each part, so that a line that was broken at any blank is still one. Somebody
// who takes it down on the telephone writes small letters.
var (
	supportHead = pattern(`(?i)\bMM1\s+(?:([0-9A-Z]{1,12})\s+)?(OK|WARN|FAIL|UNSURE)\b`)
	supportNext = pattern(`(?i)^\s+(net|name|log|dir|app|[is][1-9][0-9]{0,4}|[is])(\+|-|\?|/[0-9]{3})(?:\s|$)`)
)

// readSupport finds the first support line in a text, and where it begins.
func readSupport(text string) (line supportLine, at int, ok bool) {
	head := supportHead().FindStringSubmatchIndex(text)
	if head == nil {
		return supportLine{}, 0, false
	}
	if head[2] >= 0 {
		line.run = strings.ToUpper(text[head[2]:head[3]])
	}
	line.status = statusOf(strings.ToUpper(text[head[4]:head[5]]))
	for rest := text[head[1]:]; ; {
		m := supportNext().FindStringSubmatchIndex(rest)
		if m == nil {
			return line, head[0], true
		}
		word := supportWord{strings.ToLower(rest[m[2]:m[3]]), rest[m[4]:m[5]]}
		if !slices.ContainsFunc(line.words, func(w supportWord) bool { return w.about == word.about }) {
			line.words = append(line.words, word)
		}
		rest = rest[m[5]:]
	}
}

// String writes the line again, as Support does.
func (l supportLine) String() string {
	line := "MM1 " + l.run + " " + statusWord(string(l.status))
	for _, w := range l.words {
		line += " " + w.about + w.state
	}
	return line
}

// statusOf is the verdict that a word on the screen stands for.
func statusOf(word string) Status {
	for _, s := range []Status{OK, Warning, Problem} {
		if statusWord(string(s)) == word {
			return s
		}
	}
	return Unknown
}

// states lists how every path and topic of a report fares, in the words of a support line
// that had all the room it wants.
func states(r *Report) []supportWord {
	if r.pasted != nil {
		return r.pasted.words
	}
	var words []supportWord
	for _, p := range r.Paths {
		words = append(words, supportWord{letter(p) + portOf(p.ID), pathSuffix(r, p)})
	}
	for _, topic := range []supportWord{
		{"name", nameSuffix(r)}, {"log", loginSuffix(r)}, {"dir", folderSuffix(r)}, {"app", programSuffix(r)},
	} {
		if r.Evidence != nil || topic.state != "?" { // without evidence nothing says that it was not tested
			words = append(words, topic)
		}
	}
	return words
}
