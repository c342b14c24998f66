package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/mailtest/leak"
	"mailmedic/report"
)

// person is somebody of whom a report must hold nothing.
const person = "kari.nordmann"

// aboutHer lists what a report must not hold of her, in small letters.
func aboutHer(home string) []string {
	return []string{person, "divorce", "oslo klinikk", "olav@friend", "lunch with", strings.ToLower(home)}
}

// herSandbox is a computer of hers, with a provider where she has folders and messages of
// her own.
func herSandbox(t *testing.T) (s *sandbox, provider *mailtest.Provider, check []string) {
	t.Helper()
	p, paths := pathsOf(t, "imap-993", "imap-143", "smtp-587")
	store := mailtest.OldStore(time.Now())
	store.Folders = append(slices.Clone(store.Folders), mailtest.Folder{Name: "INBOX.Divorce"}, mailtest.Folder{Name: "INBOX.Oslo Klinikk.Kari.Nordmann"}, mailtest.Folder{Name: "INBOX.INBOX.Divorce"})
	store.Folders[0].Messages = append(slices.Clone(store.Folders[0].Messages), mailtest.Message{
		Received: time.Now().Add(-time.Hour), Text: "From: Olav <olav@friend.example>\r\nSubject: it's lunch with Kari\r\nDate: " + time.Now().Add(-time.Hour).Format(time.RFC1123Z) + "\r\n\r\nhello\r\n",
	})
	provider = provide(t, mailtest.Options{
		Profile: p, Users: []mailtest.User{{Name: person, Password: leak.Password}}, Stores: map[string]mailtest.Store{"old": store},
		Faults: map[string]mailtest.Fault{"imap-143": {Script: "> * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\n< STARTTLS\n> $tag NO not for Kari.Nordmann@Runbox.com or kari.nordmann%runbox.com\n< LOGOUT\n> $tag OK bye\nclose"}},
	})
	s = sandboxed(t, provider, paths...)
	s.source("pw", leak.Password+"\n")
	s.write("home/.muttrc", "set from = kari.nordmann@runbox.com\nset folder = imaps://kari.nordmann@secure.runbox.com/\n")
	check = append([]string{"check", "Kari.Nordmann@runbox.com", "--login", person, "--password-file", "pw", "--client", "home/.muttrc", "--envelope", "--show-messages", "-vvv"}, s.doors...)
	return s, provider, check
}

