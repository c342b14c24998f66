package report

// The rules of the text report:
//
//   - The verdict comes first, in a sentence that needs no other line. Then the
//     ports, then one block for each root cause, then notes, then what to quote.
//   - A state is always a word: OK, NOTE, WARN, FAIL, SKIP, UNSURE, and in the table
//     ok, no or - for not tried. Colour and place repeat the word, never replace it.
//   - Plain words by default: find, reach, secure. Technical words need -v.
//   - What follows from a root cause is not a fault of its own and needs -v.
//   - Lines are at most 80 columns, or the terminal's width if that is less; from 40
//     columns on nothing runs over. Where the table does not fit, and always below
//     60, it becomes one line for each port.
//   - Text that came from elsewhere goes through Clean, whatever it is.
//   - Colour is laid over finished words, so that the report without its escape
//     codes is the uncoloured report.

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/report/messages"
)

// TextOptions is how the text is shown. The zero value is 80 columns without colour.
type TextOptions struct {
	Color   bool
	Width   int // of the terminal in columns, 0 when it is not known
	Verbose int // 1 adds every step, 2 the transcript, 3 the whole certificate chain
	Quiet   bool
	ASCII   bool   // for a terminal whose character set is not known
	Theme   string // of the colours: default (also when empty), cb or mono
	Spoken  bool   // for a screen reader: one fact a line, no table
	Marks   bool   // a line before and behind, by which somebody sees that nothing is missing between them

	Say *messages.Speaker // of lists of accounts; a report brings its own
}

// The widths in columns: of the widest line, of the narrowest table, of a line that
// is filled up, and of the margin that the status words stand in.
const (
	widest = 80
	narrow = 60
	filled = 76
	margin = 10
)

// Text writes the report for a person.
func Text(w io.Writer, r *Report, o TextOptions) error {
	t := newPrinter(o, r.speak)
	switch {
	case o.Quiet:
		t.hanging("", "", t.simulatedPrefix(r)+t.clean(r.Verdict.Headline, 200), plain)
	case r.Error != nil:
		t.hanging("", "", "mailmedic: "+t.clean(r.Error.Message, 1000), plain)
		t.hanging("", "", t.clean(r.Error.Hint, 1000), plain)
	case o.Spoken:
		t.spoken(r)
	default:
		t.report(r)
		if o.Marks {
			t.mark(r)
		}
	}
	if _, err := io.WriteString(w, t.b.String()); err != nil {
		return fmt.Errorf("write report as text: %w", err)
	}
	return nil
}

func (t *printer) report(r *Report) {
	t.header(r)
	t.verdict(r)
	if shown(r) || t.verbose > 0 {
		t.table(r)
	}
	for _, f := range counted(r) {
		t.block(r, f)
	}
	t.notes(r)
	t.folders(r)
	if t.verbose > 0 {
		t.details(r)
	}
	t.closing(r)
}

func (t *printer) header(r *Report) {
	t.pair("mailmedic check "+t.clean(r.Tool.Version, 30), t.say("report %s", t.clean(r.Run.ID, 30)))
	when := ""
	if r.Run.StartedAt != nil {
		when = t.say(say.Minute(*r.Run.StartedAt))
	}
	t.pair(t.account(r), when)
	t.simulated(r, t.say("A demonstration against a built-in server."))
}

// account is whose mail was tested, and where it is kept.
func (t *printer) account(r *Report) string {
	who := t.clean(provider(r), 80)
	if a := t.clean(address(r), 120); a != "" {
		return t.say("%s at %s", a, who)
	}
	return who
}

// address is the user's address as the report shows it, everywhere.
func address(r *Report) string { return r.Input.Address }

func provider(r *Report) string {
	if r.Evidence != nil && r.Evidence.Profile.Title != "" {
		return r.Evidence.Profile.Title
	}
	if r.Input.Provider != "" {
		return r.Input.Provider
	}
	return r.speak.Say("an unknown provider")
}

