package report

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"mailmedic/checks"
	"mailmedic/checks/pages"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// The examples of the guidelines, and their neighbours.
func TestRange(t *testing.T) {
	for _, tt := range []struct {
		text          string
		alerts, quiet []float64
	}{
		{"10", []float64{-0.1, 10.1}, []float64{0, 10}},
		{"10:", []float64{9.9, -20}, []float64{10, 1e9}},
		{"~:10", []float64{10.1}, []float64{-1e9, 10}},
		{"10:20", []float64{9.9, 20.1}, []float64{10, 15, 20}},
		{"@10:20", []float64{10, 15, 20}, []float64{9.9, 20.1}},
		{"@10", []float64{0, 10}, []float64{-0.1, 10.1}},
		{"-5:-1", []float64{-6, 0}, []float64{-5, -1}},
		{"0.5", []float64{0.51}, []float64{0.5}},
		{"~:", nil, []float64{-1e9, 0, 1e9}},
		{"@~:", []float64{-1e9, 0, 1e9}, nil},
		{"0", []float64{1, -1}, []float64{0}},
	} {
		r, err := ParseRange(tt.text)
		if err != nil {
			t.Errorf("%s: got %v, want a range", tt.text, err)
			continue
		}
		if r.String() != tt.text {
			t.Errorf("%s: got %q, want it as it was written", tt.text, r)
		}
		for _, value := range tt.alerts {
			if !r.Alerts(value) {
				t.Errorf("%s: %g raises no alert, want one", tt.text, value)
			}
		}
		for _, value := range tt.quiet {
			if r.Alerts(value) {
				t.Errorf("%s: %g raises an alert, want none", tt.text, value)
			}
		}
	}
	for _, text := range []string{"", ":", "@", "x", "10:x", "20:10", "~", "10:~", "1:2:3", ":10", "inf", "NaN", "0x10", "1_0", "1e3", "1 ", "--1", "5;6", "1|2"} {
		if r, err := ParseRange(text); err == nil {
			t.Errorf("%q: got the range %+v, want an error", text, r)
		}
	}
	if (Range{}).Alerts(1e9) {
		t.Error("a range that was not given raises an alert")
	}
}

// grammar is that of the guidelines: the state, a text without the bar, and behind the bar
// the values, each 'label'=value[UOM];[warn];[crit];[min];[max].
var grammar = regexp.MustCompile(`^MAIL (OK|WARNING|CRITICAL|UNKNOWN) - [^|<>\t\n]+ \| ` + value + `( ` + value + `)*$`)

const (
	figure = `-?[0-9]+(\.[0-9]+)?`
	limit  = `(@?((` + figure + `|~):)?(` + figure + `)?)`
	value  = `('[^'=]+'|[^'= ]+)=(U|` + figure + `(s|%|B|KB|MB|TB|c)?)(;` + limit + `(;` + limit + `(;(` + figure + `)?(;(` + figure + `)?)?)?)?)?`
)

func usualLimits(t *testing.T) (l Limits) {
	t.Helper()
	for text, to := range map[string]*Range{"2": &l.TimeWarning, "5": &l.TimeCritical, "14:": &l.DaysWarning, "3:": &l.DaysCritical} {
		var err error
		if *to, err = ParseRange(text); err != nil {
			t.Fatal(err)
		}
	}
	l.Given = 9 * time.Second
	return l
}

