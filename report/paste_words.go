package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/report/messages"
)

// tongue is what a report looks like in one language. All of its words come out of the
// catalogue that reports are written with, so that a word which changes there is read here.
type tongue struct {
	t     *printer
	page  library
	means map[string]string     // the English of the words that stand alone, by what is said
	month map[string]time.Month // by the first letters of its name

	head, whose, verdict, rule, row, ports *regexp.Regexp // of the text report
	card                                   *regexp.Regexp // the head of a cause on the page, copied out of a browser
	result, report, finding, note, after   *regexp.Regexp // of the one for screen readers
	labels                                 []*regexp.Regexp
	failed                                 [4]*regexp.Regexp // what a narrow table says of a step that failed
	sending                                string            // the first word of what a port for sending is used for
}

// tongues are the languages of reports.
func tongues() []*tongue {
	var all []*tongue
	for _, l := range messages.Languages() {
		all = append(all, newTongue(l))
	}
	return all
}

// What stands in a gap of a message until a pattern takes its place.
const (
	firstGap  = "{0}"
	secondGap = "{1}"
	numberGap = 9999999 // for %d
)

func newTongue(l messages.Language) *tongue {
	k := &tongue{t: &printer{speak: messages.In(l)}, page: shelf(l), means: map[string]string{}, month: map[string]time.Month{}}
	status, sure, spoken := k.words()
	k.head = regexp.MustCompile(`mailmedic\s+check\s+([0-9][0-9A-Za-z.+-]{0,30})\s+` + k.gaps("report %s", id, "", firstGap))
	k.whose = regexp.MustCompile(`(?m)^\s*` + k.gaps("%s at %s", `(\S{1,120}@\S{1,120})`, `(\S[^\n]{0,80}?)`, firstGap, secondGap) + `(?:\s{2,}|$)`)
	k.verdict = regexp.MustCompile(`(?m)^\s*(` + status + `)\s+(\p{L}[^\n]*)`)
	k.rule = regexp.MustCompile(`(?s)-{1,3}\s*(MM[0-9]{3})\b\s*(.{0,200}?)\s*-+\s*(` + sure + `)\b`)
	k.card = regexp.MustCompile(`(?m)^\s*(MM[0-9]{3})[ \t]+(\S[^\n]{0,200})\n\s*` + k.gaps("Sure: %s", `(`+sure+`)`, "", firstGap) + `\s*$`)
	k.row = regexp.MustCompile(`(?m)^\s*(` + status + `)\s+([0-9]{2,5})\s+(\p{Ll}{4,12})\b([^\n]*)`)
	k.ports = regexp.MustCompile(`\b(?:` + k.gaps("port %s", k.list(), "", firstGap) + `|` + k.gaps("ports %s", k.list(), "", firstGap) + `)`)
	k.result = regexp.MustCompile(`\b` + k.gaps("Result: %s. %s", `(`+spoken+`)`, `(\p{L}[^\n]*)`, firstGap, secondGap))
	k.report = regexp.MustCompile(`(?m)^\s*` + k.gaps("Report: %s.", id, "", firstGap))
	k.finding = regexp.MustCompile(`(?s)\b` + k.gaps("Finding %d of %d, code %s: %s", spelledCode, `(.{0,200}?)`, numberGap, numberGap, firstGap, secondGap) +
		`\s+` + k.gaps("Sure: %s.", `(`+sure+`)`, "", firstGap))
	k.note = regexp.MustCompile(`\b` + k.gaps("Note, code %s: %s", spelledCode, `([^\n]{0,200})`, firstGap, secondGap))
	k.after = regexp.MustCompile(`\n(?:` + k.gaps("Port %d, %s", `\p{L}`, "", numberGap, firstGap) + `|[0-9]+\s)`)
	for _, label := range []say.Text{
		"What I saw", "What to do", "Not tested", "Ruled out", "Used for", "Find", "Reach", "- = not tried.",
		"Nothing was changed, sent or uploaded.", "A demonstration against a built-in server.",
	} {
		k.labels = append(k.labels, regexp.MustCompile(`(?m)(?:^|[ \t(*])`+k.phrase(k.t.say(label))))
	}
	for i, column := range []say.Text{"Find", "Reach", "Secure", "Login"} {
		k.failed[i] = regexp.MustCompile(`(?:^|[\s,])` + k.phrase(k.t.say("%s no", k.t.say(column))))
	}
	k.sending, _, _ = strings.Cut(k.t.say("sending"), " ")
	return k
}

