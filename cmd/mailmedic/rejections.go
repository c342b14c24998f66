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
	"strings"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// Servers lock an account, or shut a computer out, after some rejected logins in a time, and
// they count across runs: one that starts every five minutes with an old password would do
// what no single run may. So rejected logins are remembered per account and host, in a file
// of lines "WORD SECONDS REJECTED": a hash of account and host, when it was, and how many
// were rejected; 0 forgets those before, since the password was right.
// Lines are only ever added, each in one write, so that runs side by side lose none.
const (
	mostInAnHour   = 4  // as many as one run may cost at most
	mostInADay     = 10 // below what providers are known to lock an account for
	rejectionsSize = 256 << 10
)

// rejections is the file, "" for none.
type rejections struct{ file string }

// beside is the file of rejections beside that of runs.
func beside(memory string) rejections {
	if memory == "" {
		return rejections{}
	}
	return rejections{filepath.Join(filepath.Dir(memory), "rejections.txt")}
}

// word stands for an account at a host, whichever login name is tried for it.
func word(a profile.Account, host string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(cmp.Or(a.Address, a.Login)) + "\x00" + strings.ToLower(host)))
	return hex.EncodeToString(sum[:8])
}

// allow tells how many of the wanted rejected logins an account may still cost at the hosts
// of a profile. Where it is none, what is withheld says why and until when.
func (r rejections) allow(account profile.Account, p profile.Profile, wanted int, now time.Time) (int, *evidence.Withheld) {
	data := r.read()
	var held *evidence.Withheld
	for _, host := range hostsOf(p) {
		left, w := roomFor(rejectedAt(data, word(account, host), now), now)
		wanted = min(wanted, left)
		if w != nil && (held == nil || w.Until.After(held.Until)) {
			held = w
		}
	}
	return wanted, held
}

func hostsOf(p profile.Profile) []string {
	var hosts []string
	for _, path := range p.Paths {
		if !slices.Contains(hosts, path.Host) {
			hosts = append(hosts, path.Host)
		}
	}
	return hosts
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

// rejectedAt lists when logins of an account were rejected, behind the last one that was not.
func rejectedAt(data []byte, word string, now time.Time) []time.Time {
	var at []time.Time
	for line := range bytes.Lines(data) {
		var w string
		var seconds int64
		var n int
		if _, err := fmt.Sscanf(string(line), "%16s %d %d\n", &w, &seconds, &n); err != nil || w != word {
			continue
		}
		when := time.Unix(seconds, 0).UTC()
		if n == 0 {
			at = nil
		}
		for range min(n, mostInADay) {
			if !when.After(now) {
				at = append(at, when)
			}
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	return at
}

// read gives the file, or its newest part where it is too large.
func (r rejections) read() []byte {
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

// note adds what became of a run's logins. A login that broke off may have been counted.
func (r rejections) note(e *evidence.Evidence) {
	if r.file == "" || e.Run.Simulated != "" {
		return
	}
	var lines strings.Builder
	for _, l := range e.Logins {
		s := e.Session(l.Path)
		if s == nil || l.Result == evidence.ForNow {
			continue
		}
		n := 1
		if l.Result == evidence.Accepted {
			n = 0
		}
		fmt.Fprintf(&lines, "%s %d %d\n", word(e.Account, s.Path.Host), e.Run.At.Unix(), n)
	}
	if lines.Len() > 0 {
		r.add(lines.String())
	}
}

// add writes lines at the end. A file that has grown too large begins anew with its newest
// half. Nobody is told when that fails: the report is there.
func (r rejections) add(lines string) {
	if os.MkdirAll(filepath.Dir(r.file), 0o700) != nil {
		return
	}
	if at, err := os.Stat(r.file); err == nil && at.Size() > rejectionsSize {
		data := r.read()
		data = data[len(data)/2:]
		_ = os.WriteFile(r.file, data[bytes.IndexByte(data, '\n')+1:], 0o600)
	}
	f, err := os.OpenFile(r.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	_, _ = f.WriteString(lines)
	_ = f.Close()
}
