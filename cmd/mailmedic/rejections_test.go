package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// after is the record of a run that ended so many minutes after a moment, with logins on
// imap-993.
func after(t *testing.T, minutes int, address string, results ...evidence.Result) *evidence.Evidence {
	t.Helper()
	p := load(t, "runbox")
	e := &evidence.Evidence{Profile: p, Account: profile.Account{Address: address}, Run: evidence.Run{At: noon.Add(time.Duration(minutes) * time.Minute)}}
	for _, path := range p.Paths {
		e.Sessions = append(e.Sessions, evidence.Session{Path: path})
	}
	for _, r := range results {
		e.Logins = append(e.Logins, evidence.Login{Path: "imap-993", Name: p.LoginNames(address)[0], Result: r})
	}
	return e
}

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// TestRejections: what runs cost an account counts for the next ones, until it is old or a
// login is accepted.
func TestRejections(t *testing.T) {
	const no, yes, later, broken = evidence.RejectedIn, evidence.Accepted, evidence.ForNow, evidence.BrokenOff
	for about, c := range map[string]struct {
		runs  []*evidence.Evidence
		now   int // minutes after noon
		left  int // of 2
		until int // minutes after noon, 0 for none
	}{
		"nothing is remembered":                   {nil, 0, 2, 0},
		"one run":                                 {[]*evidence.Evidence{after(t, 0, "a@x.org", no, no)}, 1, 2, 0},
		"three rejections leave one":              {[]*evidence.Evidence{after(t, 0, "a@x.org", no, no), after(t, 5, "a@x.org", no)}, 6, 1, 0},
		"four within an hour":                     {[]*evidence.Evidence{after(t, 0, "a@x.org", no, no), after(t, 5, "a@x.org", no, no)}, 6, 0, 60},
		"a login that broke off may have counted": {[]*evidence.Evidence{after(t, 0, "a@x.org", broken, no), after(t, 5, "a@x.org", broken, no)}, 6, 0, 60},
		"four, and the first hour is over":        {[]*evidence.Evidence{after(t, 0, "a@x.org", no, no), after(t, 5, "a@x.org", no, no)}, 61, 2, 0},
		"ten within a day":                        {[]*evidence.Evidence{after(t, 0, "a@x.org", no, no, no, no), after(t, 100, "a@x.org", no, no, no, no), after(t, 200, "a@x.org", no, no)}, 300, 0, 24 * 60},
		"ten, and the day is over":                {[]*evidence.Evidence{after(t, 0, "a@x.org", no, no, no, no), after(t, 100, "a@x.org", no, no, no, no), after(t, 200, "a@x.org", no, no)}, 24*60 + 1, 2, 0},
		"accepted meanwhile":                      {[]*evidence.Evidence{after(t, 0, "a@x.org", no, no, no, no), after(t, 5, "a@x.org", yes)}, 6, 2, 0},
		"put off is not rejected":                 {[]*evidence.Evidence{after(t, 0, "a@x.org", later), after(t, 1, "a@x.org", later, later, later)}, 6, 2, 0},
		"somebody else's":                         {[]*evidence.Evidence{after(t, 0, "b@x.org", no, no, no, no)}, 6, 2, 0},
		"the same person in capitals":             {[]*evidence.Evidence{after(t, 0, "A@X.org", no, no, no, no)}, 6, 0, 60},
		"a clock that was set back":               {[]*evidence.Evidence{after(t, 9000, "a@x.org", no, no, no, no)}, 6, 0, 66},
	} {
		r := rejections{file: filepath.Join(t.TempDir(), "state", "rejections.txt")}
		for _, e := range c.runs {
			r.note("", e)
		}
		left, held := r.allow(profile.Account{Address: "a@x.org"}, load(t, "runbox"), 2, noon.Add(time.Duration(c.now)*time.Minute))
		until := 0
		if held != nil {
			until = int(held.Until.Sub(noon) / time.Minute)
		}
		if left != c.left || until != c.until {
			t.Errorf("%s: got %d left, until minute %d; want %d and %d", about, left, until, c.left, c.until)
		}
	}
}

