package report

import (
	"fmt"
	"io"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/report/messages"
)

// ComparisonText writes a comparison for a person: the outcome, what changed, and nothing
// of what did not but its number.
func ComparisonText(w io.Writer, c Comparison, speak *messages.Speaker, o TextOptions) error {
	t := briefText{newPrinter(o, speak)}
	t.outcome(c)
	label := 0
	for _, change := range c.Changes {
		label = max(label, Width(t.label(change)))
	}
	label = min(label, 22)
	for _, change := range c.Changes {
		lead := "  " + left(t.label(change), label) + "  "
		text := t.value(change.Before) + " -> " + t.value(change.After)
		switch {
		case change.What == WhatCode && change.After == "":
			text = t.say("gone: %s", t.clean(change.Before, 160))
		case change.What == WhatPath && change.After == "":
			text = t.say("in the first report only: %s", t.value(change.Before))
		case change.What == WhatPath && change.Before == "":
			text = t.say("in the second report only: %s", t.value(change.After))
		case change.What == WhatCode:
			text = t.say("new: %s", t.clean(change.After, 160))
		}
		t.hanging(lead, blanks(min(Width(lead), margin)), text, t.turned(change.Turn))
	}
	t.unchanged(c.Unchanged)
	t.fault(c.Fault)
	if _, err := io.WriteString(w, t.b.String()); err != nil {
		return fmt.Errorf("write the comparison of two reports: %w", err)
	}
	return nil
}

// outcome says the result in one word, and of which reports.
func (t briefText) outcome(c Comparison) {
	word := map[Outcome]say.Text{Better: "Better.", Worse: "Worse.", Unchanged: "Same.", Changed: "Changed."}[c.Outcome]
	layout := "15:04"
	if c.Before.At != nil && c.After.At != nil && c.Before.At.Format("2 Jan 2006") != c.After.At.Format("2 Jan 2006") {
		layout = "2 Jan 2006 15:04"
	}
	name := func(m Made) string {
		id := t.clean(m.Report, 40)
		if id == "" {
			id = "?"
		}
		if m.Simulated {
			id = "SIMULATED (" + t.clean(m.Scenario, 60) + ") " + id
		}
		if m.At == nil {
			return id
		}
		return id + " (" + m.At.Format(layout) + ")"
	}
	paint := map[Outcome]func(string) string{Better: t.p.good, Worse: t.p.bad, Unchanged: t.p.head, Changed: t.p.warn}[c.Outcome]
	t.hanging("", blanks(margin), t.say(word)+"  "+name(c.Before)+" -> "+name(c.After), paint)
}

func (t briefText) turned(turn Turn) func(string) string {
	switch turn {
	case ForBetter:
		return t.p.good
	case ForWorse:
		return t.p.bad
	}
	return plain
}

// label names the fact of a change.
func (t briefText) label(c Change) string {
	switch c.What {
	case WhatPath, WhatCode:
		return t.clean(c.Of, 40)
	case WhatStep:
		return t.clean(c.Of+" "+c.Step, 40)
	case WhatDirection:
		if c.Of == "smtp" {
			return t.say("sending")
		}
		return t.say("receiving")
	case WhatLogin, WhatFolders, WhatCertificate, WhatServer:
		return t.clean(t.say(labels(c.What))+" "+c.Of, 40)
	case WhatAddresses:
		return t.clean(c.Of, 60)
	}
	return t.say(labels(c.What))
}

// labels names the kinds of facts.
func labels(w What) say.Text {
	return map[What]say.Text{
		WhatVerdict: "verdict", WhatLogin: "login", WhatFolders: "folders", WhatCertificate: "certificate", WhatAccount: "account",
		WhatProvider: "provider", WhatServer: "server", WhatResolver: "name server", WhatNetwork: "network", WhatSystem: "system", WhatVersion: "mailmedic",
	}[w]
}

// values are the words of a comparison as people read them; all others are names, numbers
// and addresses.
func values(word string) say.Text {
	return map[string]say.Text{
		fareWorks: "works", fareFails: "fails", fareUntold: "not tested", "yes": "yes", "no": "no", "unknown": "not known",
		stepOK: "ok", stepWarning: "warning", stepProblem: "problem", stepSkipped: "not tried", stepNone: "does not apply",
		"accepted": "accepted", "rejected": "rejected", "temporary": "refused for now", "broken": "no answer",
	}[word]
}

func (t briefText) value(word string) string {
	if text := values(word); text != "" {
		return t.say(text)
	}
	return t.clean(word, 200)
}

func (t briefText) unchanged(s Same) {
	var list []string
	if n := len(s.Paths); n > 0 {
		list = append(list, t.speak.Count(n, "%d port", "%d ports"))
	}
	for _, code := range s.Codes {
		list = append(list, t.clean(string(code), 12))
	}
	if n := len(s.Notes); n > 0 {
		list = append(list, t.speak.Count(n, "%d note", "%d notes"))
	}
	if len(list) > 0 {
		t.hanging("  ", "    ", t.say("unchanged: %s", strings.Join(list, ", ")), plain)
	}
}

// fault says whose side it is on, how sure that is, and why.
func (t briefText) fault(b Blame) {
	if b.Side == SideNone && b.Where == "" {
		return
	}
	text := t.say(b.because)
	if where := faults(b.Where, b.Side); where != "" {
		text = t.say(where) + " " + text
	}
	label := map[checks.Sure]say.Text{checks.Likely: "Likely: %s", checks.Possible: "Possible: %s", checks.Certain: "Certain: %s"}[b.Confidence]
	if label != "" {
		text = t.say(label, text)
	}
	t.line("")
	t.hanging("", "", text, t.p.head)
}

// faults says where a fault is.
func faults(where Place, side Side) say.Text {
	return map[Place]map[Side]say.Text{
		PlaceNetwork: {
			SideBefore: "The fault is in the network of the first report.",
			SideAfter:  "The fault is in the network of the second report.",
			SideBoth:   "The fault is in both networks.",
		},
		PlaceNames: {
			SideBefore: "The fault is in the name server of the first report.",
			SideAfter:  "The fault is in the name server of the second report.",
		},
		PlaceComputer: {
			SideBefore: "The fault is on the computer of the first report.",
			SideAfter:  "The fault is on the computer of the second report.",
			SideBoth:   "The fault is on both computers, or in both networks.",
		},
		PlaceInput: {
			SideBefore: "The fault is in the login name or password of the first report.",
			SideAfter:  "The fault is in the login name or password of the second report.",
		},
		PlaceAccount: {
			SideBefore: "The fault is in the account of the first report.",
			SideAfter:  "The fault is in the account of the second report.",
			SideBoth:   "The fault is in the account, or in what both typed.",
		},
		PlaceProvider: {
			SideBoth: "The fault is on the provider's side.",
		},
	}[where][side]
}
