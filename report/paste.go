package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailmedic/checks"
	"mailmedic/probe/profile"
)

// Part says how much of a report somebody sent.
type Part struct {
	Kind      Kind     `json:"kind"`
	Whole     bool     `json:"whole"`
	Rewrapped bool     `json:"rewrapped"` // its lines were broken anew, so they cannot be counted
	Lines     int      `json:"lines"`     // that are there, 0 where they were not counted
	Of        int      `json:"of"`        // lines that the whole has, 0 where nothing says so
	Missing   Missing  `json:"missing"`
	Passwords []int    `json:"passwords"` // numbers of the lines in which a password may stand
	Others    []string `json:"others"`    // ids of further reports in the same text, which were left aside
}

// Kind is the form in which a report came.
type Kind string

// The kinds.
const (
	Document Kind = "document" // the JSON document
	Marked   Kind = "text"     // a text report between its marks
	Screen   Kind = "screen"   // one that was copied from the screen
	Chat     Kind = "short"    // the short form
	Line     Kind = "support-line"
)

// Missing is the part that is missing.
type Missing string

// What can be missing.
const (
	Nothing   Missing = ""
	Beginning Missing = "beginning"
	Middle    Missing = "middle"
	End       Missing = "end"
)

// LargestPaste bounds what is looked through as text. The longest report with -vvv has a
// tenth of it.
const LargestPaste = 1 << 20

// id is the name of a run, as it is read out on the telephone.
const id = `([0-9A-Za-z][0-9A-Za-z-]{0,39})`

// What mailmedic writes, with any blank where a mail program may have broken the line.
var (
	beginMark = pattern(`={2,}\s+(?:mail\s+report\s+)?` + id + `\s+begins(?:,\s+([0-9]{1,7})\s+lines?)?\b[^=]{0,200}={2,}`)
	endMark   = pattern(`={2,}\s+(?:mail\s+report\s+)?` + id + `\s+ends,\s+([0-9]{1,7})\s+lines?\b[^=]{0,300}={2,}`)
	shortLine = pattern(`\b(OK|WARN|FAIL|UNSURE)\s+(?:SIMULATED\s+\(([^)\n]{0,60})\)\s+)?mailmedic\s+([0-9][0-9A-Za-z.+-]{0,30})\s+` + id + `:\s+receive\s+(yes|no|not\s+tested),\s+send\s+(yes|no|not\s+tested)`)
	pageHead  = pattern(`(?m)^\s*mailmedic\s+([0-9][0-9A-Za-z.+-]{0,30})\s+([0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z])(?:\s|$)`)
	simulated = pattern(`SIMULATED\s+\(([^)]{0,60})\)`)
	dated     = pattern(`\b([0-9]{1,2})\.?\s+(\p{L}{3,9})\.?\s+([0-9]{4})\s+(?:kl\.?\s+)?([0-9]{1,2})[:.]([0-9]{2})\s+([+-][0-9]{2}:?[0-9]{2})`)
)

// Paste reads a report out of a text as people send it: with marks of a reply, with lines
// that were broken anew, with a letter around it, or in part. The Report that it makes has
// no evidence and no more than the text says. The error is a *Misread.
func Paste(text []byte) (*Report, Part, error) {
	if len(text) > LargestPaste {
		return nil, Part{}, &Misread{"the text", "longer than any report"}
	}
	lines := withoutMarks(string(text))
	all := strings.Join(lines, "\n")
	known := tongues()
	begins := starts(known, all)
	p := cut(all, begins)
	r := blank(Tool{})
	r.pasted = &supportLine{status: Unknown}
	line, at, supported := readSupport(p.body, p.id)
	if !supported && p.id != "" { // people put it into the letter
		line, _, supported = readSupport(p.above, p.id)
	}
	if supported {
		r.pasted = &line
	}
	body := p.body
	k, clear := heard(known, body)
	r.Tool.Lang, r.speak = "", k.t.speak
	if clear {
		r.Tool.Lang = string(r.speak.Language())
	}
	headed := r.readHead(k, body) || r.readSpoken(k, body)
	chat := !headed && r.readShort(body)
	var reached []int
	switch {
	case supported:
		r.readFindings(k, body[:at])
		if !headed && !chat && !p.framed() {
			r.onlyQuoted(line)
		}
	case p.tainted():
		p.part.Lines, p.part.Of = 0, 0
	default:
		r.readFindings(k, body)
		r.pasted.words, reached = k.rows(body)
	}
	if !headed && !chat && !supported && len(r.Findings) == 0 {
		return nil, Part{}, &Misread{"the text", "nothing in it is of mailmedic"}
	}
	if p.framed() && p.part.Missing == End && headed && at < len(body) {
		p.endLost(at)
	}
	found := seen{
		headed: headed, chat: chat, supported: supported,
		blocks: len(r.Findings) > 0 && strings.Contains(body[:at], "-- MM"),
		cut:    supported && (line.half || line.unexplained() && len(r.Findings) == 0),
		lost:   supported && line.status != OK && r.lacksOneOf(line),
	}
	r.conclude(k, reached)
	part := p.part
	part.judge(found)
	r.cut = !part.Whole
	part.Passwords = passwordLines(lines)
	part.Others = others(all, r.Run.ID, begins)
	return r, part, nil
}

