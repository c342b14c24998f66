package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// Servers lock an account, or shut a computer out, after some rejected logins in a time, and
// they count across runs: one that starts every five minutes with an old password would do
// what no single run may. So rejected logins are remembered per login name, host and
// direction, in a file of lines "WORD SECONDS REJECTED": a hash of these three, when it was,
// and how many were rejected; 0 forgets those before. A run forgets only where its login was
// accepted at once: one in which a second name was, or another direction, has cost the
// account a rejection all the same.
//
// Before its first login a run reserves what it could cost, in lines "WORD SECONDS REJECTED
// RUN", because runs side by side would each count on what is left. What its logins came to
// takes their place; those of a run that was killed stay, as it may have cost them.
const (
	mostInAnHour = 4  // as many as one run may cost at most
	mostInADay   = 10 // below what providers are known to lock an account for

	// underWay is how long a reservation is taken for that of a run that goes on. One that is
	// well gives it back, so that others wait for it.
	underWay = time.Minute
	askAgain = 50 * time.Millisecond // whether it has
)

// rejections is the file, "" for none, and what is known where there is none: the runs of one
// process count together even where nothing is remembered.
type rejections struct {
	file   string
	own    *[]byte // lines as in the file, nil where no login is tried
	wanted bool    // it is a fault if there is no file
	strict bool    // no login is tried then
}

// rejections is where a command remembers rejected logins. A person who runs a check goes on
// where that fails; what runs again and again by itself would get the account locked.
func (p *program) rejections(c *cli.Context, memory string) rejections {
	r := beside(memory)
	r.wanted = !c.Bool("no-memory")
	r.strict = r.wanted && (c.Command.Name == "monitor" || c.Bool("cron") || c.IsSet("every"))
	return r
}

// alone is what is known without a file that can be written to.
func (r rejections) alone(now time.Time) rejections {
	known, err := r.saved()
	if r.file == "" || err != nil {
		known = r.remembered()
	}
	known = inThePast(known, now)
	return rejections{own: &known}
}

const placeHint = "Set XDG_STATE_HOME to a folder that you may write to."

var errNoPlace = errors.New("no place is known")

// unremembered says why rejected logins cannot be remembered.
func unremembered(err error) say.Text {
	if errors.Is(err, errNoPlace) {
		return "There is no place to remember rejected logins."
	}
	return say.With("Rejected logins cannot be remembered: %s.", plain(err))
}

// withoutMemory is the failure of a run that tries no login because of that.
func withoutMemory(err error) error {
	return fail(exitOutput, placeHint, "%s No login is tried.", unremembered(err))
}

// beside is the file of rejections beside that of runs.
func beside(memory string) rejections {
	r := rejections{own: new([]byte)}
	if memory != "" {
		r.file = filepath.Join(filepath.Dir(memory), "rejections.txt")
	}
	return r
}

// word stands for a login name at a host, in one direction.
func word(login, host string, direction profile.Protocol) string {
	sum := sha256.Sum256([]byte(strings.ToLower(login) + "\x00" + strings.ToLower(host) + "\x00" + string(direction)))
	return hex.EncodeToString(sum[:8])
}

// allow tells how many of the wanted rejected logins an account may still cost, but for what
// runs that are under way may give back. Where it is none, what is withheld says why and until
// when.
func (r rejections) allow(a profile.Account, p profile.Profile, wanted int, now time.Time) (int, *evidence.Withheld) {
	return allowed(marksIn(r.read(now)).settled(now), a, p, wanted, now)
}

// allowed is allow for what is known. All names of an account count together, because a
// server may count them so, and the direction that has most counts.
func allowed(known marks, a profile.Account, p profile.Profile, wanted int, now time.Time) (int, *evidence.Withheld) {
	var held *evidence.Withheld
	for _, path := range p.Paths {
		left, w := roomFor(rejectedAt(known, namesOf(a, p), path), now)
		wanted = min(wanted, left)
		if w != nil && (held == nil || w.Until.After(held.Until)) {
			held = w
		}
	}
	return wanted, held
}

// namesOf lists all names under which an account is known.
func namesOf(a profile.Account, p profile.Profile) []string {
	names := append([]string{a.Login}, p.LoginNames(cmp.Or(a.Address, a.Login))...)
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	return slices.Compact(slices.Sorted(slices.Values(names)))
}

