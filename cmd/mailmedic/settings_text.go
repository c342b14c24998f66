package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/profile"
	"mailmedic/report"
	"mailmedic/report/messages"
)

// purpose says a role in words.
func purpose(r profile.Role) say.Text {
	switch r {
	case profile.Recommended:
		return "use this one"
	case profile.Alternate:
		return "if that fails"
	case profile.Optional:
		return "often blocked"
	case profile.Trial:
		return "for testing"
	}
	return say.Verbatim(string(r))
}

// sheet collects the text of the settings and numbers the sources as they come up.
type sheet struct {
	bytes.Buffer
	speak   *messages.Speaker
	width   int
	sources []string
}

// say says a text in the reader's language.
func (t *sheet) say(text say.Text, values ...any) string { return t.speak.Say(text, values...) }

// line writes a text on a line of its own.
func (t *sheet) line(text say.Text, values ...any) { t.WriteString(t.say(text, values...) + "\n") }

// note is the mark of a source and the years it holds for: "[1] since 2015".
func (t *sheet) note(o origin) string {
	years := t.say(inWords(o.Years))
	if o.Source == "" {
		return years
	}
	if !slices.Contains(t.sources, o.Source) {
		t.sources = append(t.sources, o.Source)
	}
	mark := fmt.Sprintf("[%d]", slices.Index(t.sources, o.Source)+1)
	return strings.TrimSpace(mark + " " + years)
}

// inWords reads a profile's years: "-2015", "2015-" or "2000-2011".
func inWords(years string) say.Text {
	from, to, found := strings.Cut(years, "-")
	switch {
	case found && from == "" && to != "":
		return say.With("until %s", to)
	case found && to == "" && from != "":
		return say.With("since %s", from)
	}
	return say.Verbatim(years)
}

// besideCode is the column in which the text behind a code starts.
const besideCode = 9

// The names of the settings, which most mail apps know by others.
const (
	nameLogin  say.Text = "Login name"
	nameRoot   say.Text = "Root folder path"
	nameSent   say.Text = "Sent"
	nameDrafts say.Text = "Drafts"
	nameCheck  say.Text = "Check for mail"
)

// besideNames is the column in which the text behind those names starts.
func (t *sheet) besideNames() int {
	widest := 0
	for _, name := range []say.Text{nameLogin, nameRoot, nameSent, nameDrafts, nameCheck} {
		widest = max(widest, report.Width(t.say(name)))
	}
	return widest + 4
}

// row writes a name and what belongs to it.
func (t *sheet) row(column int, name, text string) {
	fmt.Fprintf(t, "  %s  %s\n", padded(name, column-4), text)
}

// text is the settings as a person reads them, in lines that fold can break.
func (a advised) text(speak *messages.Speaker, width int) string {
	t := &sheet{speak: speak, width: width}
	t.line("Settings for %s", a.who())
	if a.Successor != "" {
		t.line(newerSettings, fmt.Sprintf("mailmedic settings %s--provider %s", forAddress(a.Address), a.Successor))
	}
	if a.Guessed {
		t.line(guessedSettings)
	}
	t.servers("Receiving mail (IMAP)", a.Receiving)
	t.servers("Sending mail (SMTP), with the same login name and password", a.Sending)
	t.heading("In your mail app")
	beside := t.besideNames()
	for _, l := range a.Login {
		t.row(beside, t.say(nameLogin), t.say(loginText(l, a.Address))+" "+t.note(l.origin))
	}
	t.folder(beside, nameRoot, a.RootPath)
	t.folder(beside, nameSent, a.SentPath)
	t.folder(beside, nameDrafts, a.Drafts)
	if n := a.Checking.MinMinutes; n > 0 {
		often := speak.Count(n, "less often than every %d minute", "less often than every %d minutes")
		t.row(beside, t.say(nameCheck), often+" "+t.note(a.Checking.origin))
	}
	if len(a.Consider) > 0 {
		t.heading(goodToKnow)
		for _, c := range a.Consider {
			t.row(besideCode, c.Code, speak.Recorded(c.Title)+". "+t.note(c.origin))
		}
		t.WriteString("  " + t.say("More:  mailmedic explain CODE") + "\n")
	}
	if len(t.sources) > 0 {
		t.heading("Where this was read")
		for i, source := range t.sources {
			t.row(besideCode, fmt.Sprintf("[%d]", i+1), source)
		}
	}
	return t.String()
}

