package report

import (
	"fmt"
	"slices"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/pages"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// factsShown is how many facts a block gives without -v.
const factsShown = 6

// block prints one root cause.
func (t *printer) block(r *Report, f Finding) {
	t.line("")
	t.rule(f)
	t.line("")
	t.section(t.say("What I saw"), t.saw(f))
	t.section(t.say("What to do"), t.advice(f))
	t.section(t.say("Not tested"), t.missing(r, f))
	t.section(t.say("Ruled out"), t.ruledOut(r, f))
	if t.verbose > 0 {
		t.section(t.say("Follows"), t.follows(r, f))
		t.commands(f)
	}
	t.section(t.say("More"), []item{{text: "mailmedic explain " + t.clean(string(f.Code), 20), paint: t.p.code}})
}

// rule heads a block: code and title, filled up to how sure the report is.
func (t *printer) rule(f Finding) {
	code, title, sure := t.clean(string(f.Code), 12), t.clean(f.Title, 160), t.clean(t.sure(f.Confidence), 12)
	room := min(t.width, filled) - Width("-- "+code+"  "+title+" "+sure) - 1
	if room >= 2 {
		t.line("-- " + t.p.code(code) + "  " + t.p.head(title) + " " + strings.Repeat("-", room) + " " + sure)
		return
	}
	room = min(t.width, filled) - Width("-- "+code+" "+sure) - 1
	t.line("-- " + t.p.code(code) + " " + strings.Repeat("-", max(room, 0)) + " " + sure)
	t.hanging("   ", "   ", title, t.p.head)
}

func (t *printer) saw(f Finding) []item {
	items := []item{{text: t.clean(f.Message, 1000)}}
	said := []string{f.Message}
	facts := f.Evidence
	for i, fact := range facts {
		if i >= factsShown && t.verbose == 0 {
			more := t.say("%d more with -v", len(facts)-i)
			return append(items, item{mark: "- ", text: more})
		}
		if fact.Fact == "" || slices.Contains(said, fact.Fact) {
			continue
		}
		said = append(said, fact.Fact)
		text := fact.Fact
		if fact.Path != "" && len(f.Paths) > 1 && !strings.Contains(fact.Fact, portOf(fact.Path)) {
			text = t.say("port %s", portOf(fact.Path)) + ": " + text
		}
		items = append(items, item{mark: "- ", text: t.clean(text, 400)})
	}
	return items
}

func (t *printer) advice(f Finding) []item {
	var items []item
	for i, a := range f.Actions {
		items = append(items, item{mark: fmt.Sprintf("%d. ", i+1), text: t.clean(a, 600)})
	}
	for i, rival := range f.Rivals {
		if i == 0 {
			items = append(items, item{text: t.say("If that does not help, less likely but possible:")})
		}
		items = append(items, item{text: "mailmedic explain " + t.clean(string(rival), 20), paint: t.p.code})
	}
	return items
}

// commands lists what confirms the finding by hand.
func (t *printer) commands(f Finding) {
	if len(f.ByHand) == 0 {
		return
	}
	t.line("  " + t.say("By hand"))
	for _, command := range f.ByHand {
		for _, line := range pages.Fold(t.clean(command, 1000), t.width-4) {
			t.line("    " + line)
		}
	}
}

// missing lists the steps that the cause kept from being tried.
func (t *printer) missing(r *Report, f Finding) []item {
	var texts []string
	ports := map[string][]string{}
	for _, p := range r.Paths {
		skipped := skippedAfter(p.Steps)
		if !slices.Contains(f.Paths, p.ID) || skipped == "" {
			continue
		}
		if !slices.Contains(texts, skipped) {
			texts = append(texts, skipped)
		}
		ports[skipped] = append(ports[skipped], fmt.Sprint(p.Port))
	}
	if len(texts) > 0 && !shown(r) {
		return []item{{text: t.say("Everything that comes after it.")}}
	}
	var items []item
	for _, text := range texts {
		items = append(items, item{text: t.say(skippedOn(text), portList(ports[text]))})
	}
	if blames(r, f) {
		items = append(items, t.withheld(r, f)...)
	}
	return items
}

// blames tells whether a root cause is the one to say what no login told: the first
// about the login or its name, or else the first of all.
func blames(r *Report, f Finding) bool {
	causes := counted(r)
	for _, c := range causes {
		if strings.HasPrefix(string(c.Code), "MM6") || strings.HasPrefix(string(c.Code), "MM7") {
			return c.Code == f.Code
		}
	}
	return causes[0].Code == f.Code
}

// withheld lists the ports that were ready for a login which was not tried, where no
// other login in their direction was accepted, and the directions that stayed unknown.
// Those of the finding's own paths are listed with them already.
func (t *printer) withheld(r *Report, f Finding) []item {
	var ports []string
	var items []item
	for _, p := range r.Paths {
		if !accepted(r, p.Protocol) && p.Steps.Login == stepSkipped && p.Steps.Capability == stepOK && !(slices.Contains(f.Paths, p.ID) && skippedAfter(p.Steps) != "") {
			ports = append(ports, fmt.Sprint(p.Port))
		}
	}
	if len(ports) > 0 {
		items = append(items, item{text: t.say(skippedOn("login"), portList(ports))})
	}
	if r.Verdict.CanReceive == unknown {
		items = append(items, item{text: t.say("Whether you can receive mail.")})
	}
	if r.Verdict.CanSend == unknown {
		items = append(items, item{text: t.say("Whether you can send mail.")})
	}
	return items
}

// accepted tells whether any login in a protocol was.
func accepted(r *Report, protocol profile.Protocol) bool {
	return slices.ContainsFunc(attempts(observed(r), protocol), func(l evidence.Login) bool { return l.Result == evidence.Accepted })
}

// skippedAfter names the skipped steps behind the first one that failed.
func skippedAfter(s Steps) string {
	failed := false
	var names []string
	for _, step := range []struct{ name, word string }{
		{"", s.DNS}, {"", s.TCP}, {"", s.Greeting}, {"encryption", s.TLS},
		{"", s.Capability}, {"login", s.Login}, {"folders", s.Folders},
	} {
		if failed && step.word == stepSkipped && step.name != "" {
			names = append(names, step.name)
		}
		failed = failed || step.word == stepProblem
	}
	return strings.Join(names, " ")
}

// skippedOn says on which ports the steps that skippedAfter names were not tried.
func skippedOn(steps string) say.Text {
	switch steps {
	case "encryption":
		return "Encryption on %s."
	case "login":
		return "Login on %s."
	case "folders":
		return "Folders on %s."
	case "encryption login":
		return "Encryption and login on %s."
	case "login folders":
		return "Login and folders on %s."
	}
	return "Encryption, login and folders on %s."
}

// sure says how well a finding is proved.
func (t *printer) sure(s checks.Sure) string {
	switch s {
	case checks.Certain:
		return t.say("certain")
	case checks.Likely:
		return t.say("likely")
	case checks.Possible:
		return t.say("possible")
	}
	return string(s)
}

func (t *printer) ruledOut(r *Report, f Finding) []item {
	var items []item
	for _, out := range r.RuledOut {
		if out.Cause == f.Code {
			items = append(items, item{text: t.clean(string(out.Code), 20) + ": " + t.clean(out.Because, 400)})
		}
	}
	return items
}

// follows lists the consequences of a root cause.
func (t *printer) follows(r *Report, f Finding) []item {
	var items []item
	for _, g := range r.Findings {
		if g.CausedBy == nil || *g.CausedBy != f.Code {
			continue
		}
		text := t.clean(string(g.Code), 20) + " " + t.clean(g.Title, 200)
		if len(g.Paths) > 0 {
			text += " (" + t.clean(strings.Join(g.Paths, ", "), 200) + ")"
		}
		items = append(items, item{text: text})
	}
	return items
}
