package main

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"mailmedic/report"
)

// saved is a report that somebody kept or sent, and how much of it is there.
type saved struct {
	report *report.Report
	part   report.Part
	fault  error // what is wrong with a document that ends early, nil for any other
}

// saved reads a report from a file, or from standard input for "-". On a terminal, where
// a paste is awaited, it says so.
func (p *program) saved(ctx context.Context, name string) (saved, error) {
	if name == "-" && p.io.terminal(p.io.in) {
		p.io.tell(p.speak.Say("Paste the report. Then press Ctrl-D, or on Windows Ctrl-Z and Enter."))
	}
	document, err := wait(ctx, func() ([]byte, error) { return p.load(name) })
	if ctx.Err() != nil {
		return saved{}, stopped()
	}
	if err != nil {
		return saved{}, err
	}
	s, err := readSaved(document)
	if err != nil {
		return saved{}, unreadReport(name, err)
	}
	if s.fault != nil {
		s.fault = unreadReport(name, s.fault)
	}
	return s, nil
}

// leftAside names the reports that came together with the one that is used.
func (p *program) leftAside(name string, s saved) {
	if len(s.part.Others) > 0 {
		p.io.tell(p.speak.Say("%s holds further reports, which are left aside: %s.", visible(name), visible(strings.Join(s.part.Others, ", "))))
	}
}

func unreadReport(name string, err error) error {
	return fail(exitData, reportHint, "%s cannot be read: %s", visible(name), visible(err.Error()))
}

// deepest is how far mails are opened that lie in others, as those that were forwarded do.
const deepest = 3

// mostArchives is how many archives of one mail are opened. Each may hold far more than the
// mail, and people attach one. mostDocuments is how many JSON documents are read of what was
// sent, because a small archive may hold many that are large, and mostText is how many bytes
// of texts are looked through in all.
const (
	mostArchives  = 3
	mostDocuments = 10
	mostText      = 4 * report.LargestPaste
)

// readSaved finds out what somebody sent, and reads it.
func readSaved(data []byte) (saved, error) {
	l := &reading{archives: mostArchives, documents: mostDocuments, text: mostText}
	return l.one(data, 0, false)
}

// reading is what is left of the limits on what somebody sent.
type reading struct{ archives, documents, text int }

// one reads one file. packed tells that it lies in an archive: those in archives grow too
// fast.
func (l *reading) one(data []byte, depth int, packed bool) (saved, error) {
	switch {
	case report.IsArchive(data) && packed:
		return saved{}, &report.Misread{Place: "the archive", What: "an archive in an archive"}
	case report.IsArchive(data):
		if l.archives--; l.archives < 0 {
			return saved{}, &report.Misread{Place: "the mail", What: "too many archives"}
		}
		files, err := report.Unpack(data)
		if err != nil {
			return saved{}, err
		}
		return l.best(files, depth, true)
	case isMail(data) && depth < deepest:
		if parts := mailParts(data); len(parts) > 0 {
			if s, err := l.best(parts, depth, packed); err == nil {
				return s, nil
			}
		}
	}
	data = report.Plain(data)
	if start := bytes.TrimSpace(data); len(start) == 0 || start[0] == '{' {
		return l.document(data)
	}
	found, _ := l.letter(data)
	if found.part.Whole {
		return found, nil
	}
	if len(data) > report.LargestPaste || bytes.IndexByte(data, 0) >= 0 {
		return saved{}, &report.Misread{Place: "the text", What: "longer than any report, or no text"} // a picture, and not counted
	}
	if l.text -= len(data); l.text < 0 {
		return saved{}, &report.Misread{Place: "what was sent", What: "longer texts than any reports"}
	}
	r, part, err := report.Paste(data)
	if err == nil {
		found = found.or(saved{report: r, part: part})
	}
	if found.report != nil {
		return found, nil
	}
	return saved{}, err
}

// document reads the JSON document, or one with something behind it, or what is there of one
// that ends early.
func (l *reading) document(data []byte) (saved, error) {
	if l.documents--; l.documents < 0 {
		return saved{}, &report.Misread{Place: "what was sent", What: "too many documents"}
	}
	part := report.Part{Kind: report.Document, Whole: true, Passwords: report.DocumentPasswords(data)}
	r, err := report.Read(data)
	if err == nil {
		return saved{report: r, part: part}, nil
	}
	if s, found := l.letter(data); found {
		return s, nil
	}
	if r, ok := report.ReadStart(data); ok {
		part.Whole, part.Missing = false, report.End
		return saved{report: r, part: part, fault: err}, nil
	}
	return saved{}, err
}

// letter reads the documents that somebody pasted into a letter, and gives the first. Of the
// others it keeps the ids.
func (l *reading) letter(data []byte) (saved, bool) {
	documents, rest := report.Embedded(data)
	var found saved
	for _, document := range documents {
		if bytes.Equal(document, data) {
			return saved{}, false // it is no letter, and was read
		}
		s, err := l.document(document)
		if err != nil {
			continue
		}
		found = found.or(s)
	}
	if found.report == nil {
		return saved{}, false
	}
	all := append(report.PasswordLines(rest), report.DocumentPasswords(data)...)
	found.part.Passwords = slices.Compact(slices.Sorted(slices.Values(all)))
	return found, true
}

// best reads the files that came together and gives the one that says most. Names are not
// looked at: whoever packs or forwards a report may change them. A password counts wherever
// it stands.
func (l *reading) best(files []report.File, depth int, packed bool) (saved, error) {
	var found saved
	failed := error(&report.Misread{Place: "the archive", What: "nothing in it is of mailmedic"})
	var passwords []int
	for _, f := range files {
		s, err := l.one(f.Text, depth+1, packed)
		if err != nil {
			if len(files) == 1 {
				failed = err // and says more
			}
			if l.text > 0 {
				passwords = append(passwords, report.PasswordLines(f.Text)...)
			}
			continue
		}
		passwords = append(passwords, s.part.Passwords...)
		found = found.or(s)
	}
	if found.report == nil {
		return saved{}, failed
	}
	found.part.Passwords = passwords
	return found, nil
}

// or is the one of two that says more, with the ids of all reports that it leaves aside.
func (s saved) or(other saved) saved {
	if s.report == nil {
		return other
	}
	kept, aside := s, other
	if worth(other) > worth(s) {
		kept, aside = other, s
	}
	ids := append([]string{aside.report.Run.ID}, aside.part.Others...)
	for _, id := range append(slices.Clone(kept.part.Others), ids...) {
		kept.part.Others = slices.DeleteFunc(slices.Clone(kept.part.Others), func(known string) bool { return sameID(known, id) })
		if id != "" && !sameID(id, kept.report.Run.ID) {
			kept.part.Others = append(kept.part.Others, id)
		}
	}
	return kept
}

// sameID tells whether two ids are of one run: a support line leaves the hyphens out.
func sameID(a, b string) bool {
	return strings.EqualFold(strings.ReplaceAll(a, "-", ""), strings.ReplaceAll(b, "-", ""))
}

// worth puts kinds of reports in order: whole before cut off, then by what they hold.
func worth(s saved) int {
	rank := map[report.Kind]int{report.Document: 5, report.Marked: 4, report.Screen: 3, report.Chat: 2, report.Line: 1}[s.part.Kind]
	if s.part.Whole {
		rank += 10
	}
	return rank
}