// spelledCode is a code as a screen reader is given it.
const spelledCode = `(M\s*M\s*[0-9]{3})`

// words learns the words that stand alone, and gives patterns for those of a status, of
// sureness, and of a status that is read out.
func (k *tongue) words() (status, sure, spoken string) {
	var margin, certainty, result []string
	for _, word := range []string{"OK", "NOTE", "WARN", "FAIL", "SKIP", "UNSURE"} {
		margin = append(margin, k.learn(k.t.statusWord(word), word))
	}
	for _, s := range []checks.Sure{checks.Certain, checks.Likely, checks.Possible} {
		certainty = append(certainty, k.learn(k.t.sure(s), string(s)))
	}
	for _, s := range []Status{OK, Warning, Problem, Unknown} {
		result = append(result, k.learn(k.t.spokenStatus(s), string(s)))
	}
	k.learn(k.t.cellWord("ok"), "ok")
	k.learn(k.t.cellWord("no"), "no")
	for m := time.January; m <= time.December; m++ {
		name := k.t.say(say.Day(time.Date(2001, m, 1, 0, 0, 0, 0, time.UTC)))
		k.month[monthLetters(strings.Trim(name, "0123456789. "))] = m
	}
	return strings.Join(margin, "|"), strings.Join(certainty, "|"), strings.Join(result, "|")
}

// learn keeps what a word means, also where it is written without letters that a terminal
// lacked, and gives a pattern for it.
func (k *tongue) learn(said, meaning string) string {
	plain := &printer{speak: k.t.speak, ascii: true}
	k.means[said], k.means[plain.spell(said)] = meaning, meaning
	return k.phrase(said)
}

// gaps is a pattern for a message, with those of its gaps in it: numbers, then what stands
// for the first and the second of its texts.
func (k *tongue) gaps(message say.Text, first, second string, values ...any) string {
	said := k.phrase(k.t.say(message, values...))
	return strings.NewReplacer(
		regexp.QuoteMeta(firstGap), first, regexp.QuoteMeta(secondGap), second, fmt.Sprint(numberGap), `[0-9]{1,7}`,
	).Replace(said)
}

// phrase is a pattern for what is said, broken at any blank, and with letters that a
// terminal lacked written as it shows them.
func (k *tongue) phrase(said string) string {
	plain := &printer{speak: k.t.speak, ascii: true}
	var b strings.Builder
	for i, word := range strings.Fields(said) {
		if i > 0 {
			b.WriteString(`\s+`)
		}
		for _, c := range word {
			pattern := regexp.QuoteMeta(string(c))
			if c >= 0x80 {
				pattern = `(?:` + pattern + `|` + regexp.QuoteMeta(plain.spell(string(c))) + `)`
			}
			b.WriteString(pattern)
		}
	}
	return b.String()
}

// list is a pattern for port numbers as a sentence lists them.
func (k *tongue) list() string {
	and := strings.NewReplacer(firstGap, "", secondGap, "").Replace(k.t.say(say.List([]string{firstGap, secondGap})))
	return `([0-9]{1,5}(?:(?:,\s*|\s+` + k.phrase(and) + `\s+)[0-9]{1,5})*)`
}

// monthLetters are those of a month's name that tell it from the others in every language.
func monthLetters(name string) string {
	letters := []rune(strings.ToLower(name))
	return string(letters[:min(3, len(letters))])
}

// heard finds the language of a text: the one of which it has most. sure is false where
// nothing tells, as in a support line.
func heard(all []*tongue, body string) (k *tongue, sure bool) {
	k, most := all[0], 0
	for _, one := range all {
		if n := one.hits(body); n > most {
			k, most = one, n
		}
	}
	return k, most > 0
}

// hits counts what a text has of a language: its head, its labels, and titles of its pages.
func (k *tongue) hits(body string) int {
	n := 0
	for _, pattern := range slices.Concat([]*regexp.Regexp{k.head, k.result, k.report, k.finding, k.rule}, k.labels) {
		if pattern.MatchString(body) {
			n++
		}
	}
	var seen []string
	for _, code := range codeSaid().FindAllString(body, 200) {
		if slices.Contains(seen, code) {
			continue
		}
		seen = append(seen, code)
		title := strings.Fields(k.page(checks.Code(code)).Title)
		if len(title) > 1 && regexp.MustCompile(k.phrase(strings.Join(title, " "))).MatchString(body) {
			n++
		}
	}
	return n
}

var codeSaid = pattern(`\bMM[0-9]{3}\b`)
