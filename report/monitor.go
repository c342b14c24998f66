package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// The rules of the output for Nagios, Icinga and their kin, from the guidelines for
// monitoring plugins:
//
//   - The first line is the state, what is worst with its code, and behind the one bar
//     the measured values: 'label'=value[UOM];[warn];[crit];[min];[max]. What could not be
//     measured is U.
//   - The text is English and ASCII, and holds none of | < >, no tab and no line break,
//     wherever it comes from: the bar would end it, the others are markup in Nagios's pages.
//   - Further lines only when they were asked for, and never with values.
//   - It is for a program, so it is the same in every language.

// Limits is what a monitor wants to be told of, and how much.
type Limits struct {
	TimeWarning  Range // of the seconds that a path takes in all
	TimeCritical Range
	DaysWarning  Range // of the days until the first certificate ends
	DaysCritical Range

	LocalUnknown bool          // a fault of this computer or its network says nothing about the provider
	Given        time.Duration // the time that the whole run had
	Verbose      int           // 1 adds the paths, 2 the findings, 3 their facts and what to do
}

// Monitor writes a report as a monitoring plugin does, and gives the plugin's exit code: 0 to
// 3. Whether a certificate ends soon is for the limits to say, so the report should have been
// made without MM408.
func Monitor(r *Report, l Limits) (text string, exit int) {
	m := measure(r)
	all := complaints(r, l, m)
	exit = plain3(r, l)
	for _, c := range all {
		if worse(c.exit, exit) {
			exit = c.exit
		}
	}
	said := fine(r, m)
	if len(all) > 0 || exit != 0 {
		said = wrong(r, all)
	}
	if r.Run.Simulated {
		said += "; SIMULATED (" + r.Run.Scenario + ")" // behind the code, which comes first
	}
	lines := []string{"MAIL " + pluginWord(exit) + " - " + pluginText(said, 400) + " | " + m.values(l)}
	for _, line := range continued(r, l.Verbose) {
		lines = append(lines, pluginText(line, 400))
	}
	return strings.Join(lines, "\n") + "\n", exit
}

// MonitorFailure is what a plugin says that could not do its work. Its exit code is 3.
func MonitorFailure(message, hint string) string {
	return "MAIL UNKNOWN - " + pluginText(strings.TrimSpace(message+" "+hint), 400) + "\n"
}

func pluginWord(exit int) string { return []string{"OK", "WARNING", "CRITICAL", "UNKNOWN"}[exit] }

// pluginText makes text harmless for a monitor.
func pluginText(s string, max int) string {
	s = strings.NewReplacer("|", "/", "<", "(", ">", ")").Replace(asciiOnly(Clean(s, 0)))
	if len(s) > max {
		s = s[:max-len("...")] + "..."
	}
	return s
}

// plain3 is the exit code that the verdict alone comes to.
func plain3(r *Report, l Limits) int {
	exit := slices.Index([]Status{OK, Warning, Problem, Unknown}, r.Verdict.Status)
	causes := counted(r)
	if l.LocalUnknown && exit != 0 && len(causes) > 0 && local(causes[0]) && causes[0].Severity == checks.Fault {
		return exitUnknown
	}
	return exit
}

// local tells whether a cause sits on this computer or its network.
func local(f Finding) bool { return strings.HasPrefix(string(f.Code), "MM1") }

// complaint is one thing that is wrong.
type complaint struct {
	exit int // that it deserves by itself
	said string
}

// complaints lists what is wrong, the worst first.
func complaints(r *Report, l Limits, m measured) []complaint {
	var all []complaint
	verdict, causes := plain3(r, l), counted(r)
	for _, f := range causes {
		if f.Code == codeDeadline && m.failed != nil && len(causes) > 1 {
			continue // what time was missing for is a closer look at what is known
		}
		c := complaint{1, ofCause(r, l, f)}
		if f.Severity == checks.Fault {
			c.exit = verdict
		}
		all = append(all, c)
	}
	if m.timed && m.days != nil {
		ends := fmt.Sprintf("MM408 the certificate of %s ends in %s", m.daysHost, days(*m.days))
		all = beyond(all, float64(*m.days), l.DaysWarning, l.DaysCritical, ends)
	}
	for _, p := range m.paths {
		if p.seconds != nil {
			all = beyond(all, *p.seconds, l.TimeWarning, l.TimeCritical, fmt.Sprintf("%s took %.2fs", p.id, *p.seconds))
		}
	}
	slices.SortStableFunc(all, func(a, b complaint) int {
		switch {
		case worse(a.exit, b.exit):
			return -1
		case worse(b.exit, a.exit):
			return 1
		}
		return 0
	})
	return all
}

