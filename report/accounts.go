package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/report/messages"
)

// Account is the outcome for one of many accounts: enough to know whom to write to. Its
// JSON keys are public, as those of Report are.
type Account struct {
	Schema        string         `json:"schema"`
	SchemaVersion string         `json:"schema_version"`
	Address       string         `json:"address"`
	Login         *string        `json:"login"` // nil when the list names none
	Provider      string         `json:"provider"`
	Verdict       Verdict        `json:"verdict"`
	Causes        []AccountCause `json:"causes"` // those of Verdict.Codes, in their order
	DurationMS    int64          `json:"duration_ms"`
	LoginAttempts Attempts       `json:"login_attempts"`
	Connections   int            `json:"connections"`
	Error         *Error         `json:"error,omitempty"` // why the account could not be tested
}

// AccountCause is a root cause that counts for an account.
type AccountCause struct {
	Code       checks.Code `json:"code"`
	Title      string      `json:"title"`
	Confidence checks.Sure `json:"confidence"`
	Paths      []string    `json:"paths"`
}

const accountSchema = "mailmedic/account"

// AccountOf takes from the report of one account what a list of many shows.
func AccountOf(r *Report) Account {
	a := Account{
		Schema: accountSchema, SchemaVersion: schemaVersion,
		Address: r.Input.Address, Login: r.Input.Login, Provider: r.Input.Provider, Verdict: r.Verdict,
		Causes: []AccountCause{}, DurationMS: r.Run.DurationMS, LoginAttempts: r.Run.LoginAttempts, Connections: r.Run.Connections,
	}
	for _, f := range counted(r) {
		a.Causes = append(a.Causes, AccountCause{f.Code, f.Title, f.Confidence, f.Paths})
	}
	return a
}

// UntestedAccount is the outcome for an account that could not be tested, and why.
func UntestedAccount(address, login, provider string, exit int, message, hint string) Account {
	r := Failed(exit, Tool{}, message, hint)
	r.Input = Input{Address: address, Login: given(login), Provider: provider}
	a := AccountOf(r)
	a.Error = r.Error
	return a
}

// AccountLine writes an account's outcome as one line: the status, the first root cause, the
// address, and in words what there is to say. What is cut on a narrow terminal is the words.
func AccountLine(a Account, o TextOptions) string {
	t := newPrinter(o, o.Say)
	word, code := statusWord(string(a.Verdict.Status)), ""
	if len(a.Causes) > 0 {
		code = string(a.Causes[0].Code)
	}
	shown := t.statusWord(word)
	if o.Spoken {
		said := []string{shown, code, t.clean(a.Address, 120), t.clean(t.outcome(a), 200)}
		said = slices.DeleteFunc(said, func(s string) bool { return s == "" })
		return strings.Join(said, ", ") + "\n" // without columns, which nobody hears
	}
	first := left(shown, max(Width(t.statusWord("WARN")), Width(t.statusWord("UNSURE"))))
	line := fmt.Sprintf("%s  %-5s  %-28s  %s", first, code, t.clean(a.Address, 120), t.clean(t.outcome(a), 200))
	if t.width < narrow && code != "" {
		line = fmt.Sprintf("%s  %-5s  %s", first, code, t.clean(a.Address, 120))
	}
	return t.p.status(word)(shown) + fit(strings.TrimRight(line, " "), t.width)[len(shown):] + "\n"
}

