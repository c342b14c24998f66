package probe

import (
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
)

// TestOutline: what is told of a path when it ends is how far it came, and no word of the
// server, whose words may still hold an echo of the password.
func TestOutline(t *testing.T) {
	told := map[string]*evidence.Evidence{}
	started := 0
	_, plan := start(t, func(m *mailtest.Options, o *Options) {
		m.Faults = map[string]mailtest.Fault{"smtp-25": {Reach: mailtest.Dropped}, "imap-143": {Certificate: mailtest.Expired}}
		o.Timeout = 1e9
		o.Progress = func(e Event) {
			switch {
			case e.Stage == "start":
				started++
			case e.Record != nil:
				told[e.Path] = e.Record
			}
		}
	})
	e := gather(t, plan)
	if started != 1 || len(told) != len(e.Sessions) {
		t.Fatalf("got %d starts and %d paths, want 1 and %d", started, len(told), len(e.Sessions))
	}
	for i := range e.Sessions {
		want, record := &e.Sessions[i], told[e.Sessions[i].ID()]
		got := &record.Sessions[0]
		if got.ID() != want.ID() || got.Took != want.Took || got.Greeting.Step.State != want.Greeting.Step.State ||
			got.Secure.Judged.Verified != want.Secure.Judged.Verified || got.Login.State != want.Login.State || len(got.Dials) != len(want.Dials) {
			t.Errorf("%s: got %+v, want the outline of %+v", want.ID(), *got, *want)
		}
		for _, word := range heard(record) {
			if *word != "" && !resolved(record)[*word] {
				t.Errorf("%s: got %q among what is told, want nothing that a server said", want.ID(), *word)
			}
		}
	}
}

// resolved are the addresses that the look-ups gave.
func resolved(e *evidence.Evidence) map[string]bool {
	all := map[string]bool{}
	for _, l := range e.Lookups {
		for _, a := range l.Answers {
			all[a] = true
		}
	}
	return all
}