// TestRejectionsElsewhere: what is accepted in one direction, or under another name, forgets
// nothing of what was rejected in the other.
func TestRejectionsElsewhere(t *testing.T) {
	for about, logins := range map[string][]evidence.Login{
		"sending rejects":          {{Path: "imap-993", Name: "a%x.org", Result: evidence.Accepted}, {Path: "smtp-587", Name: "a%x.org", Result: evidence.RejectedIn}},
		"the name was a wrong one": {{Path: "imap-993", Name: "a@x.org", Result: evidence.RejectedIn}, {Path: "imap-993", Name: "a%x.org", Result: evidence.Accepted}},
		"one port after the other": {{Path: "imap-993", Name: "a%x.org", Result: evidence.RejectedIn}, {Path: "imap-993", Name: "a%x.org", Result: evidence.Accepted}},
	} {
		r := rejections{file: filepath.Join(t.TempDir(), "rejections.txt")}
		for minute := range mostInAnHour {
			e := after(t, minute, "a@x.org")
			e.Logins = logins
			r.note("", e)
		}
		if left, _ := r.allow(profile.Account{Address: "a@x.org", Login: "a@x.org"}, load(t, "runbox"), 2, noon.Add(10*time.Minute)); left != 0 {
			t.Errorf("%s: got %d left behind one rejection in each of %d runs, want none", about, left, mostInAnHour)
		}
	}
}

// TestRejectionsCutOff: a login that the end of the run broke off, at its deadline or at
// Ctrl-C, may have reached the server, which may have counted it.
func TestRejectionsCutOff(t *testing.T) {
	r := rejections{file: filepath.Join(t.TempDir(), "rejections.txt")}
	for minute := range mostInAnHour {
		e := after(t, minute, "a@x.org", evidence.BrokenOff)
		e.Logins[0].Failure = &evidence.Failure{Kind: evidence.Cancelled}
		r.note("", e)
	}
	if left, held := r.allow(profile.Account{Address: "a@x.org"}, load(t, "runbox"), 2, noon.Add(10*time.Minute)); left != 0 || held == nil {
		t.Errorf("got %d left and %v withheld behind %d logins that were cut off, want none left", left, held, mostInAnHour)
	}
}

// TestRejectionsOutlastManyAccounts: accounts that are well write nothing down, so that a long
// list of them does not push out what counts.
func TestRejectionsOutlastManyAccounts(t *testing.T) {
	r := rejections{file: filepath.Join(t.TempDir(), "rejections.txt")}
	r.note("", after(t, 0, "a@x.org", evidence.RejectedIn, evidence.RejectedIn, evidence.RejectedIn, evidence.RejectedIn))
	for i := range 100 {
		r.note("", after(t, 1, fmt.Sprintf("b%d@x.org", i), evidence.Accepted))
	}
	if at, err := os.Stat(r.file); err != nil || at.Size() > 1000 {
		t.Errorf("got a file of %d bytes, %v; want no line of an account that is well", at.Size(), err)
	}
	if left, _ := r.allow(profile.Account{Address: "a@x.org"}, load(t, "runbox"), 2, noon.Add(10*time.Minute)); left != 0 {
		t.Errorf("got %d left, want none", left)
	}
}

// TestRejectionsFile holds no name, is for its owner alone, loses no line of runs side by
// side, and does not grow for ever.
func TestRejectionsFile(t *testing.T) {
	r := rejections{file: filepath.Join(t.TempDir(), "state", "rejections.txt")}
	var runs sync.WaitGroup
	for range 50 {
		e := after(t, 0, "ann@x.org", evidence.RejectedIn)
		runs.Go(func() { r.note("", e) })
	}
	runs.Wait()
	data, err := os.ReadFile(r.file)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(data), "\n"); got != 50 || strings.Contains(string(data), "ann") || strings.Contains(string(data), "runbox") {
		t.Errorf("got %d lines, want 50 without a name: %.100s", got, data)
	}
	if at, err := os.Stat(r.file); err != nil || at.Mode().Perm()&0o077 != 0 {
		t.Errorf("got mode %v, %v; want none for others", at.Mode(), err)
	}
	for range 3 * rejectionsSize / len(data) {
		if err := r.change(noon, func(lines []byte) []byte { return append(lines, data...) }); err != nil {
			t.Fatal(err)
		}
	}
	if at, err := os.Stat(r.file); err != nil || at.Size() > rejectionsSize {
		t.Errorf("got %d bytes, %v; want at most %d", at.Size(), err, rejectionsSize)
	}
	if left, _ := r.allow(profile.Account{Address: "ann@x.org"}, load(t, "runbox"), 2, noon.Add(time.Minute)); left != 0 {
		t.Errorf("got %d left, want none: the newest lines count", left)
	}
}

