package report

import (
	"cmp"
	"slices"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/cause"
	"mailmedic/checks/pages"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/report/messages"
)

// entry is one line of the report in the making: everything under one code that
// has the same place in the chain of causes.
type entry struct {
	code    checks.Code
	stage   checks.Stage
	by      checks.Code // the root cause; empty for a root cause itself
	ignored bool
	because bool // made from a diagnosis, whose own words stand

	marks  []mark
	asked  bool            // it hits what the user complains of
	stops  bool            // it hits a direction in which nothing works
	reach  int             // recommended paths that it hits
	weight checks.Severity // the heaviest of the marks, weighed for this user
	sure   checks.Sure
	texts  []said
	facts  []checks.Fact
	advice []say.Text
	where  []say.Text // examples
	params map[string]string
	rivals []checks.Code
}

// said is a sentence, and the path that it speaks of; a diagnosis speaks of no path.
type said struct {
	text say.Text
	path string
}

// mark is one place in which the entry's code was met.
type mark struct {
	path     string
	severity checks.Severity
}

// join makes one entry of each root cause and one of each consequence. A diagnosis
// and a finding with the same code become one entry, and nothing is dropped.
func join(e *evidence.Evidence, found []checks.Finding, why []cause.Diagnosis, rest []checks.Finding, ignore []string) []entry {
	var entries []entry
	for _, d := range why {
		entries = append(entries, diagnosed(d, ignore))
	}
	for _, f := range all(found, rest) {
		by, explained := explainedBy(f, why)
		if by == f.Code || !explained {
			by = ""
		}
		ignored := ignores(ignore, f.Code, f.Path)
		at := slices.IndexFunc(entries, func(en entry) bool {
			return en.code == f.Code && en.by == by && (en.ignored == ignored || en.because && ignored)
		})
		if at < 0 {
			entries = append(entries, entry{code: f.Code, stage: stageOf(f), by: by, ignored: ignored, params: map[string]string{}})
			at = len(entries) - 1
		}
		entries[at].add(f, ignored)
	}
	for i := range entries {
		entries[i].arrange(e)
		entries[i].weight = entries[i].settle(e)
	}
	calm(entries)
	slices.SortStableFunc(entries, inOrder)
	return entries
}

// calm makes notes of what a mail program does too often or too much, as long as something
// does not work: it is not what the user has to hear then, and no cause of it.
func calm(entries []entry) {
	if !slices.ContainsFunc(entries, func(en entry) bool { return en.counts() && en.weight == checks.Fault }) {
		return
	}
	for i := range entries {
		if en := &entries[i]; en.weight == checks.Warning && slices.Contains([]checks.Code{"MM958", "MM959"}, en.code) {
			en.weight = checks.Note
		}
	}
}

// all lists found, and of rest what found lacks.
func all(found, rest []checks.Finding) []checks.Finding {
	list := slices.Clone(found)
	for _, f := range rest {
		if !slices.ContainsFunc(found, func(g checks.Finding) bool { return same(f, g) }) {
			list = append(list, f)
		}
	}
	return list
}

// same tells whether two findings are one: a check speaks once about one place.
func same(f, g checks.Finding) bool {
	return f.Code == g.Code && f.Path == g.Path && f.Addr == g.Addr && f.Text == g.Text
}

// explainedBy names the strongest diagnosis that explains the finding.
func explainedBy(f checks.Finding, why []cause.Diagnosis) (checks.Code, bool) {
	for _, d := range why {
		if slices.ContainsFunc(d.Explains, func(g checks.Finding) bool { return same(f, g) }) {
			return d.Cause.Code, true
		}
	}
	return "", false
}

func diagnosed(d cause.Diagnosis, ignore []string) entry {
	severity := cmp.Or(d.Severity, checks.Fault)
	en := entry{
		code: d.Cause.Code, stage: stageOf(checks.Finding{Code: d.Cause.Code}),
		sure: cmp.Or(d.Sure, checks.Certain), facts: slices.Clone(d.For),
		advice: slices.Clone(d.Advice), rivals: d.Rivals, because: true,
		params: map[string]string{},
	}
	if d.Text != "" {
		en.texts = []said{{text: d.Text}}
	}
	for k, v := range d.Params {
		en.params[k] = v
	}
	paths := checks.Paths(d.Explains)
	kept := slices.DeleteFunc(slices.Clone(paths), func(path string) bool { return ignores(ignore, en.code, path) })
	en.ignored = ignores(ignore, en.code, "") || (len(paths) > 0 && len(kept) == 0)
	if en.ignored {
		kept = paths
	}
	for _, path := range kept {
		en.marks = append(en.marks, mark{path, severity})
	}
	if len(kept) == 0 {
		en.marks = []mark{{"", severity}}
	}
	return en
}

