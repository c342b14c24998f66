package report

import (
	"slices"
	"strings"
	"time"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/report/messages"
)

// Watch is what runs that nobody looks at remember of each other. The zero value is that of
// mail that works, or of which nothing is known.
type Watch struct {
	Bad        int       `json:"bad"`        // runs in a row that were bad and of which nobody was told
	Since      time.Time `json:"since"`      // when the first run of the present fault was
	Told       []Told    `json:"told"`       // of the present fault, the last one last; empty when nobody was
	Unfinished time.Time `json:"unfinished"` // when the first of the last runs was that did not come to their end, or when that was told
	Blind      time.Time `json:"blind"`      // since when none came to its end, where somebody was told of that last
}

// Empty tells whether there is nothing to remember.
func (w Watch) Empty() bool {
	return w.Bad == 0 && len(w.Told) == 0 && w.Unfinished.IsZero() && w.Blind.IsZero()
}

// Told is what somebody was told.
type Told struct {
	At     time.Time     `json:"at"`
	Status Status        `json:"status"`
	Codes  []checks.Code `json:"codes"` // in their order by name
}

// Patience is when a watch speaks.
type Patience struct {
	Confirm int           // bad runs in a row until the first word
	Remind  time.Duration // until a fault that stays as it is is told again
}

// News is what a run has to tell. The zero value is nothing.
type News struct {
	Kind      NewsKind
	Since     time.Time     // when the fault began, or the runs that were not finished
	New, Gone []checks.Code // of a fault that changed
	Codes     []checks.Code // of a fault that is over, as they were told last
}

// NewsKind is a kind of news.
type NewsKind string

// The kinds of news.
const (
	NoNews   NewsKind = ""
	Broke    NewsKind = "broke"    // a fault was confirmed
	Differs  NewsKind = "changed"  // it has other causes, or is worse
	Remains  NewsKind = "remains"  // it is as it was, and was told long ago
	Recovers NewsKind = "recovers" // mail works again
	Blind    NewsKind = "blind"    // for long no run has come to its end
	Sees     NewsKind = "sees"     // one has again, and mail works
)

// A fault that comes and goes with another is told again at most once in this time, and so
// many different ones are remembered.
const (
	flapping = time.Hour
	mostTold = 10
)

// bad tells whether a run found something that somebody has to hear of. It goes by the exit
// code, which --fail-on decides.
func bad(r *Report) bool { return r.Verdict.ExitCode == 1 || r.Verdict.ExitCode == 2 }

// Watched decides what a run has to tell after those before it, and what is to be remembered.
// A run that did not come to its end is neither a fault nor a recovery: it changes nothing,
// until there has been nothing else for as long as a fault is not told again.
func Watched(before Watch, r *Report, now time.Time, p Patience) (News, Watch) {
	before = inThePast(before, now)
	switch {
	case r.Verdict.ExitCode == exitStopped:
		return News{}, before
	case bad(r):
		return stillBad(before, r, now, p)
	case r.Verdict.ExitCode != 0:
		return unfinishedRun(before, now, p)
	case len(before.Told) > 0:
		return News{Kind: Recovers, Since: before.Since, Codes: before.Told[len(before.Told)-1].Codes}, Watch{}
	case !before.Blind.IsZero():
		return News{Kind: Sees, Since: before.Blind}, Watch{}
	}
	return News{}, Watch{}
}

// inThePast keeps a memory usable that was made while the clock ran ahead.
func inThePast(w Watch, now time.Time) Watch {
	early := func(t time.Time) time.Time {
		if t.After(now) {
			return now
		}
		return t
	}
	w.Since, w.Unfinished, w.Blind, w.Told = early(w.Since), early(w.Unfinished), early(w.Blind), slices.Clone(w.Told)
	for i := range w.Told {
		w.Told[i].At = early(w.Told[i].At)
	}
	return w
}

func unfinishedRun(w Watch, now time.Time, p Patience) (News, Watch) {
	if w.Unfinished.IsZero() {
		w.Unfinished = now
	}
	if now.Sub(w.Unfinished) < p.Remind {
		return News{}, w
	}
	news := News{Kind: Blind, Since: w.Unfinished}
	w.Unfinished = now
	if w.Blind.IsZero() {
		w.Blind = news.Since
	}
	return news, w
}

// stillBad goes on with a fault, or begins with one.
func stillBad(w Watch, r *Report, now time.Time, p Patience) (News, Watch) {
	w.Unfinished = time.Time{}
	present := Told{At: now, Status: r.Verdict.Status, Codes: faultCodes(w, r)}
	if len(w.Told) == 0 {
		if w.Bad == 0 {
			w.Since = now
		}
		w.Bad++
		if w.Bad < p.Confirm {
			return News{}, w
		}
		return News{Kind: Broke, Since: w.Since}, w.tell(present)
	}
	last := w.Told[len(w.Told)-1]
	switch {
	case last.covers(present) && now.Sub(last.At) < p.Remind:
		return News{}, w
	case last.covers(present):
		return News{Kind: Remains, Since: w.Since}, w.tell(present)
	case slices.ContainsFunc(w.Told, func(t Told) bool { return now.Sub(t.At) < flapping && t.covers(present) }):
		return News{}, w
	}
	return News{Kind: Differs, Since: w.Since, New: without(present.Codes, last.Codes), Gone: without(last.Codes, present.Codes)}, w.tell(present)
}

