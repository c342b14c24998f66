package checks_test

import (
	"strings"
	"testing"
	"time"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
)

// TestLoginsWithheld tells the time by the user's own clock, and says nothing where nothing
// is held back.
func TestLoginsWithheld(t *testing.T) {
	e := &evidence.Evidence{}
	e.Run.At = time.Date(2026, 11, 24, 12, 0, 0, 0, time.FixedZone("", 2*60*60))
	said := func() (text string) {
		for _, f := range checks.Run(e, checks.All()) {
			if f.Code == "MM714" {
				text = f.Text.String()
			}
		}
		return text
	}
	if got := said(); got != "" {
		t.Errorf("nothing is held back: got %q", got)
	}
	e.Run.Withheld = &evidence.Withheld{Rejected: 10, Hours: 24, Until: time.Date(2026, 11, 24, 22, 30, 0, 0, time.UTC)}
	for _, want := range []string{"10 logins", "within the last 24 hours", "before 00:30 on 25 November"} {
		if got := said(); !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
}
