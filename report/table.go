package report

import (
	"fmt"
	"slices"
	"strings"

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
	labels := len("Used for")
	for _, p := range r.Paths {
		labels = max(labels, Width(t.use(r, p)))
	}
	if heading := gridHeading(labels, folders); t.width >= max(narrow, Width(heading)) {
		t.line(heading)
		t.grid(r, labels, folders)
	} else {
		for _, p := range r.Paths {
			t.portLine(r, p)
		}
	}
	t.legend(r)
	t.namesTried(r)
}

func gridHeading(labels int, folders bool) string {
	heading := blanks(7) + "Port  " + left("Used for", labels) + "  Find  Reach  Secure  Login "
	if folders {
		heading += " Folders"
	}
	return heading + "   Time"
}

// grid prints one row for each path, below gridHeading.
func (t *printer) grid(r *Report, labels int, folders bool) {
	for _, p := range r.Paths {
		word := statusWord(p.Status)
		row := "  " + t.p.status(word)(word) + blanks(5-len(word)) +
			right(fmt.Sprint(p.Port), 4) + "  " + left(t.use(r, p), labels) + "  " +
			t.cell(cell(p.Steps.DNS), 6) + t.cell(reach(p.Steps), 7) +
			t.cell(cell(p.Steps.TLS), 8) + t.cell(login(p.Steps), 6)
		if folders {
			row += " " + t.cell(cell(p.Steps.Folders), 7)
		}
		t.line(row + right(took(p), 7))
	}
}

// portLine is the path on a screen too narrow for the table.
func (t *printer) portLine(r *Report, p Path) {
	text := t.use(r, p)
	for _, c := range []struct{ name, word string }{
		{"Find", cell(p.Steps.DNS)}, {"Reach", reach(p.Steps)}, {"Secure", cell(p.Steps.TLS)},
		{"Login", login(p.Steps)}, {"Folders", cell(p.Steps.Folders)},
	} {
		if c.word == "no" {
			text += ", " + c.name + " no"
		}
	}
	t.status(statusWord(p.Status), right(fmt.Sprint(p.Port), 4)+"  ", text, plain)
}

func (t *printer) cell(word string, width int) string {
	return t.p.status(word)(word) + blanks(width-len(word))
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

func took(p Path) string {
	if p.Status == stepSkipped && p.DurationMS == 0 {
		return "-"
	}
	return seconds(p.DurationMS)
}

// use says in plain words what a path is for.
func (t *printer) use(r *Report, p Path) string {
	direction := "receiving"
	if p.Protocol == profile.SMTP {
		direction = "sending"
	}
	switch p.Role {
	case profile.Recommended:
		return direction + " (best)"
	case profile.Alternate:
		if p.Protocol == profile.SMTP {
			return direction + " (spare)"
		}
	case profile.Optional:
		return direction + " (old)"
	case profile.Trial:
		if s := observed(r).Session(p.ID); s != nil && s.Path.Server != "" {
			return t.clean(direction+" ("+s.Path.Server, 16) + ", trial)"
		}
		return direction + " (on trial)"
	}
	return direction
}

// legend explains the dash, and why logins were left out.
func (t *printer) legend(r *Report) {
	dash := false
	for _, p := range r.Paths {
		for _, c := range []string{cell(p.Steps.DNS), reach(p.Steps), cell(p.Steps.TLS), login(p.Steps)} {
			dash = dash || c == "-"
		}
	}
	if !dash {
		return
	}
	text := "- = not tried."
	if why := reasons(observed(r)); len(why) > 0 {
		text += " Login: " + t.clean(ending(strings.Join(why, "; ")), 400)
	}
	t.below(text)
}

// namesTried says which name the table's logins were made with, if not the user's own.
func (t *printer) namesTried(r *Report) {
	if typed, used := otherName(observed(r)); used != "" {
		t.below(t.clean("Login: as "+used+", after "+typed+" was rejected.", 400))
	}
}

// below writes a remark under the table.
func (t *printer) below(text string) {
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

// reasons lists why logins were not tried, at most three.
func reasons(e *evidence.Evidence) []string {
	if e.Run.NoLogin != "" {
		return []string{e.Run.NoLogin}
	}
	var list []string
	for i := range e.Sessions {
		l := e.Sessions[i].Login
		if l.State == evidence.Skipped && l.Reason != "" && !slices.Contains(list, l.Reason) {
			list = append(list, l.Reason)
		}
	}
	return list[:min(len(list), 3)]
}

func capital(s string) string {
	if s == "" || s[0] >= 0x80 {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