// What the settings for every app and those for one say alike.
const (
	newerSettings   say.Text = "There are newer ones:  %s"
	guessedSettings say.Text = "They hold if your domain's mail is kept there. Another one:  --provider NAME"
	goodToKnow      say.Text = "Good to know"
)

// heading begins a part of the sheet.
func (t *sheet) heading(title say.Text) { t.WriteString("\n" + t.say(title) + "\n") }

// who names the account that the settings are for.
func (a advised) who() say.Text {
	if a.Address != "" {
		return say.With("%s at %s", a.Address, a.Title)
	}
	return say.Verbatim(a.Title)
}

// forAddress is an address as an argument of a command that can be typed, or nothing.
func forAddress(address string) string {
	if address == "" || strings.ContainsFunc(address, func(r rune) bool { return !strings.ContainsRune(plainly, r) }) {
		return ""
	}
	return address + " "
}

// plainly are the characters that no shell gives a meaning to.
const plainly = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@.+-_%"

// servers writes one line for each way to a server, or two where one is too long.
func (t *sheet) servers(title say.Text, list []server) {
	if len(list) == 0 {
		return
	}
	t.heading(title)
	host, note, why := 0, 0, t.widestPurpose()
	for _, s := range list {
		host, note = max(host, report.Width(s.Host)), max(note, report.Width(t.note(s.origin)))
	}
	for _, s := range list {
		way := fmt.Sprintf("  %-*s %5d  %-9s", host, s.Host, s.Port, s.Shown)
		if report.Width(way)+len("  ")+why+len("  ")+note > t.width {
			fmt.Fprintf(t, "  %s %d %s\n      %s %s\n", s.Host, s.Port, s.Shown, t.say(purpose(s.Role)), t.note(s.origin))
			continue
		}
		fmt.Fprintf(t, "%s  %s  %s\n", way, padded(t.say(purpose(s.Role)), why), t.note(s.origin))
	}
}

// widestPurpose is the width of the column in which the purposes stand.
func (t *sheet) widestPurpose() int {
	widest := 0
	for _, r := range []profile.Role{profile.Recommended, profile.Alternate, profile.Optional, profile.Trial} {
		widest = max(widest, report.Width(t.say(purpose(r))))
	}
	return widest
}

// loginText says which name to type, or which form it has when no address is known.
func loginText(l login, address string) say.Text {
	if address != "" {
		return either(l.Names)
	}
	forms := make([]string, len(l.Names))
	for i, name := range l.Names {
		forms[i] = strings.NewReplacer("{", "", "}", "").Replace(name)
	}
	if l.Kind == profile.Own {
		return say.With("%s (for an address of the provider's own domains)", either(forms))
	}
	return say.With("%s (for an address of your own domain)", either(forms))
}

// either says names of which one will do: "one or another".
func either(names []string) say.Text {
	var all say.Text
	for i, name := range names {
		if i == 0 {
			all = say.Verbatim(name)
			continue
		}
		all = say.With("%s or %s", all, name)
	}
	return all
}

// folder writes a folder instruction, or nothing where the provider gives none.
func (t *sheet) folder(column int, name say.Text, f folder) {
	value := f.Name
	switch {
	case f.Unsupported:
		value = t.say("not supported by the server")
	case f.Name != "" && f.Optional:
		value = t.say("%s (optional)", f.Name)
	case f.Name == "":
		return
	}
	t.row(column, t.say(name), value+" "+t.note(f.origin))
}