// add takes a finding into the entry. The words of a diagnosis are not added to.
func (en *entry) add(f checks.Finding, ignored bool) {
	news := f.Path != "" && ignored == en.ignored && !slices.Contains(en.paths(), f.Path)
	if !en.because || news {
		en.marks = append(en.marks, mark{f.Path, cmp.Or(f.Severity, checks.Fault)})
	}
	known := slices.ContainsFunc(en.texts, func(s said) bool { return s.text == f.Text })
	if f.Text != "" && !known && !(en.because && len(en.texts) > 0) {
		en.texts = append(en.texts, said{f.Text, f.Path})
	}
	for _, fact := range f.Facts {
		if !slices.Contains(en.facts, fact) {
			en.facts = append(en.facts, fact)
		}
	}
	for _, a := range f.Advice {
		if !slices.Contains(en.advice, a) {
			en.advice = append(en.advice, a)
		}
	}
	for _, x := range f.Examples {
		if !slices.Contains(en.where, x) {
			en.where = append(en.where, x)
		}
	}
	if !en.because {
		en.sure = checks.LessSure(en.sure, cmp.Or(f.Sure, checks.Certain))
	}
	for k, v := range f.Params {
		if _, taken := en.params[k]; !taken {
			en.params[k] = v
		}
	}
}

// paths lists the entry's paths in the order in which they were met.
func (en *entry) paths() []string {
	paths := []string{}
	for _, m := range en.marks {
		if m.path != "" && !slices.Contains(paths, m.path) {
			paths = append(paths, m.path)
		}
	}
	return paths
}

// kind is the heaviest severity among the entry's places as they were found.
func (en *entry) kind() checks.Severity {
	kind := checks.Note
	for _, m := range en.marks {
		if gravity(m.severity) > gravity(kind) {
			kind = m.severity
		}
	}
	return kind
}

func (en *entry) root() bool { return en.by == "" }

// counts tells whether the entry has a say in the verdict.
func (en *entry) counts() bool { return en.root() && !en.ignored }

func (en *entry) finding(speak *messages.Speaker, e *evidence.Evidence, page pages.Page) Finding {
	f := Finding{
		Code: en.code, Slug: page.Slug, Title: page.Title, Severity: en.weight, Kind: en.kind(), Confidence: en.sure,
		Root: en.root(), Paths: en.paths(), Message: message(speak, e, en.texts),
		Evidence: []Fact{}, Examples: []string{}, Actions: []string{}, ByHand: page.Commands(place(e, en.paths(), en.params)),
		Params: en.params, Rivals: append([]checks.Code{}, en.rivals...), Ignored: en.ignored,
	}
	if f.Title == "" {
		f.Title = cmp.Or(f.Message, string(en.code))
	}
	if en.by != "" {
		f.CausedBy = new(en.by)
	}
	for _, x := range en.where {
		f.Examples = append(f.Examples, speak.Say(x))
	}
	for _, advice := range en.advice {
		f.Actions = append(f.Actions, speak.Say(advice))
	}
	for _, fact := range en.facts {
		f.Evidence = append(f.Evidence, Fact{Path: fact.Path, Step: fact.Stage, Fact: speak.Say(fact.Text), AtMS: int64(fact.At)})
	}
	return f
}

// ruledOut lists the explanations that the diagnoses refute. One that is a root
// cause elsewhere in the same report is left out: it does hold.
func ruledOut(speak *messages.Speaker, why []cause.Diagnosis, entries []entry) []RuledOut {
	var list []RuledOut
	for _, d := range why {
		for _, a := range d.Against {
			holds := slices.ContainsFunc(entries, func(en entry) bool { return en.root() && en.code == a.Code })
			out := RuledOut{Code: a.Code, Because: speak.Say(a.Because), Cause: d.Cause.Code}
			if !holds && !slices.Contains(list, out) {
				list = append(list, out)
			}
		}
	}
	return list
}