// tell remembers what somebody is told now.
func (w Watch) tell(t Told) Watch {
	w.Bad, w.Blind = 0, time.Time{}
	w.Told = append(w.Told, t)
	w.Told = w.Told[max(0, len(w.Told)-mostTold):]
	return w
}

// covers tells whether whoever was told t knows all there is to say of another.
func (t Told) covers(other Told) bool {
	return slices.Equal(t.Codes, other.Codes) && (t.Status == Problem || other.Status != Problem)
}

// codeWithheld is the code of a run that tried no login because too many were rejected. It
// follows from those, so it is no news for who was told of them.
const codeWithheld checks.Code = "MM714"

// faultCodes are those of a run, in their order by name.
func faultCodes(w Watch, r *Report) []checks.Code {
	list := slices.Clone(r.Verdict.Codes)
	if at := slices.Index(list, codeWithheld); at >= 0 && len(w.Told) > 0 {
		if known := logins(w.Told[len(w.Told)-1].Codes); len(known) > 0 {
			list = append(slices.Delete(list, at, at+1), known...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// logins are the codes that speak of logins.
func logins(list []checks.Code) []checks.Code {
	return slices.DeleteFunc(slices.Clone(list), func(c checks.Code) bool { return !strings.HasPrefix(string(c), "MM7") })
}

func without(list, others []checks.Code) []checks.Code {
	return slices.DeleteFunc(slices.Clone(list), func(c checks.Code) bool { return slices.Contains(others, c) })
}

// NewsText writes what a run has to tell for a person who reads it in a mail: of a fault the
// whole report, behind a line that says what is new about it, of its end three lines.
func NewsText(n News, r *Report, now time.Time, o TextOptions) string {
	t := newPrinter(o, r.speak)
	switch n.Kind {
	case NoNews:
		return ""
	case Recovers, Sees:
		for _, line := range recovery(n, r, now) {
			t.line(line)
		}
		return t.b.String()
	}
	if said := changed(n, r.speak); said != "" {
		t.hanging("", "", said, plain)
		t.line("")
	}
	return t.b.String() + inMarks(r, o)
}

// changed is the line above a report that says why it comes.
func changed(n News, speak *messages.Speaker) string {
	switch {
	case n.Kind == Remains:
		return speak.Say("The fault has not changed since %s.", moment(n.Since))
	case n.Kind == Blind:
		return speak.Say("No test could be finished since %s.", moment(n.Since))
	case n.Kind != Differs:
		return ""
	case len(n.New) > 0 && len(n.Gone) > 0:
		return speak.Say("New since the last report: %s. Gone: %s.", listed(n.New), listed(n.Gone))
	case len(n.New) > 0:
		return speak.Say("New since the last report: %s. The rest is as it was.", listed(n.New))
	case len(n.Gone) > 0:
		return speak.Say("Gone since the last report: %s. The rest is as it was.", listed(n.Gone))
	}
	return speak.Say("It got worse since the last report, for the same reason.")
}

// recovery is what there is to say when mail works again, or when that is known again.
func recovery(n News, r *Report, now time.Time) []string {
	simulated := ""
	if r.Run.Simulated {
		simulated = "SIMULATED (" + Clean(r.Run.Scenario, 60) + "). "
	}
	if n.Kind == Sees {
		return []string{
			simulated + r.speak.Say("Mail works, and tests come to their end again."),
			whose(r, now, "Tested at %s: %s.", "Tested at %s: %s at %s."),
			r.speak.Say("Before, no test could be finished since %s.", moment(n.Since)),
		}
	}
	return []string{
		simulated + r.speak.Say("Mail works again."),
		whose(r, now, "It works since %s: %s.", "It works since %s: %s at %s."),
		r.speak.Say("The fault lasted %s, from %s on: %s.", span(now.Sub(n.Since)), moment(n.Since), listed(n.Codes)),
	}
}

// whose says of a moment which provider it is about, and which account where that is known.
func whose(r *Report, now time.Time, without, with say.Text) string {
	if a := Clean(address(r), 60); a != "" {
		return r.speak.Say(with, moment(now), a, Clean(provider(r), 40))
	}
	return r.speak.Say(without, moment(now), Clean(provider(r), 40))
}

// moment is a time as it is read in every language.
func moment(t time.Time) string { return t.Format("2006-01-02 15:04 -07:00") }

func listed(list []checks.Code) say.Text {
	var names []string
	for _, c := range list {
		names = append(names, Clean(string(c), 12))
	}
	return say.List(names)
}

// span is a length of time in the one unit that fits it.
func span(d time.Duration) say.Text {
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < time.Hour:
		return say.Count(int(d.Minutes()), "%d minute", "%d minutes")
	case d < 48*time.Hour:
		return say.Count(int(d.Hours()), "%d hour", "%d hours")
	}
	return say.Count(int(d.Hours()/24), "%d day", "%d days")
}

// inMarks is the whole text of a report between two lines that show whether all of it came
// through a mail.
func inMarks(r *Report, o TextOptions) string {
	o.Marks = true
	var b strings.Builder
	if err := Text(&b, r, o); err != nil {
		panic(err) // a Builder takes everything
	}
	return b.String()
}