func (t *printer) simulated(r *Report, what string) {
	if r.Run.Simulated {
		t.hanging("", "", t.simulatedPrefix(r)+what, t.p.warn)
	}
}

func (t *printer) simulatedPrefix(r *Report) string {
	if !r.Run.Simulated {
		return ""
	}
	return "SIMULATED (" + t.clean(r.Run.Scenario, 60) + "). "
}

func (t *printer) verdict(r *Report) {
	t.line("")
	t.status(statusWord(string(r.Verdict.Status)), "", t.clean(r.Verdict.Headline, 300), t.p.head)
	if assumed(r) {
		t.hanging(blanks(margin), blanks(margin), t.say(assumedText, t.clean(provider(r), 80)), plain)
	}
}

const assumedText say.Text = "Nothing said which provider this is. The instructions of %s were used; choose others with --provider NAME."

// assumed tells whether the profile was a guess.
func assumed(r *Report) bool {
	if r.Evidence == nil {
		return false
	}
	return r.Evidence.Run.ProfileBecause == evidence.Undecided
}

// statusWord is the word on the screen for a status in the document.
func statusWord(status string) string {
	switch status {
	case stepOK:
		return "OK"
	case stepNote:
		return "NOTE"
	case stepWarning:
		return "WARN"
	case stepProblem:
		return "FAIL"
	case stepSkipped:
		return "SKIP"
	}
	return "UNSURE"
}

// statusWord is a status word in the reader's language.
func (t *printer) statusWord(word string) string {
	switch word {
	case "NOTE":
		return t.say("NOTE")
	case "WARN":
		return t.say("WARN")
	case "FAIL":
		return t.say("FAIL")
	case "SKIP":
		return t.say("SKIP")
	case "UNSURE":
		return t.say("UNSURE")
	}
	return word
}

// notes lists what is worth knowing, one line each, and what the user left out.
func (t *printer) notes(r *Report) {
	first := true
	for _, f := range r.Findings {
		if !f.Root || (f.Severity != checks.Note && !f.Ignored) || quiet(f) && t.verbose == 0 {
			continue
		}
		if first {
			t.line("")
			first = false
		}
		text := t.clean(f.Title, 200)
		if extra := t.say(aside(r, f)); extra != "" {
			text += " (" + extra + ")"
		}
		t.status("NOTE", t.clean(string(f.Code), 12)+"  ", text, plain)
		t.beneath(f)
	}
}

// beneath says of a note what makes it one here.
func (t *printer) beneath(f Finding) {
	for _, it := range t.beneathNote(f) {
		t.under(it.mark + it.text)
	}
}

// beneathNote is an example of a note, and with -v everything.
func (t *printer) beneathNote(f Finding) []item {
	var items []item
	if t.verbose == 0 {
		items = append(items, item{text: strings.Join(f.Examples, "; ")})
		if f.Code == codeServersDiffer {
			items = append(items, texts(f.Actions)...)
		}
		return items
	}
	items = append(items, item{text: f.Message})
	if f.Code == codeServersDiffer {
		if !t.listen {
			items = append(items, item{text: t.say("The table below has them side by side.")})
		}
		return items // details and advice stand there
	}
	said := map[string]bool{}
	for _, fact := range f.Evidence {
		if !said[fact.Fact] {
			items = append(items, item{mark: "- ", text: fact.Fact})
		}
		said[fact.Fact] = true
	}
	return append(items, texts(f.Actions)...)
}

func texts(list []string) []item {
	var items []item
	for _, text := range list {
		items = append(items, item{text: text})
	}
	return items
}

// codeServersDiffer is the note of which the details are a table, and its advice the one
// thing that a person has to know of them.
const codeServersDiffer checks.Code = "MM809"

// under is a line below the text of a note.
func (t *printer) under(text string) {
	indent := blanks(margin + len("MM951  "))
	if t.width < narrow {
		indent = "  "
	}
	t.hanging(indent, indent, t.clean(text, 600), plain)
}

