package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// Comparison is what changed between two reports. Its JSON keys are a contract as the
// document's are.
type Comparison struct {
	Schema        string   `json:"schema"`
	SchemaVersion string   `json:"schema_version"`
	Outcome       Outcome  `json:"outcome"`
	ExitCode      int      `json:"exit_code"`
	Before        Made     `json:"before"`
	After         Made     `json:"after"`
	Changes       []Change `json:"changes"`
	Unchanged     Same     `json:"unchanged"`
	Fault         Blame    `json:"fault"`
}

// Outcome is a comparison in one word.
type Outcome string

// The outcomes. Changed is neither better nor worse, or both. Where a run was made does not
// count: the same result from two places is the same.
const (
	Better    Outcome = "better"
	Worse     Outcome = "worse"
	Unchanged Outcome = "same"
	Changed   Outcome = "changed"
)

// Made says which report is meant.
type Made struct {
	Report    string     `json:"report"`
	At        *time.Time `json:"at"`
	Status    Status     `json:"status"`
	Simulated bool       `json:"simulated"` // it is a demonstration
	Scenario  string     `json:"scenario"`  // of which this is the name
}

// Change is one fact that changed.
type Change struct {
	What   What   `json:"what"`
	Of     string `json:"of"`     // a path, host, code or direction
	Step   string `json:"step"`   // of the path
	Before string `json:"before"` // empty where there was none
	After  string `json:"after"`
	Turn   Turn   `json:"turn"`
}

// What is the kind of a fact.
type What string

// The kinds of facts that are compared.
const (
	WhatVerdict     What = "verdict"
	WhatDirection   What = "direction" // imap or smtp: whether mail can be received or sent
	WhatPath        What = "path"
	WhatStep        What = "step"
	WhatCode        What = "code"
	WhatLogin       What = "login"
	WhatFolders     What = "folders"
	WhatServer      What = "server" // the host of a path
	WhatAddresses   What = "addresses"
	WhatCertificate What = "certificate"
	WhatAccount     What = "account"
	WhatProvider    What = "provider"
	WhatResolver    What = "resolver"
	WhatNetwork     What = "network"
	WhatSystem      What = "system"
	WhatVersion     What = "version"
)

// Turn says which way a fact changed.
type Turn string

// The turns. Aside is of the place or the program, not of the mail.
const (
	ForBetter Turn = "better"
	ForWorse  Turn = "worse"
	Otherwise Turn = "other"
	Aside     Turn = "aside"
)

// Same counts what is in both reports as it was.
type Same struct {
	Paths []string      `json:"paths"`
	Codes []checks.Code `json:"codes"`
	Notes []checks.Code `json:"notes"`
}

// exitCut is the exit code for data that is not all there.
const exitCut = 65

// The words for how a path fares in a comparison, besides a code.
const (
	fareWorks  = "works"
	fareFails  = "fails"
	fareUntold = "not tested"
)

// Compare says what changed from one report to another. Of a report that was read from a
// text it compares what the text says, and of one that is not all there nothing that the
// missing part could have held.
func Compare(before, after *Report) Comparison {
	c := Comparison{
		Schema: "mailmedic/comparison", SchemaVersion: "1.0",
		Before: madeOf(before), After: madeOf(after),
		Changes: []Change{}, Unchanged: Same{Paths: []string{}, Codes: []checks.Code{}, Notes: []checks.Code{}},
	}
	c.verdicts(before, after)
	c.paths(before, after)
	c.codes(before, after)
	if before.Evidence != nil && after.Evidence != nil {
		c.logins(before.Evidence, after.Evidence)
		c.folders(before.Evidence, after.Evidence)
		c.servers(before.Evidence, after.Evidence)
		c.addresses(before, after)
		c.certificates(before.Evidence, after.Evidence)
		c.note(WhatNetwork, linkName(before.Evidence), linkName(after.Evidence))
	}
	if otherProvider(before, after) {
		c.note(WhatProvider, before.Input.Provider, after.Input.Provider)
	}
	c.note(WhatAccount, address(before), address(after))
	c.note(WhatResolver, before.Environment.Resolver, after.Environment.Resolver)
	c.note(WhatSystem, words("/", before.Environment.OS, before.Environment.Arch), words("/", after.Environment.OS, after.Environment.Arch))
	c.note(WhatVersion, before.Tool.Version, after.Tool.Version)
	c.conclude()
	if before.cut || after.cut {
		c.doubt()
	}
	c.Fault = blame(before, after)
	return c
}