// rejectedAt lists, in order, when logins under these names were rejected on a path. What a
// run has reserved stands under each of the names, and counts once.
func rejectedAt(known marks, names []string, path profile.Path) (at []time.Time) {
	var runs []string
	for _, name := range names {
		for _, m := range known[word(name, path.Host, path.Protocol)] {
			if m.run != "" && slices.Contains(runs, m.run) {
				continue
			}
			runs = append(runs, m.run)
			at = append(at, slices.Repeat([]time.Time{m.at}, m.rejected)...)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	return at
}

// claim is what a run asks for.
type claim struct {
	account profile.Account
	profile profile.Profile
	only    []string // paths on which it may log in, nil for all
	wanted  int      // rejected logins
}

// reservation is what a run may cost an account, and holds until it is known what it did.
type reservation struct {
	run  string // its lines bear it, "" where nothing is reserved
	left int
	held *evidence.Withheld
}

// reserve takes the wanted rejected logins for a run, or those that are left. Where runs that
// are under way hold what would be left without them, it waits so long for them.
func (r rejections) reserve(ctx context.Context, c claim, patience time.Duration) (reservation, error) {
	for end := time.Now().Add(patience); ; {
		now := time.Now()
		taken, crowded, err := r.take(c, now, now.Before(end))
		if err != nil || !crowded {
			return taken, err
		}
		select {
		case <-time.After(askAgain):
		case <-ctx.Done():
			end = now
		}
	}
}

// take is reserve without the wait: where others crowd it and it may come again, it takes
// nothing.
func (r rejections) take(c claim, now time.Time, again bool) (taken reservation, crowded bool, err error) {
	err = r.change(now, func(lines []byte) []byte {
		known := marksIn(lines)
		taken.left, taken.held = allowed(known, c.account, c.profile, c.wanted, now)
		alone, _ := allowed(known.settled(now), c.account, c.profile, c.wanted, now)
		if crowded = again && taken.left < alone; crowded || taken.left == 0 {
			return lines
		}
		taken.run = runWord()
		return append(lines, reserved(taken, c, now)...)
	})
	return taken, crowded, err
}

// reserved are the lines of a reservation. Nobody knows yet which of the names will be
// rejected, nor where.
func reserved(taken reservation, c claim, now time.Time) string {
	var lines strings.Builder
	var seen []string
	for _, path := range c.profile.Paths {
		if c.only != nil && !slices.Contains(c.only, path.ID()) {
			continue
		}
		for _, name := range namesOf(c.account, c.profile) {
			w := word(name, path.Host, path.Protocol)
			if !slices.Contains(seen, w) {
				seen = append(seen, w)
				fmt.Fprintf(&lines, "%s %d %d %s\n", w, now.Unix(), taken.left, taken.run)
			}
		}
	}
	return lines.String()
}

// runWord tells the reservations of runs apart, and says nothing about them.
func runWord() string {
	random := make([]byte, 8)
	rand.Read(random) // never fails, by its documentation
	return hex.EncodeToString(random)
}

// roomFor is how many rejections the limits leave behind those at the given times, which are in order.
func roomFor(at []time.Time, now time.Time) (int, *evidence.Withheld) {
	left := mostInADay
	var held *evidence.Withheld
	for _, limit := range []struct {
		most int
		in   time.Duration
	}{{mostInAnHour, time.Hour}, {mostInADay, 24 * time.Hour}} {
		recent := slices.DeleteFunc(slices.Clone(at), func(t time.Time) bool { return now.Sub(t) >= limit.in })
		left = min(left, limit.most-len(recent))
		if len(recent) >= limit.most {
			held = &evidence.Withheld{Rejected: len(recent), Hours: int(limit.in / time.Hour), Until: recent[len(recent)-limit.most].Add(limit.in)}
		}
	}
	return max(0, left), held
}

// mark is a line: so many logins rejected at a time, or reserved by a run.
type mark struct {
	at       time.Time
	rejected int
	run      string // "" where it is known what became of them
}

// live tells whether it is of a run that may still be under way.
func (m mark) live(now time.Time) bool { return m.run != "" && now.Sub(m.at) < underWay }

// marks are those of each word, behind the last login that was accepted.
type marks map[string][]mark

// marksIn reads lines. A login that was accepted says nothing of what others, which began
// before it and go on, may cost yet.
func marksIn(lines []byte) marks {
	by := marks{}
	for line := range bytes.Lines(lines) {
		w, m, ok := entry(line)
		switch {
		case !ok:
			continue
		case m.rejected == 0:
			by[w] = slices.DeleteFunc(by[w], func(before mark) bool { return !before.live(m.at) })
		default:
			by[w] = append(by[w], m)
		}
	}
	return by
}

// settled leaves out what runs that are under way have reserved.
func (by marks) settled(now time.Time) marks {
	rest := marks{}
	for w, all := range by {
		rest[w] = slices.DeleteFunc(slices.Clone(all), func(m mark) bool { return m.live(now) })
	}
	return rest
}

// entry reads a line.
func entry(line []byte) (word string, m mark, ok bool) {
	words := strings.Fields(string(line))
	if len(words) != 3 && len(words) != 4 {
		return "", mark{}, false
	}
	seconds, err := strconv.ParseInt(words[1], 10, 64)
	rejected, failed := strconv.Atoi(words[2])
	m = mark{at: time.Unix(seconds, 0).UTC(), rejected: min(max(rejected, 0), mostInADay), run: strings.Join(words[3:], "")}
	return words[0], m, err == nil && failed == nil && rejected >= 0
}

// inThePast gives lines of a time to come the present one: the clock was set back. Written
// down at once, they grow old from now on, so that they hold nothing back for longer than
// others do; left out, each turn of the clock would begin the count again.
func inThePast(lines []byte, now time.Time) (all []byte) {
	for line := range bytes.Lines(lines) {
		if w, m, ok := entry(line); ok && m.at.After(now) {
			line = []byte(strings.TrimSpace(fmt.Sprintf("%s %d %d %s", w, now.Unix(), m.rejected, m.run)) + "\n")
		}
		all = append(all, line...)
	}
	return all
}

// note puts what became of a run's logins in the place of what it had reserved. A login that
// broke off may have been counted, also one that the end of the run broke off: a server that
// is slow to reject would get one more from each run that does not wait for its answer.
// Nobody is told when that fails: the report is there, and what was reserved stays.
func (r rejections) note(run string, e *evidence.Evidence) {
	if e.Run.Simulated != "" {
		return
	}
	_ = r.change(e.Run.At.Add(time.Duration(e.Run.Took)*time.Millisecond), func(lines []byte) []byte {
		lines = without(lines, func(_ string, m mark) bool { return run != "" && m.run == run })
		for _, c := range costOf(e) {
			if c.rejected == 0 {
				lines = forget(lines, c.direction, e)
			}
			if c.rejected > 0 || len(marksIn(lines).settled(e.Run.At)[c.word]) > 0 { // else there is nothing to forget
				lines = fmt.Appendf(lines, "%s %d %d\n", c.word, e.Run.At.Unix(), c.rejected)
			}
		}
		return lines
	})
}

// forget leaves out what runs that were killed had reserved in a direction in which a login
// was accepted since: nobody knows under which name they may have cost anything.
func forget(lines []byte, direction profile.Protocol, e *evidence.Evidence) []byte {
	var words []string
	for _, path := range e.Profile.Paths {
		for _, name := range namesOf(e.Account, e.Profile) {
			words = append(words, word(name, path.Host, direction))
		}
	}
	return without(lines, func(w string, m mark) bool {
		return m.run != "" && !m.live(e.Run.At) && slices.Contains(words, w)
	})
}

// cost is what the logins of a run came to for a word.
type cost struct {
	word      string
	direction profile.Protocol
	rejected  int
}

// costOf lists what the logins of a run came to, in their order.
func costOf(e *evidence.Evidence) (all []cost) {
	for _, l := range e.Logins {
		s := e.Session(l.Path)
		if s == nil || l.Result == evidence.ForNow {
			continue
		}
		w := word(l.Name, s.Path.Host, s.Path.Protocol)
		i := slices.IndexFunc(all, func(c cost) bool { return c.word == w })
		if i < 0 {
			i, all = len(all), append(all, cost{w, s.Path.Protocol, 0})
		}
		if l.Result != evidence.Accepted {
			all[i].rejected++
		}
	}
	return all
}

// without leaves out lines.
func without(lines []byte, drop func(word string, m mark) bool) (rest []byte) {
	for line := range bytes.Lines(lines) {
		if w, m, ok := entry(line); !ok || !drop(w, m) {
			rest = append(rest, line...)
		}
	}
	return rest
}
