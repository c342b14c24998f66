package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/report"
)

func TestMemory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "below", "runs.json")
	now := time.Now()
	e := &evidence.Evidence{
		Run: evidence.Run{At: now}, Profile: profile.Profile{Name: "runbox"}, Account: profile.Account{Address: "alice@runbox.com", Login: "alice"},
		Sessions: []evidence.Session{{Address: "192.0.2.10:993"}},
		Logins:   []evidence.Login{{Name: "alice", Result: evidence.RejectedIn}, {Name: "alice", Result: evidence.Accepted}},
	}
	for range memoryEntries + 3 {
		remember(file, e, &report.Report{})
	}
	got := recall(file, now.Add(time.Minute))["runbox"]
	if len(got) != memoryEntries || !got[0].Connected || got[0].Rejected != 1 {
		t.Errorf("got %d runs, the newest %+v; want %d, connected, with one rejection", len(got), got[0], memoryEntries)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"alice", "192.0.2"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the file names %q:\n%s", secret, text)
		}
	}
	at, err := os.Stat(file)
	if err != nil || at.Mode().Perm() != 0o600 {
		t.Errorf("file mode: got %v, %v; want one for its owner alone", at.Mode(), err)
	}
}

// TestMemoryOfOwnProfile: a profile of the user's bears the name of its file or a host's, and
// is remembered without it.
func TestMemoryOfOwnProfile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "runs.json")
	now := time.Now()
	for _, name := range []string{"mail.example.org", "runbox+custom", "runbox"} {
		e := &evidence.Evidence{Run: evidence.Run{At: now}, Profile: profile.Profile{Name: name}, Sessions: []evidence.Session{{Address: "192.0.2.10:993"}}}
		remember(file, e, &report.Report{})
		if got := recall(file, now.Add(time.Minute))[keptAs(name)]; len(got) != 1 || !got[0].Connected {
			t.Errorf("%s: got %+v, want one run that connected", name, got)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "example") || strings.Contains(string(text), "custom") || !strings.Contains(string(text), `"runbox"`) {
		t.Errorf("the file names the user's profile, or not the built-in one:\n%s", text)
	}
}

func TestMemoryForgets(t *testing.T) {
	now := time.Now()
	for name, text := range map[string]string{
		"damaged":     `{"runbox": [{"at": "20`,
		"not ours":    `[1, 2, 3]`,
		"null":        `null`,
		"too old":     `{"runbox": [{"at": "2001-01-01T00:00:00Z", "connected": true}]}`,
		"from later":  `{"runbox": [{"at": "` + now.Add(time.Hour).Format(time.RFC3339) + `", "connected": true}]}`,
		"below zero":  `{"runbox": [{"at": "` + now.Add(-time.Hour).Format(time.RFC3339) + `", "rejected": -1}]}`,
		"far too big": `{"runbox": [` + strings.Repeat(" ", memorySize) + `]}`,
	} {
		file := filepath.Join(t.TempDir(), "runs.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := recall(file, now); len(got["runbox"]) != 0 {
			t.Errorf("%s: got %+v, want nothing", name, got)
		}
	}
	if got := recall(filepath.Join(t.TempDir(), "none"), now); len(got) != 0 {
		t.Errorf("no file: got %v, want nothing", got)
	}
}
