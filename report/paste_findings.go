package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/pages"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

var (
	chatLine = pattern(`\b(MM[0-9]{3})\s+(certain|likely|possible):\s+([^\n]{0,300})`)
	noteLine = pattern(`(?m)^\s*\p{Lu}{3,10}\s+(MM[0-9]{3})\s\s*(\S[^\n]{0,200})`)
	digitsOf = pattern(`[0-9]+`)
)

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
func (r *Report) readFindings(k *tongue, body string) {
	for _, m := range k.rule.FindAllStringSubmatchIndex(body, 50) {
		title := body[m[4]:m[5]]
		if strings.TrimSpace(title) == "" { // on a narrow screen it stands on lines of its own
			title, _, _ = strings.Cut(strings.TrimLeft(body[m[1]:], "\n"), "\n\n")
		}
		r.add(body[m[2]:m[3]], title, checks.Sure(k.means[body[m[6]:m[7]]]), checks.Fault)
	}
	for _, m := range chatLine().FindAllStringSubmatch(body, 50) {
		title, _, _ := strings.Cut(m[3], ". ")
		r.add(m[1], title, checks.Sure(m[2]), checks.Fault)
	}
	for _, m := range k.card.FindAllStringSubmatch(body, 50) {
		r.add(m[1], m[2], checks.Sure(k.means[m[3]]), checks.Fault)
	}
	for _, m := range k.finding.FindAllStringSubmatch(body, 50) {
		r.add(unspelled(m[1]), m[2], checks.Sure(k.means[m[3]]), checks.Fault)
	}
	for _, m := range k.note.FindAllStringSubmatch(body, 50) {
		r.add(unspelled(m[1]), m[2], "", checks.Note)
	}
	for _, m := range noteLine().FindAllStringSubmatch(body, 50) {
		r.add(m[1], m[2], "", checks.Note)
	}
}

// onlyQuoted drops the codes that the support line does not have. Without the beginning of a
// report they may stand in the letter above it.
func (r *Report) onlyQuoted(line supportLine) {
	quoted := func(code checks.Code) bool {
		return slices.ContainsFunc(line.words, func(w supportWord) bool { return w.code() == code })
	}
	r.Findings = slices.DeleteFunc(r.Findings, func(f Finding) bool { return f.Severity != checks.Note && !quoted(f.Code) })
}

// lacksOneOf tells whether the support line has a code of which the text says nothing else. A
// whole report says something of each.
func (r *Report) lacksOneOf(line supportLine) bool {
	said := func(code checks.Code) bool {
		return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Code == code })
	}
	return slices.ContainsFunc(line.words, func(w supportWord) bool { return w.code() != "" && !said(w.code()) })
}

// unspelled writes a code that was spelled for a screen reader.
func unspelled(code string) string { return strings.Join(strings.Fields(code), "") }

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
// its support line, and tells which ports for sending were reached.
func (k *tongue) rows(body string) (words []supportWord, reached []int) {
	for _, m := range k.row.FindAllStringSubmatch(body, 50) {
		port, _ := strconv.Atoi(m[2])
		if port == 0 || port >= 1<<16 {
			continue
		}
		protocol, cells := k.protocolOf(m[3], port), k.cells(m[4])
		if protocol == profile.SMTP && (m[1] == "OK" || cells.reached()) {
			reached = append(reached, port)
		}
		words = append(words, supportWord{letter(Path{Protocol: protocol}) + m[2], cells.state(m[1])})
	}
	return words, reached
}

// cells are the words of a row for the steps, empty where it does not say them.
type cells [4]string

// The columns that every table has, in their order.
const (
	stepFind = iota
	stepReach
	stepSecure
	stepLogin
)

// cells reads the columns of a row, or on a narrow screen the steps that it says "no" of.
func (k *tongue) cells(row string) cells {
	var c cells
	for i, failed := range k.failed {
		if failed.MatchString(row) {
			c[i] = "no"
		}
	}
	if slices.Contains(c[:], "no") {
		return c
	}
	n := 0
	for word := range strings.FieldsSeq(row) {
		said := word
		if word != "-" {
			said = k.means[word]
		}
		if n == len(c) {
			break
		}
		if said == "ok" || said == "no" || said == "-" {
			c[n] = said
			n++
		}
	}
	return c
}

// reached tells whether the row says that there was a connection.
func (c cells) reached() bool {
	return c[stepReach] == "ok" || c[stepReach] == "" && (c[stepSecure] == "no" || c[stepLogin] == "no")
}

// state is what a support line says of the path: whether its connection works. A login that
// fails is no fault of the path.
func (c cells) state(status string) string {
	switch {
	case c[stepFind] == "no" || c[stepReach] == "no" || c[stepSecure] == "no":
		return "-"
	case status == "OK" || c[stepLogin] == "no":
		return "+"
	}
	return "?"
}

// suspect names the one cause that the ports alone point at, where the text ends before it
// names any: ports for sending that networks block do not work while another one does. It
// is what MM303 means, and no more than possible. A port that was reached is not blocked.
func (r *Report) suspect(k *tongue, reached []int) {
	dead := k.portsNamed(r.Verdict.Headline)
	if slices.ContainsFunc(dead, func(port int) bool { return slices.Contains(reached, port) }) {
		return
	}
	works := r.Verdict.Status == Warning && len(dead) > 0
	for _, w := range r.pasted.words {
		protocol, port, ok := w.path()
		switch {
		case !ok || protocol != profile.SMTP:
		case w.state == "+":
			works = true
		case w.state == "-" && slices.Contains(reached, number(port)):
			return
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
func (k *tongue) portsNamed(sentence string) []int {
	var ports []int
	for _, said := range k.ports.FindAllString(sentence, 5) {
		for _, digits := range digitsOf().FindAllString(said, 20) {
			ports = append(ports, number(digits))
		}
	}
	return ports
}
