package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// details is what -v adds: every step of every path in the words of the protocols,
// and with -vv the transcript.
func (t *printer) details(r *Report) {
	e := observed(r)
	if t.listen {
		t.spokenCompared(e)
	} else {
		t.compared(e)
	}
	for _, l := range e.Lookups {
		if l.Name != "" {
			t.lookup(l)
		}
	}
	for i := range e.Sessions {
		t.session(e, &e.Sessions[i])
	}
}

func (t *printer) lookup(l evidence.Lookup) {
	text := words(" ", strings.Join(l.Answers, ", "), l.RCode)
	if l.Server != "" {
		text = t.say("%s from %s", text, l.Server)
	}
	t.topic("DNS " + t.clean(l.Type, 20) + " " + t.clean(l.Name, 260))
	t.step(t.say("look-up"), l.Step, text)
}

func (t *printer) session(e *evidence.Evidence, s *evidence.Session) {
	t.topic(t.clean(fmt.Sprintf("%s: %s:%d, %s, %s", s.ID(), s.Path.Host, s.Path.Port, s.Path.Encryption, s.Path.Role), 300))
	if s.Override != "" {
		t.item(t.say("instead of it %s was dialled, as you asked", s.Override))
	}
	for _, d := range s.Dials {
		t.step("TCP", d.Step, d.Address)
	}
	t.step(t.say("greeting"), s.Greeting.Step, s.Greeting.Line)
	t.step("TLS", s.Secure.Step, words(", ", s.Secure.Version, s.Secure.Cipher, s.Secure.Group))
	t.chain(e, s)
	t.step(t.say("capability"), s.Capability.Step, strings.Join(s.Capability.Final, " "))
	for _, l := range e.Logins {
		if l.Path == s.ID() {
			t.item(t.say("login tried as %s with %s: %s", l.Name, l.Mechanism, result(l.Result)) + replyText(l.Reply))
			t.technical(l.Failure)
		}
	}
	t.step(t.say("login"), s.Login, "")
	if s.Path.Protocol == profile.IMAP {
		t.step(t.say("folders"), s.Folders.Step, t.say(say.Count(len(s.Folders.List), "%d folder, prefix %q, separator %q", "%d folders, prefix %q, separator %q", s.Folders.Prefix, s.Folders.Delimiter)))
	}
	if s.Envelope != nil {
		t.step(t.say("envelope"), s.Envelope.Step, "MAIL FROM"+replyText(s.Envelope.MailFrom)+", RCPT TO"+replyText(s.Envelope.RcptTo))
	}
	t.step(t.say("farewell"), s.Farewell, "")
	if s.Broken != "" {
		t.item(t.say("mailmedic failed here: %s", s.Broken))
	}
	if t.verbose > 1 {
		t.transcript(s.Wire)
	}
}

// topic heads what is told of a look-up or a path.
func (t *printer) topic(title string) {
	if t.listen {
		t.sentence(title)
		return
	}
	t.line("")
	t.hanging("", "  ", title, t.p.head)
}

// result is what became of a login.
func result(r evidence.Result) say.Text {
	switch r {
	case evidence.Accepted:
		return "accepted"
	case evidence.RejectedIn:
		return "rejected"
	case evidence.ForNow:
		return "refused for now"
	case evidence.BrokenOff:
		return "broken off"
	}
	return say.Verbatim(string(r))
}

// step prints one measured step, with its own time, and the raw words of a failure.
func (t *printer) step(name string, s evidence.Step, text string) {
	if s.State == evidence.NotReached {
		return
	}
	if t.listen {
		t.spokenStep(name, s, text)
		return
	}
	head := fmt.Sprintf("%-11s%-15s%6d ms", name, t.state(s.State), int64(s.Took))
	if s.State != evidence.Done && s.State != evidence.Failed {
		head, text = fmt.Sprintf("%-11s%s", name, t.state(s.State)), t.say(reason(s.Reason))
	}
	t.row(head, t.clean(text, 600))
	t.technical(s.Failure)
}