// TestRedactedEverywhere searches everything that a check prints and saves, and what is made
// of that afterwards.
func TestRedactedEverywhere(t *testing.T) {
	s, provider, check := herSandbox(t)
	hidden := func(where, text string) {
		t.Helper()
		flat := strings.ToLower(strings.Join(strings.Fields(text), " "))
		for _, secret := range aboutHer(s.dir) {
			if at := strings.Index(flat, secret); at >= 0 {
				t.Errorf("%s: got %q in: %s", where, secret, flat[max(0, at-60):min(len(flat), at+60)])
			}
		}
	}
	run := func(words ...string) ended {
		t.Helper()
		got := s.run("", words...)
		if got.code > 3 {
			t.Fatalf("%q: got exit code %d: %s", words, got.code, got.err)
		}
		hidden(strings.Join(words, " "), got.out+got.err)
		return got
	}
	shown := run(append(check, "--write", "json=saved.json", "--write", "text=saved.txt", "--write", "short=saved.short", "--write", "text=/dev/stderr")...)
	run(append(check, "--json")...)
	run(append(check, "--redact", "strict", "--write", "json=strict.json")...)
	run(append(check, "--format", "short", "-o", "only.short")...)
	for _, name := range []string{"saved.json", "saved.txt", "saved.short", "strict.json", "only.short"} {
		text, err := os.ReadFile(filepath.Join(s.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		hidden(name, string(text))
	}
	for _, words := range [][]string{{"-vvv"}, {"--diagnose", "-vvv"}, {"--json"}, {"--redact", "strict", "--json"}, {"--redact", "strict", "-vvv"}} {
		run(append([]string{"report", "read", "saved.json"}, words...)...)
	}
	for _, want := range []string{"k***@runbox.com", "secure.runbox.com", "INBOX.folder-1", "CN=secure.runbox.com", "IMAP server ready", "=== mail report "} {
		if !strings.Contains(shown.out, want) {
			t.Errorf("standard output has no %q", want)
		}
	}
	if !slices.ContainsFunc(provider.Logins(), func(a mailtest.Attempt) bool { return a.OK && a.Name == person }) {
		t.Errorf("the servers saw %+v, want her name as it is", provider.Logins())
	}
	if got := s.run("", "settings", "kari.nordmann@runbox.com", "--app", "mbsync", "--report", "saved.json", "--files", "-"); got.code != 0 || !strings.Contains(got.out, "User \""+person) {
		t.Errorf("settings with the report and the address: got exit code %d, %s%s", got.code, got.out, got.err)
	}
	if got := s.run("", "settings", "--app", "mbsync", "--report", "saved.json"); got.code != int(exitUsage) {
		t.Errorf("settings with the report alone: got exit code %d, want 64: %s", got.code, got.out)
	}
}

// TestRedactOffIsForTheScreen refuses to show everything anywhere else.
func TestRedactOffIsForTheScreen(t *testing.T) {
	s := sandboxed(t, nil)
	for _, words := range [][]string{{}, {"--json"}, {"-o", "report.txt"}, {"--write", "json=report.json"}, {"--no-input"}} {
		got := s.run("", append([]string{"demo", "--redact", "off"}, words...)...)
		if got.code != int(exitUsage) || got.out != "" && !slices.Contains(words, "--json") {
			t.Errorf("%q: got exit code %d and %q, want 64 and nothing", words, got.code, got.out)
		}
	}
	if n := s.search(); n != 1 {
		t.Errorf("got %d files, want the one document that says why there is no report", n)
	}
}

// TestHidingOfASavedReport: what hides enough stays as it is, what does not is judged anew.
func TestHidingOfASavedReport(t *testing.T) {
	r := judged(after(t, 0, "alice@runbox.com", evidence.Accepted), report.Options{})
	share := hiding{level: report.Share}.of(r, report.Options{}, stream{})
	if share == r || share.Input.Address != "a***@runbox.com" || share.Redaction.Level != "share" {
		t.Errorf("of a report that hides nothing: got %q at level %s", share.Input.Address, share.Redaction.Level)
	}
	if r.Input.Address != "alice@runbox.com" {
		t.Errorf("the report itself was changed to %q", r.Input.Address)
	}
	if again := (hiding{level: report.Share}).of(share, report.Options{}, stream{}); again != share {
		t.Error("a report that hides enough was made anew")
	}
	strict := hiding{level: report.Strict}.of(share, report.Options{}, stream{})
	if strict.Input.Address != "user-1@runbox.com" {
		t.Errorf("strict, of a shared one: got %q", strict.Input.Address)
	}
	if again := (hiding{level: report.Share}).of(strict, report.Options{}, stream{}); again != strict {
		t.Error("a strict report was made anew for a lower level")
	}
	if shown := (hiding{level: report.Off}).of(r, report.Options{}, stream{terminal: true}); shown != r {
		t.Error("off hides something")
	}
	// The copy that is offered behind a report on the screen is a file.
	if shown := (hiding{level: report.Off}).of(r, report.Options{}, stream{}); shown.Input.Address != "a***@runbox.com" {
		t.Errorf("off, anywhere but on the screen: got %q, want it hidden", shown.Input.Address)
	}
}

// TestSubjectsStayOnTheScreen: what a report quotes of messages is gone wherever it may be
// passed on, at the level that the report has already.
func TestSubjectsStayOnTheScreen(t *testing.T) {
	e := after(t, 0, "alice@runbox.com", evidence.Accepted)
	e.Session("imap-993").Messages = []evidence.Messages{{Folder: "INBOX", Imported: evidence.Example{Count: 1, UID: 7, Subject: "Lunch with Olav", From: "olav@friend.example"}}}
	own := hiding{level: report.Share}.of(judged(e, report.Options{}), report.Options{}, stream{terminal: true})
	for _, level := range []report.Level{report.Share, report.Strict, report.Off} {
		for _, terminal := range []bool{true, false} {
			shown := hiding{level: level}.of(own, report.Options{}, stream{terminal: terminal})
			got := shown.Evidence.Session("imap-993").Messages[0].Imported
			if (got.Subject != "") != terminal || terminal == (got.From == "") {
				t.Errorf("level %s, terminal %t: got %+v", level, terminal, got)
			}
			if !terminal && shown.Redaction.Hidden["message"] != 1 {
				t.Errorf("level %s: got %v hidden, want a message among it", level, shown.Redaction.Hidden)
			}
		}
	}
}
