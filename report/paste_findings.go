package report

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/pages"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

var (
	ruleLine  = regexp.MustCompile(`(?s)-{1,3}\s*(MM[0-9]{3})\b\s*(.{0,200}?)\s*-+\s*(` + sureWords + `)\b`)
	chatLine  = regexp.MustCompile(`\b(MM[0-9]{3})\s+(` + sureWords + `):\s+([^\n]{0,300})`)
	noteLine  = regexp.MustCompile(`(?m)^\s*\p{Lu}{3,10}\s+(MM[0-9]{3})\s\s*(\S[^\n]{0,200})`)
	rowLine   = regexp.MustCompile(`(?m)^\s*(\p{Lu}{2,10})\s+([0-9]{2,5})\s+(\p{Ll}{4,12})\b([^\n]*)`)
	rowNo     = regexp.MustCompile(`\b(?:no|nei)\b`)
	portsSaid = regexp.MustCompile(`\bport(?:s|en|ene)?\s+([0-9]{1,5}(?:(?:,\s*|\s+and\s+|\s+og\s+)[0-9]{1,5})*)`)
	digitsOf  = regexp.MustCompile(`[0-9]+`)
)

// sureWords are the words of sureness in the languages of a report.
const sureWords = `certain|likely|possible|sikkert|sikker|sannsynlig|sannsynligvis|mulig`

// sureOf is the sureness that a word stands for.
func sureOf(word string) checks.Sure {
	switch {
	case word == "certain", strings.HasPrefix(word, "sikker"):
		return checks.Certain
	case word == "likely", strings.HasPrefix(word, "sannsynlig"):
		return checks.Likely
	}
	return checks.Possible
}

func seenOf(word string) evidence.Seen {
	switch word {
	case "yes":
		return evidence.Yes
	case "no":
		return evidence.No
	}
	return unknown
}

// readFindings finds the codes that the text names: at the head of a block, in a line of
// the short form, or in a note.
func (r *Report) readFindings(body string) {
	for _, m := range ruleLine.FindAllStringSubmatchIndex(body, 50) {
		title := body[m[4]:m[5]]
		if strings.TrimSpace(title) == "" { // on a narrow screen it stands on lines of its own
			title, _, _ = strings.Cut(strings.TrimLeft(body[m[1]:], "\n"), "\n\n")
		}
		r.add(body[m[2]:m[3]], title, sureOf(body[m[6]:m[7]]), checks.Fault)
	}
	for _, m := range chatLine.FindAllStringSubmatch(body, 50) {
		title, _, _ := strings.Cut(m[3], ". ")
		r.add(m[1], title, sureOf(m[2]), checks.Fault)
	}
	for _, m := range noteLine.FindAllStringSubmatch(body, 50) {
		r.add(m[1], m[2], "", checks.Note)
	}
}

// add adds a finding, unless it is there. The title on the page is the one to trust.
func (r *Report) add(code, title string, sure checks.Sure, severity checks.Severity) *Finding {
	for i := range r.Findings {
		if r.Findings[i].Code == checks.Code(code) {
			return &r.Findings[i]
		}
	}
	known, _ := pages.Find(code)
	f := Finding{
		Code: checks.Code(code), Slug: known.Slug, Title: known.Title, Severity: severity, Kind: severity, Confidence: sure, Root: true,
		Paths: []string{}, Evidence: []Fact{}, Examples: []string{}, Actions: []string{}, ByHand: []string{}, Params: map[string]string{}, Rivals: []checks.Code{},
	}
	if f.Title == "" {
		f.Title = Clean(strings.Join(strings.Fields(title), " "), 160)
	}
	r.Findings = append(r.Findings, f)
	return &r.Findings[len(r.Findings)-1]
}

// addQuoted adds the codes of the support line, with the paths that they stand against.
// In a report that is fine they are notes.
func (r *Report) addQuoted() {
	severity := checks.Fault
	if r.Verdict.Status == OK {
		severity = checks.Note
	}
	for _, w := range r.pasted.words {
		if w.code() == "" {
			continue
		}
		f := r.add(string(w.code()), "", "", severity)
		if protocol, port, ok := w.path(); ok {
			f.Paths = append(f.Paths, string(protocol)+"-"+port)
		}
	}
}

// rows reads the table of ports, which is all there is of a report that was cut off before
// its support line.
func rows(body string) []supportWord {
	var words []supportWord
	for _, m := range rowLine.FindAllStringSubmatch(body, 50) {
		port, _ := strconv.Atoi(m[2])
		word := supportWord{letter(Path{Protocol: protocolOf(m[3], port)}) + m[2], "?"}
		switch {
		case m[1] == "OK":
			word.state = "+"
		case rowNo.MatchString(m[4]):
			word.state = "-"
		}
		if port > 0 && port < 1<<16 {
			words = append(words, word)
		}
	}
	return words
}

// suspect names the one cause that the ports alone point at, where the text ends before it
// names any: ports for sending that networks block do not work while another one does. It
// is what MM303 means, and no more than possible.
func (r *Report) suspect(body string) {
	dead := portsNamed(r.Verdict.Headline)
	works := r.Verdict.Status == Warning && len(dead) > 0
	for _, w := range r.pasted.words {
		protocol, port, ok := w.path()
		switch {
		case !ok || protocol != profile.SMTP:
		case w.state == "+":
			works = true
		case w.state == "-" && !slices.Contains(dead, number(port)):
			dead = append(dead, number(port))
		}
	}
	blockable := func(port int) bool { return port != 587 && forSending(port) }
	if len(dead) == 0 || !works || slices.ContainsFunc(dead, func(port int) bool { return !blockable(port) }) {
		return
	}
	f := r.add("MM303", "", checks.Possible, checks.Fault)
	for _, port := range dead {
		f.Paths = append(f.Paths, fmt.Sprintf("smtp-%d", port))
		about := fmt.Sprintf("s%d", port)
		if !slices.ContainsFunc(r.pasted.words, func(w supportWord) bool { return w.about == about }) {
			r.pasted.words = append(r.pasted.words, supportWord{about, "-"})
		}
	}
	f.Params["guessed"] = "ports"
}

// portsNamed lists the ports that the sentence of a verdict names.
func portsNamed(sentence string) []int {
	var ports []int
	for _, m := range portsSaid.FindAllStringSubmatch(sentence, 5) {
		for _, digits := range digitsOf.FindAllString(m[1], 20) {
			ports = append(ports, number(digits))
		}
	}
	return ports
}
