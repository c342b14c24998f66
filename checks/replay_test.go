package checks_test

import (
	"bytes"
	"slices"
	"testing"

	"mailmedic/report"
)

// TestReplay writes every scenario's report as JSON and reads it again: a saved report
// must reach the same verdict, and one that mailmedic wrote must be whole.
func TestReplay(t *testing.T) {
	for _, s := range scenarios(t) {
		r := diagnose(&s.evidence)
		var saved bytes.Buffer
		if err := report.JSON(&saved, r); err != nil {
			t.Fatal(err)
		}
		again, err := report.Read(saved.Bytes())
		if err != nil {
			t.Errorf("%s: read what was written: %v", s.name, err)
			continue
		}
		if got, want := verdict(diagnose(again.Evidence)), verdict(r); !slices.Equal(got, want) {
			t.Errorf("%s: after saving and reading: got %q, want %q", s.name, got, want)
		}
		if got, want := again.Verdict.Headline, r.Verdict.Headline; got != want {
			t.Errorf("%s: saved headline: got %q, want %q", s.name, got, want)
		}
	}
}