// ignores tells whether the user's --ignore list covers a code on a path.
func ignores(list []string, code checks.Code, path string) bool {
	for _, item := range list {
		want, at, one := strings.Cut(item, "=")
		if !strings.EqualFold(want, string(code)) {
			continue
		}
		if !one || (path != "" && strings.ReplaceAll(at, ":", "-") == path) {
			return true
		}
	}
	return false
}

// stageOf is the finding's stage. Where it has none, as a diagnosis has not, the
// first digit of the code tells: the catalogue is ordered by stage.
func stageOf(f checks.Finding) checks.Stage {
	if f.Stage != "" || len(f.Code) < 3 {
		return f.Stage
	}
	switch f.Code[2] {
	case '0':
		return checks.StageRun
	case '2':
		return checks.StageDNS
	case '3':
		return checks.StageTCP
	case '4':
		return checks.StageTLS
	case '5':
		return checks.StageGreeting
	case '6':
		return checks.StageName
	case '7':
		return checks.StageLogin
	case '8', '9':
		return checks.StageFolders
	}
	return stageComputer
}

// stageComputer is where the MM1xx causes sit: before the first question to a server.
const stageComputer checks.Stage = ""

// arrange puts the marks in the order of the paths, and sees whom they hit: what the user
// complains of, a direction in which nothing works, and how many of the recommended paths.
// What is not of one path concerns all of them.
func (en *entry) arrange(e *evidence.Evidence) {
	place := func(m mark) int {
		return slices.IndexFunc(e.Sessions, func(s evidence.Session) bool { return s.ID() == m.path })
	}
	slices.SortStableFunc(en.marks, func(a, b mark) int { return cmp.Compare(place(a), place(b)) })
	paths := en.paths()
	en.stops = len(paths) == 0
	for _, id := range paths {
		en.asked = en.asked || id == e.Account.AppPort || e.Account.Symptom != "both" && suffers(e, id)
		path, _ := pathByID(e, id)
		en.stops = en.stops || can(e, path.Protocol) == evidence.No
	}
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if role, _ := roleOf(e, s.ID()); role == profile.Recommended && (len(paths) == 0 || slices.Contains(paths, s.ID())) {
			en.reach++
		}
	}
}

// inOrder puts what helps most first: root causes before consequences, faults
// before warnings before notes, of those what the user complains of, what stops a whole
// direction, what hits more of the paths that they should use, and then what stands in the
// way of the rest.
func inOrder(a, b entry) int {
	return cmp.Or(
		cmp.Compare(btoi(!a.root()), btoi(!b.root())),
		cmp.Compare(btoi(a.ignored), btoi(b.ignored)),
		cmp.Compare(gravity(b.weight), gravity(a.weight)),
		cmp.Compare(btoi(b.asked), btoi(a.asked)),
		cmp.Compare(btoi(b.stops), btoi(a.stops)),
		cmp.Compare(gravity(b.kind()), gravity(a.kind())),
		cmp.Compare(b.reach, a.reach),
		cmp.Compare(a.rank(), b.rank()),
		cmp.Compare(len(b.paths()), len(a.paths())),
		cmp.Compare(a.code, b.code),
	)
}

// rank puts a name that no server was asked about behind a computer without a network.
func (en *entry) rank() int {
	if en.stage == checks.StageName && en.sure != checks.Certain {
		return stageRank(stageComputer)
	}
	return stageRank(en.stage)
}

// stageRank orders stages by what the user can act on first: what they typed, then
// their computer, then the stages of a connection, and mailmedic's own run last.
func stageRank(s checks.Stage) int {
	return slices.Index([]checks.Stage{
		checks.StageName, stageComputer, checks.StageDNS, checks.StageTCP, checks.StageGreeting,
		checks.StageTLS, checks.StageCapability, checks.StageLogin, checks.StageFolders, checks.StageRun,
	}, s)
}

func gravity(s checks.Severity) int {
	return slices.Index([]checks.Severity{checks.Note, checks.Warning, checks.Fault}, s)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
