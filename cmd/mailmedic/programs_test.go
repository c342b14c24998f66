//go:build linux

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/mailtest/debian"
	"mailmedic/probe/mailtest/netlab"
)

// letter is in INBOX before a program comes. Its subject is one word, because a terminal
// may be told to skip what lies between two.
const (
	subject = "Heliotrope"
	letter  = "From: Carol <carol@example.com>\r\nTo: alice@runbox.com\r\nSubject: " + subject + "\r\nMessage-ID: <1@example.com>\r\nDate: Tue, 3 Feb 2009 04:05:06 +0000\r\n\r\nA line.\r\n"
)

// customer is a user as the provider knows them.
type customer struct{ address, login, password string }

func customers() []customer {
	return []customer{{"alice@runbox.com", "alice", alice}, {"bob@example.org", "bob%example.org", bob}}
}

// watched makes the servers take messages, and Dovecot log the folders that are opened.
func watched(s *setup, _ *mailtest.CA) {
	for _, o := range []*debian.DovecotOptions{&s.old, &s.new} {
		o.LMTP, o.Subscribed, o.Settings = true, true, "mail_debug = yes"
	}
	s.postfix.Takes = true
}

// TestRealPrograms gives real mail programs the files that mailmedic writes for them,
// unchanged and where they say that they belong, and asks the servers what became of it.
// Then it gives them servers whose certificates nobody vouches for.
func TestRealPrograms(t *testing.T) {
	t.Parallel()
	netlab.Require(t)
	debian.RequirePrograms(t, "mbsync", "msmtp", "neomutt", "aerc")
	l := startLab(t, watched)
	program := build(t)
	stranger, err := mailtest.NewCA("Other CA")
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range customers() {
		l.old.Deliver(t, c.login, letter)
		s := l.site(t)
		s.closed = [][]int{nil, {993, 587}}[i] // the second has STARTTLS on both ways
		at := sit(t, s)
		at.keeper(t, c.password)
		at.write(t, "bin/editor", "#!/bin/sh\necho A line. >>\"$1\"\n", 0o700)
		for _, p := range []struct {
			app, file string
			use       func(*testing.T, seat, lab, customer)
			suspect   func(*testing.T, seat)
		}{
			{"mbsync", ".mbsyncrc", useMbsync, suspectMbsync},
			{"msmtp", ".msmtprc", useMsmtp, suspectMsmtp},
			{"mutt", ".muttrc", useNeomutt, suspectNeomutt},
			{"aerc", ".config/aerc/accounts.conf", useAerc, suspectAerc},
		} {
			t.Run(p.app+" "+c.login, func(t *testing.T) {
				at.trust(t, l.authority)
				at.write(t, p.file, at.settings(t, program, c, p.app), 0o600)
				p.use(t, at, l, c)

				at.trust(t, stranger)
				before := len(l.old.Attempts()) // Postfix asks it too
				p.suspect(t, at)
				if got := len(l.old.Attempts()); got != before {
					t.Errorf("%d logins at servers that nobody vouches for, want none", got-before)
				}
			})
		}
		t.Run("read back "+c.login, func(t *testing.T) { at.readBack(t, program, c) })
	}
}

// readBack has mailmedic look for the files that it wrote, and compare them with what the
// provider asks.
func (s seat) readBack(t *testing.T, program string, c customer) {
	t.Helper()
	out, err := s.try(t, "", program, "client", "--json")
	var d clientDocument
	if json.Unmarshal([]byte(out), &d) != nil {
		t.Fatalf("mailmedic client: %v\n%s", err, out)
	}
	var programs []string
	for _, f := range d.Files {
		programs = append(programs, f.Program)
		if len(f.Accounts) != 1 || f.Error != "" {
			t.Errorf("%s: got %d accounts and the error %q, want one and none", f.File, len(f.Accounts), f.Error)
			continue
		}
		for _, server := range []*evidence.ClientServer{f.Accounts[0].Receiving, f.Accounts[0].Sending} {
			if server != nil && server.Login != c.login {
				t.Errorf("%s: got the login name %q, want %q", f.File, server.Login, c.login)
			}
		}
		for _, differs := range f.Accounts[0].Differences {
			if f.Program == "aerc" && differs.Code == "MM805" {
				continue // It keeps drafts in a folder of the account and nowhere else, set or not.
			}
			t.Errorf("%s, which mailmedic wrote itself, differs: %+v", f.File, differs)
		}
	}
	slices.Sort(programs)
	if want := strings.Fields("aerc mbsync msmtp mutt"); !slices.Equal(programs, want) {
		t.Errorf("got files of %q, want of %q", programs, want)
	}
}

// settings has mailmedic test the servers and write the program's file.
func (s seat) settings(t *testing.T, program string, c customer, app string, more ...string) string {
	t.Helper()
	folder := t.TempDir()
	argv := []string{program, "settings", c.address, "--app", app, "--test", "--no-memory", "--password-file", filepath.Join(s.home, "password"), "--files", folder}
	said := s.run(t, "", append(argv, more...)...)
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 1 {
		t.Fatalf("got files %v, %v, want one; it says\n%s", files, err, said)
	}
	text, err := os.ReadFile(filepath.Join(folder, files[0].Name()))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text)+said, c.password) {
		t.Error("the password is in the file or in the output")
	}
	return string(text)
}

