package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

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
// Lines are only ever added, each in one write, so that runs side by side lose none.
const (
	mostInAnHour   = 4  // as many as one run may cost at most
	mostInADay     = 10 // below what providers are known to lock an account for
	rejectionsSize = 256 << 10
)

// rejections is the file, "" for none, and what could not be written to it: the runs of one
// process count together even where nothing is remembered.
type rejections struct {
	file string
	own  *[]byte // lines as in the file, nil where no login is tried
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

// allow tells how many of the wanted rejected logins an account may still cost. All names
// under which it is known count together, because a server may count them so, and the
// direction that has most counts. Where it is none, what is withheld says why and until when.
func (r rejections) allow(a profile.Account, p profile.Profile, wanted int, now time.Time) (int, *evidence.Withheld) {
	known := rejectedAt(r.read(), now)
	names := append([]string{a.Login}, p.LoginNames(cmp.Or(a.Address, a.Login))...)
	var held *evidence.Withheld
	for _, path := range p.Paths {
		var at []time.Time
		for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
			at = append(at, known[word(name, path.Host, path.Protocol)]...)
		}
		slices.SortFunc(at, time.Time.Compare)
		left, w := roomFor(at, now)
		wanted = min(wanted, left)
		if w != nil && (held == nil || w.Until.After(held.Until)) {
			held = w
		}
	}
	return wanted, held
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

// rejectedAt lists, by word, when logins were rejected behind the last one that was not.
func rejectedAt(data []byte, now time.Time) map[string][]time.Time {
	by := map[string][]time.Time{}
	for line := range bytes.Lines(data) {
		w, when, n, ok := entry(line)
		switch {
		case !ok || when.After(now):
			continue
		case n == 0:
			delete(by, w)
		}
		for range min(n, mostInADay) {
			by[w] = append(by[w], when)
		}
	}
	return by
}

// entry reads a line.
func entry(line []byte) (word string, when time.Time, rejected int, ok bool) {
	words := strings.Fields(string(line))
	if len(words) != 3 {
		return "", time.Time{}, 0, false
	}
	seconds, err := strconv.ParseInt(words[1], 10, 64)
	rejected, failed := strconv.Atoi(words[2])
	return words[0], time.Unix(seconds, 0).UTC(), rejected, err == nil && failed == nil
}

// read gives what is known.
func (r rejections) read() []byte {
	known := r.saved()
	if r.own != nil {
		known = append(known, *r.own...)
	}
	return known
}

// saved gives the file, or its newest part where it is too large.
func (r rejections) saved() []byte {
	if r.file == "" {
		return nil
	}
	f, err := os.Open(r.file)
	if err != nil {
		return nil
	}
	defer f.Close()
	if at, err := f.Stat(); err == nil && at.Size() > rejectionsSize {
		if _, err := f.Seek(-rejectionsSize, io.SeekEnd); err != nil {
			return nil
		}
	}
	data, err := io.ReadAll(io.LimitReader(f, rejectionsSize))
	if err != nil {
		return nil
	}
	return data
}

// note adds what became of a run's logins. A login that broke off may have been counted,
// also one that the end of the run broke off: a server that is slow to reject would get one
// more from each run that does not wait for its answer.
func (r rejections) note(e *evidence.Evidence) {
	if e.Run.Simulated != "" {
		return
	}
	var order []string
	rejected := map[string]int{}
	for _, l := range e.Logins {
		s := e.Session(l.Path)
		if s == nil || l.Result == evidence.ForNow {
			continue
		}
		w := word(l.Name, s.Path.Host, s.Path.Protocol)
		if !slices.Contains(order, w) {
			order = append(order, w)
		}
		if l.Result != evidence.Accepted {
			rejected[w]++
		}
	}
	known := r.read()
	var lines strings.Builder
	for _, w := range order {
		if rejected[w] > 0 || bytes.Contains(known, []byte(w)) { // else there is nothing to forget
			fmt.Fprintf(&lines, "%s %d %d\n", w, e.Run.At.Unix(), rejected[w])
		}
	}
	if lines.Len() > 0 && !r.add(lines.String(), e.Run.At) && r.own != nil {
		*r.own = append(*r.own, lines.String()...)
	}
}

// add writes lines at the end, and tells whether they are there. Nobody else is told when that
// fails: the report is there.
func (r rejections) add(lines string, now time.Time) bool {
	if r.file == "" || os.MkdirAll(filepath.Dir(r.file), 0o700) != nil {
		return false
	}
	if at, err := os.Stat(r.file); err == nil && at.Size() > rejectionsSize/2 {
		r.shrink(now)
	}
	f, err := os.OpenFile(r.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return false
	}
	_, err = f.WriteString(lines)
	return f.Close() == nil && err == nil
}

// shrink keeps the lines that can still count, in a new file that takes the place of the old
// one. What another run adds in this moment is lost.
func (r rejections) shrink(now time.Time) {
	var kept bytes.Buffer
	for line := range bytes.Lines(r.saved()) {
		if _, when, _, ok := entry(line); ok && now.Sub(when) < 24*time.Hour {
			kept.Write(line)
		}
	}
	t, err := os.CreateTemp(filepath.Dir(r.file), ".rejections.*")
	if err != nil {
		return
	}
	defer os.Remove(t.Name()) // nothing is left to remove once it has its name
	_, err = t.Write(kept.Bytes())
	if t.Close() == nil && err == nil {
		_ = os.Rename(t.Name(), r.file)
	}
}
