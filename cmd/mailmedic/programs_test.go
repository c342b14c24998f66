//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

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

// TestRealPrograms gives real mail programs the files that mailmedic writes for them, and
// asks the servers what became of it.
func TestRealPrograms(t *testing.T) {
	t.Parallel()
	netlab.Require(t)
	debian.RequirePrograms(t, "mbsync", "msmtp", "neomutt", "aerc")
	l := startLab(t, watched)
	for _, c := range customers() {
		l.old.Deliver(t, c.login, letter)
		at := sit(t, l.site(t))
		at.keeper(t, c.password)
		for _, p := range []struct {
			name string
			use  func(*testing.T, seat, lab, customer)
		}{
			{"mbsync", useMbsync}, {"msmtp", useMsmtp}, {"neomutt", useNeomutt}, {"aerc", useAerc},
		} {
			t.Run(p.name+" "+c.login, func(t *testing.T) {
				p.use(t, at, l, c)
			})
		}
	}
}

func useMbsync(t *testing.T, s seat, l lab, c customer) {
	s.write(t, ".mbsyncrc", `IMAPAccount a
Host secure.runbox.com
Port 993
User `+c.login+`
PassCmd "pass show x"
SSLType IMAPS

IMAPStore far
Account a

MaildirStore near
Path ~/Mail/
Inbox ~/Mail/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Near
SyncState *
`, 0o600)
	if err := os.Mkdir(filepath.Join(s.home, "Mail"), 0o700); err != nil {
		t.Fatal(err)
	}
	saw := watch(l.old, l.postfix)
	s.run(t, "", "mbsync", "-a")
	saw.received(t, c)
	found, _ := filepath.Glob(filepath.Join(s.home, "Mail/INBOX/*/*"))
	for _, path := range found {
		if text, _ := os.ReadFile(path); strings.Contains(string(text), "Subject: "+subject) {
			return
		}
	}
	t.Errorf("the letter is in none of the files %q", found)
}

func useMsmtp(t *testing.T, s seat, l lab, c customer) {
	s.write(t, ".msmtprc", `account a
host smtp.runbox.com
port 587
tls on
tls_starttls on
auth on
user `+c.login+`
from `+c.address+`
passwordeval pass show x
account default: a
`, 0o600)
	if out := s.run(t, "", "msmtp", "--serverinfo"); !strings.Contains(out, "PLAIN") {
		t.Errorf("msmtp --serverinfo says\n%s", out)
	}
	saw := watch(l.old, l.postfix)
	s.run(t, letter, "msmtp", c.address)
	saw.sent(t, c)
}

func neomutt(t *testing.T, s seat, c customer) {
	s.write(t, ".muttrc", `set imap_user = "`+c.login+"\"\nset imap_pass = \"`pass show x`\"\n"+`set folder = "imaps://secure.runbox.com:993/"
set spoolfile = "+INBOX"
set record = "+INBOX.Sent"
set from = "`+c.address+`"
set smtp_url = "smtp://`+strings.ReplaceAll(c.login, "%", "%25")+`@smtp.runbox.com:587/"
set smtp_pass = $imap_pass
set ssl_starttls = yes
set ssl_force_tls = yes
`, 0o600)
}

func useNeomutt(t *testing.T, s seat, l lab, c customer) {
	neomutt(t, s, c)
	saw := watch(l.old, l.postfix)
	s.act(t, []step{{subject, "q"}}, "neomutt")
	saw.received(t, c)

	saw = watch(l.old, l.postfix)
	// Without a terminal it would save no copy on the server.
	s.write(t, "bin/editor", "#!/bin/sh\necho A line. >>\"$1\"\n", 0o700)
	s.act(t, []step{{"To: ", "\r"}, {"Subject: ", "\r"}, {"y:Send", "y"}}, "neomutt", "-e", "set editor=editor sleep_time=0", "-s", subject, c.address)
	saw.sent(t, c)
	saw.saved(t, c, "INBOX.Sent")
}

func useAerc(t *testing.T, s seat, l lab, c customer) {
	user := strings.ReplaceAll(c.login, "%", "%25")
	s.write(t, ".config/aerc/accounts.conf", `[a]
source = imaps://`+user+`@secure.runbox.com:993
source-cred-cmd = pass show x
outgoing = smtp+starttls://`+user+`@smtp.runbox.com:587
outgoing-cred-cmd = pass show x
default = INBOX
from = <`+c.address+`>
copy-to = INBOX.Sent
`, 0o600)
	saw := watch(l.old, l.postfix)
	s.act(t, []step{{subject, ":quit\r"}}, "aerc")
	saw.received(t, c)
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
