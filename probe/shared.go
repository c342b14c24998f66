package probe

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// Shared is what the runs for many accounts of one provider have in common: a survey, which
// is a run without a login, and the places at the provider's hosts, of which all of them
// together have no more than one run would. Many runs may use it at the same time: what the
// survey saw does not change, and the lock guards asked.
type Shared struct {
	survey  *evidence.Evidence
	options Options // of the survey
	places  *Places
	ahead   bool // of one account, whose run is to be as if there had been no survey

	mu    sync.Mutex
	asked map[Question]*future
}

// mostAsked bounds the answers about accounts' own domains that are kept. Of more domains
// than these, each account asks for itself.
const mostAsked = 500

// question gives the look-up that an account before has begun, or reports false where the
// caller is the first and has to make it.
func (s *Shared) question(q Question) (f *future, begun bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, begun = s.asked[q]; begun {
		return f, true
	}
	f = &future{ready: make(chan struct{})}
	if len(s.asked) < mostAsked {
		s.asked[q] = f
	}
	return f, false
}

// Survey carries out a plan that wants no login, and keeps what is the same for every
// account. It and its runs take their places among those that are given.
func Survey(ctx context.Context, plan Plan, places *Places) (*Shared, error) {
	if plan.Options.NoLogin == "" {
		return nil, fmt.Errorf("survey %s: the plan wants a login", plan.Profile.Name)
	}
	s := &Shared{options: plan.Options, places: places, asked: map[Question]*future{}}
	r := newRun(plan, Credentials{}, time.Now())
	r.gate = newGate(plan.Budget, s.places)
	e, err := r.carryOut(ctx)
	s.survey = e
	return s, err
}

// Evidence is what the survey observed.
func (s *Shared) Evidence() *evidence.Evidence { return s.survey }

// Troubled tells whether the survey found something wrong that may pass: a path that matters
// fails, there is nowhere to log in, or it did not come to its end.
func (s *Shared) Troubled() bool {
	return s.survey.Run.Ended != evidence.Finished || len(s.targets()) == 0 ||
		slices.ContainsFunc(s.survey.Sessions, func(x evidence.Session) bool { return troubled(&x) })
}

// Outdated tells whether a run met a path otherwise than the survey had: it came to its end
// without the capabilities, which the survey had seen there.
func (s *Shared) Outdated(e *evidence.Evidence) bool {
	return e.Run.Ended == evidence.Finished && slices.ContainsFunc(s.targets(), func(t Target) bool {
		now := e.Session(t.Path.ID())
		return now != nil && !now.Capability.Step.Done()
	})
}

// forget lets the next account ask again what failed.
func (s *Shared) forget(q Question) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.asked, q)
}

// targets are the paths on which each account logs in: the best of each direction that the
// survey found fit for a login, at the address at which it went on. A single account logs in
// on all that are fit.
func (s *Shared) targets() []Target {
	var all []Target
	for i := range s.survey.Sessions {
		x := &s.survey.Sessions[i]
		all = append(all, Target{Path: x.Path, Override: x.Override, Address: x.Address})
	}
	rank(all)
	slices.SortFunc(all, func(a, b Target) int { return a.Rank - b.Rank })
	all = slices.DeleteFunc(all, func(t Target) bool { return !s.fit(t.Path) })
	if !s.ahead {
		all = bestOf(all)
	}
	for i := range all {
		all[i].Rank = i
	}
	return all
}

// fit tells whether a login could go out on a path. The run asks again before it sends one.
func (s *Shared) fit(path profile.Path) bool { return fit(s.survey.Session(path.ID()), s.options) }

func fit(x *evidence.Session, o Options) bool {
	return x.Capability.Step.Done() && x.Secure.Step.Done() && unproven(x, o) == "" && len(x.Mechanisms()) > 0 && x.Broken == ""
}

// leftAlone says why a run for one of many accounts did not log in on a path.
func (s *Shared) leftAlone(path profile.Path, noLogin string) string {
	x := s.survey.Session(path.ID())
	switch {
	case noLogin != "":
		return noLogin
	case s.fit(path):
		return "of many accounts, each logs in on one path for each direction"
	case x.Secure.Step.Done() && unproven(x, s.options) != "":
		return unproven(x, s.options)
	}
	return "the path is not fit for a login"
}

// with is the record of a run together with what the survey had observed. The run's own part
// has been scrubbed; the survey had no password. Nothing of the survey is changed.
func (s *Shared) with(own *evidence.Evidence) *evidence.Evidence {
	e := *own
	if s.ahead {
		s.join(&e)
	}
	e.Host, e.Controls, e.Successor = s.survey.Host, s.survey.Controls, s.survey.Successor
	if e.Run.Ended == evidence.Finished {
		e.Run.Ended = s.survey.Run.Ended // what the survey did not come to is not known
	}
	e.Run.Broken = cmp.Or(e.Run.Broken, s.survey.Run.Broken)
	e.Lookups = slices.Concat(s.askedBefore(own), own.Lookups)
	e.Clocks = slices.Concat(s.survey.Clocks, own.Clocks)
	e.Sessions = slices.Clone(s.survey.Sessions)
	for i := range e.Sessions {
		x := &e.Sessions[i]
		mine := own.Session(x.ID())
		switch {
		case s.ahead && (mine == nil || s.further(mine, own.Run.Ended)):
			if x.Login.State == evidence.Skipped {
				x.Login.Reason = s.keptBack(x.Path, own)
			}
			continue
		case mine == nil:
			x.Login.Reason = s.leftAlone(x.Path, own.Run.NoLogin)
			continue
		}
		dials, looks := mine.Dials, x.Looks
		for _, d := range x.Dials {
			if !slices.ContainsFunc(dials, func(m evidence.Dial) bool { return m.Address == d.Address }) {
				dials = append(dials, d)
			}
		}
		*x = *mine
		x.Dials, x.Looks = dials, looks
		inOrder(x.Dials)
	}
	return &e
}

// forSurvey is why a survey logs in nowhere.
const forSurvey = "the survey for all accounts logs in nowhere"

// SurveyPlan is the plan of a survey: that of any account, without what is the account's own.
func SurveyPlan(p profile.Profile, o Options) Plan {
	o.Account, o.NoLogin, o.Shared, o.Clients, o.Envelope = profile.Account{}, forSurvey, nil, nil, false
	return NewPlan(p, o)
}
