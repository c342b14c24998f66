package pages

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Place is where the commands of a page are to be used: a path, and what is known of the
// case. The zero value is no place: then the commands are shown for every kind of path,
// with words in capitals to replace.
type Place struct {
	Host       string
	Port       int    // 0 when not known
	Protocol   string // imap or smtp
	Encryption string // tls, starttls or none
	Login      string
	Address    string
	Params     map[string]string // a finding's, for {needed}, {alternative} and the like
}

// stands gives what a placeholder stands for where nothing better is known.
func stands() map[string]string {
	return map[string]string{
		"host": "HOST", "port": "PORT", "login": "NAME", "address": "ADDRESS", "domain": "DOMAIN",
		"folder": "FOLDER", "uid": "NUMBER", "needed": "NAME", "receiving": "NAME-FOR-RECEIVING",
		"sending": "NAME-FOR-SENDING", "alternative": "587", "newer": "NEW-HOST", "newer-port": "993",
		"dead": "DEAD-ADDRESS", "starttls": "", "imap": "imaps", "smtp": "smtp", "tls": "--tls",
	}
}

// values gives what the placeholders stand for at a place.
func (at Place) values() map[string]string {
	known := stands()
	put := func(name, value string) {
		if harmless(value) {
			known[name] = value
		}
	}
	for name, value := range at.Params {
		if _, used := known[name]; used {
			put(name, value)
		}
	}
	put("host", at.Host)
	if at.Port > 0 {
		put("port", fmt.Sprint(at.Port))
	}
	put("login", at.Login)
	put("address", at.Address)
	if _, domain, ok := strings.Cut(at.Address, "@"); ok && at.Params["domain"] == "" {
		put("domain", domain)
	}
	if at.Encryption == "starttls" {
		known["starttls"] = " -starttls " + at.Protocol
		known["imap"] = "imap"
	}
	if at.Encryption == "tls" && at.Protocol == "smtp" {
		known["smtp"], known["tls"] = "smtps", "--tlsc"
	}
	return known
}

// harmless tells whether a value can stand in a command line as it is. Names come from
// reports that anybody may have written, and what a shell would act on has no business in
// a line that is meant to be pasted.
func harmless(value string) bool {
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".-_+@%:[]", r)
	}
	return value != "" && value[0] != '-' && len(value) <= 254 && !strings.ContainsFunc(value, odd)
}

// fill puts values in place of the placeholders.
func (at Place) fill(text string) string {
	var pairs []string
	for name, value := range at.values() {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// At is the page for a place: with the commands that are meant for such a path, and what is
// known put into them.
func (p Page) At(at Place) Page {
	p.Sections = slices.Clone(p.Sections)
	for i, s := range p.Sections {
		if s.is(byHand) {
			s.Text = at.only(s.Text)
			if at.Encryption == "" {
				s.Text = p.hinted(s.Text)
			}
		}
		p.Sections[i].Text = at.fill(s.Text)
	}
	return p
}

// Commands are what confirms the page's case at a place, each ready to be pasted into a
// shell.
func (p Page) Commands(at Place) []string {
	commands := []string{}
	goesOn := false
	for line := range strings.SplitSeq(at.only(p.Section(byHand)), "\n") {
		if !strings.HasPrefix(line, "    ") {
			continue
		}
		text := at.fill(strings.TrimSpace(line))
		if more, found := strings.CutSuffix(text, `\`); goesOn {
			commands[len(commands)-1] += " " + strings.TrimSpace(more)
			goesOn = found
		} else {
			commands = append(commands, strings.TrimSpace(more))
			goesOn = found
		}
	}
	return commands
}

// only keeps the parts of a text that are meant for the place's kind of path. A line
// "<!-- smtp starttls -->" says of the lines after it, up to the next such line, that they
// are for SMTP with STARTTLS; "clear" is any path that does not begin with TLS.
func (at Place) only(text string) string {
	var kept []string
	fits := true
	for line := range strings.SplitSeq(text, "\n") {
		if kinds, marked := kindsOf(line); marked {
			fits = !slices.ContainsFunc(kinds, func(kind string) bool { return !at.is(kind) })
			continue
		}
		again := line == "" && len(kept) > 0 && kept[len(kept)-1] == ""
		if fits && !again {
			kept = append(kept, line)
		}
	}
	return strings.Trim(strings.Join(kept, "\n"), "\n")
}

// kindsOf reads the line that says for which paths a part is.
func kindsOf(line string) (kinds []string, marked bool) {
	inside, found := strings.CutPrefix(line, "<!--")
	if !found {
		return nil, false
	}
	return strings.Fields(strings.TrimSuffix(strings.TrimSpace(inside), "-->")), true
}

// is tells whether the place is of a kind, or of none in particular.
func (at Place) is(kind string) bool {
	switch kind {
	case "imap", "smtp":
		return at.Protocol == "" || at.Protocol == kind
	case "clear":
		return at.Encryption != "tls"
	}
	return at.Encryption == "" || at.Encryption == kind
}

// hinted adds how commands that are written for one kind of port are changed for another,
// where no place tells which it is.
func (p Page) hinted(text string) string {
	said := ""
	for _, name := range []string{"{starttls}", "{imap}", "{smtp}", "{tls}"} {
		if strings.Contains(text, name) {
			said += p.hints[name] + "\n"
		}
	}
	if said == "" {
		return text
	}
	return text + "\n\n" + strings.TrimSpace(said)
}
