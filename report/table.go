package report

import (
	"fmt"
	"slices"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// shown tells whether the table says more than the verdict. It does not when one
// cause keeps every path from being reached.
func shown(r *Report) bool {
	if len(counted(r)) != 1 {
		return len(r.Paths) > 0
	}
	return reached(r)
}

func (t *printer) table(r *Report) {
	t.line("")
	folders := slices.ContainsFunc(r.Paths, func(p Path) bool { return cell(p.Steps.Folders) != "-" })
	g := t.newGrid(r, folders)
	wide := t.width >= max(narrow, Width(g.heading()))
	if wide {
		t.grid(r, g)
	} else {
		for _, p := range r.Paths {
			t.portLine(r, p)
		}
	}
	t.legend(r, wide)
	t.namesTried(r)
}

// grid is the layout of the table: the heading of each column, which is also as wide as it.
type grid struct {
	status, port, use string
	columns           []column
	time              string
}

// column is a step in the table.
type column struct {
	title string
	word  func(Steps) string
	width int
}

func (t *printer) newGrid(r *Report, folders bool) grid {
	g := grid{port: right(t.say("Port"), 4), use: t.say("Used for"), time: right(t.say("Time"), 7)}
	for _, p := range r.Paths {
		g.use = left(g.use, Width(t.use(r, p)))
		g.status = left(g.status, Width(t.statusWord(statusWord(p.Status))))
	}
	g.status = left(g.status, 4)
	g.columns = t.columns(folders)
	return g
}

// columns are the steps that a person is told of. Each has room for its words.
func (t *printer) columns(folders bool) []column {
	all := []column{
		{title: t.say("Find"), word: func(s Steps) string { return cell(s.DNS) }},
		{title: t.say("Reach"), word: reach},
		{title: t.say("Secure"), word: func(s Steps) string { return cell(s.TLS) }},
		{title: t.say("Login"), word: login},
	}
	if folders {
		all = append(all, column{title: t.say("Folders"), word: func(s Steps) string { return cell(s.Folders) }})
	}
	room := max(Width(t.cellWord("ok")), Width(t.cellWord("no")))
	for i := range all {
		all[i].width = max(Width(all[i].title), room)
	}
	return all
}

func (g grid) heading() string {
	line := "  " + blanks(Width(g.status)) + " " + g.port + "  " + g.use
	for _, c := range g.columns {
		line += "  " + left(c.title, c.width)
	}
	return line + g.time
}

// grid prints a heading and one row for each path.
func (t *printer) grid(r *Report, g grid) {
	t.line(g.heading())
	for _, p := range r.Paths {
		word := statusWord(p.Status)
		shown := t.statusWord(word)
		row := "  " + t.p.status(word)(shown) + blanks(Width(g.status)-Width(shown)) + " " +
			right(fmt.Sprint(p.Port), Width(g.port)) + "  " + left(t.use(r, p), Width(g.use))
		for _, c := range g.columns {
			row += "  " + t.cell(c.word(p.Steps), c.width)
		}
		t.line(row + right(t.took(p), Width(g.time)))
	}
}

// portLine is the path on a screen too narrow for the table.
func (t *printer) portLine(r *Report, p Path) {
	text := t.use(r, p)
	for _, c := range t.columns(true) {
		if c.word(p.Steps) == "no" {
			text += ", " + t.say("%s no", c.title)
		}
	}
	t.status(statusWord(p.Status), right(fmt.Sprint(p.Port), 4)+"  ", text, plain)
}

func (t *printer) cell(word string, width int) string {
	shown := t.cellWord(word)
	return t.p.status(word)(shown) + blanks(width-Width(shown))
}

// cellWord is the table's word for a step in the reader's language.
func (t *printer) cellWord(word string) string {
	switch word {
	case "ok":
		return t.say("ok")
	case "no":
		return t.say("no")
	}
	return word
}

// cell is the table's word for a step.
func cell(step string) string {
	switch step {
	case stepOK, stepWarning:
		return "ok"
	case stepProblem:
		return "no"
	}
	return "-"
}

// reach covers the greeting: a server that says nothing was not reached.
func reach(s Steps) string {
	if s.Greeting == stepProblem {
		return "no"
	}
	return cell(s.TCP)
}

// login covers the capabilities, which say how to log in.
func login(s Steps) string {
	if s.Capability == stepProblem {
		return "no"
	}
	return cell(s.Login)
}

func (t *printer) took(p Path) string {
	if p.Status == stepSkipped && p.DurationMS == 0 {
		return "-"
	}
	return t.say(seconds(p.DurationMS))
}

// use says in plain words what a path is for.
func (t *printer) use(r *Report, p Path) string {
	receives := p.Protocol != profile.SMTP
	switch {
	case p.Role == profile.Recommended && receives:
		return t.say("receiving (best)")
	case p.Role == profile.Recommended:
		return t.say("sending (best)")
	case p.Role == profile.Alternate && !receives:
		return t.say("sending (spare)")
	case p.Role == profile.Optional && receives:
		return t.say("receiving (old)")
	case p.Role == profile.Optional:
		return t.say("sending (old)")
	case p.Role == profile.Trial:
		return t.onTrial(r, p)
	case receives:
		return t.say("receiving")
	}
	return t.say("sending")
}

// onTrial is use for a path that the provider offers for testing, with its server's name.
func (t *printer) onTrial(r *Report, p Path) string {
	server := ""
	if s := observed(r).Session(p.ID); s != nil {
		server = t.clean(t.say(say.Recorded(s.Path.Server)), 6)
	}
	switch receives := p.Protocol != profile.SMTP; {
	case receives && server != "":
		return t.say("receiving (%s, trial)", server)
	case receives:
		return t.say("receiving (on trial)")
	case server != "":
		return t.say("sending (%s, trial)", server)
	}
	return t.say("sending (on trial)")
}

// legend explains the dash, where one is in the table, and why logins were left out.
func (t *printer) legend(r *Report, dashes bool) {
	if !leavesOut(r) {
		return
	}
	var said []string
	if dashes {
		said = append(said, t.say("- = not tried."))
	}
	if why := t.withheldFor(observed(r)); len(why) > 0 {
		said = append(said, t.say("Login: %s", t.clean(ending(strings.Join(why, "; ")), 400)))
	}
	t.below(strings.Join(said, " "))
}

// leavesOut tells whether a step of a path was not tried.
func leavesOut(r *Report) bool {
	return slices.ContainsFunc(r.Paths, func(p Path) bool {
		return slices.Contains([]string{cell(p.Steps.DNS), reach(p.Steps), cell(p.Steps.TLS), login(p.Steps)}, "-")
	})
}

// namesTried says which name the table's logins were made with, if not the user's own.
func (t *printer) namesTried(r *Report) {
	if typed, used := otherName(observed(r)); used != "" {
		t.below(t.say("Login: as %s, after %s was rejected.", t.clean(used, 200), t.clean(typed, 200)))
	}
}

// below writes a remark under the table.
func (t *printer) below(text string) {
	if t.listen {
		t.sentence(text)
		return
	}
	indent := blanks(margin)
	if t.width < narrow {
		indent = "  "
	}
	t.hanging(indent, indent, text, plain)
}

// otherName gives the login name that the server rejected and the one that it accepted
// in its place, or nothing when it took the name as it was typed.
func otherName(e *evidence.Evidence) (typed, used string) {
	for _, l := range e.Logins {
		switch {
		case l.Form == evidence.Typed && l.Result == evidence.RejectedIn:
			typed = l.Name
		case l.Form == evidence.Needed && l.Result == evidence.Accepted && typed != "":
			return typed, l.Name
		}
	}
	return "", ""
}

// withheldFor lists why logins were not tried, at most three.
func (t *printer) withheldFor(e *evidence.Evidence) []string {
	if e.Run.NoLogin != "" {
		return []string{t.say(reason(e.Run.NoLogin))}
	}
	var list []string
	for i := range e.Sessions {
		l := e.Sessions[i].Login
		if l.State != evidence.Skipped || l.Reason == "" {
			continue
		}
		if why := t.say(reason(l.Reason)); !slices.Contains(list, why) {
			list = append(list, why)
		}
	}
	return list[:min(len(list), 3)]
}
