package report

import (
	_ "embed" // the page
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

//go:embed page.html
var sheetLayout string

// HTML writes the report as one page that needs nothing else: no script, no picture, no
// font from anywhere, and a policy in its head that lets none in. It says what the text
// report says, in the same order.
func HTML(w io.Writer, r *Report) error {
	t, err := template.New("page").Parse(sheetLayout)
	if err != nil {
		return fmt.Errorf("write report as HTML: %w", err)
	}
	var b strings.Builder
	if err := t.Execute(&b, newSheet(r)); err != nil {
		return fmt.Errorf("write report as HTML: %w", err)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write report as HTML: %w", err)
	}
	return nil
}

// sheet is what stands on the page: words that went through Clean, and places in per cent.
type sheet struct {
	Lang, Title, Tool, Run, Who, When string
	Simulated, SimulatedEnd           string
	Word, Class, Headline, Assumed    string
	Hint                              string // of a run that could not start; the page then ends with it

	PathsTitle string
	Columns    []string
	Rows       []sheetRow
	Remark     string // below the table

	Timeline *timeline
	Causes   []sheetCause

	NotesTitle string
	Notes      []sheetNote
	Folders    []sheetFolders

	Still, StillCommand    string // what to do when mail works and the program does not
	Tested, Label, Support string
}

// sheetRow is a path in the table. Its first cell is its status.
type sheetRow struct {
	Port, Use, Time string
	Status          sheetWord
	Cells           []sheetCell
}

// sheetWord is a word that has a colour besides.
type sheetWord struct{ Word, Class string }

type sheetCell struct {
	Label string // of its column, for a screen on which there are no columns
	sheetWord
}

type sheetCause struct {
	Code, Title, Sure string
	Parts             []sheetPart
	ByHand            string
	Commands          []string
}

// sheetPart is a part of a cause under its own heading.
type sheetPart struct {
	Title string
	Lists []sheetList
}

// sheetList is paragraphs, commands, or the points of a list.
type sheetList struct {
	Kind  string // p, code, ul or ol
	Items []string
}

type sheetNote struct {
	Code, Title string
	Lists       []sheetList
}

// sheetFolders is what to type into a mail program for some ports.
type sheetFolders struct {
	Title    string
	Settings []sheetSetting
}

type sheetSetting struct {
	Name, Value string
	Code        bool // it is to be typed as it stands
}

// newSheet puts the page together out of the parts that the text report has too.
func newSheet(r *Report) *sheet {
	t := newPrinter(TextOptions{Verbose: 1}, r.speak)
	say := r.speak.Say
	word := statusWord(string(r.Verdict.Status))
	s := &sheet{
		Lang: string(r.speak.Language()), Tool: "mailmedic " + Clean(r.Tool.Version, 30), Run: Clean(r.Run.ID, 30),
		Word: t.statusWord(word), Class: classOf(word), Headline: Clean(r.Verdict.Headline, 300),
	}
	s.Title = words(" ", s.Word, s.Headline, s.Run)
	if r.Error != nil {
		s.Headline, s.Hint = Clean(r.Error.Message, 1000), Clean(r.Error.Hint, 1000)
		return s
	}
	if r.Run.Simulated {
		s.Simulated = t.simulatedPrefix(r) + say("A demonstration against a built-in server.")
		s.SimulatedEnd = t.simulatedPrefix(r) + say("Nothing here is about your real mail.")
		s.Title = "SIMULATED " + s.Title
	}
	s.head(r)
	if shown(r) {
		s.table(r, t)
		s.Timeline = newTimeline(r, t)
	}
	for _, f := range counted(r) {
		s.Causes = append(s.Causes, causeOf(r, t, f))
	}
	s.notes(r, t)
	s.folders(r, t)
	if r.Verdict.Status == OK && r.Verdict.CanReceive == evidence.Yes && r.Verdict.CanSend == evidence.Yes {
		s.Still, s.StillCommand = say("Does your mail program still not work? Compare its settings:"), "mailmedic client"
	}
	s.Tested = t.tested(r) + " " + say("Nothing was changed, sent or uploaded.")
	s.Label, s.Support = strings.TrimSuffix(supportLabel, " "), Clean(Support(r), 100)
	return s
}

func (s *sheet) head(r *Report) {
	s.Who = Clean(provider(r), 80)
	if a := Clean(address(r), 120); a != "" {
		s.Who = r.speak.Say("%s at %s", a, s.Who)
	}
	if r.Run.StartedAt != nil {
		s.When = r.speak.Say(say.Minute(*r.Run.StartedAt))
	}
	if assumed(r) {
		s.Assumed = r.speak.Say(assumedText, Clean(provider(r), 80))
	}
}

// classOf is the colour of a status word: its own name where it has one.
func classOf(word string) string {
	switch word {
	case "OK", "ok":
		return "good"
	case "WARN", "UNSURE":
		return "warn"
	case "FAIL", "no":
		return "bad"
	}
	return "quiet"
}

func (s *sheet) table(r *Report, t *printer) {
	say := r.speak.Say
	s.PathsTitle = say("Ports")
	folders := slices.ContainsFunc(r.Paths, func(p Path) bool { return cell(p.Steps.Folders) != "-" })
	steps := t.columns(folders)
	s.Columns = []string{say("Result"), say("Port"), say("Used for")}
	for _, c := range steps {
		s.Columns = append(s.Columns, c.title)
	}
	s.Columns = append(s.Columns, say("Time"))
	for _, p := range r.Paths {
		word := statusWord(p.Status)
		row := sheetRow{Status: sheetWord{t.statusWord(word), classOf(word)}, Port: fmt.Sprint(p.Port), Use: t.use(r, p), Time: t.took(p)}
		for _, c := range steps {
			word := c.word(p.Steps)
			row.Cells = append(row.Cells, sheetCell{c.title, sheetWord{t.cellWord(word), classOf(word)}})
		}
		s.Rows = append(s.Rows, row)
	}
	remarks := newPrinter(TextOptions{}, r.speak)
	remarks.legend(r, true)
	remarks.namesTried(r)
	s.Remark = strings.Join(strings.Fields(remarks.b.String()), " ") // the page wraps by itself
}

// causeOf is one root cause with the parts of its block in the text.
func causeOf(r *Report, t *printer, f Finding) sheetCause {
	say := r.speak.Say
	c := sheetCause{Code: Clean(string(f.Code), 12), Title: Clean(f.Title, 160), Sure: say("Sure: %s", Clean(t.sure(f.Confidence), 12)), ByHand: say("By hand")}
	for _, part := range []struct {
		title string
		items []item
	}{
		{say("What I saw"), t.saw(f)}, {say("What to do"), t.advice(f)}, {say("Not tested"), t.missing(r, f)},
		{say("Ruled out"), t.ruledOut(r, f)}, {say("Follows"), t.follows(r, f)},
		{say("More"), []item{{text: "mailmedic explain " + c.Code, paint: t.p.code}}},
	} {
		if len(part.items) > 0 {
			c.Parts = append(c.Parts, sheetPart{part.title, lists(part.items)})
		}
	}
	for _, command := range f.ByHand {
		c.Commands = append(c.Commands, Clean(command, 1000))
	}
	return c
}

// lists puts items that are alike into one list.
func lists(items []item) []sheetList {
	var all []sheetList
	for _, it := range items {
		kind := "ol"
		switch {
		case it.text == "":
			continue
		case it.paint != nil:
			kind = "code"
		case it.mark == "":
			kind = "p"
		case it.mark == "- ":
			kind = "ul"
		}
		if n := len(all); n == 0 || all[n-1].Kind != kind {
			all = append(all, sheetList{Kind: kind})
		}
		last := &all[len(all)-1]
		last.Items = append(last.Items, it.text)
	}
	return all
}

// notes are those of the text, each with what makes it one here behind it.
func (s *sheet) notes(r *Report, t *printer) {
	s.NotesTitle = r.speak.Say("Good to know")
	for _, f := range r.Findings {
		if !f.Root || f.Severity != checks.Note && !f.Ignored || quiet(f) {
			continue
		}
		n := sheetNote{Code: Clean(string(f.Code), 12), Title: Clean(f.Title, 200)}
		if extra := t.say(aside(r, f)); extra != "" {
			n.Title += " (" + Clean(extra, 200) + ")"
		}
		n.Lists = append(lists(t.saw(f)), lists(t.advice(f))...)
		s.Notes = append(s.Notes, n)
	}
}

func (s *sheet) folders(r *Report, t *printer) {
	say := r.speak.Say
	for _, m := range groupSame(mailboxes(observed(r))) {
		missing := say("not there")
		if observed(r).Profile.Folders.Drafts.Unsupported {
			missing = say("not supported")
		}
		f := sheetFolders{Title: strings.TrimSuffix(t.folderHeading(m), ":")}
		for _, row := range []struct{ name, value, otherwise string }{
			{say("Root folder path"), m.paths.Root, say("leave empty")}, {say("Sent"), m.paths.Sent, say("not there")}, {say("Drafts"), m.paths.Drafts, missing},
		} {
			setting := sheetSetting{Name: row.name, Value: Clean(row.value, 100), Code: row.value != ""}
			if row.value == "" {
				setting.Value = row.otherwise
			}
			f.Settings = append(f.Settings, setting)
		}
		s.Folders = append(s.Folders, f)
	}
}

// protocolName is a protocol as people write it.
func protocolName(p profile.Protocol) string { return Clean(strings.ToUpper(string(p)), 8) }
