package probe

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// surveyed starts a provider with some accounts and looks at it once for all of them.
func surveyed(t *testing.T, accounts int, change func(*mailtest.Options)) (*mailtest.Provider, Plan, *Shared) {
	t.Helper()
	provider, plan := start(t, func(m *mailtest.Options, o *Options) {
		m.Hosted = []string{"club.example"}
		for i := range accounts {
			m.Users = append(m.Users, mailtest.User{Name: fmt.Sprintf("user%d%%club.example", i), Password: canary})
		}
		if change != nil {
			change(m)
		}
	})
	shared, err := Survey(t.Context(), SurveyPlan(plan.Profile, plan.Options), NewPlaces())
	if err != nil {
		t.Fatal(err)
	}
	return provider, plan, shared
}

// oneOfMany is the plan of one of many accounts.
func oneOfMany(plan Plan, shared *Shared, address string) Plan {
	o := plan.Options
	o.Shared, o.Messages, o.ProfileBecause = shared, 0, evidence.Undecided
	o.Account = profile.Account{Address: address, Kind: plan.Profile.Kind(address)}
	return NewPlan(plan.Profile, o)
}

// TestShared looks at a provider once and then logs in with one account after the other:
// each on one path for each direction, with the whole of the provider in its record.
func TestShared(t *testing.T) {
	provider, plan, shared := surveyed(t, 1, nil)
	if len(provider.Logins()) != 0 {
		t.Fatalf("the survey logged in: %+v", provider.Logins())
	}
	before := provider.Connections()
	for _, c := range []struct{ address, login string }{{"alice@runbox.com", "alice"}, {"user0@club.example", "user0%club.example"}} {
		e := gather(t, oneOfMany(plan, shared, c.address))
		if len(e.Sessions) != len(plan.Targets) || len(e.Logins) != 2 || e.Run.Connections != 2 {
			t.Fatalf("%s: got %d sessions, %d connections and logins %+v; want %d, 2 and 2", c.address, len(e.Sessions), e.Run.Connections, e.Logins, len(plan.Targets))
		}
		for _, l := range e.Logins {
			if l.Name != c.login || l.Result != evidence.Accepted {
				t.Errorf("%s: got login %+v, want %s accepted", c.address, l, c.login)
			}
		}
		for _, s := range e.Sessions {
			if !s.Capability.Step.Done() || !s.Secure.Judged.Verified {
				t.Errorf("%s: %s is not in the record as the survey saw it: %+v", c.address, s.ID(), s.Capability.Step)
			}
			if logged := s.ID() == "imap-993" || s.ID() == "smtp-587"; logged != s.Login.Done() {
				t.Errorf("%s: %s: got login %+v, want one: %t", c.address, s.ID(), s.Login, logged)
			}
		}
	}
	for path, n := range provider.Connections() {
		want := before[path]
		if path == "imap-993" || path == "smtp-587" {
			want += 2
		}
		if n != want {
			t.Errorf("%s: got %d connections, want %d", path, n, want)
		}
	}
	for i := range shared.Evidence().Sessions {
		if s := shared.Evidence().Sessions[i]; s.Login.Done() || len(s.Folders.List) > 0 {
			t.Errorf("%s: what is shared holds an account's own: %+v", s.ID(), s.Login)
		}
	}
}

// TestSharedQuestions asks the name server once for all accounts, and once for each domain
// of their own.
func TestSharedQuestions(t *testing.T) {
	_, plan, shared := surveyed(t, 3, nil)
	var packets atomic.Int32
	dial := plan.Options.Dial
	plan.Options.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if strings.HasPrefix(network, "udp") {
			packets.Add(1)
		}
		return dial(ctx, network, address)
	}
	for i := range 3 {
		e := gather(t, oneOfMany(plan, shared, fmt.Sprintf("user%d@club.example", i)))
		if e.Run.ProfileBecause != evidence.ByMX {
			t.Errorf("user%d: the profile was chosen because of %q, want the MX record", i, e.Run.ProfileBecause)
		}
	}
	if got := packets.Load(); got != 1 {
		t.Errorf("got %d sockets to the name server, want 1 for the domain that all have", got)
	}
}

