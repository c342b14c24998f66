package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/report"
)

// tenants are the accounts of a list that one provider has, with what they share. The lock
// guards the fields below it; it is held while the provider is looked at, because nobody
// could go on before that.
type tenants struct {
	profile   profile.Profile
	options   probe.Options
	report    report.Options
	memory    string
	remembers bool          // what logins were rejected
	places    *probe.Places // those of all providers: two may have hosts in common

	mu       sync.Mutex
	shared   *probe.Shared
	looked   time.Time                // when shared was observed
	refused  map[profile.Protocol]int // accounts in a row whose logins failed in a direction
	welcome  bool                     // logins of an account were accepted, in each direction that was tried
	underWay int                      // accounts that may log in and have not ended
	ended    *sync.Cond               // one of them has
	rejected int                      // logins that were rejected, in all
}

func newTenants(j job, places *probe.Places) *tenants {
	t := &tenants{profile: j.profile, options: j.options, report: j.report, memory: j.memory, remembers: j.rejections.wanted, places: places, refused: map[profile.Protocol]int{}}
	t.ended = sync.NewCond(&t.mu)
	return t
}

const (
	// A server that takes the logins of so many accounts, one after the other, for wrong, puts
	// them off or hangs up is more likely to have lost its list of passwords, or to shut this
	// computer out, than to be right.
	refusedInARow = 5
	// again is how old a survey must be before another is made because it found trouble, or
	// because an account met the provider otherwise.
	again = time.Minute
)

// test tests one account, on what is known of its provider. If it meets the provider
// otherwise, and nobody's login was rejected meanwhile, it is tested once more on a new look.
func (t *tenants) test(ctx context.Context, a listedAccount, creds probe.Credentials, noLogin string) (*report.Report, error) {
	shared, err := t.look(ctx, nil)
	if err != nil {
		return nil, err
	}
	e, err := t.run(ctx, shared, a, creds, noLogin)
	if err != nil {
		return nil, err
	}
	if shared.Outdated(e) && len(e.Logins) == 0 {
		if shared, err = t.look(ctx, shared); err != nil {
			return nil, err
		}
		if e, err = t.run(ctx, shared, a, creds, noLogin); err != nil {
			return nil, err
		}
	}
	t.note(e)
	return judged(e, t.report), nil
}

// look gives what is known of the provider. The first who asks looks, and so does one who
// found the last look out of date or in trouble, unless it is new.
func (t *tenants) look(ctx context.Context, outdated *probe.Shared) (*probe.Shared, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.shared != nil && (t.shared != outdated && !t.shared.Troubled() || time.Since(t.looked) < again) {
		return t.shared, nil
	}
	shared, err := probe.Survey(ctx, probe.SurveyPlan(t.profile, t.options), t.places)
	if err != nil {
		return nil, fmt.Errorf("look at %s: %w", t.profile.Name, err)
	}
	t.shared, t.looked = shared, time.Now()
	return shared, nil
}

func (t *tenants) run(ctx context.Context, shared *probe.Shared, a listedAccount, creds probe.Credentials, noLogin string) (*evidence.Evidence, error) {
	o := t.options
	o.Shared, o.ID, o.ProfileBecause = shared, runID(), a.because
	o.Account = profile.Account{Address: a.Address, Login: a.Login, Kind: t.profile.Kind(a.Address)}
	o.NoLogin = noLogin
	j := job{profile: t.profile, options: o, rejections: beside(t.memory)}
	j.rejections.wanted = t.remembers
	taken, _ := j.reserve(ctx) // accounts has told if it cannot be remembered
	e, err := probe.Run(ctx, probe.NewPlan(t.profile, j.options), creds)
	if err != nil {
		return nil, fmt.Errorf("test %s: %w", t.profile.Name, err)
	}
	j.rejections.note(taken.run, e)
	return e, nil
}

// begin lets an account log in, or says why no further one does. As long as it is not known
// that the provider takes logins, those that are under way count as if they had failed, and the
// next one waits for them. Who has begun says so with end.
func (t *tenants) begin() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for {
		protocol, n := t.mostRefused()
		if n >= refusedInARow {
			return fail(exitUnknown, "Find out why before you test the rest.", "Not tested: the %s logins of %d accounts in a row failed, and more could have this computer shut out.", strings.ToUpper(string(protocol)), n)
		}
		if t.welcome && n == 0 || n+t.underWay < refusedInARow {
			t.underWay++
			return nil
		}
		t.ended.Wait()
	}
}

// end says that an account which had begun logs in no more.
func (t *tenants) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.underWay--
	t.ended.Broadcast()
}

// mostRefused is the direction in which the logins of most accounts in a row failed.
func (t *tenants) mostRefused() (worst profile.Protocol, most int) {
	for _, protocol := range []profile.Protocol{profile.IMAP, profile.SMTP} {
		if n := t.refused[protocol]; n > most {
			worst, most = protocol, n
		}
	}
	return worst, most
}

// note counts what became of an account's logins.
func (t *tenants) note(e *evidence.Evidence) {
	last := map[profile.Protocol]evidence.Result{}
	rejected := 0
	for _, l := range e.Logins {
		if s := e.Session(l.Path); s != nil {
			last[s.Path.Protocol] = l.Result
		}
		if l.Result == evidence.RejectedIn {
			rejected++
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rejected += rejected
	accepted := len(last) > 0
	for _, result := range last {
		accepted = accepted && result == evidence.Accepted
	}
	t.welcome = t.welcome || accepted
	for protocol, result := range last {
		t.refused[protocol]++
		if result == evidence.Accepted {
			t.refused[protocol] = 0
		}
	}
}

// remember keeps the look at the provider, with the rejected logins of all, as one run.
func (t *tenants) remember() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.shared == nil || t.memory == "" || t.shared.Evidence().Run.Ended == evidence.Stopped {
		return
	}
	run := earlier(t.shared.Evidence())
	run.Rejected += t.rejected
	keep(t.memory, t.profile.Name, run)
}