// beyond adds a value that is where it should not be.
func beyond(all []complaint, value float64, warning, critical Range, said string) []complaint {
	switch {
	case critical.Alerts(value):
		return append(all, complaint{2, said + ", critical at " + critical.String()})
	case warning.Alerts(value):
		return append(all, complaint{1, said + ", warning at " + warning.String()})
	}
	return all
}

// ofCause says a root cause: its code, what it is, and where.
func ofCause(r *Report, l Limits, f Finding) string {
	if f.Code == codeDeadline {
		done := len(slices.DeleteFunc(slices.Clone(r.Paths), func(p Path) bool { return !finished(p) }))
		return fmt.Sprintf("%s stopped after %s with %d of %d paths done", f.Code, l.Given, done, len(r.Paths))
	}
	said := string(f.Code) + " " + strings.TrimRight(f.Title, ".")
	if len(f.Paths) > 0 && len(f.Paths) < len(r.Paths) {
		said += " on " + strings.Join(f.Paths, " and ")
	}
	if n := failedLogins(r, f); n > 0 && strings.HasPrefix(string(f.Code), "MM7") {
		said += ", tried " + times(n)
	}
	return said
}

// failedLogins counts the logins that were not accepted in the directions that a cause is
// about, or in both.
func failedLogins(r *Report, f Finding) (n int) {
	if r.Evidence == nil {
		return 0
	}
	for _, protocol := range []profile.Protocol{profile.IMAP, profile.SMTP} {
		about := func(path string) bool { return strings.HasPrefix(path, string(protocol)+"-") }
		if len(f.Paths) > 0 && !slices.ContainsFunc(f.Paths, about) {
			continue
		}
		for _, l := range attempts(r.Evidence, protocol) {
			if l.Result != evidence.Accepted {
				n++
			}
		}
	}
	return n
}

// codeDeadline is the code of a run that was cut off.
const codeDeadline checks.Code = "MM003"

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// finished tells whether a path was tested as far as it goes without a login.
func finished(p Path) bool {
	return slices.Contains(p.Steps.all(), stepProblem) || p.Steps.Capability == stepOK || p.Steps.Capability == stepWarning
}

// mostSaid is how many causes stand in the one line.
const mostSaid = 3

// wrong is the text of a state that is not OK: what is wrong, and what works all the same.
func wrong(r *Report, all []complaint) string {
	var said []string
	for _, c := range all[:min(len(all), mostSaid)] {
		said = append(said, c.said)
	}
	if more := len(all) - mostSaid; more > 0 {
		said = append(said, fmt.Sprintf("and %d more", more))
	}
	if len(said) == 0 {
		said = append(said, strings.TrimRight(r.Verdict.Headline, "."))
	}
	return strings.Join(said, "; ") + "; receive " + pluginSeen(r.Verdict.CanReceive) + ", send " + pluginSeen(r.Verdict.CanSend)
}

// pluginSeen is the word for what works.
func pluginSeen(s evidence.Seen) string {
	if s == evidence.Yes {
		return "ok"
	}
	return tested3(s)
}