// TestSharedPlaces runs many accounts at once. Together they keep to the places that one
// run has at a host.
func TestSharedPlaces(t *testing.T) {
	const accounts = 30
	_, plan, shared := surveyed(t, accounts, nil)
	var now, most atomic.Int32
	dial := plan.Options.Dial
	plan.Options.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil || !strings.HasSuffix(address, ":993") {
			return c, err
		}
		most.Store(max(most.Load(), now.Add(1)))
		return &gated{Conn: c, leave: func() { now.Add(-1) }}, nil
	}
	var work sync.WaitGroup
	for i := range accounts {
		work.Go(func() {
			e, err := Run(t.Context(), oneOfMany(plan, shared, fmt.Sprintf("user%d@club.example", i)), Credentials{NewSecret([]byte(canary))})
			if err != nil || !e.Session("imap-993").Login.Done() {
				t.Errorf("user%d: got %v, want a login", i, err)
			}
		})
	}
	work.Wait()
	if got, limit := int(most.Load()), plan.Budget.PerHost; got > limit || got < 2 {
		t.Errorf("got %d connections at a time, want some, and at most %d", got, limit)
	}
}

// TestSharedOutdated: what one account meets otherwise than the survey did makes it out of
// date. A rejected login does not.
func TestSharedOutdated(t *testing.T) {
	provider, plan, shared := surveyed(t, 0, nil)
	rejected := oneOfMany(plan, shared, "bob@runbox.com")
	if e := gather(t, rejected); shared.Outdated(e) || len(e.Logins) == 0 {
		t.Errorf("after a rejected login: got out of date, or no login: %+v", e.Logins)
	}
	provider.Close()
	e, err := Run(t.Context(), oneOfMany(plan, shared, "alice@runbox.com"), Credentials{NewSecret([]byte(canary))})
	if err != nil {
		t.Fatal(err)
	}
	if !shared.Outdated(e) {
		t.Errorf("the server is gone: got up to date; imap-993 %+v", e.Session("imap-993").Dials)
	}
}

// TestSharedUnfit: where the survey found no path that is safe for a login, nobody logs in,
// and the record says what the survey saw.
func TestSharedUnfit(t *testing.T) {
	provider, plan, shared := surveyed(t, 0, func(m *mailtest.Options) {
		m.Faults = map[string]mailtest.Fault{}
		for _, path := range m.Profile.Paths {
			m.Faults[path.ID()] = mailtest.Fault{Certificate: mailtest.Expired}
		}
	})
	e := gather(t, oneOfMany(plan, shared, "alice@runbox.com"))
	if len(e.Logins) != 0 || len(provider.Logins()) != 0 {
		t.Errorf("logins: got %+v, want none", e.Logins)
	}
	if s := e.Session("imap-993"); s == nil || s.Secure.Judged.Time != evidence.No {
		t.Errorf("imap-993: got %+v, want the expired certificate", s)
	}
}

// TestSharedCutShort: what a survey did not come to is not known, of any account. A step that
// was cancelled must not stand in a run that claims to have come to its end.
func TestSharedCutShort(t *testing.T) {
	_, plan := start(t, func(m *mailtest.Options, o *Options) {
		m.Faults = map[string]mailtest.Fault{"smtp-587": {Greeting: mailtest.Silent}, "smtp-26": {Greeting: mailtest.Silent}, "smtp-25": {Greeting: mailtest.Silent}}
		o.Deadline = time.Second
	})
	shared, err := Survey(t.Context(), SurveyPlan(plan.Profile, plan.Options), NewPlaces())
	if err != nil {
		t.Fatal(err)
	}
	e := gather(t, oneOfMany(plan, shared, "alice@runbox.com"))
	if !e.Session("imap-993").Login.Done() || e.Run.Ended != evidence.Deadline {
		t.Errorf("got login %+v, ended %q; want a login, and the survey's deadline", e.Session("imap-993").Login, e.Run.Ended)
	}
}