// fit cuts a line that is wider than there is room. All of it is in the other formats.
func fit(line string, width int) string {
	if Width(line) <= width {
		return line
	}
	runes := []rune(line)
	for Width(string(runes)) > width-len("...") {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ") + "..."
}

// outcome is what a line says in words. Of an account that works it is nothing.
func (t *printer) outcome(a Account) string {
	switch {
	case a.Error != nil:
		return a.Error.Message
	case len(a.Causes) > 1:
		return t.say("%s, and %d more", strings.TrimRight(a.Causes[0].Title, "."), len(a.Causes)-1)
	case len(a.Causes) == 1:
		return strings.TrimRight(a.Causes[0].Title, ".")
	case a.Verdict.Status == OK && a.Verdict.CanReceive == evidence.Yes && a.Verdict.CanSend == evidence.Yes:
		return ""
	}
	return a.Verdict.Headline
}

// Summary counts the outcomes of many accounts and groups them by cause. What it holds does
// not grow with their number.
type Summary struct {
	Schema        string    `json:"schema"`
	SchemaVersion string    `json:"schema_version"`
	Tool          Tool      `json:"tool"`
	StartedAt     time.Time `json:"started_at"`
	DurationMS    int64     `json:"duration_ms"`
	Listed        int       `json:"listed"` // accounts in the list
	Tested        int       `json:"tested"` // accounts that have an outcome
	OK            int       `json:"ok"`
	Warning       int       `json:"warning"`
	Problem       int       `json:"problem"`
	Unknown       int       `json:"unknown"`
	Stopped       bool      `json:"stopped"`
	ExitCode      int       `json:"exit_code"`
	Causes        []Group   `json:"causes"` // the one that hits most accounts first

	speak *messages.Speaker // the language of Tool.Lang
}

// Group is a root cause, or a reason why nothing could be tested, with the accounts that
// it hits.
type Group struct {
	Code     checks.Code `json:"code"` // empty for a reason
	Title    string      `json:"title"`
	Accounts int         `json:"accounts"`
	Examples []string    `json:"examples"` // addresses, the first ones
}

// The most that a summary keeps: addresses of a group, and groups of reasons, whose words
// may differ from one account to the next.
const (
	mostExamples = 5
	mostReasons  = 50
)

// NewSummary is one of no outcome yet.
func NewSummary(tool Tool, listed int, started time.Time) *Summary {
	return &Summary{Schema: "mailmedic/accounts", SchemaVersion: schemaVersion, Tool: tool, StartedAt: started, Listed: listed, Causes: []Group{}, speak: messages.In(messages.Language(tool.Lang))}
}

// Add counts an outcome.
func (s *Summary) Add(a Account) {
	s.Tested++
	switch a.Verdict.Status {
	case OK:
		s.OK++
	case Warning:
		s.Warning++
	case Problem:
		s.Problem++
	default:
		s.Unknown++
	}
	code := a.Verdict.ExitCode
	if a.Error != nil {
		code = exitUnknown // its own code is about the account's password command, say
		s.group("", a.Error.Message, a.Address)
	}
	if worse(code, s.ExitCode) {
		s.ExitCode = code
	}
	for _, c := range a.Causes {
		s.group(c.Code, c.Title, a.Address)
	}
}

// worse orders exit codes by what they mean for whoever reads only one: what does not work
// comes before what is not known.
func worse(a, b int) bool {
	weights := []int{0, 1, exitUnknown, 2}
	return slices.Index(weights, a) > slices.Index(weights, b)
}

func (s *Summary) group(code checks.Code, title, address string) {
	at := slices.IndexFunc(s.Causes, func(g Group) bool { return g.Code == code && (code != "" || g.Title == title) })
	if at < 0 && code == "" && len(s.Causes) >= mostReasons {
		title = s.speak.Say("Other reasons")
		at = slices.IndexFunc(s.Causes, func(g Group) bool { return g.Code == "" && g.Title == title })
	}
	if at < 0 {
		at = len(s.Causes)
		s.Causes = append(s.Causes, Group{Code: code, Title: title})
	}
	g := &s.Causes[at]
	g.Accounts++
	if len(g.Examples) < mostExamples {
		g.Examples = append(g.Examples, address)
	}
}

// Close ends the counting.
func (s *Summary) Close(took time.Duration, stopped bool) {
	s.DurationMS, s.Stopped = took.Milliseconds(), stopped
	switch {
	case stopped:
		s.ExitCode = exitStopped
	case s.Tested < s.Listed && worse(exitUnknown, s.ExitCode):
		s.ExitCode = exitUnknown // the reader went away, as head does
	}
	slices.SortStableFunc(s.Causes, func(a, b Group) int { return b.Accounts - a.Accounts })
}

const exitUnknown = 3

// SummaryText writes a summary for a person.
func SummaryText(s *Summary, o TextOptions) string {
	t := newPrinter(o, o.Say)
	t.line("")
	t.hanging("", "", t.tally(s), t.p.head)
	for _, g := range s.Causes {
		t.line("")
		name := string(g.Code)
		if name == "" {
			name = "-"
		}
		t.hanging(fmt.Sprintf("%-8s", name), blanks(8), t.say("%s: %s", accounts(g.Accounts), t.clean(g.Title, 200)), plain)
		t.hanging(blanks(8), blanks(8), t.clean(t.examples(g), 800), plain)
	}
	if len(s.Causes) > 0 {
		t.line("")
		t.line(t.say("What a code means:"))
		t.line("  mailmedic explain CODE")
	}
	return t.b.String()
}

// tally says the numbers in one sentence or two.
func (t *printer) tally(s *Summary) string {
	text := t.say("%s in %s: %d ok", accounts(s.Tested), lasted(s.DurationMS), s.OK)
	for _, part := range []struct {
		n    int
		said say.Text
	}{{s.Warning, "%d with a warning"}, {s.Problem, "%d failing"}, {s.Unknown, "%d not tested"}} {
		if part.n > 0 {
			text += ", " + t.say(part.said, part.n)
		}
	}
	if s.Stopped {
		return text + ". " + t.say("You stopped the test; %d of the list are left.", s.Listed-s.Tested)
	}
	return text + "."
}

// lasted writes a length of time as a person would say it.
func lasted(ms int64) say.Text {
	d := time.Duration(ms) * time.Millisecond
	if d < time.Minute {
		return seconds(ms)
	}
	return say.Verbatim(d.Round(time.Second).String())
}

func accounts(n int) say.Text { return say.Count(n, "%d account", "%d accounts") }

func (t *printer) examples(g Group) string {
	list := strings.Join(g.Examples, ", ")
	if more := g.Accounts - len(g.Examples); more > 0 {
		return t.say("%s and %d more", list, more)
	}
	return list
}