// state is the word for what became of a step.
func (t *printer) state(s evidence.State) string {
	switch s {
	case evidence.Done:
		return t.say("done")
	case evidence.Failed:
		return t.say("failed")
	case evidence.Skipped:
		return t.say("skipped")
	case evidence.NotApplicable:
		return t.say("not applicable")
	}
	return string(s)
}

// row prints what was measured and, in a column of its own, what was seen.
func (t *printer) row(head, text string) {
	first := "  " + head + "  "
	switch {
	case t.width < narrow:
		t.item(head + " " + text)
	case text == "":
		t.line(first)
	default:
		t.hanging(first, blanks(Width(first)), text, plain)
	}
}

// item prints a line below a path.
func (t *printer) item(text string) { t.beside("  ", "    ", t.clean(text, 600)) }

// beside writes a text that is set in, or for a listener one that is not.
func (t *printer) beside(first, indent, text string) {
	if t.listen {
		t.sentence(capital(text))
		return
	}
	t.hanging(first, indent, text, plain)
}

func (t *printer) technical(f *evidence.Failure) {
	if f == nil {
		return
	}
	text := t.say("Technical: %s", f.Kind)
	if f.Errno != "" {
		text += " " + f.Errno
	}
	if f.Alert != 0 {
		text += fmt.Sprintf(" alert %d", f.Alert)
	}
	if f.Text != "" {
		text += ": " + f.Text
	}
	t.beside("    ", "      ", t.clean(text+replyText(f.Reply), 600))
}

func replyText(r *evidence.Reply) string {
	if r == nil {
		return ""
	}
	return " (" + words(" ", r.Status, r.Code, r.Enhanced, r.Text) + ")"
}

// words joins what is not empty.
func words(between string, list ...string) string {
	return strings.Join(slices.DeleteFunc(list, func(s string) bool { return s == "" }), between)
}

// chain prints what the leaf certificate says, and with -vvv all that were sent.
func (t *printer) chain(e *evidence.Evidence, s *evidence.Session) {
	for i, c := range s.Secure.Chain {
		if i > 0 && t.verbose < 3 {
			break
		}
		t.item(t.say("certificate for %s, issued by %s, valid from %s to %s",
			strings.Join(append([]string{c.Subject}, c.Names...), ", "), c.Issuer,
			c.NotBefore.Format(time.DateOnly), c.NotAfter.Format(time.DateOnly)))
	}
	if s.Secure.Sent > 0 {
		t.item(t.say("%d certificates came, of which the first %d were looked at", s.Secure.Sent, len(s.Secure.Chain)))
	}
	if j := s.Secure.Judged; s.Secure.Step.Done() {
		t.item(t.say("certificate judged: verified %s, time %s, name %s, chain %s",
			judged(evidence.Saw(j.Verified), ""), judged(j.Time, j.TimeWhy), judged(j.Name, ""), judged(j.Chain, j.ChainWhy)))
	}
}

func judged(s evidence.Seen, why string) say.Text {
	if s == evidence.Unknown {
		return "not checked"
	}
	text := say.Text("no")
	if s == evidence.Yes {
		text = "yes"
	}
	if why != "" {
		return say.With("%s (%s)", text, why)
	}
	return text
}

// transcript prints the lines of a session: -> sent, <- received, with ~ in front
// where the line was encrypted.
func (t *printer) transcript(lines []evidence.Line) {
	for _, l := range lines {
		if t.listen {
			t.spokenWire(l)
			continue
		}
		mark := "<-"
		switch {
		case l.Sent && l.Encrypted:
			mark = "~>"
		case l.Encrypted:
			mark = "<~"
		case l.Sent:
			mark = "->"
		}
		first := fmt.Sprintf("  %9.3f s  %s ", float64(l.At)/1000, mark)
		t.hanging(first, blanks(len(first)), t.clean(l.Text, 600), plain)
	}
}
