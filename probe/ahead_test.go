package probe

import (
	"context"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// doubting is a plan that doubts a path soon, long before the limit of a step.
func doubting(t *testing.T, faults map[string]mailtest.Fault) (Plan, *[]Event) {
	t.Helper()
	next, err := profile.Load("runbox-2015")
	if err != nil {
		t.Fatal(err)
	}
	var known []Event
	_, plan := start(t, func(m *mailtest.Options, o *Options) {
		m.Faults, o.Successor, o.Timeout = faults, &next, 2*time.Second
		o.Progress = func(e Event) {
			if e.Known != nil {
				known = append(known, e)
			}
		}
	})
	plan.Budget.Doubt = 300 * time.Millisecond
	return plan, &known
}

// TestAhead: what the silence of a recommended port makes worth asking is asked during it,
// and what the others have come to is told.
func TestAhead(t *testing.T) {
	plan, known := doubting(t, map[string]mailtest.Fault{"smtp-587": {Reach: mailtest.Dropped}})
	e := gather(t, plan)
	silent := e.Session("smtp-587").Dials[0].Step
	if silent.Failure == nil || silent.Failure.Kind != evidence.Timeout {
		t.Fatalf("smtp-587: got %+v, want silence", silent)
	}
	var purposes []evidence.Purpose
	for _, c := range e.Controls {
		purposes = append(purposes, c.Purpose)
		if c.Step.At > silent.At+silent.Took {
			t.Errorf("%s: was asked at %d ms, behind the silence, which ended at %d ms", c.Purpose, c.Step.At, silent.At+silent.Took)
		}
	}
	if want := []evidence.Purpose{evidence.Web, evidence.WebTLS}; !slices.Equal(purposes, want) {
		t.Errorf("controls: got %v, want each of %v once", purposes, want)
	}
	if e.Successor == nil {
		t.Error("the newer instructions were not tried")
	}
	if len(*known) != 1 {
		t.Fatalf("told %d times what is known, want once", len(*known))
	}
	var paths []string
	for _, s := range (*known)[0].Known.Sessions {
		paths = append(paths, s.ID())
		if !s.Login.Done() {
			t.Errorf("%s: told before its login: %+v", s.ID(), s.Login)
		}
	}
	if want := []string{"imap-143", "imap-993", "imap-1143", "smtp-25", "smtp-26"}; len(paths) != len(want) || slices.Contains(paths, "smtp-587") {
		t.Errorf("told of %v, want all but smtp-587", paths)
	}
	if silent := (*known)[0].Silent; len(silent) != 1 || silent[0].ID() != "smtp-587" {
		t.Errorf("told that %v are silent, want smtp-587", silent)
	}
	if k := (*known)[0].Known; k.Lookup("secure.runbox.com", "A") == nil || k.Host.RouteV4 != evidence.Yes {
		t.Errorf("told of look-ups %v and route %q, want what is known of both", k.Lookups, k.Host.RouteV4)
	}
	if got := len((*known)[0].Known.Logins); got != 5 {
		t.Errorf("told of %d logins, want 5", got)
	}
}

// TestAheadNotNeeded: a port that does not matter is no reason to ask anybody, and neither
// is one that answers in time.
func TestAheadNotNeeded(t *testing.T) {
	for about, faults := range map[string]map[string]mailtest.Fault{
		"an optional port": {"smtp-25": {Reach: mailtest.Dropped}},
		"a late greeting":  {"smtp-587": {Late: 600 * time.Millisecond}},
		"nothing":          nil,
	} {
		plan, known := doubting(t, faults)
		e := gather(t, plan)
		if len(e.Controls) > 0 || e.Successor != nil {
			t.Errorf("%s: got controls %+v and newer instructions %t, want none", about, e.Controls, e.Successor != nil)
		}
		if told := len(*known); told != 0 && about != "an optional port" {
			t.Errorf("%s: told %d times what is known, want never", about, told)
		}
	}
}

// TestAheadAnswersAfterAll: a port that is only slow leaves the comparisons in the record,
// because they were made, and not the newer instructions, because nothing is wrong.
func TestAheadAnswersAfterAll(t *testing.T) {
	plan, _ := doubting(t, nil)
	plan.Options.Dial = slowly(plan.Options.Dial, ":587", time.Second)
	e := gather(t, plan)
	if !e.Session("smtp-587").Login.Done() {
		t.Fatalf("smtp-587: got %+v, want a login", e.Session("smtp-587").Login)
	}
	if e.Successor != nil {
		t.Error("got newer instructions, want none where the old ones work")
	}
}

// slowly delays the connections to one port.
func slowly(dial DialFunc, port string, wait time.Duration) DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if strings.HasSuffix(address, port) {
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		return dial(ctx, network, address)
	}
}