// fine is the text of the state OK.
func fine(r *Report, m measured) string {
	var said []string
	for _, direction := range []struct {
		word     string
		protocol profile.Protocol
	}{{"receive", profile.IMAP}, {"send", profile.SMTP}} {
		for _, p := range m.paths {
			if p.protocol == direction.protocol && p.seconds != nil {
				said = append(said, fmt.Sprintf("%s %s %.2fs", direction.word, p.id, *p.seconds))
				break
			}
		}
	}
	login := "login not tested"
	if m.login != nil {
		login = "login ok"
	}
	said = append(said, login)
	if m.days != nil {
		said = append(said, "certificate "+days(*m.days))
	}
	return strings.Join(said, ", ")
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// continued are the further lines.
func continued(r *Report, verbose int) (lines []string) {
	if verbose > 0 {
		for _, p := range r.Paths {
			lines = append(lines, fmt.Sprintf("%s %s: dns %s, tcp %s, greeting %s, tls %s, capability %s, login %s, folders %s", p.ID, p.Host,
				p.Steps.DNS, p.Steps.TCP, p.Steps.Greeting, p.Steps.TLS, p.Steps.Capability, p.Steps.Login, p.Steps.Folders))
		}
	}
	if verbose < 2 {
		return lines
	}
	for _, f := range r.Findings {
		if !f.Root {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s %s, %s: %s", f.Code, f.Severity, f.Confidence, f.Message))
		if verbose < 3 {
			continue
		}
		for _, fact := range f.Evidence {
			lines = append(lines, strings.TrimSpace("seen: "+fact.Path+" "+fact.Fact))
		}
		for _, action := range f.Actions {
			lines = append(lines, "do: "+action)
		}
	}
	return lines
}

// measured is what a run measured. A nil value was not.
type measured struct {
	paths    []pathTime
	login    *float64 // seconds, of the slowest login that was accepted
	days     *int     // until the first certificate ends, counted in whole days
	daysHost string
	timed    bool // the certificate with the fewest days is in its time; what is wrong with another, the findings say
	failed   *int
}

// pathTime is how long a path took.
type pathTime struct {
	id       string
	protocol profile.Protocol
	seconds  *float64
}

func measure(r *Report) measured {
	e := observed(r)
	var m measured
	failed, undone := 0, false
	for _, p := range r.Paths {
		if slices.Contains(p.Steps.all(), stepProblem) {
			failed++
		}
		undone = undone || !finished(p)
		s := e.Session(p.ID)
		m.paths = append(m.paths, pathTime{p.ID, p.Protocol, lasting(e, s)})
		if s == nil || len(s.Secure.Chain) == 0 || s.Secure.Chain[0].NotAfter.IsZero() {
			continue
		}
		left := s.Secure.Chain[0].NotAfter.Sub(e.Run.At)
		if n := int(math.Floor(left.Hours() / 24)); m.days == nil || n < *m.days {
			m.days, m.daysHost, m.timed = new(n), p.Host, left > 0 && s.Secure.Judged.Verified
		}
	}
	if !undone {
		m.failed = new(failed)
	}
	for _, l := range e.Logins {
		if took := ofSeconds(l.Took); l.Result == evidence.Accepted && (m.login == nil || took > *m.login) {
			m.login = new(took)
		}
	}
	return m
}

// lasting is how long a path's steps took, those in which it waited for other paths left
// out; nil where it did not come to its end.
func lasting(e *evidence.Evidence, s *evidence.Session) *float64 {
	if s == nil || !s.Capability.Step.Done() {
		return nil
	}
	var found, reached, logins evidence.Millis
	for _, kind := range []string{"A", "AAAA"} {
		if l := e.Lookup(s.Path.Host, kind); l != nil && l.Step.Done() {
			found = max(found, l.Step.Took)
		}
	}
	for _, d := range s.Dials {
		if d.Address == s.Address {
			reached = d.Step.Took
		}
	}
	for _, l := range e.Logins {
		if l.Path == s.ID() {
			logins += l.Took
		}
	}
	return new(ofSeconds(found + reached + s.Greeting.Step.Took + s.Secure.Step.Took + s.Capability.Step.Took + logins + s.Folders.Step.Took))
}

func ofSeconds(ms evidence.Millis) float64 { return float64(ms) / 1000 }

// perfLabel is a path's id with nothing in it that a label would have to quote.
func perfLabel(id string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' {
			return c
		}
		return '_'
	}, id)
}

// values writes the measured values.
func (m measured) values(l Limits) string {
	var list []string
	seconds := func(label string, value *float64) {
		if value == nil {
			list = append(list, label+"=U")
			return
		}
		list = append(list, fmt.Sprintf("%s=%.3fs;%s;%s;0", label, *value, l.TimeWarning, l.TimeCritical))
	}
	for _, p := range m.paths {
		seconds(perfLabel(p.id)+"_time", p.seconds)
	}
	seconds("login_time", m.login)
	if m.days == nil {
		list = append(list, "cert_days=U")
	} else {
		list = append(list, fmt.Sprintf("cert_days=%d;%s;%s", *m.days, l.DaysWarning, l.DaysCritical))
	}
	if m.failed == nil {
		list = append(list, "paths_failed=U")
	} else {
		list = append(list, fmt.Sprintf("paths_failed=%d;0;1;0;%d", *m.failed, len(m.paths)))
	}
	return strings.Join(list, " ")
}
