package probe

import (
	"cmp"
	"context"
	"slices"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// A run whose login comes later is made of two: while a person still looks for the password,
// a survey takes all paths as far as they go without it, and hangs up, because a server drops
// whoever keeps it waiting. The login then has connections of its own, to what the survey has
// found fit, and both together are one record: what they took adds up, and so does what they
// opened.

// SurveyAhead is a survey of one account, whose run will log in wherever an ordinary one would.
func SurveyAhead(ctx context.Context, plan Plan) (*Shared, error) {
	s, err := Survey(ctx, plan, NewPlaces())
	if err != nil {
		return nil, err
	}
	s.ahead = true
	return s, nil
}

// SurveyAgain is SurveyAhead where what the first one saw no longer holds. Both belong to one
// run, which may open no more connections than any, so those of the record before count.
func SurveyAgain(ctx context.Context, plan Plan, before *evidence.Evidence) (*Shared, error) {
	plan.Budget.Connections = max(0, plan.Budget.Connections-before.Run.Connections)
	s, err := SurveyAhead(ctx, plan)
	if err != nil {
		return nil, err
	}
	s.survey.Run.Connections += before.Run.Connections
	return s, nil
}

// Fit tells whether a record shows a path that is safe for a password and takes a login.
func Fit(e *evidence.Evidence, o Options) bool {
	return !Elsewhere(e, o) && slices.ContainsFunc(e.Sessions, func(x evidence.Session) bool { return fit(&x, o) })
}

// Elsewhere tells whether a record shows that the address's mail is at another provider. Who
// names a profile has decided for themselves.
func Elsewhere(e *evidence.Evidence, o Options) bool {
	_, domain, _ := profile.Split(o.Account.Address)
	return o.ProfileBecause != evidence.ByUser && len(e.Profile.MX) > 0 && e.Lookup(domain, "MX").Elsewhere(&e.Profile)
}

// bestOf keeps the best target of each direction. They are in the order of their rank.
func bestOf(targets []Target) []Target {
	var best []Target
	for _, t := range targets {
		if !slices.ContainsFunc(best, func(b Target) bool { return b.Path.Protocol == t.Path.Protocol }) {
			best = append(best, t)
		}
	}
	return best
}

// left is how many connections the survey has left of those that a run may open.
func (s *Shared) left(b Budget) int { return max(0, b.Connections-s.survey.Run.Connections) }

// resume fits the plan of the run behind a survey to what the survey has left. The time that a
// person took in between does not count.
func (s *Shared) resume(plan *Plan) {
	plan.Budget.Connections = s.left(plan.Budget)
	plan.Budget.Run += s.took()
	wanted := plan.Options.NoLogin == "" && plan.Options.Withheld == nil && len(plan.Names) > 0 && s.survey.Run.Ended != evidence.Stopped
	if !wanted {
		plan.Targets, plan.Questions = nil, nil
		return
	}
	if len(plan.Targets) > plan.Budget.Connections {
		plan.Targets = bestOf(plan.Targets)
	}
	plan.Targets = plan.Targets[:min(len(plan.Targets), plan.Budget.Connections)]
	for i := range plan.Targets {
		plan.Targets[i].Rank = i
	}
}

// took is how long the survey took.
func (s *Shared) took() time.Duration { return time.Duration(s.survey.Run.Took) * time.Millisecond }

// begin is when a run behind the survey begins: its clock goes on where the survey's ended.
func (s *Shared) begin(now time.Time) time.Time {
	if !s.ahead {
		return now
	}
	return now.Add(-s.took())
}

// join adds to the record of a run behind a survey what the survey knows of the run.
func (s *Shared) join(own *evidence.Evidence) {
	before := s.survey.Run
	own.Run.At = before.At
	own.Run.Took = max(own.Run.Took, before.Took)
	own.Run.RunLimit = before.RunLimit
	own.Run.Connections += before.Connections
	if cmp.Or(own.Run.ProfileBecause, evidence.Undecided) == evidence.Undecided {
		own.Run.ProfileBecause = before.ProfileBecause
	}
}

// further tells whether the survey came further on a path than a run that was stopped there.
func (s *Shared) further(mine *evidence.Session, ended evidence.Ended) bool {
	return ended == evidence.Stopped && !mine.Capability.Step.Done()
}

// askedBefore lists the look-ups of the survey that the run did not make again.
func (s *Shared) askedBefore(own *evidence.Evidence) []evidence.Lookup {
	return slices.DeleteFunc(slices.Clone(s.survey.Lookups), func(l evidence.Lookup) bool { return own.Lookup(l.Name, l.Type) != nil })
}

// keptBack says why there was no login on a path that the run behind the survey left alone.
func (s *Shared) keptBack(path profile.Path, own *evidence.Evidence) string {
	x := s.survey.Session(path.ID())
	switch {
	case own.Run.NoLogin != "":
		return own.Run.NoLogin
	case unfit(x, s.options) != "":
		return unfit(x, s.options)
	case own.Run.Ended == evidence.Stopped:
		return "the test was stopped before the login"
	}
	return "the run had no connection left for a login here"
}