// TestRejectionsDamaged: a file that is not ours, or none, holds nothing back and breaks nothing.
func TestRejectionsDamaged(t *testing.T) {
	for _, text := range []string{"", "\n\n", "x", strings.Repeat("a", 100000), "0123456789abcdef 99999999999999999999 4\n", "0123456789abcdef 5 -7\n", "\x00\xff"} {
		file := filepath.Join(t.TempDir(), "rejections.txt")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if left, held := (rejections{file: file}).allow(profile.Account{Address: "a@x.org"}, load(t, "runbox"), 2, noon); left != 2 || held != nil {
			t.Errorf("%.20q: got %d, %v; want 2", text, left, held)
		}
	}
	rejections{}.note("", after(t, 0, "a@x.org", evidence.RejectedIn))
	if left, _ := (rejections{}).allow(profile.Account{Address: "a@x.org"}, load(t, "runbox"), 2, noon); left != 2 {
		t.Errorf("no file: got %d left, want 2", left)
	}
}

// TestRejectionsOfOneProcess: with --no-memory the runs of --every count together all the
// same, and those of another process do not.
func TestRejectionsOfOneProcess(t *testing.T) {
	p, ann := load(t, "runbox"), profile.Account{Address: "a@x.org"}
	r := beside("")
	for run := range 3 {
		taken, _, err := r.take(claim{ann, p, nil, 2}, noon, false)
		if want := []int{2, 2, 0}[run]; err != nil || taken.left != want || (taken.held != nil) != (want == 0) {
			t.Errorf("run %d: got %+v, %v; want %d left", run+1, taken, err, want)
		}
		r.note(taken.run, after(t, 0, "a@x.org", evidence.RejectedIn, evidence.RejectedIn))
	}
	if left, _ := beside("").allow(ann, p, 2, noon); left != 2 {
		t.Errorf("got %d left for another process, want 2", left)
	}
}

// TestRejectionsReserved: what runs side by side could cost counts before their logins have
// ended. One whose login is accepted gives it back; one that was killed does not, until an
// hour is over or a login is accepted.
func TestRejectionsReserved(t *testing.T) {
	p, ann := load(t, "runbox"), profile.Account{Address: "a@x.org"}
	r := rejections{file: filepath.Join(t.TempDir(), "rejections.txt")}
	take := func(minute, want int) string {
		t.Helper()
		taken, _, err := r.take(claim{ann, p, nil, 2}, noon.Add(time.Duration(minute)*time.Minute), false)
		if err != nil || taken.left != want || (taken.held != nil) != (want == 0) {
			t.Fatalf("minute %d: got %d left, withheld %v, %v; want %d", minute, taken.left, taken.held, err, want)
		}
		return taken.run
	}
	first, second := take(0, 2), take(0, 2)
	take(0, 0)
	if left, held := r.allow(ann, p, 2, noon); left != 2 || held != nil {
		t.Errorf("got %d left and %v withheld while others are under way, want 2: they may be well", left, held)
	}
	r.note(first, after(t, 0, "a@x.org", evidence.Accepted))
	third := take(0, 2)
	r.note(second, after(t, 0, "a@x.org", evidence.RejectedIn))
	take(0, 1) // and is killed, as the third
	take(59, 0)
	take(60, 2)
	r.note(third, after(t, 61, "a@x.org", evidence.Accepted))
	for minute := range 3 {
		e := after(t, 70+minute, "a@x.org", evidence.Accepted, evidence.Accepted, evidence.Accepted, evidence.Accepted)
		for i, path := range []string{"imap-143", "imap-993", "imap-1143", "smtp-587"} {
			e.Logins[i].Path = path
		}
		r.note(take(70+minute, 2), e)
	}
}