func madeOf(r *Report) Made {
	return Made{r.Run.ID, r.Run.StartedAt, r.Verdict.Status, r.Run.Simulated, r.Run.Scenario}
}

func (c *Comparison) add(change Change) { c.Changes = append(c.Changes, change) }

// note adds what is not of the mail, where both reports say it and it differs.
func (c *Comparison) note(what What, before, after string) {
	if before != after && before != "" && after != "" {
		c.add(Change{What: what, Before: before, After: after, Turn: Aside})
	}
}

// turn compares two ranks; a negative one is not known.
func turn(before, after int) Turn {
	switch {
	case before < 0 || after < 0 || before == after:
		return Otherwise
	case before < after:
		return ForBetter
	}
	return ForWorse
}

func (c *Comparison) verdicts(before, after *Report) {
	rank := func(s Status) int { return slices.Index([]Status{Problem, Warning, OK}, s) }
	if a, b := before.Verdict.Status, after.Verdict.Status; a != b {
		c.add(Change{What: WhatVerdict, Before: string(a), After: string(b), Turn: turn(rank(a), rank(b))})
	}
	seen := func(s evidence.Seen) int { return slices.Index([]evidence.Seen{evidence.No, evidence.Yes}, s) }
	for _, d := range []struct {
		of            profile.Protocol
		before, after evidence.Seen
	}{
		{profile.IMAP, before.Verdict.CanReceive, after.Verdict.CanReceive},
		{profile.SMTP, before.Verdict.CanSend, after.Verdict.CanSend},
	} {
		told := before.pasted == nil && after.pasted == nil || seen(d.before) >= 0 && seen(d.after) >= 0
		if d.before != d.after && told {
			c.add(Change{What: WhatDirection, Of: string(d.of), Before: string(d.before), After: string(d.after), Turn: turn(seen(d.before), seen(d.after))})
		}
	}
}

// paths compares how each path fares, and where that is the same, its steps.
func (c *Comparison) paths(before, after *Report) {
	was, is := fares(before), fares(after)
	for _, id := range both(was, is) {
		a, b := was[id], is[id]
		if before.cut && vague(a, b) || after.cut && vague(b, a) {
			continue
		}
		if a != b {
			c.add(Change{What: WhatPath, Of: id, Before: a, After: b, Turn: turn(fareRank(a), fareRank(b))})
			continue
		}
		if !c.steps(before, after, id) {
			c.Unchanged.Paths = append(c.Unchanged.Paths, id)
		}
	}
	for _, id := range unshared(before, was, after, is) {
		c.add(Change{What: WhatPath, Of: id, Before: was[id], Turn: Aside})
	}
	for _, id := range unshared(after, is, before, was) {
		c.add(Change{What: WhatPath, Of: id, After: is[id], Turn: Aside})
	}
}

// unshared lists the paths that one report has and the other one, which is all there, has
// not. A support line without room has one word for all paths of a protocol, and is silent
// of those.
func unshared(r *Report, of map[string]string, other *Report, others map[string]string) []string {
	if r.cut || other.cut {
		return nil
	}
	kept := maps.Clone(of)
	maps.DeleteFunc(kept, func(id, _ string) bool {
		_, found := others[id]
		protocol, _, _ := strings.Cut(id, "-")
		return found || !slices.ContainsFunc(slices.Collect(maps.Keys(others)), func(theirs string) bool { return strings.HasPrefix(theirs, protocol) })
	})
	return both(kept, kept)
}

