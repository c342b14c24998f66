package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/profile"
	"mailmedic/report/messages"
)

// briefText lays a brief out.
type briefText struct{ *printer }

// BriefText writes a brief for an agent, who need not read the language of the report.
func BriefText(w io.Writer, s Brief, speak *messages.Speaker, o TextOptions) error {
	t := briefText{newPrinter(o, speak)}
	t.facts(s)
	t.state(s)
	t.line("")
	t.causes(s)
	t.works(s)
	t.answer(s)
	t.version(s)
	if _, err := io.WriteString(w, t.b.String()); err != nil {
		return fmt.Errorf("write the summary of a report: %w", err)
	}
	return nil
}

// entry writes one row: its label, and beside it a text, wrapped.
func (t briefText) entry(label, text string, paint func(string) string) {
	t.hanging(left(label, margin), blanks(margin), text, paint)
}

// coded writes a row whose text stands behind a word or a code, or below it where there is
// little room.
func (t briefText) coded(label, code, text string, paint func(string) string) {
	first, indent := left(label, margin)+paint(code), blanks(margin+2)
	room := t.width - margin - Width(code) - 2
	if text == "" || room < t.width/2 {
		t.line(first)
		t.hanging(indent, indent, text, plain)
		return
	}
	for i, line := range Wrap(text, room) {
		if i == 0 {
			line = first + "  " + line
		} else {
			line = indent + line
		}
		t.line(line)
	}
}

// facts names the report: which, when, and where it was made.
func (t briefText) facts(s Brief) {
	list := []string{t.say("Report without an id")}
	if s.Report != "" {
		list[0] = t.say("Report %s", t.clean(s.Report, 40))
	}
	if s.At != nil {
		list = append(list, t.say("made on %s", say.Minute(*s.At)))
	}
	if s.Version != "" {
		list = append(list, t.say("version %s", t.clean(s.Version, 40)))
	}
	if s.System != "" {
		list = append(list, t.clean(s.System, 40))
	}
	t.hanging("", "", strings.Join(list, ", "), t.p.head)
	switch {
	case s.Address != "" && s.Provider != "":
		t.hanging("", "", t.say("The mailbox of %s at %s.", t.clean(s.Address, 120), t.clean(s.Provider, 80)), plain)
	case s.Provider != "":
		t.hanging("", "", t.say("A mailbox at %s.", t.clean(s.Provider, 80)), plain)
	}
	if s.Scenario != "" {
		t.hanging("", "", t.say("SIMULATED (%s). Nothing in it is about real mail.", t.clean(s.Scenario, 60)), t.p.warn)
	}
}

// state says how much of the report is there and whether a secret is in it.
func (t briefText) state(s Brief) {
	text := t.say("Complete: %s.", t.complete(s.Part))
	if len(s.Part.Passwords) == 0 {
		text += " " + t.say("Password inside: no.")
	}
	t.hanging("", "", text, plain)
	if len(s.Part.Passwords) > 0 {
		t.hanging("", "", PasswordWarning(s.Part, t.speak), t.p.warn)
	}
	if !s.Part.Whole {
		t.hanging("", "", t.say("Ask for the rest, or for the support line."), plain)
	}
	if n := len(s.Part.Others); n > 0 {
		t.hanging("", "", t.say("In the same text, and left aside: %s.", t.clean(strings.Join(s.Part.Others, ", "), 200)), plain)
	}
}

// PasswordWarning says where a password may stand in what somebody sent, or nothing.
func PasswordWarning(part Part, speak *messages.Speaker) string {
	n := len(part.Passwords)
	if n == 0 {
		return ""
	}
	return speak.Count(n, "Password inside: perhaps, in %d line (number %d). It is not shown here. Ask the customer to change it, and delete the message.",
		"Password inside: perhaps, in %d lines (the first is number %d). They are not shown here. Ask the customer to change it, and delete the message.", part.Passwords[0])
}

// complete says how much of the report is there.
func (t briefText) complete(p Part) string {
	switch {
	case p.Kind == Document && p.Whole:
		return t.say("yes (the JSON document)")
	case p.Kind == Document:
		return t.say("no (the JSON document ends early)")
	case p.Whole && p.Kind == Line:
		return t.say("the support line only")
	case p.Whole && p.Kind == Chat:
		return t.say("yes (the short form)")
	case p.Whole && p.Kind == Screen:
		return t.say("yes (its first and its last line are there)")
	case p.Rewrapped:
		return t.say("yes (its lines were broken anew, so they cannot be counted)")
	case p.Whole:
		return t.say("yes (%d of %d lines)", p.Lines, p.Of)
	case p.Missing == Beginning && p.Of > 0:
		return t.say("no (%d of %d lines: the beginning is missing)", p.Lines, p.Of)
	case p.Missing == Beginning:
		return t.say("no (the beginning is missing)")
	case p.Missing == Middle && p.Lines < p.Of:
		return t.say("no (%d of %d lines)", p.Lines, p.Of)
	case p.Missing == Middle:
		return t.say("no (a part in the middle is missing)")
	case p.Of > 0:
		return t.say("no (%d of %d lines: the end is missing)", p.Lines, p.Of)
	case p.Lines > 0:
		return t.say("no (%d of more lines: the end is missing)", p.Lines)
	}
	return t.say("no (the end is missing)")
}