func TestMonitor(t *testing.T) {
	report := func(change func(*evidence.Evidence), found ...checks.Finding) *Report {
		e := healthy()
		change(e)
		return build(e, found, nil, found, Options{}, titles)
	}
	ending := func(days int) func(*evidence.Evidence) {
		return func(e *evidence.Evidence) {
			e.Session("smtp-587").Secure.Chain[0].NotAfter = e.Run.At.Add(time.Duration(days)*24*time.Hour + time.Hour)
		}
	}
	offlineReport := func() *Report {
		e, found, why := offline()
		return build(e, found, why, nil, Options{}, titles)
	}()
	for _, tt := range []struct {
		about string
		r     *Report
		limit func(*Limits)
		exit  int
		first string // the line starts so
		holds []string
	}{
		{"healthy", report(func(*evidence.Evidence) {}), nil, 0, "MAIL OK - receive imap-993 0.1", []string{"send smtp-587 0.1", "login ok", "certificate 61 days", "imap_993_time=0.1", "cert_days=61;14:;3: paths_failed=0;0;1;0;6"}},
		{"no login", report(noLogins), nil, 0, "MAIL OK - ", []string{"login not tested", "login_time=U"}},
		{"simulated", report(func(e *evidence.Evidence) { e.Run.Simulated = "x|<y>" }), nil, 0, "MAIL OK - receive", []string{"; SIMULATED (x/(y)) |"}},
		{"a slow path", report(func(e *evidence.Evidence) { e.Session("imap-993").Greeting.Step.Took = 3000 }), nil, 1, "MAIL WARNING - imap-993 took 3.", []string{"warning at 2; receive ok, send ok"}},
		{"a very slow path", report(func(e *evidence.Evidence) { e.Session("imap-993").Greeting.Step.Took = 7000 }), nil, 2, "MAIL CRITICAL - imap-993 took 7.", []string{"critical at 5;"}},
		{"waiting for the login of another path is no slowness", report(func(e *evidence.Evidence) { e.Session("smtp-587").Took = 9000 }), nil, 0, "MAIL OK - ", nil},
		{"a certificate that ends", report(ending(9)), nil, 1, "MAIL WARNING - MM408 the certificate of smtp.example.net ends in 9 days", []string{"cert_days=9;14:;3:"}},
		{"a certificate that ends at once", report(ending(0)), nil, 2, "MAIL CRITICAL - MM408 ", []string{"cert_days=0;"}},
		{"the worst comes first", report(func(e *evidence.Evidence) { e.Session("imap-993").Greeting.Step.Took = 3000; ending(1)(e) }), nil, 2, "MAIL CRITICAL - MM408 ", []string{"; imap-993 took 3."}},
		{"offline", offlineReport, nil, 2, "MAIL CRITICAL - MM101 ", []string{"receive no, send no", "imap_993_time=U", "login_time=U", "cert_days=U", "paths_failed=6;"}},
		{"offline, which is not the provider's fault", offlineReport, func(l *Limits) { l.LocalUnknown = true }, 3, "MAIL UNKNOWN - MM101 ", nil},
		{"a warning about this computer stays one", report(func(*evidence.Evidence) {}, checks.Finding{Code: "MM106", Severity: checks.Warning, Stage: checks.StageRun, Text: "A clock."}),
			func(l *Limits) { l.LocalUnknown = true }, 1, "MAIL WARNING - MM106 ", nil},
		{"out of time behind all paths", report(func(e *evidence.Evidence) { e.Run.Ended = evidence.Deadline },
			checks.Finding{Code: "MM003", Severity: checks.Fault, Stage: checks.StageRun, Text: "Out of time."}), nil, 3, "MAIL UNKNOWN - MM003 stopped after 9s with 6 of 6 paths done; receive ", nil},
		{"rejected twice when sending, accepted when receiving", report(func(e *evidence.Evidence) {
			e.Logins = e.Logins[:1]
			rejectLogin(e, "smtp-587", "joe", evidence.Typed)
			rejectLogin(e, "smtp-587", "joe@example.net", evidence.Needed)
		}, checks.Finding{Code: "MM702", Severity: checks.Fault, Stage: checks.StageLogin, Path: "smtp-587", Text: "Refused."}), nil, 2, "MAIL CRITICAL - MM702 ", []string{", tried 2 times;"}},
		{"rejected in both directions, of which one is told", report(func(e *evidence.Evidence) {
			e.Logins = nil
			rejectLogin(e, "imap-993", "joe", evidence.Typed)
			rejectLogin(e, "smtp-587", "joe", evidence.Typed)
		}, checks.Finding{Code: "MM702", Severity: checks.Fault, Stage: checks.StageLogin, Path: "smtp-587", Text: "Refused."}), nil, 2, "MAIL CRITICAL - MM702 ", []string{", tried once;"}},
		{"out of time", report(func(e *evidence.Evidence) {
			e.Run.Ended = evidence.Deadline
			noLogins(e)
			s := e.Session("smtp-587")
			s.Capability = evidence.Capability{Step: evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Cancelled}}}
		}, checks.Finding{Code: "MM003", Severity: checks.Fault, Stage: checks.StageRun, Text: "Out of time."}), nil, 3, "MAIL UNKNOWN - MM003 stopped after 9s with 5 of 6 paths done", []string{"smtp_587_time=U", "paths_failed=U"}},
	} {
		l := usualLimits(t)
		if tt.limit != nil {
			tt.limit(&l)
		}
		text, exit := Monitor(tt.r, l)
		line, further, _ := strings.Cut(text, "\n")
		if exit != tt.exit || !strings.HasPrefix(line, tt.first) {
			t.Errorf("%s: got exit %d, want %d, and a line that starts %q:\n%s", tt.about, exit, tt.exit, tt.first, line)
		}
		if !grammar.MatchString(line) || further != "" {
			t.Errorf("%s: got %q, want one line of the plugins' grammar", tt.about, text)
		}
		for _, part := range tt.holds {
			if !strings.Contains(line, part) {
				t.Errorf("%s: got %s\nwant %q in it", tt.about, line, part)
			}
		}
	}
}

