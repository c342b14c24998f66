package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/report"
)

// A run remembers of the runs before it what tells a server that is down from one that
// shuts this computer out: when they were, whether a port answered, and how many logins
// were rejected. No address, name or host is written down.

const (
	memoryEntries = 10
	memoryAge     = 30 * 24 * time.Hour
	memorySize    = 64 << 10 // a file that is larger is not ours
)

// remembered is the content of the file: the newest runs of each profile, by the word under
// which the profile is kept.
type remembered map[string][]evidence.Earlier

// keptAs is the word for a profile. A built-in one is everybody's; any other may bear the
// name of a person's provider or of the file that it came from.
func keptAs(name string) string {
	if slices.Contains(profile.BuiltIn(), name) {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:8])
}

// memoryFile is where programs of this system keep what they remember, or "" where that
// is not known.
func memoryFile(env func(string) string) string {
	dir := env("XDG_STATE_HOME")
	switch {
	case dir != "" && filepath.IsAbs(dir):
	case runtime.GOOS == "windows" || runtime.GOOS == "darwin":
		configured, err := os.UserConfigDir()
		if err != nil {
			return ""
		}
		dir = configured
	case env("HOME") != "":
		dir = filepath.Join(env("HOME"), ".local", "state")
	default:
		return ""
	}
	return filepath.Join(dir, "mailmedic", "runs.json")
}

// recall reads what earlier runs left. A file that is missing or damaged holds nothing.
func recall(file string, now time.Time) remembered {
	found := remembered{}
	at, err := os.Stat(file)
	if err != nil || at.Size() > memorySize {
		return found
	}
	data, err := os.ReadFile(file)
	if err != nil || json.Unmarshal(data, &found) != nil || found == nil {
		return remembered{}
	}
	for name, runs := range found {
		found[name] = slices.DeleteFunc(runs, func(r evidence.Earlier) bool {
			return now.Sub(r.At) > memoryAge || r.At.After(now) || r.Rejected < 0
		})
		if len(found[name]) == 0 {
			delete(found, name)
		}
	}
	return found
}

// remember adds a run to the file.
func remember(file string, e *evidence.Evidence, r *report.Report) {
	if file == "" || r.Run.Simulated || e.Run.Ended == evidence.Stopped {
		return
	}
	keep(file, e.Profile.Name, earlier(e))
}

// earlier is what is remembered of a run.
func earlier(e *evidence.Evidence) evidence.Earlier {
	run := evidence.Earlier{At: e.Run.At.UTC().Truncate(time.Second)}
	for i := range e.Sessions {
		run.Connected = run.Connected || e.Sessions[i].Connected()
	}
	for _, l := range e.Logins {
		if l.Result == evidence.RejectedIn {
			run.Rejected++
		}
	}
	return run
}

// keep writes the file with one more run of a profile. Nobody is told when that fails: the
// report is there.
func keep(file, profile string, run evidence.Earlier) {
	all := recall(file, run.At)
	name := keptAs(profile)
	runs := append([]evidence.Earlier{run}, all[name]...)
	all[name] = runs[:min(len(runs), memoryEntries)]
	if data, err := json.Marshal(all); err == nil {
		_ = replace(file, data)
	}
}

// replace writes a file of which readers see the old content or the new one, never half.
func replace(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	t, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(t.Name()) // nothing is left to remove once it has its name
	_, err = t.Write(data)
	if err = errors.Join(err, t.Close()); err != nil {
		return err
	}
	return os.Rename(t.Name(), file)
}
