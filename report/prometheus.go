package report

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailmedic/probe/evidence"
)

// PrometheusOptions is what the metrics need besides the report.
type PrometheusOptions struct {
	Account     string    // the label that tells accounts apart; "default" when empty
	LastSuccess time.Time // of an earlier run, zero where none is known
}

// defaultAccount is the label of a computer with one account.
const defaultAccount = "default"

// Prometheus writes the report in Prometheus' text format, for the folder that node_exporter
// reads. What was not tried has no sample: a 0 would be an alarm. Samples have no time
// stamps, which that folder refuses, and labels hold no address, login or sentence.
func Prometheus(w io.Writer, r *Report, o PrometheusOptions) error {
	m := &metrics{account: cmp.Or(o.Account, defaultAccount)}
	m.directions(r)
	m.steps(r)
	m.certificates(r)
	m.findings(r)
	m.run(r, o.LastSuccess)
	if _, err := io.WriteString(w, m.b.String()); err != nil {
		return fmt.Errorf("write report for Prometheus: %w", err)
	}
	return nil
}

// metrics is a text that grows metric by metric.
type metrics struct {
	b       strings.Builder
	account string

	name, help string          // of the metric that is being written
	written    map[string]bool // its samples
}

// metric begins a metric. One that gets no sample is not mentioned. All are gauges.
func (m *metrics) metric(name, help string) {
	m.name, m.help, m.written = name, help, map[string]bool{}
}

// sample writes a value of the metric for the account, with further labels in pairs. A
// second one with the same labels would make the whole file unreadable and is left out.
func (m *metrics) sample(value string, pairs ...string) {
	m.put(value, append([]string{"account", m.account}, pairs...))
}

func (m *metrics) put(value string, pairs []string) {
	var labels []string
	for i := 0; i+1 < len(pairs); i += 2 {
		labels = append(labels, fmt.Sprintf("%s=%q", pairs[i], label(pairs[i+1])))
	}
	set := strings.Join(labels, ",")
	if m.written[set] {
		return
	}
	if len(m.written) == 0 {
		fmt.Fprintf(&m.b, "# HELP %s %s\n# TYPE %s gauge\n", m.name, m.help, m.name)
	}
	m.written[set] = true
	fmt.Fprintf(&m.b, "%s{%s} %s\n", m.name, set, value)
}

// label is a value as it can stand between quotes: Clean leaves nothing that %q would write
// in a way that Prometheus does not know.
func label(s string) string { return Clean(s, 60) }

func (m *metrics) directions(r *Report) {
	m.metric("mailmedic_can", "Whether mail works end to end in this direction (1) or not (0).")
	for _, d := range []struct {
		name string
		can  evidence.Seen
	}{{"receive", r.Verdict.CanReceive}, {"send", r.Verdict.CanSend}} {
		if d.can == evidence.Yes || d.can == evidence.No {
			m.sample(strconv.Itoa(btoi(d.can == evidence.Yes)), "direction", d.name)
		}
	}
}

// steps writes two metrics of each step that was tried.
func (m *metrics) steps(r *Report) {
	m.metric("mailmedic_step_success", "Result of one step of one path, absent if not tried.")
	each := func(write func(p Path, step stage)) {
		for _, p := range r.Paths {
			for _, step := range stages(r, p) {
				if step.tried() {
					write(p, step)
				}
			}
		}
	}
	each(func(p Path, step stage) {
		m.sample(strconv.Itoa(btoi(step.word != stepProblem)), ofStep(p, step)...)
	})
	m.metric("mailmedic_step_duration_seconds", "Time one step took.")
	each(func(p Path, step stage) {
		if step.timed {
			m.sample(inSeconds(step.took), ofStep(p, step)...)
		}
	})
}

func ofStep(p Path, step stage) []string { return append(ofPath(p), "step", step.name) }

func ofPath(p Path) []string {
	return []string{"protocol", string(p.Protocol), "port", strconv.Itoa(p.Port)}
}

// certificates writes when the server's own certificate ends.
func (m *metrics) certificates(r *Report) {
	m.metric("mailmedic_certificate_expiry_timestamp_seconds", "End of the server certificate.")
	for _, p := range r.Paths {
		s := observed(r).Session(p.ID)
		if s == nil || len(s.Secure.Chain) == 0 || s.Secure.Chain[0].NotAfter.IsZero() {
			continue
		}
		m.sample(unix(s.Secure.Chain[0].NotAfter), ofPath(p)...)
	}
}

// findings writes the root causes and the notes: what follows from a cause is no alarm of
// its own.
func (m *metrics) findings(r *Report) {
	m.metric("mailmedic_finding", "Findings of the last run, by code and severity.")
	for _, f := range r.Findings {
		if f.Root && !f.Ignored {
			m.sample("1", "code", string(f.Code), "severity", string(f.Severity))
		}
	}
}

// run writes what is true of the run as a whole.
func (m *metrics) run(r *Report, lastSuccess time.Time) {
	m.metric("mailmedic_status", "Verdict of the last run: 0 ok, 1 warning, 2 problem, 3 unknown.")
	m.sample(strconv.Itoa(statusNumber(r.Verdict.Status)))
	if r.Run.StartedAt != nil {
		ended := r.Run.StartedAt.Add(time.Duration(r.Run.DurationMS) * time.Millisecond)
		m.metric("mailmedic_run_duration_seconds", "Time the last run took.")
		m.sample(inSeconds(r.Run.DurationMS))
		m.metric(lastRun, "When the last run ended.")
		m.sample(unix(ended))
		if r.Verdict.Status == OK || r.Verdict.Status == Warning {
			lastSuccess = ended
		}
	}
	if !lastSuccess.IsZero() {
		m.metric(lastSucceeded, "When the verdict was last ok or warning.")
		m.sample(unix(lastSuccess))
	}
	m.metric("mailmedic_build_info", "Version of the tool and of its known-issues list.")
	m.put("1", []string{"version", r.Tool.Version, "known_issues", r.Tool.KnownIssues})
}

const (
	lastRun       = "mailmedic_last_run_timestamp_seconds"
	lastSucceeded = "mailmedic_last_success_timestamp_seconds"
)

// LastSuccess finds in metrics that Prometheus wrote earlier when the account's verdict was
// last good, or the zero time. A run that does not succeed has it from there.
func LastSuccess(written []byte, account string) time.Time {
	head := fmt.Sprintf("%s{account=%q} ", lastSucceeded, label(cmp.Or(account, defaultAccount)))
	lines := bufio.NewScanner(bytes.NewReader(written))
	for lines.Scan() {
		value, found := strings.CutPrefix(lines.Text(), head)
		if at, err := strconv.ParseInt(value, 10, 64); found && err == nil && at > 0 {
			return time.Unix(at, 0)
		}
	}
	return time.Time{}
}

// statusNumber is a verdict's place in the list of exit codes, which --fail-on does not change.
func statusNumber(s Status) int {
	if n := slices.Index([]Status{OK, Warning, Problem, Unknown}, s); n >= 0 {
		return n
	}
	return 3
}

func inSeconds(ms int64) string { return strconv.FormatFloat(float64(ms)/1000, 'f', -1, 64) }

func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