// obey runs the commands in the comments of a file that begin so, as its reader would.
func (s seat) obey(t *testing.T, file, command string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.home, file))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if said := strings.TrimLeft(line, "# "); strings.HasPrefix(line, "#") && strings.HasPrefix(said, command+" ") {
			s.run(t, "", "sh", "-c", said)
		}
	}
}

func useMbsync(t *testing.T, s seat, l lab, c customer) {
	s.obey(t, ".mbsyncrc", "mkdir")
	saw := watch(l.old, l.postfix)
	s.run(t, "", "mbsync", "-a")
	saw.received(t, c)
	found, _ := filepath.Glob(filepath.Join(s.home, "Mail/*/INBOX/*/*"))
	for _, path := range found {
		if text, _ := os.ReadFile(path); strings.Contains(string(text), "Subject: "+subject) {
			return
		}
	}
	t.Errorf("the letter is in none of the files %q", found)
}

func suspectMbsync(t *testing.T, s seat) {
	if out, err := s.try(t, "", "mbsync", "-a"); err == nil || !strings.Contains(out, "certificate") {
		t.Errorf("mbsync: %v, want it to doubt the certificate:\n%s", err, out)
	}
}

func useMsmtp(t *testing.T, s seat, l lab, c customer) {
	if out := s.run(t, "", "msmtp", "--serverinfo"); !strings.Contains(out, "PLAIN") {
		t.Errorf("msmtp --serverinfo says\n%s", out)
	}
	saw := watch(l.old, l.postfix)
	s.run(t, letter, "msmtp", c.address)
	saw.sent(t, c)
}

func suspectMsmtp(t *testing.T, s seat) {
	if out, err := s.try(t, letter, "msmtp", "carol@example.com"); err == nil || !strings.Contains(out, "certificate") {
		t.Errorf("msmtp: %v, want it to doubt the certificate:\n%s", err, out)
	}
}

// useNeomutt types the password, as the file says that one has to.
func useNeomutt(t *testing.T, s seat, l lab, c customer) {
	login := cue{"Password for ", c.password + "\r"}
	saw := watch(l.old, l.postfix)
	s.act(t, []cue{login, {subject, "q"}}, "neomutt")
	saw.received(t, c)

	// Without a terminal it would save no copy on the server.
	saw = watch(l.old, l.postfix)
	s.act(t, []cue{{"To: ", "\r"}, {"Subject: ", "\r"}, {"y:Send", "y"}, login, login},
		"neomutt", "-e", "set sleep_time=0", "-s", subject, c.address)
	saw.sent(t, c)
	saw.saved(t, c, "INBOX.Sent")
}

func suspectNeomutt(t *testing.T, s seat) {
	s.act(t, []cue{{"(r)eject", "r"}, {"", "q"}}, "neomutt")
}

func useAerc(t *testing.T, s seat, l lab, c customer) {
	saw := watch(l.old, l.postfix)
	s.act(t, []cue{
		{subject, ":compose -H \"To: " + c.address + "\" -H \"Subject: " + subject + "\"\r"},
		{"Send this email?", "y"},
		{"sent", ":quit -f\r"}, // by force, because it may not have tidied up yet
	}, "aerc")
	saw.received(t, c)
	saw.sent(t, c)
	saw.saved(t, c, "INBOX.Sent")
}

func suspectAerc(t *testing.T, s seat) {
	s.act(t, []cue{{"certificate", ":quit\r"}}, "aerc")
}

// witness is what two servers logged from a moment on.
type witness struct {
	store      *debian.Dovecot
	submission *debian.Postfix

	imap, smtp int // how long the logs were at that moment
}

func watch(store *debian.Dovecot, submission *debian.Postfix) witness {
	return witness{store, submission, len(store.Log()), len(submission.Log())}
}

// received checks that the customer logged in over TLS and opened INBOX.
func (w witness) received(t *testing.T, c customer) {
	t.Helper()
	log := w.store.Log()[w.imap:]
	holdsLine(t, log, "imap-login: Info: Login: user=<"+c.login+">", " TLS,")
	holdsLine(t, log, "imap("+c.login+")", "Mailbox INBOX: Mailbox opened")
	if strings.Contains(log, "auth failed") {
		t.Errorf("a login was rejected:\n%s", log)
	}
}

// sent checks that the customer logged in over TLS and that a message was taken.
func (w witness) sent(t *testing.T, c customer) {
	t.Helper()
	log := w.submission.Log()[w.smtp:]
	holdsLine(t, log, "postfix/smtpd", "sasl_username="+c.login)
	holdsLine(t, log, "postfix/cleanup", "message-id=<")
}

// saved checks that the customer's newest message in the Sent folder is the one that
// was written.
func (w witness) saved(t *testing.T, c customer, folder string) {
	t.Helper()
	sent := w.store.Messages(t, debian.User{Name: c.login, Password: c.password}, folder)
	if len(sent) == 0 || !strings.Contains(sent[len(sent)-1], "Subject: "+subject) {
		t.Errorf("messages in the folder %s: %q", folder, sent)
	}
}

func holdsLine(t *testing.T, log string, parts ...string) {
	t.Helper()
	for line := range strings.Lines(log) {
		all := true
		for _, part := range parts {
			all = all && strings.Contains(line, part)
		}
		if all {
			return
		}
	}
	t.Errorf("no line of the log has %q:\n%s", parts, log)
}
