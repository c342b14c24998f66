package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"mailmedic/probe/profile"
	"mailmedic/report"
)

// purpose says a role in words.
func purpose(r profile.Role) string {
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
	return string(r)
}

// sheet collects the text of the settings and numbers the sources as they come up.
type sheet struct {
	bytes.Buffer
	width   int
	sources []string
}

// note is the mark of a source and the years it holds for: "[1] since 2015".
func (t *sheet) note(o origin) string {
	years := inWords(o.Years)
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
func inWords(years string) string {
	from, to, found := strings.Cut(years, "-")
	switch {
	case found && from == "" && to != "":
		return "until " + to
	case found && to == "" && from != "":
		return "since " + from
	}
	return years
}

// The columns in which the text behind a name starts.
const (
	besideName = 20
	besideCode = 9
)

// row writes a name and what belongs to it.
func (t *sheet) row(column int, name, text string) {
	fmt.Fprintf(t, "  %-*s%s\n", column-2, name, text)
}

// text is the settings as a person reads them, in lines that fold can break.
func (a advised) text(width int) string {
	t := &sheet{width: width}
	who := a.Title
	if a.Address != "" {
		who = a.Address + " at " + a.Title
	}
	fmt.Fprintf(t, "Settings for %s\n", who)
	if a.Successor != "" {
		fmt.Fprintf(t, "There are newer ones:  mailmedic settings %s--provider %s\n", forAddress(a.Address), a.Successor)
	}
	if a.Guessed {
		t.WriteString("They hold if your domain's mail is kept there. Another one:  --provider NAME\n")
	}
	t.servers("Receiving mail (IMAP)", a.Receiving)
	t.servers("Sending mail (SMTP), with the same login name and password", a.Sending)
	t.WriteString("\nIn your mail app\n")
	for _, l := range a.Login {
		t.row(besideName, "Login name", loginText(l, a.Address)+" "+t.note(l.origin))
	}
	t.folder("Root folder path", a.RootPath)
	t.folder("Sent", a.SentPath)
	t.folder("Drafts", a.Drafts)
	if n := a.Checking.MinMinutes; n > 0 {
		t.row(besideName, "Check for mail", fmt.Sprintf("less often than every %d minutes %s", n, t.note(a.Checking.origin)))
	}
	if len(a.Consider) > 0 {
		t.WriteString("\nGood to know\n")
		for _, c := range a.Consider {
			t.row(besideCode, c.Code, c.Title+". "+t.note(c.origin))
		}
		t.WriteString("  More:  mailmedic explain CODE\n")
	}
	if len(t.sources) > 0 {
		t.WriteString("\nWhere this was read\n")
		for i, source := range t.sources {
			t.row(besideCode, fmt.Sprintf("[%d]", i+1), source)
		}
	}
	return t.String()
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
func (t *sheet) servers(title string, list []server) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(t, "\n%s\n", title)
	host, note := 0, 0
	for _, s := range list {
		host, note = max(host, report.Width(s.Host)), max(note, len(t.note(s.origin)))
	}
	for _, s := range list {
		way := fmt.Sprintf("  %-*s %5d  %-9s", host, s.Host, s.Port, s.Shown)
		if report.Width(way)+len("  often blocked  ")+note > t.width {
			fmt.Fprintf(t, "  %s %d %s\n      %s %s\n", s.Host, s.Port, s.Shown, purpose(s.Role), t.note(s.origin))
			continue
		}
		fmt.Fprintf(t, "%s  %-13s  %s\n", way, purpose(s.Role), t.note(s.origin))
	}
}

// loginText says which name to type, or which form it has when no address is known.
func loginText(l login, address string) string {
	text := strings.Join(l.Names, " or ")
	if address != "" {
		return text
	}
	text = strings.NewReplacer("{", "", "}", "").Replace(text)
	if l.Kind == profile.Own {
		return text + " (for an address of the provider's own domains)"
	}
	return text + " (for an address of your own domain)"
}

// folder writes a folder instruction, or nothing where the provider gives none.
func (t *sheet) folder(name string, f folder) {
	switch {
	case f.Unsupported:
		t.row(besideName, name, "not supported by the server "+t.note(f.origin))
	case f.Name != "" && f.Optional:
		t.row(besideName, name, f.Name+" (optional) "+t.note(f.origin))
	case f.Name != "":
		t.row(besideName, name, f.Name+" "+t.note(f.origin))
	}
}
