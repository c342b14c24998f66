package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"mailmedic/checks"
	"mailmedic/checks/pages"
	"mailmedic/probe/profile"
	"mailmedic/report/messages"
)

// Brief is what a helpdesk agent needs to know of a report that somebody sent, whatever
// is left of it. Its JSON keys are a contract as the document's are.
type Brief struct {
	Schema        string     `json:"schema"`
	SchemaVersion string     `json:"schema_version"`
	Report        string     `json:"report"`  // the run's id
	At            *time.Time `json:"at"`      // nil when the text does not say it
	Version       string     `json:"version"` // of the mailmedic that made the report
	System        string     `json:"system"`
	Lang          string     `json:"lang"` // of the report, as nb, and so of the reply; empty when the text does not tell
	Address       string     `json:"address"`
	Provider      string     `json:"provider"`
	Scenario      string     `json:"scenario"` // of a demonstration, else empty
	Part          Part       `json:"part"`
	Status        Status     `json:"status"`
	ExitCode      int        `json:"exit_code"` // of the verdict
	Headline      string     `json:"headline"`  // of a pasted text as it stands there
	Causes        []Reason   `json:"causes"`    // most important first
	Notes         []Reason   `json:"notes"`
	Paths         []Fare     `json:"paths"`
	Topics        []Fare     `json:"topics"`
	Ask           string     `json:"ask"`   // what to ask the customer
	Reply         string     `json:"reply"` // what to answer, in the language of the report
	Read          string     `json:"read"`  // the version of the mailmedic that read it
}

// Reason is one root cause or note as a brief names it.
type Reason struct {
	Code       checks.Code `json:"code"`
	Confidence checks.Sure `json:"confidence"` // empty where the text does not say it
	Title      string      `json:"title"`
	Paths      []string    `json:"paths"`
	Guessed    bool        `json:"guessed"` // from the ports, because the text ends before it names a cause
	Known      bool        `json:"known"`   // this version has a page for the code
}

// Fare is how a path or a topic fares.
type Fare struct {
	About string      `json:"about"` // a path's id, or name, login, folders, program or network
	Works string      `json:"works"` // yes, no, affected (by Code) or unknown
	Code  checks.Code `json:"code"`  // that stands against it
}

// The words of Fare.Works.
const (
	fareYes      = "yes"
	fareNo       = "no"
	fareAffected = "affected"
	fareUnknown  = "unknown"
)

// NewBrief says what a report comes to for a helpdesk, in the agent's language. The reply is
// for the customer, so it is in that of the report. version is that of the mailmedic that
// reads it.
func NewBrief(r *Report, part Part, speak *messages.Speaker, version string) Brief {
	page := shelf(speak.Language())
	s := Brief{
		Schema: "mailmedic/summary", SchemaVersion: "1.0",
		Report: r.Run.ID, At: r.Run.StartedAt, Version: r.Tool.Version, Read: version,
		Lang: r.Tool.Lang, Address: address(r), Scenario: r.Run.Scenario, Part: part,
		Status: r.Verdict.Status, ExitCode: r.Verdict.ExitCode, Headline: headlineIn(r, speak, page),
		Causes: []Reason{}, Notes: []Reason{}, Paths: []Fare{}, Topics: []Fare{},
	}
	s.Part.Passwords = append([]int{}, part.Passwords...)
	s.Part.Others = append([]string{}, part.Others...)
	if r.Input.Provider != "" || r.Evidence != nil {
		s.Provider = provider(r)
	}
	s.System = words("/", r.Environment.OS, r.Environment.Arch)
	for _, f := range r.Findings {
		unsaid := r.pasted == nil && f.Severity == checks.Note && quiet(f) // a text names what is worth it
		if !f.Root || f.Ignored || unsaid {
			continue
		}
		list := &s.Causes
		if f.Severity == checks.Note {
			list = &s.Notes
		}
		*list = append(*list, Reason{f.Code, f.Confidence, cmp.Or(page(f.Code).Title, f.Title), append([]string{}, f.Paths...), f.Params["guessed"] != "", page(f.Code).Code != ""})
	}
	for _, code := range r.Verdict.Codes { // a document that ends early may have lost the findings
		if !slices.ContainsFunc(s.Causes, func(c Reason) bool { return c.Code == code }) {
			p := page(code)
			s.Causes = append(s.Causes, Reason{Code: code, Title: p.Title, Paths: []string{}, Known: p.Code != ""})
		}
	}
	for _, w := range states(r) {
		s.fare(w)
	}
	if len(s.Causes) > 0 {
		theirs := page
		if s.Lang != "" {
			theirs = shelf(messages.Language(s.Lang))
		}
		s.Ask, _ = helpdesk(page(s.Causes[0].Code))
		_, s.Reply = helpdesk(theirs(s.Causes[0].Code))
	}
	return s
}