// causes gives the verdict, and what causes it.
func (t briefText) causes(s Brief) {
	word := statusWord(string(s.Status))
	t.coded(t.say("Verdict"), t.statusWord(word), t.clean(s.Headline, 300), t.p.status(word))
	for i, c := range s.Causes {
		t.reason(t.say("Cause"), c)
		if i == 0 && c.Guessed {
			t.entry("", t.say("The text ends before it names a cause. This one is a guess from the ports."), plain)
		}
	}
	if len(s.Causes) == 0 && s.Status != OK {
		t.entry(t.say("Cause"), t.say("The text does not say it."), plain)
	}
	var others []string
	for _, c := range s.Notes {
		if len(s.Causes) == 0 && slices.ContainsFunc(s.Paths, func(f Fare) bool { return f.Code == c.Code }) {
			t.reason(t.say("Note"), c)
			continue
		}
		others = append(others, t.code(c.Code))
	}
	if len(others) > 0 {
		t.entry(t.say("Notes"), strings.Join(others, ", "), t.p.code)
	}
}

// code is a code, which in a document may be anything.
func (t briefText) code(c checks.Code) string { return t.clean(string(c), 12) }

// reason writes a code and its title.
func (t briefText) reason(label string, c Reason) {
	title := t.clean(c.Title, 160)
	if !c.Known {
		title = t.say("(this version of mailmedic does not know the code)")
	}
	t.coded(label, words(" ", t.code(c.Code), t.clean(t.sure(c.Confidence), 12)), title, t.p.code)
}

// works says what works, what does not, and what is not known.
func (t briefText) works(s Brief) {
	var good, open []string
	good = t.direction(good, s, profile.IMAP, "Receiving: %s.", "Receiving: all ports.")
	good = t.direction(good, s, profile.SMTP, "Sending: %s.", "Sending: all ports.")
	for _, topic := range []struct {
		about       string
		works, open say.Text
	}{
		{"login", "Login: accepted.", "Login: not tested."},
		{"folders", "Folders: seen.", "Folders: not seen."},
		{"program", "Mail program: set up right.", ""},
	} {
		switch f, found := s.topic(topic.about); {
		case found && f.Works == fareYes:
			good = append(good, t.say(topic.works))
		case found && f.Works == fareUnknown && topic.open != "":
			open = append(open, t.say(topic.open))
		}
	}
	t.entry(t.say("Works"), strings.Join(good, " "), plain)
	t.entry(t.say("Open"), strings.Join(open, " "), plain)
	t.entry(t.say("Affected"), t.against(s), plain)
}

// direction adds the ports of a protocol that work.
func (t briefText) direction(list []string, s Brief, protocol profile.Protocol, some, every say.Text) []string {
	ports, all := s.ports(protocol, fareYes)
	switch {
	case all:
		return append(list, t.say(every))
	case len(ports) > 0:
		return append(list, t.say(some, say.List(ports)))
	}
	return list
}

// against lists what does not work, or has a finding against it.
func (t briefText) against(s Brief) string {
	var list []string
	codes, ports := s.affected()
	for _, code := range codes {
		if code == "" {
			list = append(list, t.say("Does not work: %s.", say.List(ports[code])))
			continue
		}
		list = append(list, t.say("%s on %s.", t.code(code), say.List(ports[code])))
	}
	for _, protocol := range []struct {
		name        profile.Protocol
		failed, hit say.Text
	}{
		{profile.IMAP, "Receiving: no port works.", "Receiving: all ports (%s)."},
		{profile.SMTP, "Sending: no port works.", "Sending: all ports (%s)."},
	} {
		for _, f := range s.Paths {
			switch {
			case f.About == string(protocol.name) && f.Works == fareNo:
				list = append(list, t.say(protocol.failed))
			case f.About == string(protocol.name) && f.Works == fareAffected:
				list = append(list, t.say(protocol.hit, t.code(f.Code)))
			}
		}
	}
	for _, topic := range []struct {
		about string
		said  say.Text
	}{
		{"network", "Network: %s."}, {"name", "Login name: %s."}, {"login", "Login: %s."},
		{"folders", "Folders: %s."}, {"program", "Mail program: %s."},
	} {
		if f, found := s.topic(topic.about); found && f.Code != "" {
			list = append(list, t.say(topic.said, t.code(f.Code)))
		}
	}
	return strings.Join(list, " ")
}

// answer gives what to ask and to reply for the first cause, and where to read of others.
func (t briefText) answer(s Brief) {
	t.entry(t.say("Ask"), t.clean(s.Ask, 1000), plain)
	if s.Reply != "" {
		t.entry(t.say("Reply"), `"`+t.clean(s.Reply, 2000)+`"`, t.p.head)
	}
	for i, c := range s.Causes {
		if c.Known && i < 5 {
			label := ""
			if i == 0 {
				label = t.say("More")
			}
			t.entry(label, "mailmedic explain "+t.code(c.Code), t.p.code)
		}
	}
}

// version says that the report comes from another version.
func (t briefText) version(s Brief) {
	if s.Version == "" || s.Version == s.Read {
		return
	}
	t.entry(t.say("Version"), t.say("The report is of version %s, and this is %s. What the checks of this version say may differ.", t.clean(s.Version, 40), t.clean(s.Read, 40)), plain)
}
