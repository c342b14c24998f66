package report

import (
	"iter"
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
	half   bool // it breaks off in a word
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

// One pattern for the start and one for each word, so that a line that was broken at any
// blank is still one. Somebody who takes it down on the telephone writes small letters, puts
// the hyphens into the id and a comma between words. A word that is not known here is of a
// later version.
var (
	supportHead = pattern(`(?i)\bMM1\s+([0-9A-Z][0-9A-Z-]{0,19})\s+(OK|WARN|FAIL|UNSURE)\b`)
	supportNext = pattern(`(?i)^[\s,;]+([a-z]{1,8}[0-9]{0,5})(\+|-|\?|/[0-9]{3})(?:[^0-9A-Za-z]|$)`)
	supportWhat = pattern(`^(?:net|name|log|dir|app|[is][1-9][0-9]{0,4}|[is])$`)
	supportHalf = pattern(`(?i)^[\s,;]+(?:(?:[is][1-9][0-9]{0,4}(?:/[0-9]{0,2})?|(?:net|name|log|dir|app|[is])/[0-9]{0,2})(?:[^0-9A-Za-z+/?-]|$)|(?:n|na|nam|name|ne|net|l|lo|log|d|di|dir|a|ap|app|i|s)\s*$)`)
)

// supportMost is far above the words of a support line, which has one for each path and topic.
const supportMost = 40

// readSupport finds the first support line of a run in a text, or the first of any where run
// is empty, and where it begins: len(text) if there is none.
func readSupport(text, run string) (line supportLine, at int, ok bool) {
	for at, line := range supportLines(text) {
		if run == "" || sameID(run, line.run) {
			return line, at, true
		}
	}
	return supportLine{}, len(text), false
}

// supportLines gives the support lines of a text, by where they begin. Three letters and a
// status may stand in any letter, so without a single word it is none.
func supportLines(text string) iter.Seq2[int, supportLine] {
	return func(yield func(int, supportLine) bool) {
		for _, head := range supportHead().FindAllStringSubmatchIndex(text, -1) {
			line := supportLine{
				run:    strings.ToUpper(clip(text[head[2]:head[3]], 12)),
				status: statusOf(strings.ToUpper(text[head[4]:head[5]])),
			}
			if line.readWords(text[head[1]:]); len(line.words) > 0 && !yield(head[0], line) {
				return
			}
		}
	}
}

// readWords reads the words behind the status, up to what is none.
func (l *supportLine) readWords(rest string) {
	for range supportMost {
		m := supportNext().FindStringSubmatchIndex(rest)
		if m == nil {
			break
		}
		word := supportWord{strings.ToLower(rest[m[2]:m[3]]), rest[m[4]:m[5]]}
		known := supportWhat().MatchString(word.about)
		if known && !slices.ContainsFunc(l.words, func(w supportWord) bool { return w.about == word.about }) {
			l.words = append(l.words, word)
		}
		rest = rest[m[5]:]
	}
	l.half = supportHalf().MatchString(rest)
}

// unexplained tells whether the line says that something is wrong and not what, as one does
// of which the end is missing.
func (l supportLine) unexplained() bool {
	wrong := func(w supportWord) bool { return w.state == "-" || w.code() != "" }
	return (l.status == Warning || l.status == Problem) && !slices.ContainsFunc(l.words, wrong)
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