// TestRejectionsGivenBack: a run that is well leaves nothing behind, however often it comes.
func TestRejectionsGivenBack(t *testing.T) {
	p, ann := load(t, "runbox"), profile.Account{Address: "a@x.org"}
	r := rejections{file: filepath.Join(t.TempDir(), "rejections.txt")}
	for range 10 {
		taken, err := r.reserve(t.Context(), claim{ann, p, nil, 4}, 0)
		if err != nil || taken.left != 4 {
			t.Fatalf("got %d left, %v; want 4", taken.left, err)
		}
		e := after(t, 0, "a@x.org", evidence.Accepted)
		e.Run.At = time.Now()
		r.note(taken.run, e)
	}
	if data, err := os.ReadFile(r.file); err != nil || len(data) != 0 {
		t.Errorf("got %q, %v; want an empty file", data, err)
	}
}

// TestRejectionsWait: where only runs that are under way leave too little, the next one waits
// until they are well, and no longer than it may.
func TestRejectionsWait(t *testing.T) {
	p, ann := load(t, "runbox"), profile.Account{Address: "a@x.org"}
	r := rejections{file: filepath.Join(t.TempDir(), "rejections.txt")}
	first, err := r.reserve(t.Context(), claim{ann, p, nil, 4}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if taken, err := r.reserve(t.Context(), claim{ann, p, nil, 4}, 2*askAgain); err != nil || taken.held == nil || taken.left != 0 {
		t.Errorf("beside a run that goes on: got %+v, %v; want none left", taken, err)
	}
	time.AfterFunc(2*askAgain, func() {
		e := after(t, 0, "a@x.org", evidence.Accepted)
		e.Run.At = time.Now()
		r.note(first.run, e)
	})
	if taken, err := r.reserve(t.Context(), claim{ann, p, nil, 4}, time.Minute); err != nil || taken.left != 4 {
		t.Errorf("behind a run that ended well: got %+v, %v; want 4 left", taken, err)
	}
}

// TestRejectionsOlderFile: lines of three words, as they were written before runs reserved
// anything, count as they did.
func TestRejectionsOlderFile(t *testing.T) {
	p, ann := load(t, "runbox"), profile.Account{Address: "a@x.org"}
	path, _ := p.Path("imap-993")
	r := rejections{file: filepath.Join(t.TempDir(), "rejections.txt")}
	old := fmt.Sprintf("%s %d 3\n", word(p.LoginNames("a@x.org")[0], path.Host, path.Protocol), noon.Unix())
	if err := os.WriteFile(r.file, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	if taken, _, err := r.take(claim{ann, p, nil, 2}, noon, false); err != nil || taken.left != 1 {
		t.Errorf("got %+v, %v; want 1 left", taken, err)
	}
}

// TestRejectionsClockSetBack: what is remembered of a time to come counts from the first look
// at it, and is over behind the usual time, however far away it was.
func TestRejectionsClockSetBack(t *testing.T) {
	p, ann := load(t, "runbox"), profile.Account{Address: "a@x.org"}
	r := rejections{file: filepath.Join(t.TempDir(), "rejections.txt")}
	r.note("", after(t, 100*365*24*60, "a@x.org", evidence.RejectedIn, evidence.RejectedIn, evidence.RejectedIn, evidence.RejectedIn))
	for _, c := range []struct{ minute, left int }{{0, 0}, {30, 0}, {59, 0}, {60, 2}} {
		if left, held := r.allow(ann, p, 2, noon.Add(time.Duration(c.minute)*time.Minute)); left != c.left {
			t.Errorf("minute %d: got %d left, withheld %+v; want %d left", c.minute, left, held, c.left)
		}
	}
}