// headlineIn is the verdict's sentence in another language than that of the document. Of a
// text there is too little to say it anew.
func headlineIn(r *Report, speak *messages.Speaker, page library) string {
	if r.pasted != nil || r.Error != nil || r.speak.Language() == speak.Language() {
		return r.Verdict.Headline
	}
	again := *r
	again.speak = speak
	again.Findings = slices.Clone(r.Findings)
	for i, f := range again.Findings {
		again.Findings[i].Title = cmp.Or(page(f.Code).Title, f.Title)
	}
	return headline(&again)
}

// fare puts one word of a support line where it belongs.
func (s *Brief) fare(w supportWord) {
	f := Fare{Works: map[string]string{"+": fareYes, "-": fareNo, "?": fareUnknown}[w.state], Code: w.code()}
	f.Works = cmp.Or(f.Works, fareAffected)
	if protocol, port, ok := w.path(); ok {
		f.About = string(protocol) + "-" + port
		s.Paths = append(s.Paths, f)
		return
	}
	switch w.about {
	case "i", "s":
		f.About = map[string]string{"i": "imap", "s": "smtp"}[w.about]
		s.Paths = append(s.Paths, f)
		return
	}
	f.About = map[string]string{"name": "name", "log": "login", "dir": "folders", "app": "program", "net": "network"}[w.about]
	s.Topics = append(s.Topics, f)
}

// helpdesk takes what to ask and what to reply out of a page. Its section is the one with
// the reply, in every language.
func helpdesk(p pages.Page) (ask, reply string) {
	for _, section := range p.Sections {
		before, after, found := cutAny(section.Text, `Reply: "`, `Svar: "`)
		if !found {
			continue
		}
		ask = strings.Join(strings.Fields(strings.ReplaceAll(before, "`", `"`)), " ")
		for _, label := range []string{"Ask:", "Ask", "Spør:"} {
			if rest, cut := strings.CutPrefix(ask, label+" "); cut {
				ask = capital(rest)
				break
			}
		}
		reply, _, _ = strings.Cut(after+"\n\n", "\"\n")
		return ask, strings.Join(strings.Fields(reply), " ")
	}
	return "", ""
}

func cutAny(s string, separators ...string) (before, after string, found bool) {
	for _, separator := range separators {
		if before, after, found = strings.Cut(s, separator); found {
			return before, after, true
		}
	}
	return s, "", false
}

// ports lists the ports of a protocol that fare in one way. all is true where a word stands
// for all of them.
func (s *Brief) ports(protocol profile.Protocol, works string) (numbers []string, all bool) {
	for _, f := range s.Paths {
		of, port, single := strings.Cut(f.About, "-")
		if of != string(protocol) || f.Works != works {
			continue
		}
		if !single {
			return nil, true
		}
		numbers = append(numbers, port)
	}
	return numbers, false
}

// topic finds how a topic fares. found is false where the report says nothing of it.
func (s *Brief) topic(about string) (f Fare, found bool) {
	i := slices.IndexFunc(s.Topics, func(f Fare) bool { return f.About == about })
	if i < 0 {
		return Fare{}, false
	}
	return s.Topics[i], true
}

// affected lists the ports that do not work, or work with a finding against them, by code.
// The empty code is of those that none stands against.
func (s *Brief) affected() (codes []checks.Code, ports map[checks.Code][]string) {
	ports = map[checks.Code][]string{}
	for _, f := range s.Paths {
		_, port, single := strings.Cut(f.About, "-")
		if !single || f.Works != fareNo && f.Works != fareAffected {
			continue
		}
		if !slices.Contains(codes, f.Code) {
			codes = append(codes, f.Code)
		}
		ports[f.Code] = append(ports[f.Code], port)
	}
	return codes, ports
}