// Whatever a server or a user wrote, the line stays one line, with one bar.
func TestMonitorOfHostileText(t *testing.T) {
	e, found, why := blocked25("send")
	e.Run.Simulated = "x"
	for _, v := range []any{e, found, why[0].For, why[0].Advice, &why[0].Text} {
		hostile(reflect.ValueOf(v))
	}
	e.Session("imap-993").Path.Host += "|<\n>\t" + strings.Repeat("long", 500)
	e.Session("imap-993").Secure.Chain[0].NotAfter = e.Run.At.Add(time.Hour)
	r := build(e, found, why, nil, Options{}, func(checks.Code) pages.Page { return pages.Page{Title: "a|b\nc<d>"} })
	for _, verbose := range []int{0, 1, 2, 3} {
		l := usualLimits(t)
		l.Verbose = verbose
		text, _ := Monitor(r, l)
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		if !grammar.MatchString(lines[0]) || len(lines[0]) > 1000 {
			t.Errorf("got %q, want a short line of the plugins' grammar", lines[0])
		}
		if verbose == 0 && len(lines) > 1 || verbose > 0 && len(lines) < 7 {
			t.Errorf("verbose %d: got %d lines", verbose, len(lines))
		}
		for i, line := range lines {
			if i > 0 && strings.ContainsAny(line, "|<>\t") || strings.ContainsFunc(line, func(c rune) bool { return c < ' ' || c > '~' }) {
				t.Errorf("got %q, want no mark-up, no bar and plain ASCII", line)
			}
		}
	}
	if got := MonitorFailure("a|b\nc", ""); got != "MAIL UNKNOWN - a/b\\x0ac\n" {
		t.Errorf("got %q, want one line", got)
	}
}

// FuzzMonitor holds the line, and those for people who watch, to their grammar whatever was
// recorded.
func FuzzMonitor(f *testing.F) {
	e, _, _ := blocked25("send")
	record, err := json.Marshal(e)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(record, "MM701", "imap-993")
	f.Add([]byte(`{"sessions":[{"path":{"protocol":"i|p' =","port":-1},"capability":{"step":{"state":"done"}}}],"run":{"ended":"deadline"}}`), "MM003", "")
	f.Fuzz(func(t *testing.T, record []byte, code, path string) {
		var e evidence.Evidence
		if json.Unmarshal(record, &e) != nil {
			return
		}
		found := []checks.Finding{{Code: checks.Code(code), Severity: checks.Fault, Path: path, Text: say.Verbatim(path)}}
		r := build(&e, found, nil, found, Options{}, titles)
		l := Limits{Verbose: 3, Given: 9 * time.Second, TimeWarning: Range{text: "@10:20", low: 10, high: 20, inside: true}}
		text, exit := Monitor(r, l)
		line, _, _ := strings.Cut(text, "\n")
		if !grammar.MatchString(line) && len(r.Paths) > 0 || exit < 0 || exit > 3 || strings.Count(text, "|") != 1 {
			t.Errorf("got exit %d and %q", exit, text)
		}
		lines := RoundHead(r, TextOptions{Width: 40}) + RoundLine(r, TextOptions{Width: 40}) + NewsText(News{Kind: Recovers, Codes: r.Verdict.Codes}, r, night(), TextOptions{})
		if i := strings.IndexFunc(lines, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }); i >= 0 {
			t.Errorf("%q lets something through", lines)
		}
	})
}
