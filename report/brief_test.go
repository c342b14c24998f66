package report

import (
	"reflect"
	"strings"
	"testing"

	"mailmedic/checks/pages"
)

func briefOf(t *testing.T, b Brief, width int) string {
	t.Helper()
	var out strings.Builder
	if err := BriefText(&out, b, nil, TextOptions{Width: width}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestBriefGolden keeps what an agent reads, of a document, a cut text and a support line.
func TestBriefGolden(t *testing.T) {
	r := blockedReport()
	whole := marked(t, r, 80)
	cut, cutPart := paste(t, quote(strings.Join(strings.SplitAfter(whole, "\n")[:12], ""), "> "))
	line, linePart := paste(t, Support(r))
	quoted, quotedPart := paste(t, smart(quote(reflow(whole, 60), "> ")))
	document := Part{Kind: Document, Whole: true}
	for name, b := range map[string]Brief{
		"document": NewBrief(r, document, nil, "1.1.0"),
		"healthy":  NewBrief(situations()["healthy"], document, nil, "1.0.0"),
		"offline":  NewBrief(situations()["offline"], document, nil, "1.0.0"),
		"quoted":   NewBrief(quoted, quotedPart, nil, "1.0.0"),
		"cut":      NewBrief(cut, cutPart, nil, "1.0.0"),
		"line":     NewBrief(line, linePart, nil, "1.0.0"),
	} {
		t.Run(name, func(t *testing.T) { golden(t, "brief-"+name, briefOf(t, b, 80)) })
		t.Run(name+".40", func(t *testing.T) { golden(t, "brief-"+name+".40", briefOf(t, b, 40)) })
	}
}

// TestBriefPassword says that a password may be there, and never what it is.
func TestBriefPassword(t *testing.T) {
	r, part := paste(t, "my password is: Canary-7xQ\n\n"+marked(t, blockedReport(), 80))
	b := NewBrief(r, part, nil, "1.0.0")
	said := briefOf(t, b, 80)
	if !strings.Contains(said, "Password inside: perhaps, in 1 line (number 1).") || strings.Contains(said, "Password inside: no") {
		t.Errorf("got\n%s\nwant a warning of line 1", said)
	}
	if strings.Contains(said, "Canary") {
		t.Errorf("the password is repeated:\n%s", said)
	}
}

// TestBriefNotes names the notes of a text, and those of a support line that stand against a
// port. Of a document it leaves out those that the report does not show either.
func TestBriefNotes(t *testing.T) {
	for text, want := range map[string]string{
		"MM1 K7Q294M OK i993+ s587+ s25/303": "Note      MM303  An SMTP port is blocked",
		"mailmedic check 1.0.0 report K7Q-294-M\n\n  OK    Mail works.\n\n  NOTE    MM805  This server keeps no drafts\n\nMM1 K7Q294M OK i993+": "Notes     MM805\n",
	} {
		r, part := paste(t, text)
		if said := briefOf(t, NewBrief(r, part, nil, "1.0.0"), 80); !strings.Contains(said, want) {
			t.Errorf("%q: got\n%s\nwant %q", text, said, want)
		}
	}
}

// TestBriefHostile shows what a paste made visible.
func TestBriefHostile(t *testing.T) {
	r, part := paste(t, "mailmedic check 1.0.0 report K7Q-294-M\n\u001b[31mjoe@example.net at \u202eMail\n\n  WARN    You \u001b]0;x\u0007can\n\n-- MM999 \u001b[1mx ----- likely\n")
	said := briefOf(t, NewBrief(r, part, nil, "1.0.0"), 80)
	if strings.ContainsAny(said, "\u001b\u0007\u202e") {
		t.Errorf("a control character came through: %q", said)
	}
	if !strings.Contains(said, "does not know the code") {
		t.Errorf("MM999 is taken for known:\n%s", said)
	}
}

// TestHelpdeskOfEveryPage: each page gives an agent something to ask and to reply.
func TestHelpdeskOfEveryPage(t *testing.T) {
	all, err := pages.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		ask, reply := helpdesk(p)
		if len(ask) < 5 || len(reply) < 40 || strings.HasPrefix(ask, "Ask") || strings.ContainsAny(reply, "\"`") || !strings.ContainsAny(reply[len(reply)-1:], ".?!") {
			t.Errorf("%s: ask %q, reply %q", p.Code, ask, reply)
		}
	}
}

// TestBriefShowsWhatADocumentHides puts control characters into every word of a brief, as a
// document that somebody made up may have them, and of a comparison.
func TestBriefShowsWhatADocumentHides(t *testing.T) {
	for name, r := range situations() {
		b := NewBrief(r, Part{Kind: Document, Whole: true}, nil, "1.0.0")
		spoil(reflect.ValueOf(&b).Elem())
		b.Status = r.Verdict.Status
		spoilt := *r
		spoil(reflect.ValueOf(&spoilt).Elem())
		spoilt.Verdict.Status = r.Verdict.Status
		var compared strings.Builder
		if err := ComparisonText(&compared, Compare(blockedReport(), &spoilt), nil, TextOptions{Width: 80}); err != nil {
			t.Fatal(err)
		}
		for _, said := range []string{briefOf(t, b, 80), briefOf(t, NewBrief(&spoilt, b.Part, nil, "1.0.0"), 80), compared.String()} {
			if strings.ContainsAny(said, "\u001b\u0007\u202e") {
				t.Errorf("%s: a control character came through: %q", name, said)
			}
		}
	}
}
