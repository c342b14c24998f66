package probe

import (
	"context"
	"strings"
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// aheadOf surveys a provider for alice and gives the plan of her run behind that.
func aheadOf(t *testing.T, world func(*mailtest.Options), own func(*Options)) (*mailtest.Provider, Plan, *Shared) {
	t.Helper()
	provider, plan := start(t, func(m *mailtest.Options, o *Options) {
		if world != nil {
			world(m)
		}
	})
	o := plan.Options
	o.Account, o.NoLogin = profile.Account{Address: "alice@runbox.com", Kind: profile.Own}, "later"
	shared, err := SurveyAhead(t.Context(), NewPlan(plan.Profile, o))
	if err != nil {
		t.Fatal(err)
	}
	o.NoLogin, o.Shared = "", shared
	if own != nil {
		own(&o)
	}
	return provider, NewPlan(plan.Profile, o), shared
}

// TestLater logs in behind a survey wherever a single run would, and makes one record of both.
func TestLater(t *testing.T) {
	provider, plan, shared := aheadOf(t, nil, nil)
	if n := len(provider.Logins()); n != 0 || !Fit(shared.Evidence(), plan.Options) {
		t.Fatalf("got %d logins of the survey and a fit path: %t, want none and one", n, Fit(shared.Evidence(), plan.Options))
	}
	before := shared.Evidence().Run
	e := gather(t, plan)
	for _, s := range e.Sessions {
		if !s.Login.Done() {
			t.Errorf("%s: got login %+v, want one", s.ID(), s.Login)
		}
	}
	if got, want := e.Run.Connections, before.Connections+len(plan.Targets); got != want || want > DefaultBudget().Connections {
		t.Errorf("got %d connections in all, want %d", got, want)
	}
	if !e.Run.At.Equal(before.At) || e.Run.Took < before.Took || e.Run.Ended != evidence.Finished || e.Run.NoLogin != "" {
		t.Errorf("got %+v, want the time of both, from the beginning of the first: %+v", e.Run, before)
	}
	for _, l := range e.Logins {
		if l.At < before.Took {
			t.Errorf("the login on %s was at %d ms, want it behind the survey's %d", l.Path, l.At, before.Took)
		}
	}
	if s := shared.Evidence().Session("imap-993"); s.Login.Done() || len(shared.Evidence().Logins) != 0 {
		t.Errorf("the survey's own record was changed: %+v", s.Login)
	}
}

// TestLaterAgain counts in a second survey what was opened until then, and opens no more in all
// than one run may.
func TestLaterAgain(t *testing.T) {
	provider, plan, shared := aheadOf(t, nil, nil)
	before := *shared.Evidence()
	before.Run.Connections = DefaultBudget().Connections // those of its own and of the run behind it
	opened := total(provider)
	o := plan.Options
	o.NoLogin, o.Shared = "later", nil
	if _, err := SurveyAgain(t.Context(), NewPlan(plan.Profile, o), &before); err != nil {
		t.Fatal(err)
	}
	if got := total(provider); got != opened {
		t.Errorf("got %d connections more, want none: all are used up", got-opened)
	}
	before.Run.Connections = 10
	again, err := SurveyAgain(t.Context(), NewPlan(plan.Profile, o), &before)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := again.Evidence().Run.Connections, 10+total(provider)-opened; got != want || again.left(DefaultBudget()) != DefaultBudget().Connections-want {
		t.Errorf("got %d connections and %d left, want %d of all", got, again.left(DefaultBudget()), want)
	}
}

func total(p *mailtest.Provider) (n int) {
	for _, each := range p.Connections() {
		n += each
	}
	return n
}

// TestLaterWithout says why there was no login, on every path that could have had one, and
// opens no connection for it.
func TestLaterWithout(t *testing.T) {
	provider, plan, shared := aheadOf(t, nil, func(o *Options) { o.NoLogin = "nobody wanted one" })
	before := provider.Connections()
	e := gather(t, plan)
	for _, s := range e.Sessions {
		if s.Login.State != evidence.Skipped || s.Login.Reason != "nobody wanted one" || !s.Capability.Step.Done() {
			t.Errorf("%s: got login %+v, want it skipped for the reason that was given", s.ID(), s.Login)
		}
	}
	if after := provider.Connections(); after["imap-993"] != before["imap-993"] || e.Run.Connections != shared.Evidence().Run.Connections {
		t.Errorf("got connections %v and %d in the record, want those of the survey: %v", after, e.Run.Connections, before)
	}
	if e.Run.NoLogin != "nobody wanted one" || e.Run.Took != shared.Evidence().Run.Took {
		t.Errorf("got %+v, want the reason and the survey's time", e.Run)
	}
}

// TestLaterUnsafe keeps the password back where the survey found no safe way.
func TestLaterUnsafe(t *testing.T) {
	expired := map[string]mailtest.Fault{}
	for _, path := range []string{"imap-143", "imap-993", "imap-1143", "smtp-25", "smtp-26", "smtp-587"} {
		expired[path] = mailtest.Fault{Certificate: mailtest.Expired}
	}
	provider, plan, shared := aheadOf(t, func(m *mailtest.Options) { m.Faults = expired }, nil)
	if Fit(shared.Evidence(), plan.Options) || len(plan.Targets) != 0 {
		t.Fatalf("got %d targets, want none: no certificate was verified", len(plan.Targets))
	}
	e := gather(t, plan)
	for _, s := range e.Sessions {
		if !strings.Contains(s.Login.Reason, "did not prove who it is") {
			t.Errorf("%s: got reason %q, want that it did not prove who it is", s.ID(), s.Login.Reason)
		}
	}
	if n := len(provider.Logins()); n != 0 {
		t.Errorf("got %d logins, want none", n)
	}
}

// TestLaterStopped keeps what the survey knew when the run behind it is stopped at once.
func TestLaterStopped(t *testing.T) {
	_, plan, _ := aheadOf(t, nil, nil)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	e, err := Run(ctx, plan, Credentials{Password: NewSecret([]byte(canary))})
	if err != nil {
		t.Fatal(err)
	}
	if e.Run.Ended != evidence.Stopped {
		t.Errorf("got a run that ended %q, want stopped", e.Run.Ended)
	}
	for _, s := range e.Sessions {
		if !s.Secure.Step.Done() || !s.Capability.Step.Done() {
			t.Errorf("%s: what the survey saw is gone: %+v", s.ID(), s.Capability.Step)
		}
		if want := "the test was stopped before the login"; s.Login.Reason != want {
			t.Errorf("%s: got no login because %q, want %q", s.ID(), s.Login.Reason, want)
		}
	}
}

// TestOnlyNeeded tries the form that the provider wants and not the one that was typed.
func TestOnlyNeeded(t *testing.T) {
	_, plan, _ := aheadOf(t, nil, func(o *Options) { o.Account.Login, o.OnlyNeeded = "alice@runbox.com", true })
	e := gather(t, plan)
	if len(e.Logins) == 0 {
		t.Fatal("got no login, want one")
	}
	for _, l := range e.Logins {
		if l.Name != "alice" || l.Form != evidence.Needed || l.Result != evidence.Accepted {
			t.Errorf("got %+v, want alice, as the provider wants it, accepted", l)
		}
	}
}

// TestLaterBudget shares the connections of a run: what the survey has used is not there
// again, and the best of each direction comes first.
func TestLaterBudget(t *testing.T) {
	_, plan, shared := aheadOf(t, nil, nil)
	for left, want := range map[int][]string{0: {}, 1: {"imap-993"}, 2: {"imap-993", "smtp-587"}, 3: {"imap-993", "smtp-587"}, 6: nil} {
		p := plan
		p.Targets = shared.targets()
		p.Budget.Connections = shared.Evidence().Run.Connections + left
		shared.resume(&p)
		var got []string
		for _, target := range p.Targets {
			got = append(got, target.Path.ID())
		}
		if want == nil && len(got) == 6 {
			continue
		}
		if strings.Join(got, " ") != strings.Join(want, " ") || p.Budget.Connections != left {
			t.Errorf("%d connections left: got %v and %d, want %v", left, got, p.Budget.Connections, want)
		}
	}
}