// fewestLetters is below what the lines of any report have on average, blanks not counted and
// empty lines too. On a screen of 40 columns they have 18.
const fewestLetters = 12

// measure compares the lines between two marks with their number, of which so many may stand
// elsewhere. Lines that were broken anew prove nothing; that there are as many as there should
// be, or more, or long ones with the letters of those that are not there, and the support
// line, is as much as can be known then.
func (p *Part) measure(body, run string, elsewhere int) {
	joined := 0 // letters in lines that are longer than any of a report
	for line := range strings.SplitSeq(body, "\n") {
		if Width(strings.TrimSpace(line)) > widest {
			joined += len(strings.Join(strings.Fields(line), ""))
		}
	}
	_, _, supported := readSupport(body, run)
	switch {
	case p.Lines <= p.Of && p.Lines >= p.Of-elsewhere:
	case supported && (p.Lines > p.Of || joined >= (p.Of-p.Lines)*fewestLetters):
		p.Rewrapped = true
	default:
		p.Missing = Middle
	}
}

// seen is what was found of a report.
type seen struct {
	headed, chat, supported bool
	blocks                  bool // the head of a cause, as the screen has it
	cut                     bool // the support line is not all there
	lost                    bool // the support line has a code that stands nowhere else
}

// judge says what kind of report it is and whether all of it is there.
func (p *Part) judge(s seen) {
	switch {
	case p.Kind == Marked:
	case (s.headed || s.chat) && !s.supported:
		p.Missing = End
	case s.headed:
	case s.chat:
		p.Kind = Chat
	case s.supported && !s.blocks:
		p.Kind = Line
	default:
		p.Missing = Beginning
	}
	if s.cut && p.Missing == Nothing && p.Kind != Marked {
		p.Missing = End
	}
	counted := p.Kind == Marked && !p.Rewrapped
	if s.lost && p.Missing == Nothing && p.Kind != Line && !counted {
		p.Missing, p.Rewrapped = Middle, false
	}
	if s.chat && !s.headed {
		p.Kind = Chat
	}
	p.Whole = p.Missing == Nothing
}

// number reads digits, which a pattern has found.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// readHead reads the first lines of a text report, or of the page: version, id, time, whose
// mailbox, and the sentence of the verdict.
func (r *Report) readHead(k *tongue, body string) bool {
	head := k.head.FindStringSubmatchIndex(body)
	if head == nil {
		head = pageHead().FindStringSubmatchIndex(body)
	}
	if head == nil {
		return false
	}
	r.Tool.Version, r.Run.ID = body[head[2]:head[3]], body[head[4]:head[5]]
	body = body[head[1]:]
	r.Run.StartedAt = k.timeIn(body)
	if m := k.whose.FindStringSubmatch(body); m != nil {
		r.Input.Address, r.Input.Provider = m[1], m[2]
		if at := dated().FindStringIndex(m[2]); at != nil {
			r.Input.Provider = strings.TrimSpace(m[2][:at[0]])
		}
	}
	if m := simulated().FindStringSubmatch(body); m != nil {
		r.Run.Simulated, r.Run.Scenario = true, m[1]
	}
	if at := k.verdict.FindStringSubmatchIndex(body); at != nil {
		r.Verdict.Status = statusOf(k.means[body[at[2]:at[3]]])
		sentence, _, _ := strings.Cut(body[at[4]:], "\n\n")
		r.Verdict.Headline = Clean(strings.Join(strings.Fields(sentence), " "), 300)
	}
	return true
}

