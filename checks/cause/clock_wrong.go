package cause

import (
	"slices"
	"time"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// clockWrong is MM103: this computer's clock is wrong, so that every certificate seems to
// have ended or not to have begun. No certificate proves that: others' clocks do, the day
// on which mailmedic was made, or certificates of several hosts that are off by so much
// that nobody would have left them.
var clockWrong = Cause{Code: "MM103", Where: Computer, Fit: func(c Case) *Fit {
	e := c.Evidence
	offset, told := checks.ClockOffset(e)
	switch {
	case told && offset.Abs() < checks.SameTime:
		return nil
	case told:
		return atTheirTime(c, e.Run.At.Add(offset))
	}
	explained := c.With("MM403", "MM409")
	if len(explained) == 0 || verified(e) {
		return nil
	}
	fit := wrongClock(e, explained)
	switch {
	case !e.Run.Built.IsZero() && e.Run.At.Before(e.Run.Built.Add(-24*time.Hour)):
		fit.For = []checks.Fact{{Stage: checks.StageRun, Text: say.With("this mailmedic was made on %s, after what the clock says", say.Date(e.Run.Built))}}
	case messageAhead(e) != nil:
		fit.For = []checks.Fact{*messageAhead(e)}
	default:
		return unproven(e, fit)
	}
	return fit
}}

// wrongClock is the fit for certificates that seem to be out of their time.
func wrongClock(e *evidence.Evidence, explained []checks.Finding) *Fit {
	return &Fit{
		Explains: explained,
		Sure:     checks.Certain,
		Text:     say.With("The clock of this computer says %s, which is wrong. So certificates seem to be out of their time.", say.With("%s, %s", say.Date(e.Run.At), e.Run.At.Format("15:04"))),
		Advice: []say.Text{
			"Set date, time and time zone of this computer, best to \"automatic\".",
			"Then run mailmedic again: everything else may well work.",
		},
	}
}

// atTheirTime is the fit where others told the time: it explains the certificates that are
// in their time by then. What verified by this computer's clock has to be so too, otherwise
// it is the others' clocks that are wrong.
func atTheirTime(c Case, theirs time.Time) *Fit {
	e := c.Evidence
	if len(sessions(e, func(s *evidence.Session) bool { return s.Secure.Judged.Verified && !inTimeAt(s, theirs) })) > 0 {
		return nil
	}
	all := c.With("MM403", "MM409")
	explained := slices.DeleteFunc(slices.Clone(all), func(f checks.Finding) bool { return !inTimeAt(e.Session(f.Path), theirs) })
	if len(explained) == 0 {
		return nil
	}
	fit := wrongClock(e, explained)
	inTime := say.Text("at %s these certificates are in their time")
	if len(explained) == len(all) {
		inTime = "at %s all certificates are in their time"
	} else {
		fit.Advice[1] = "Then run mailmedic again: what else it names here stays until it is mended."
	}
	fit.For = append(clockFacts(e), checks.Fact{Stage: checks.StageTLS, Text: say.With(inTime, utc(theirs))})
	fit.Against = []RuledOut{{explained[0].Code, "the certificates are in their time by the clocks of others"}}
	return fit
}

// unproven is the fit where nobody told the time.
func unproven(e *evidence.Evidence, fit *Fit) *Fit {
	different := map[string]bool{}
	least := -1.0 // of their own lifetime by which the certificates are off
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if len(s.Secure.Chain) == 0 {
			continue
		}
		leaf := s.Secure.Chain[0]
		off := max(e.Run.At.Sub(leaf.NotAfter), leaf.NotBefore.Sub(e.Run.At))
		life := leaf.NotAfter.Sub(leaf.NotBefore)
		if off <= 0 || life <= 0 {
			return nil
		}
		different[leaf.SHA256] = true
		if share := float64(off) / float64(life); least < 0 || share < least {
			least = share
		}
	}
	if len(different) < 2 || least < 1 {
		return nil // one renewal that failed can hit all hosts of a provider
	}
	fit.For = []checks.Fact{{Stage: checks.StageTLS, Text: say.With("%d different certificates are out of their time, each by at least %.1f times its whole validity", len(different), least)}}
	fit.Text = "The clock of this computer seems to be wrong, because all certificates are out of their time together."
	fit.Sure = checks.Likely
	return fit
}

// inTimeAt tells whether every certificate that a path was shown is valid at a time.
func inTimeAt(s *evidence.Session, t time.Time) bool {
	return !slices.ContainsFunc(s.Secure.Chain, func(x evidence.Certificate) bool { return !x.ValidAt(t) })
}

func clockFacts(e *evidence.Evidence) []checks.Fact {
	var facts []checks.Fact
	for _, x := range e.Clocks {
		if x.Source == evidence.ClockMessage {
			continue
		}
		who := say.Text("the greeting of %s says %s, this computer %s")
		if x.Source == evidence.ClockHTTP {
			who = "the web server of %s says %s, this computer %s"
		}
		fact := checks.Fact{Stage: checks.StageGreeting, Text: say.With(who, x.Path, utc(x.Theirs), utc(x.Ours))}
		if e.Session(x.Path) != nil {
			fact.Path = x.Path
		}
		facts = append(facts, fact)
	}
	return facts
}

// messageAhead finds a message that arrived later than this computer's clock says it is.
func messageAhead(e *evidence.Evidence) *checks.Fact {
	for _, x := range e.Clocks {
		if x.Source == evidence.ClockMessage && x.Theirs.Sub(x.Ours) > time.Hour {
			return &checks.Fact{Path: x.Path, Stage: checks.StageFolders, Text: say.With("the newest message arrived on %s, after what the clock says", utc(x.Theirs))}
		}
	}
	return nil
}

func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }
