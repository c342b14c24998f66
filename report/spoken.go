package report

import (
	"fmt"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// The rules of the report for screen readers:
//
//   - One fact a line, and the state first. Every line begins with a word.
//   - No table, no rule, no mark that would be read out, no colour that says something.
//   - A code is spelled: M M 303.
//   - It is the text report's record in the text report's order, and says the same.

// spoken writes the report for somebody who listens to it.
func (t *printer) spoken(r *Report) {
	t.sentence(t.simulatedPrefix(r) + t.say("Result: %s. %s", t.spokenStatus(r.Verdict.Status), t.clean(r.Verdict.Headline, 300)))
	if assumed(r) {
		t.sentence(t.say(assumedText, t.clean(provider(r), 80)))
	}
	t.sentence(t.say("Tested: %s.", t.account(r)))
	if r.Run.StartedAt != nil {
		t.sentence(t.say("Time: %s.", t.say(say.Minute(*r.Run.StartedAt))))
	}
	if shown(r) || t.verbose > 0 {
		for _, p := range r.Paths {
			t.sentence(t.spokenPath(p))
		}
		t.legend(r, false)
		t.namesTried(r)
	}
	causes := counted(r)
	if len(causes) > 0 {
		t.sentence(t.speak.Count(len(causes), "%d finding.", "%d findings."))
	}
	for i, f := range causes {
		t.sentence(t.say("Finding %d of %d, code %s: %s", i+1, len(causes), spelled(f.Code), t.clean(ending(f.Title), 200)))
		t.sentence(t.say("Sure: %s.", t.clean(t.sure(f.Confidence), 12)))
		t.spokenBlock(r, f)
	}
	t.spokenNotes(r)
	t.spokenFolders(r)
	if t.verbose > 0 {
		t.details(r)
	}
	if r.Verdict.Status == OK && r.Verdict.CanReceive == evidence.Yes && r.Verdict.CanSend == evidence.Yes {
		t.sentence(t.say("Does your mail program still not work? Compare its settings:"))
		t.sentence("mailmedic client") // alone, so that it is not broken
	}
	t.sentence(t.tested(r) + " " + t.say("Nothing was changed, sent or uploaded."))
	t.sentence(t.say("Report: %s.", t.clean(r.Run.ID, 30)))
	t.sentence(t.clean(supportLabel+Support(r), 200))
	if r.Run.Simulated {
		t.sentence(t.simulatedPrefix(r) + t.say("Nothing here is about your real mail."))
	}
}

// spokenBlock says the parts of a block of the text report.
func (t *printer) spokenBlock(r *Report, f Finding) {
	for _, it := range t.saw(f) {
		t.sentence(t.say("What I saw: %s", it.text))
	}
	for i, action := range f.Actions {
		t.sentence(t.say("What to do, step %d of %d: %s", i+1, len(f.Actions), t.clean(action, 600)))
	}
	for _, rival := range f.Rivals {
		t.sentence(t.say("If that does not help, less likely but possible, type: mailmedic explain %s", t.clean(string(rival), 20)))
	}
	for _, it := range t.missing(r, f) {
		t.sentence(t.say("Not tested: %s", it.text))
	}
	for _, it := range t.ruledOut(r, f) {
		t.sentence(t.say("Ruled out: %s", strings.Replace(it.text, "MM", "M M ", 1)))
	}
	if t.verbose > 0 {
		for _, it := range t.follows(r, f) {
			t.sentence(t.say("Follows: %s", strings.Replace(it.text, "MM", "M M ", 1)))
		}
		for _, command := range f.ByHand {
			t.sentence(t.say("By hand, type: %s", t.clean(command, 1000)))
		}
	}
	t.sentence(t.say("For more, type: mailmedic explain %s", t.clean(string(f.Code), 12)))
}

func (t *printer) spokenNotes(r *Report) {
	for _, f := range r.Findings {
		if !f.Root || f.Severity != checks.Note && !f.Ignored || quiet(f) && t.verbose == 0 {
			continue
		}
		text := t.say("Note, code %s: %s", spelled(f.Code), t.clean(ending(f.Title), 200))
		if extra := t.say(aside(r, f)); extra != "" {
			text += " " + capital(ending(extra))
		}
		t.sentence(text)
		for _, it := range t.beneathNote(f) {
			t.sentence(t.clean(capital(ending(it.text)), 600))
		}
	}
}

func (t *printer) spokenFolders(r *Report) {
	for _, m := range groupSame(mailboxes(observed(r))) {
		missing := t.say("not there")
		if observed(r).Profile.Folders.Drafts.Unsupported {
			missing = t.say("not supported")
		}
		t.sentence(t.folderHeading(m))
		for _, s := range []struct {
			name             say.Text
			value, otherwise string
		}{{"Root folder path", m.paths.Root, t.say("leave empty")}, {"Sent", m.paths.Sent, t.say("not there")}, {"Drafts", m.paths.Drafts, missing}} {
			value := t.clean(s.value, 100)
			if value == "" {
				value = s.otherwise
			}
			t.sentence(t.say("%s: %s", s.name, value) + ".")
		}
	}
}

// spokenPath says what a path is for and how it fares.
func (t *printer) spokenPath(p Path) string {
	direction := say.Text("receiving")
	if p.Protocol == profile.SMTP {
		direction = "sending"
	}
	what := t.say("Port %d, %s", p.Port, direction)
	switch p.Role {
	case profile.Recommended:
		what = t.say("Port %d, %s, best choice", p.Port, direction)
	case profile.Alternate:
		what = t.say("Port %d, %s, spare", p.Port, direction)
	case profile.Optional:
		what = t.say("Port %d, %s, old", p.Port, direction)
	case profile.Trial:
		what = t.say("Port %d, %s, on trial", p.Port, direction)
	}
	return what + ": " + t.say(howItFares(p))
}

// howItFares is how a path fares, as far as it was tried.
func howItFares(p Path) say.Text {
	switch s := p.Steps; {
	case s.DNS == stepProblem:
		return "does not work. The server was not found."
	case s.TCP == stepProblem:
		return "does not work. The server was not reached."
	case s.Greeting == stepProblem:
		return "does not work. The server did not greet."
	case s.TLS == stepProblem:
		return "no safe connection."
	case s.Capability == stepProblem:
		return "does not work. The server broke off."
	case s.Login == stepProblem:
		return "the connection works. The login does not."
	case s.Login == stepOK:
		return "works. The login works."
	case s.Capability == stepOK:
		return "works. The login was not tried."
	}
	return "not tried."
}

func (t *printer) spokenStatus(s Status) string {
	switch s {
	case OK:
		return t.say("all is well")
	case Warning:
		return t.say("warning")
	case Problem:
		return t.say("problem")
	}
	return t.say("not certain")
}

// spelled writes a code so that it is read letter by letter.
func spelled(code checks.Code) string {
	letters, number, found := strings.Cut(string(code), "MM")
	if !found || letters != "" {
		return Clean(string(code), 12)
	}
	return "M M " + Clean(number, 12)
}

// spokenStep says what became of a step, how long it took and what was seen.
func (t *printer) spokenStep(name string, s evidence.Step, text string) {
	what := capital(name) + ": " + t.state(s.State)
	if s.State == evidence.Done || s.State == evidence.Failed {
		what += fmt.Sprintf(", %d ms", int64(s.Took))
	} else {
		text = t.say(reason(s.Reason))
	}
	t.sentence(words(". ", what, t.clean(text, 600)))
	t.technical(s.Failure)
}

// spokenWire says a line of a session.
func (t *printer) spokenWire(l evidence.Line) {
	how := say.Text("%.3f seconds, received: %s")
	switch {
	case l.Sent && l.Encrypted:
		how = "%.3f seconds, sent encrypted: %s"
	case l.Encrypted:
		how = "%.3f seconds, received encrypted: %s"
	case l.Sent:
		how = "%.3f seconds, sent: %s"
	}
	t.sentence(t.say(how, float64(l.At)/1000, t.clean(l.Text, 600)))
}

// spokenCompared says the rows of the table that has two servers side by side.
func (t *printer) spokenCompared(e *evidence.Evidence) {
	c, ok := checks.Compare(e)
	if !ok {
		return
	}
	for _, r := range c.Rows {
		how := say.Text("%s: %s on port %d, %s on port %d.")
		if r.Differs {
			how = "%s differs: %s on port %d, %s on port %d."
		}
		t.sentence(t.say(how, t.clean(t.say(r.What), 60), t.clean(t.say(r.Old), 200), c.Old.Path.Port, t.clean(t.say(r.New), 200), c.New.Path.Port))
	}
	t.sentence(t.clean(t.say(c.Advice), 400))
}

// capital begins a sentence.
func capital(s string) string {
	if s == "" || s[0] >= 0x80 {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// sentence writes a text from the left edge.
func (t *printer) sentence(text string) { t.hanging("", "", text, plain) }
