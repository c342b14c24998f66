package checks_test

import (
	"bytes"
	"encoding/xml"
	"testing"

	"mailmedic/report"
)

// TestJUnitAgrees: a build server that reads the failures must come to the verdict that the
// exit code has, in every recorded case.
func TestJUnitAgrees(t *testing.T) {
	for _, s := range scenarios(t) {
		r := diagnose(&s.evidence)
		var b bytes.Buffer
		if err := report.JUnit(&b, r); err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		var got struct {
			Failures int `xml:"failures,attr"`
			Errors   int `xml:"errors,attr"`
		}
		if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		if red, bad := got.Failures+got.Errors > 0, r.Verdict.Status != report.OK; red != bad {
			t.Errorf("%s: got %d failures and %d errors for the verdict %s %v", s.name, got.Failures, got.Errors, r.Verdict.Status, r.Verdict.Codes)
		}
	}
}