// quiet tells whether a note asks nothing of anybody: it is there for -v.
func quiet(f Finding) bool {
	return f.Kind == checks.Note && len(f.Actions) == 0 && !f.Ignored
}

// aside says why a finding is only a note here.
func aside(r *Report, f Finding) say.Text {
	if f.Ignored {
		return "ignored as you asked"
	}
	if f.Kind == checks.Note || len(f.Paths) == 0 {
		return ""
	}
	var ports []string
	for _, p := range r.Paths {
		if slices.Contains(f.Paths, p.ID) {
			ports = append(ports, fmt.Sprint(p.Port))
		}
	}
	return say.With("%s; not needed, others work", portList(ports))
}

func (t *printer) folders(r *Report) {
	for _, m := range groupSame(mailboxes(observed(r))) {
		t.line("")
		t.hanging("", "", t.folderHeading(m), plain)
		missing := t.say("not there")
		if observed(r).Profile.Folders.Drafts.Unsupported {
			missing = t.say("not supported")
		}
		t.setting(t.say("Root folder path"), t.clean(m.paths.Root, 100), t.say("leave empty"))
		t.setting(t.say("Sent"), t.clean(m.paths.Sent, 100), t.say("not there"))
		t.setting(t.say("Drafts"), t.clean(m.paths.Drafts, 100), missing)
	}
}

func (t *printer) folderHeading(m mailbox) string {
	if m.server != "" {
		return t.say("Folder settings for your mail program on %s, %s:", portList(m.ports), t.clean(t.say(checks.ServerNamed(m.server)), 60))
	}
	return t.say("Folder settings for your mail program on %s:", portList(m.ports))
}

// groupSame joins servers for which the same has to be typed.
func groupSame(list []mailbox) []mailbox {
	var groups []mailbox
next:
	for _, m := range list {
		for i, g := range groups {
			if g.paths == m.paths {
				groups[i].ports = append(groups[i].ports, m.ports...)
				groups[i].server = ""
				continue next
			}
		}
		groups = append(groups, m)
	}
	return groups
}

func (t *printer) setting(name, value, otherwise string) {
	paint := t.p.code
	if value == "" {
		value, paint = otherwise, plain
	}
	label := blanks(margin) + left(name, 18)
	if t.width < narrow {
		label = "  " + left(name, 18)
	}
	t.hanging(label, blanks(Width(label)), value, paint)
}

func (t *printer) closing(r *Report) {
	t.line("")
	if r.Verdict.Status == OK && r.Verdict.CanReceive == evidence.Yes && r.Verdict.CanSend == evidence.Yes {
		t.hanging("", "", t.say("Does your mail program still not work? Compare its settings:"), plain)
		t.hanging(blanks(margin), blanks(margin), "mailmedic client", t.p.code)
		t.line("")
	}
	t.hanging("", "", t.tested(r)+" "+t.say("Nothing was changed, sent or uploaded."), plain)
	t.hanging("", "", supportLabel+Support(r), plain)
	t.simulated(r, t.say("Nothing here is about your real mail."))
}

// tested counts what was really tried.
func (t *printer) tested(r *Report) string {
	steps := 0
	for _, p := range r.Paths {
		for _, s := range p.Steps.all() {
			if s == stepOK || s == stepWarning || s == stepProblem {
				steps++
			}
		}
	}
	return t.say("%s on %s in %s.", say.Count(steps, "%d step", "%d steps"), say.Count(len(r.Paths), "%d port", "%d ports"), seconds(r.Run.DurationMS))
}

func seconds(ms int64) say.Text { return say.With("%.1f s", float64(ms)/1000) }

// observed is the report's evidence, or an empty record where a document has none.
func observed(r *Report) *evidence.Evidence {
	if r.Evidence == nil {
		return &evidence.Evidence{}
	}
	return r.Evidence
}
