package main

import (
	"bytes"
	"strconv"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/report"
	"mailmedic/report/messages"
)

// listing collects what client found, in lines that fold can break.
type listing struct {
	bytes.Buffer
	speak   *messages.Speaker
	verbose bool
}

// text is what client found as a person reads it.
func (d clientDocument) text(speak *messages.Speaker, verbose bool) string {
	l := &listing{speak: speak, verbose: verbose}
	accounts, differences := 0, 0
	for i, f := range d.Files {
		if i > 0 {
			l.WriteString("\n")
		}
		l.file(f)
		accounts += len(f.Accounts)
		for _, a := range f.Accounts {
			differences += len(a.Differences)
		}
	}
	l.WriteString("\n")
	l.line("", "%s in %s, %s. Nothing was changed, and no password was read.",
		say.Count(accounts, "%d account", "%d accounts"), say.Count(len(d.Files), "%d file", "%d files"),
		say.Count(differences, "%d difference", "%d differences"))
	if differences > 0 {
		l.line("", "What a code means:  mailmedic explain CODE")
	}
	return l.String()
}

// line writes a text. What goes into it was read from a file, so it is made visible.
func (l *listing) line(indent string, text say.Text, values ...any) {
	for i, v := range values {
		if read, ok := v.(string); ok {
			values[i] = visible(read)
		}
	}
	l.WriteString(indent + l.speak.Say(text, values...) + "\n")
}

// words writes what is in the reader's language already, or in none.
func (l *listing) words(indent, words string) { l.WriteString(indent + visible(words) + "\n") }

// The columns in which a text starts: behind a status word, and behind a code too.
const (
	behindWord = "        "
	behindCode = "               "
)

// status is a status word of the report at the margin, in a column that has room for each.
func (l *listing) status(word string) string {
	return "  " + padded(l.speak.Recorded(word), 4+l.wider()) + "  "
}

// wider is what the status words of a language take more than those of English.
func (l *listing) wider() int {
	most := 4
	for _, word := range []string{"OK", "NOTE", "WARN", "FAIL"} {
		most = max(most, report.Width(l.speak.Recorded(word)))
	}
	return most - 4
}

// behind is a column's indent in the reader's language.
func (l *listing) behind(column string) string { return column + strings.Repeat(" ", l.wider()) }

func (l *listing) file(f settingsFile) {
	l.words("", f.File)
	if f.Error != "" {
		l.words(l.status("FAIL"), f.Error)
	}
	if f.Error == "" && len(f.Accounts) == 0 {
		l.line("  ", "No IMAP or SMTP account stands in it.")
	}
	for _, a := range f.Accounts {
		l.account(a)
	}
}

func (l *listing) account(a setUp) {
	if name := l.speak.Say(checks.Named(a.Client)); a.Provider == "" {
		l.line("  ", "%s, no known provider: only what holds everywhere was compared", name)
	} else {
		l.line("  ", "%s, compared with %s (%s)", name, a.Title, a.Provider)
	}
	for _, d := range a.Differences {
		word := map[checks.Severity]string{checks.Fault: "FAIL", checks.Warning: "WARN", checks.Note: "NOTE"}[d.Severity]
		l.line(l.status(word)+string(d.Code)+"  ", "%s: found %s, wanted %s", d.Title, d.found, d.wanted)
		for _, more := range []string{d.Why, d.Where} {
			if more != "" {
				l.words(l.behind(behindCode), more)
			}
		}
	}
	switch {
	case len(a.Differences) > 0:
	case a.Receiving == nil && a.Sending == nil:
		l.line(l.behind(behindWord), "No server stands in it, so there is nothing to compare.")
	case a.Provider == "":
		l.line(l.status("OK"), "nothing against what holds everywhere")
	default:
		l.line(l.status("OK"), "nothing differs")
	}
	for _, m := range a.Missed {
		l.words(l.behind(behindWord), m)
	}
	if l.verbose {
		l.all(a)
	}
}

// all writes every setting that was read.
func (l *listing) all(a setUp) {
	rows, widest := a.rows(), 0
	for _, r := range rows {
		widest = max(widest, report.Width(l.speak.Say(r.name)))
	}
	for _, r := range rows {
		if said := l.speak.Say(r.value); said != "" {
			l.words(l.behind(behindWord)+padded(l.speak.Say(r.name), widest)+"  ", said)
		}
	}
}

// setting is what a mail program is set to, with an empty value where that was not read.
type setting struct{ name, value say.Text }

func (a setUp) rows() []setting {
	checking, connections := say.Text(""), say.Text("")
	switch m := a.CheckMinutes; {
	case m == nil:
	case *m == 0:
		checking = "not by itself"
	default:
		checking = say.Count(*m, "every %d minute", "every %d minutes")
	}
	if a.Connections > 0 {
		connections = say.Verbatim(strconv.Itoa(a.Connections))
	}
	return []setting{
		{"address", say.Verbatim(a.Address)},
		{"receiving", serverText(a.Receiving)},
		{"sending", serverText(a.Sending)},
		{"root folder path", pathText(a.RootPath)},
		{"Sent path", pathText(a.SentPath)},
		{"Drafts path", pathText(a.DraftsPath)},
		{"checks for mail", checking},
		{"asks the server for the root", seen(a.Asks)},
		{"synchronises all", seen(a.SyncsAll)},
		{"searches on server", seen(a.Searches)},
		{"connections", connections},
	}
}

// pathText tells an empty folder path from none.
func pathText(path *string) say.Text {
	switch {
	case path == nil:
		return ""
	case *path == "":
		return "(empty)"
	}
	return say.Verbatim(*path)
}

// seen says whether something was seen, or nothing where that is not known.
func seen(s evidence.Seen) say.Text {
	switch s {
	case evidence.Yes:
		return "yes"
	case evidence.No:
		return "no"
	}
	return ""
}

// serverText is one server in a line: "imap.example.net 993 SSL/TLS, login name alice".
func serverText(s *evidence.ClientServer) say.Text {
	if s == nil {
		return ""
	}
	words := []string{s.Host}
	if s.Port != 0 {
		words = append(words, strconv.Itoa(s.Port))
	}
	if s.Encryption != "" {
		words = append(words, s.Encryption.Shown())
	}
	text := say.Verbatim(strings.Join(words, " "))
	if s.IfOffered {
		text = say.With("%s if available", text)
	}
	and := func(more say.Text, values ...any) { text = say.With("%s, %s", text, say.With(more, values...)) }
	if s.Login != "" {
		and("login name %s", s.Login)
	}
	if s.Auth != "" {
		and("login method %s", string(s.Auth))
	}
	if s.Unverified {
		and("certificates not verified")
	}
	if s.Stored {
		and("password stored")
	}
	return text
}
