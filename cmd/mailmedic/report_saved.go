package main

import (
	"bytes"
	"context"

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

func unreadReport(name string, err error) error {
	return fail(exitData, reportHint, "%s cannot be read: %s", visible(name), visible(err.Error()))
}

// deepest is how far mails are opened that lie in others, as those that were forwarded do.
const deepest = 3

// mostArchives is how many archives of one mail are opened. Each may hold far more than the
// mail, and people attach one.
const mostArchives = 3

// readSaved finds out what somebody sent, and reads it.
func readSaved(data []byte) (saved, error) {
	archives := mostArchives
	return reading{&archives}.one(data, 0)
}

// reading is what is left of the limits on what somebody sent.
type reading struct{ archives *int }

func (l reading) one(data []byte, depth int) (saved, error) {
	switch {
	case report.IsArchive(data):
		if *l.archives--; *l.archives < 0 {
			return saved{}, &report.Misread{Place: "the mail", What: "too many archives"}
		}
		files, err := report.Unpack(data)
		if err != nil {
			return saved{}, err
		}
		return l.best(files, deepest) // archives in archives grow too fast
	case isMail(data) && depth < deepest:
		if parts := mailParts(data); len(parts) > 0 {
			if s, err := l.best(parts, depth); err == nil {
				return s, nil
			}
		}
	}
	data = report.Plain(data)
	if start := bytes.TrimSpace(data); len(start) == 0 || start[0] == '{' {
		return readDocument(data)
	}
	r, part, err := report.Paste(data)
	return saved{report: r, part: part}, err
}

// readDocument reads the JSON document, or what is there of one that ends early.
func readDocument(data []byte) (saved, error) {
	part := report.Part{Kind: report.Document, Whole: true, Passwords: report.DocumentPasswords(data)}
	r, err := report.Read(data)
	if err == nil {
		return saved{report: r, part: part}, nil
	}
	if r, ok := report.ReadStart(data); ok {
		part.Whole, part.Missing = false, report.End
		return saved{report: r, part: part, fault: err}, nil
	}
	return saved{}, err
}

// best reads the files that came together and gives the one that says most. Names are not
// looked at: whoever packs or forwards a report may change them. A password counts wherever
// it stands.
func (l reading) best(files []report.File, depth int) (saved, error) {
	var found saved
	failed := error(&report.Misread{Place: "the archive", What: "nothing in it is of mailmedic"})
	var passwords []int
	for _, f := range files {
		if depth >= deepest && report.IsArchive(f.Text) {
			continue
		}
		s, err := l.one(f.Text, depth+1)
		if err != nil {
			if len(files) == 1 {
				failed = err // and says more
			}
			passwords = append(passwords, report.PasswordLines(f.Text)...)
			continue
		}
		passwords = append(passwords, s.part.Passwords...)
		if found.report == nil || worth(s) > worth(found) {
			found = s
		}
	}
	if found.report == nil {
		return saved{}, failed
	}
	found.part.Passwords = passwords
	return found, nil
}

// worth puts kinds of reports in order: whole before cut off, then by what they hold.
func worth(s saved) int {
	rank := map[report.Kind]int{report.Document: 5, report.Marked: 4, report.Screen: 3, report.Chat: 2, report.Line: 1}[s.part.Kind]
	if s.part.Whole {
		rank += 10
	}
	return rank
}