// readSpoken reads the verdict of a report for a screen reader, which has no head, and the
// id that stands at its end.
func (r *Report) readSpoken(k *tongue, body string) bool {
	at := k.result.FindStringSubmatchIndex(body)
	if at == nil {
		return false
	}
	r.Verdict.Status = Status(k.means[strings.Join(strings.Fields(body[at[2]:at[3]]), " ")])
	sentence := body[at[4]:]
	if next := k.after.FindStringIndex(sentence); next != nil {
		sentence = sentence[:next[0]]
	} else {
		sentence, _, _ = strings.Cut(sentence, "\n")
	}
	r.Verdict.Headline = Clean(strings.Join(strings.Fields(sentence), " "), 300)
	if m := k.report.FindStringSubmatch(body); m != nil {
		r.Run.ID = m[1]
	}
	if m := simulated().FindStringSubmatch(body); m != nil {
		r.Run.Simulated, r.Run.Scenario = true, m[1]
	}
	return true
}

// readShort reads the first line of the short form.
func (r *Report) readShort(body string) bool {
	m := shortLine().FindStringSubmatch(body)
	if m == nil {
		return false
	}
	r.Verdict.Status = statusOf(m[1])
	r.Run.Simulated, r.Run.Scenario = m[2] != "", m[2]
	r.Tool.Version, r.Run.ID = m[3], m[4]
	r.Verdict.CanReceive, r.Verdict.CanSend = seenOf(m[5]), seenOf(m[6])
	return true
}

// timeIn finds the first moment that a text names, or nil.
func (k *tongue) timeIn(text string) *time.Time {
	m := dated().FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	month := k.month[monthLetters(m[2])]
	zone, err := time.Parse("-0700", strings.ReplaceAll(m[6], ":", ""))
	if month == 0 || err != nil {
		return nil
	}
	_, offset := zone.Zone()
	at := time.Date(number(m[3]), month, number(m[1]), number(m[4]), number(m[5]), 0, 0, time.FixedZone("", offset))
	return &at
}

// conclude brings what was read together: paths, codes and the verdict.
func (r *Report) conclude(k *tongue, reached []int) {
	r.Run.ID = cmp.Or(r.Run.ID, hyphened(r.pasted.run))
	if r.pasted.status != Unknown {
		r.Verdict.Status = r.pasted.status
	}
	r.pasted.status = r.Verdict.Status
	r.pasted.run = cmp.Or(r.pasted.run, clip(r.Run.ID, 12))
	for _, w := range r.pasted.words {
		if protocol, port, ok := w.path(); ok {
			r.Paths = append(r.Paths, Path{ID: string(protocol) + "-" + port, Protocol: protocol, Port: number(port), Addresses: []string{}})
		}
	}
	r.addQuoted()
	if len(r.Findings) == 0 {
		r.suspect(k, reached)
	}
	r.Verdict.ExitCode = slices.Index([]Status{OK, Warning, Problem, Unknown}, r.Verdict.Status)
	for _, f := range r.Findings {
		if list := &r.Verdict.Codes; f.Severity != checks.Note {
			*list = append(*list, f.Code)
		} else {
			r.Verdict.Notes = append(r.Verdict.Notes, f.Code)
		}
	}
}

// hyphened writes an id from a support line as it stands in the report.
func hyphened(run string) string {
	if len(run) != len("K7Q294M") {
		return run
	}
	return run[:3] + "-" + run[3:6] + "-" + run[6:]
}

// protocolOf is the protocol of a row of the table: what it is used for, or where that is
// not understood the port's customary one.
func (k *tongue) protocolOf(use string, port int) profile.Protocol {
	if use == k.sending || forSending(port) {
		return profile.SMTP
	}
	return profile.IMAP
}

// forSending tells whether a port is one that providers use for it.
func forSending(port int) bool { return slices.Contains([]int{25, 26, 465, 587, 2525}, port) }
