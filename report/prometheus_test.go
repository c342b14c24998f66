package report

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"mailmedic/checks"
)

func exposed(t *testing.T, r *Report, o PrometheusOptions) string {
	t.Helper()
	var b strings.Builder
	if err := Prometheus(&b, r, o); err != nil {
		t.Fatalf("Prometheus: %v", err)
	}
	return b.String()
}

// The lines of the text format: a value between quotes knows three escapes and no others,
// and a sample has no time stamp.
var (
	exposedComment = regexp.MustCompile(`^# (?:HELP [a-z_]+ [^\\]+|TYPE [a-z_]+ gauge)$`)
	exposedSample  = regexp.MustCompile(`^[a-z_]+\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\} -?[0-9]+(?:\.[0-9]+)?$`)
)

// checkMetrics holds a text against the grammar.
func checkMetrics(t *testing.T, text string) {
	t.Helper()
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		line, ended := strings.CutSuffix(line, "\n")
		if !ended || !exposedComment.MatchString(line) && !exposedSample.MatchString(line) {
			t.Errorf("%q is no line of the text format", line)
		}
		series := line[:max(strings.LastIndex(line, " "), 0)]
		if seen[series] {
			t.Errorf("%q stands there twice", series)
		}
		seen[series] = true
	}
}

func TestPrometheus(t *testing.T) {
	got := exposed(t, situations()["port25-send"], PrometheusOptions{Account: `of"fice\`})
	checkMetrics(t, got)
	for _, want := range []string{
		`mailmedic_can{account="of\"fice\\",direction="send"} 1`,
		`mailmedic_step_success{account="of\"fice\\",protocol="smtp",port="25",step="tcp"} 0`,
		`mailmedic_step_success{account="of\"fice\\",protocol="smtp",port="587",step="tcp"} 1`,
		`mailmedic_step_duration_seconds{account="of\"fice\\",protocol="smtp",port="587",step="tcp"} 0.021`,
		`mailmedic_certificate_expiry_timestamp_seconds{account="of\"fice\\",protocol="imap",port="993"} 1796083200`,
		`mailmedic_finding{account="of\"fice\\",code="MM303",severity="warning"} 1`,
		`mailmedic_status{account="of\"fice\\"} 1`,
		`mailmedic_run_duration_seconds{account="of\"fice\\"} 1.9`,
		`mailmedic_last_run_timestamp_seconds{account="of\"fice\\"} 1790769901`,
		`mailmedic_last_success_timestamp_seconds{account="of\"fice\\"} 1790769901`,
		`mailmedic_build_info{version="1.0.0",known_issues=""} 1`,
	} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("no line %s in:\n%s", want, got)
		}
	}
	for _, not := range []string{`port="25",step="tls"`, "@", "joe", "MM301"} {
		if strings.Contains(got, not) {
			t.Errorf("%s stands in:\n%s", not, got)
		}
	}
}

// TestPrometheusHasNoFalseZero: what was not tried is absent, and so is a metric of which
// there is no sample.
func TestPrometheusHasNoFalseZero(t *testing.T) {
	r := situations()["offline"]
	for _, f := range r.Findings {
		if f.Code == "MM202" && f.Root {
			t.Fatalf("%+v is a root cause", f)
		}
	}
	got := exposed(t, r, PrometheusOptions{})
	for _, not := range []string{`step="tcp"`, "certificate_expiry", "last_success", "MM202", `account=""`} {
		if strings.Contains(got, not) {
			t.Errorf("%s stands in:\n%s", not, got)
		}
	}
	if !strings.Contains(got, `mailmedic_can{account="default",direction="receive"} 0`) {
		t.Errorf("no 0 for receiving in:\n%s", got)
	}
}

// TestLastSuccess carries the last good run on through runs that are not good.
func TestLastSuccess(t *testing.T) {
	good := exposed(t, situations()["healthy"], PrometheusOptions{Account: "a"})
	at := LastSuccess([]byte(good), "a")
	if want := time.Unix(1790769901, 0); !at.Equal(want) {
		t.Fatalf("got %v, want %v", at, want)
	}
	bad := exposed(t, situations()["offline"], PrometheusOptions{Account: "a", LastSuccess: at})
	if got := LastSuccess([]byte(bad), "a"); !got.Equal(at) {
		t.Errorf("got %v behind a run that failed, want %v", got, at)
	}
	for _, text := range []string{"", "nonsense", bad + `{`, strings.ReplaceAll(bad, "1790769901", "NaN")} {
		if got := LastSuccess([]byte(text), "b"); !got.IsZero() {
			t.Errorf("got %v for another account of %q, want nothing", got, text)
		}
	}
	if got := LastSuccess([]byte(strings.ReplaceAll(bad, "1790769901", "-1e9")), "a"); !got.IsZero() {
		t.Errorf("got %v from a damaged file, want nothing", got)
	}
}

func TestPrometheusWritesASampleOnce(t *testing.T) {
	e := healthy()
	e.Sessions = append(e.Sessions, e.Sessions[0])
	twice := []checks.Finding{{Code: "MM408", Severity: checks.Warning, Path: "imap-993"}, {Code: "MM408", Severity: checks.Warning, Path: "imap-143"}}
	checkMetrics(t, exposed(t, build(e, twice, nil, twice, Options{Ignore: []string{"MM408=imap-143"}}, titles), PrometheusOptions{}))
}