// fares says in a word how each path fares.
func fares(r *Report) map[string]string {
	list := map[string]string{}
	for _, w := range states(r) {
		protocol, port, ok := w.path()
		if !ok {
			continue
		}
		word := map[string]string{"+": fareWorks, "-": fareFails, "?": fareUntold}[w.state]
		if word == "" {
			word = string(w.code())
		}
		list[string(protocol)+"-"+port] = word
	}
	return list
}

// vague tells whether the row of a table, without the causes that stood below it, may mean
// the same as another report's word for the path. The "no" of a refused login stands in the
// row of its port too, of which a whole report says that it works.
func vague(row, other string) bool {
	return row != other && (row == fareUntold || row == fareFails)
}

// fareRank is higher for what is better, and negative where nothing is known.
func fareRank(word string) int {
	switch word {
	case fareWorks:
		return 1
	case fareUntold:
		return -1
	}
	return 0
}

// both lists the keys that two maps share, in the order of protocol and port.
func both[V any](a, b map[string]V) []string {
	var keys []string
	for key := range a {
		if _, found := b[key]; found {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(x, y string) int {
		px, nx, _ := strings.Cut(x, "-")
		py, ny, _ := strings.Cut(y, "-")
		if px != py {
			return strings.Compare(px, py)
		}
		return number(nx) - number(ny)
	})
	return keys
}

// steps compares the steps of a path that fares alike. It tells whether any changed.
func (c *Comparison) steps(before, after *Report, id string) bool {
	was, is := pathIn(before, id), pathIn(after, id)
	if before.pasted != nil || after.pasted != nil || was == nil || is == nil {
		return false
	}
	rank := func(word string) int { return slices.Index([]string{stepProblem, stepWarning, stepOK}, word) }
	changed := false
	names := []string{"dns", "tcp", "greeting", "tls", "capability", "login", "folders"}
	for i, name := range names {
		a, b := was.Steps.all()[i], is.Steps.all()[i]
		if a == b {
			continue
		}
		changed = true
		c.add(Change{What: WhatStep, Of: id, Step: name, Before: a, After: b, Turn: turn(rank(a), rank(b))})
	}
	return changed
}

func pathIn(r *Report, id string) *Path {
	i := slices.IndexFunc(r.Paths, func(p Path) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return &r.Paths[i]
}

func (c *Comparison) logins(before, after *evidence.Evidence) {
	rank := func(word string) int {
		return slices.Index([]string{string(evidence.RejectedIn), string(evidence.Accepted)}, word)
	}
	for _, protocol := range []profile.Protocol{profile.IMAP, profile.SMTP} {
		a, b := lastLogin(before, protocol), lastLogin(after, protocol)
		if a != b {
			c.add(Change{What: WhatLogin, Of: string(protocol), Before: a, After: b, Turn: turn(rank(a), rank(b))})
		}
	}
}

// lastLogin is what became of the last login in a direction.
func lastLogin(e *evidence.Evidence, protocol profile.Protocol) string {
	list := attempts(e, protocol)
	if len(list) == 0 {
		return fareUntold
	}
	return string(list[len(list)-1].Result)
}

func (c *Comparison) folders(before, after *evidence.Evidence) {
	was, is := folderCounts(before), folderCounts(after)
	for _, id := range both(was, is) {
		if was[id] != is[id] {
			c.add(Change{What: WhatFolders, Of: id, Before: fmt.Sprint(was[id]), After: fmt.Sprint(is[id]), Turn: Otherwise})
		}
	}
}

func folderCounts(e *evidence.Evidence) map[string]int {
	counts := map[string]int{}
	for i := range e.Sessions {
		if s := &e.Sessions[i]; s.Folders.Step.Done() {
			counts[s.ID()] = len(s.Folders.List)
		}
	}
	return counts
}

// servers compares the hosts of the paths. A provider that was put together by hand has the
// name of one, whatever its servers are.
func (c *Comparison) servers(before, after *evidence.Evidence) {
	was, is := hosts(before), hosts(after)
	for _, id := range both(was, is) {
		if was[id] != is[id] {
			c.add(Change{What: WhatServer, Of: id, Before: was[id], After: is[id], Turn: Otherwise})
		}
	}
}

// hosts names the server of each path.
func hosts(e *evidence.Evidence) map[string]string {
	list := map[string]string{}
	for i := range e.Sessions {
		list[e.Sessions[i].ID()] = strings.ToLower(e.Sessions[i].Path.Host)
	}
	return list
}

// addresses compares what the names of the servers led to.
func (c *Comparison) addresses(before, after *Report) {
	was, is := answers(before.Evidence), answers(after.Evidence)
	for _, host := range both(was, is) {
		a, b := strings.Join(was[host], ", "), strings.Join(is[host], ", ")
		if a != b && a != "" && b != "" {
			c.add(Change{What: WhatAddresses, Of: host, Before: a, After: b, Turn: Otherwise})
		}
	}
}

// answers lists the addresses of each path's host.
func answers(e *evidence.Evidence) map[string][]string {
	list := map[string][]string{}
	for i := range e.Sessions {
		host := e.Sessions[i].Path.Host
		for _, kind := range []string{"A", "AAAA"} {
			if l := e.Lookup(host, kind); l != nil {
				list[host] = append(list[host], l.Answers...)
			}
		}
		slices.Sort(list[host])
		list[host] = slices.Compact(list[host])
	}
	return list
}

// certificates compares who issued a server's certificate, and until when it holds.
func (c *Comparison) certificates(before, after *evidence.Evidence) {
	was, is := leaves(before), leaves(after)
	var seen []string
	for _, id := range both(was, is) {
		if a, b := was[id], is[id]; a != b && !slices.Contains(seen, a+b) {
			seen = append(seen, a+b) // the ports of a server mostly show the same one
			c.add(Change{What: WhatCertificate, Of: id, Before: a, After: b, Turn: Otherwise})
		}
	}
}

func leaves(e *evidence.Evidence) map[string]string {
	list := map[string]string{}
	for i := range e.Sessions {
		if chain := e.Sessions[i].Secure.Chain; len(chain) > 0 {
			list[e.Sessions[i].ID()] = chain[0].Issuer + ", " + chain[0].NotAfter.Format(time.DateOnly)
		}
	}
	return list
}

// linkName is the interface on which packets left.
func linkName(e *evidence.Evidence) string {
	for _, link := range []evidence.Link{e.Host.LinkV4, e.Host.LinkV6} {
		if link.Name != "" {
			return link.Name
		}
	}
	return ""
}

// conclude reaches the outcome. The verdict decides where it changed: whoever can send
// again is better off, whatever else is different.
func (c *Comparison) conclude() {
	count := map[Turn]int{}
	for _, change := range c.Changes {
		count[change.Turn]++
		if change.What == WhatVerdict && change.Turn != Otherwise {
			c.set(map[Turn]Outcome{ForBetter: Better, ForWorse: Worse}[change.Turn])
		}
	}
	switch {
	case c.Outcome != "":
	case count[ForBetter] > 0 && count[ForWorse] == 0:
		c.set(Better)
	case count[ForWorse] > 0 && count[ForBetter] == 0:
		c.set(Worse)
	case len(c.Changes) == count[Aside]:
		c.set(Unchanged)
	default:
		c.set(Changed)
	}
}

func (c *Comparison) set(o Outcome) {
	c.Outcome = o
	c.ExitCode = map[Outcome]int{Unchanged: 0, Better: 1, Changed: 1, Worse: 2}[o]
}

// doubt takes back what only two whole reports can tell. What changed in what is there is
// said, and the exit code is that of a report of which a part is missing.
func (c *Comparison) doubt() {
	if c.Outcome != Unchanged {
		c.Outcome = Changed
	}
	c.ExitCode = exitCut
}
