package report

import (
	"slices"
	"strings"
)

// start is a place in a text where a report begins.
type start struct {
	at, behind int    // of its mark, head or first line
	id         string // as it stands there, or empty
	marked     bool
	of         int // lines that its mark promises, 0 where it does not say
}

// piece is one report in a text. Nothing of another is in its body, so that two are never
// read as one.
type piece struct {
	above string // what stands in front of it: a letter, or the rest of another
	body  string
	id    string // which mark, head or first line name, or empty
	part  Part
}

// sameID tells whether two ids are of one run. In a support line they have no hyphens, and
// who takes one down writes small letters.
func sameID(a, b string) bool {
	return a != "" && strings.EqualFold(clip(a, 12), clip(b, 12))
}

// starts finds where reports begin in a text: at their first mark, their head, that of the
// page, the first line of the short form, or the verdict of one for a screen reader.
func starts(known []*tongue, all string) []start {
	var list []start
	for _, m := range beginMark().FindAllStringSubmatchIndex(all, -1) {
		s := start{at: m[0], behind: m[1], id: all[m[2]:m[3]], marked: true}
		if m[4] >= 0 {
			s.of = number(all[m[4]:m[5]])
		}
		list = append(list, s)
	}
	for _, m := range shortLine().FindAllStringSubmatchIndex(all, -1) {
		list = append(list, start{at: m[0], behind: m[1], id: all[m[8]:m[9]]})
	}
	for _, m := range pageHead().FindAllStringSubmatchIndex(all, -1) {
		list = append(list, start{at: m[0], behind: m[1], id: all[m[4]:m[5]]})
	}
	for _, k := range known {
		for _, m := range k.head.FindAllStringSubmatchIndex(all, -1) {
			list = append(list, start{at: m[0], behind: m[1], id: all[m[4]:m[5]]})
		}
		list = append(list, k.spokenStarts(all)...)
	}
	slices.SortStableFunc(list, func(a, b start) int { return a.at - b.at })
	return list
}

// spokenStarts finds the verdicts of reports for a screen reader. Their id stands at the
// end. In front of the verdict stands on the same line that the run was simulated.
func (k *tongue) spokenStarts(all string) []start {
	var list []start
	results := k.result.FindAllStringIndex(all, -1)
	for i, m := range results {
		end := len(all)
		if i+1 < len(results) {
			end = results[i+1][0]
		}
		s := start{at: strings.LastIndexByte(all[:m[0]], '\n') + 1, behind: m[1]}
		if name := k.report.FindStringSubmatch(all[m[0]:end]); name != nil {
			s.id = name[1]
		}
		list = append(list, s)
	}
	return list
}

// until is where the report that begins at s ends at the latest: where another begins.
func (s start) until(list []start, all string) int {
	for _, other := range list {
		if other.at > s.at && !sameID(s.id, other.id) {
			return other.at
		}
	}
	return len(all)
}

// cut takes one report out of a text, the first between marks or else the first, and counts
// its lines.
func cut(all string, list []start) piece {
	if i := slices.IndexFunc(list, func(s start) bool { return s.marked }); i >= 0 {
		return betweenMarks(all, list[i], list)
	}
	end := endMark().FindStringSubmatchIndex(all)
	if end != nil && (len(list) == 0 || list[0].at > end[0] || sameID(list[0].id, all[end[2]:end[3]])) {
		return beheaded(all, end, list)
	}
	if len(list) == 0 {
		return piece{body: all, part: Part{Kind: Screen}}
	}
	first := list[0]
	return piece{all[:first.at], all[first.at:first.until(list, all)], first.id, Part{Kind: Screen}}
}

// betweenMarks takes the report behind a mark. The mark at its end has the same id; with
// another one it is the end of another report.
func betweenMarks(all string, s start, list []start) piece {
	body := all[s.behind:s.until(list, all)]
	for _, m := range endMark().FindAllStringSubmatchIndex(body, -1) {
		if !sameID(s.id, body[m[2]:m[3]]) {
			continue
		}
		of, end := number(body[m[4]:m[5]]), s.behind+m[0]
		s = s.again(list, end)
		p := piece{all[:s.at], all[s.behind:end], s.id, Part{Kind: Marked, Of: of}}
		p.part.Lines = max(0, strings.Count(strings.TrimLeft(p.body, " "), "\n")-1)
		p.part.measure(p.body, s.id, 0)
		return p
	}
	body = strings.TrimRight(body, "\n ")
	lines := 1 + strings.Count(body, "\n") // who counts what was sent counts the mark
	return piece{all[:s.at], body, s.id, Part{Kind: Marked, Missing: End, Lines: lines, Of: s.of}}
}

// again is the last mark before an end at which the report begins again, because copies
// above it were cut off, or else the mark itself.
func (s start) again(list []start, end int) start {
	for _, other := range list {
		if other.marked && other.at > s.at && other.behind <= end && sameID(s.id, other.id) {
			s = other
		}
	}
	return s
}

// beheaded takes the report before a mark that has none at its beginning.
func beheaded(all string, end []int, list []start) piece {
	from := 0
	if len(list) > 0 && list[0].at < end[0] {
		from = list[0].at
	}
	p := piece{all[:from], all[from:end[0]], all[end[2]:end[3]], Part{Kind: Marked, Missing: Beginning, Of: number(all[end[4]:end[5]])}}
	p.part.Lines = len(strings.Split(strings.Trim(p.body, "\n"), "\n"))
	return p
}

// endLost measures a report of which the mark behind it was lost, up to its support line. Below
// that stands no more than that the run was simulated.
func (p *piece) endLost(at int) {
	const below = 3 // lines, where the screen is narrow
	p.part.Missing, p.part.Lines = Nothing, strings.Count(p.body[:at], "\n")
	if p.part.Of > 0 {
		p.part.measure(p.body, p.id, below)
	}
	if p.part.Missing == Nothing {
		p.part = Part{Kind: Screen}
	}
}

// framed tells whether a mark keeps apart what stands above the report.
func (p piece) framed() bool { return p.part.Kind == Marked && p.part.Missing != Beginning }

// tainted tells whether the end of another report stands in the piece, which has lost its
// own. Where the one turns into the other cannot be seen.
func (p piece) tainted() bool {
	for _, m := range endMark().FindAllStringSubmatch(p.body, -1) {
		if !sameID(p.id, m[1]) {
			return true
		}
	}
	_, _, other := readSupport(p.body, "")
	return other && p.id != ""
}

// others lists the ids of further reports in a text.
func others(all, read string, list []start) []string {
	ids := []string{}
	add := func(id string) {
		known := func(other string) bool { return sameID(id, other) }
		if id != "" && len(ids) < mostOthers && !known(read) && !slices.ContainsFunc(ids, known) {
			ids = append(ids, id)
		}
	}
	for _, s := range list {
		add(s.id)
	}
	for _, m := range endMark().FindAllStringSubmatch(all, -1) {
		add(m[1])
	}
	for _, line := range supportLines(all) {
		add(hyphened(line.run))
	}
	return ids
}

// mostOthers bounds what is listed beside the report that was read.
const mostOthers = 20
