package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/mailtest/debian"
)

// stored is a message in alice's mailbox on the old server, which known issues it has, and
// by what it shows that a program put it there. A folder's messages get UIDs from 1 on, in
// the order of the list.
type stored struct {
	about  string
	folder string
	came   way
	header string
	issues string
	by     string // "untraced", "late" or "foreign", as in evidence.Messages
}

// way is how a message comes to its folder.
type way int

const (
	delivered way = iota // by LMTP, which adds a trace field of this server's and dates it
	kept                 // by APPEND with the date of its last stop, or one of its own
	dated                // by APPEND without a date, so that the server's clock dates it
)

// mailbox has each way in which a message comes to a folder, with and without what Webmail
// shows wrongly, and what looks like it and is not. U+2019 is the apostrophe of word
// processors; only U+0027 is the one of the issue.
func mailbox() []stored {
	const (
		from    = "From: Carol <carol@example.com>\nTo: alice@runbox.com\n"
		foreign = "Received: from mail.example.com ([198.51.100.7]) by mx.example.org with ESMTP; Tue, 3 Feb 2009 04:05:06 +0000\n"
		own     = "Received: from mail.example.com ([198.51.100.7]) by mx.runbox.com with ESMTP; Tue, 3 Feb 2009 04:05:06 +0000\n"
		inside  = "Received: from mx.example.org by store7 with LMTP; Tue, 3 Feb 2009 04:05:07 +0000\n"
	)
	return []stored{
		{"delivered", "INBOX", delivered, from + "Subject: Lunch\n", "", ""},
		{"delivered, with an apostrophe", "INBOX", delivered, from + "Subject: Anna's lunch\n", "", ""},
		{"delivered by way of another server, with an apostrophe", "INBOX", delivered, foreign + from + "Subject: Anna's lunch\n", "", ""},
		{"brought back from a folder of this provider", "INBOX", kept, own + from + "Subject: Anna's lunch\n", "", ""},
		{"of a server whose last stop has a name of its own network only", "INBOX", kept, inside + foreign + from + "Subject: Anna's lunch\n", "", ""},

		{"imported", "INBOX", kept, from + "Subject: Lunch\n", "MM951", "untraced"},
		{"imported, with an apostrophe", "INBOX", kept, from + "Subject: Anna's lunch\n", "MM951 MM952", "untraced"},
		{"imported without a date", "INBOX", dated, from + "Subject: Lunch\n", "MM951", "untraced"},
		{"imported, with an apostrophe in an encoded subject", "INBOX", kept, from + "Subject: =?utf-8?Q?Caf=C3=A9_Anna=27s?=\n", "MM951 MM952", "untraced"},
		{"imported, with U+2019 in an encoded subject", "INBOX", kept, from + "Subject: =?utf-8?Q?Anna=E2=80=99s_lunch?=\n", "MM951", "untraced"},
		{"imported, with U+2019 as it stands", "INBOX", kept, from + "Subject: Anna\u2019s lunch\n", "MM951", "untraced"},
		{"imported, with an apostrophe in another field", "INBOX", kept, "From: Carol <carol@example.com>\nTo: \"Anna's\" <alice@runbox.com>\nSubject: Lunch\n", "MM951", "untraced"},
		{"imported from another provider", "INBOX", kept, foreign + from + "Subject: Lunch\n", "MM951", "foreign"},
		{"imported from another provider, with an apostrophe", "INBOX", kept, foreign + from + "Subject: Anna's lunch\n", "MM951 MM952", "foreign"},
		{"imported from another provider, without a date", "INBOX", dated, foreign + from + "Subject: Lunch\n", "MM951", "late"},
		{"imported from another provider, without a date, with an apostrophe", "INBOX", dated, foreign + from + "Subject: Anna's lunch\n", "MM951 MM952", "late"},
		{"delivered last", "INBOX", delivered, from + "Subject: Anna's lunch\n", "", ""},

		{"saved by Thunderbird", "INBOX.Sent", dated, "MIME-Version: 1.0\nUser-Agent: Mozilla Thunderbird\nFrom: Alice <alice@runbox.com>\nTo: carol@example.com\nSubject: Lunch\n", "MM953", ""},
		{"saved by an old Thunderbird", "INBOX.Sent", dated, "From: Alice <alice@runbox.com>\nUser-Agent: Thunderbird 2.0.0.19 (X11/20090105)\nSubject: Lunch\n", "MM953", ""},
		{"moved here out of a local folder of Thunderbird", "INBOX.Sent", kept, "X-Mozilla-Status: 0001\nX-Mozilla-Status2: 00800000\nFrom: Alice <alice@runbox.com>\nSubject: Lunch\n", "MM953", ""},
		{"saved by another program", "INBOX.Sent", dated, "User-Agent: NeoMutt/20220429\nFrom: Alice <alice@runbox.com>\nSubject: Anna's thunderbird\n", "", ""},
		{"saved by a program that does not say its name", "INBOX.Sent", dated, "From: Alice <alice@runbox.com>\nSubject: Lunch\n", "", ""},
		{"written by somebody else's Thunderbird, received and put here", "INBOX.Sent", kept, own + "User-Agent: Mozilla Thunderbird\n" + from + "Subject: Lunch\n", "", ""},

		{"written by Thunderbird, but in no Sent folder", "INBOX.Trash", dated, "User-Agent: Mozilla Thunderbird\nFrom: Alice <alice@runbox.com>\nSubject: Anna's lunch\n", "", ""},
	}
}

// seed fills the mailbox.
func seed(t *testing.T, d *debian.Dovecot) {
	t.Helper()
	uids := map[string]uint32{}
	for i, m := range mailbox() {
		text := strings.ReplaceAll(m.header+fmt.Sprintf("Message-ID: <%d@mailmedic.test>\n\nA line.\n", i), "\n", "\r\n")
		uids[m.folder]++
		if m.came == delivered {
			d.Deliver(t, "alice", text)
			continue
		}
		date := time.Date(2009, 2, 3, 4, 6, i, 0, time.UTC)
		if m.came == dated {
			date = time.Time{}
		}
		if got := d.Append(t, debian.User{Name: "alice", Password: alice}, m.folder, date, text); got != uids[m.folder] {
			t.Fatalf("%s: got UID %d, want %d", m.about, got, uids[m.folder])
		}
	}
}

// tally is what is to be said of one issue in one folder: how many messages have it, of
// how many, and the UID of the newest.
type tally struct {
	folder      string
	count, of   int
	newest      uint32
	newestAbout string
}

// count goes through the mailbox as somebody would who knows it.
func count(issue string) (found []tally) {
	for _, folder := range []string{"INBOX", "INBOX.Sent"} {
		c := tally{folder: folder}
		for _, m := range mailbox() {
			if m.folder != folder {
				continue
			}
			c.of++
			if slices.Contains(strings.Fields(m.issues), issue) {
				c.count++
				c.newest, c.newestAbout = uint32(c.of), m.about
			}
		}
		if c.count > 0 {
			found = append(found, c)
		}
	}
	return found
}

// TestRealMessages finds the known issues in messages that came into a real mailbox in
// different ways, on a server that calls itself by a name of the provider's.
func TestRealMessages(t *testing.T) {
	t.Parallel()
	l := startLab(t, func(s *setup, _ *mailtest.CA) { s.old.LMTP, s.old.Settings = true, "hostname = store.runbox.com" })
	seed(t, l.old)
	o := l.check(t, alice, "alice@runbox.com")
	o.codes(t, 0, "", "")
	for _, issue := range []string{"MM951", "MM952", "MM953"} {
		var facts []string
		for _, f := range o.report.Findings {
			for _, fact := range f.Evidence {
				if string(f.Code) == issue && strings.Contains(fact.Fact, " UID ") {
					facts = append(facts, fact.Fact)
				}
			}
		}
		want := count(issue)
		if len(facts) != len(want) {
			t.Errorf("%s: got facts %q, want %+v", issue, facts, want)
			continue
		}
		for i, c := range want {
			head, tail := fmt.Sprintf("%s: %d of the %d messages ", c.folder, c.count, c.of), fmt.Sprintf("the last is UID %d of ", c.newest)
			if !strings.HasPrefix(facts[i], head) || !strings.Contains(facts[i], tail) {
				t.Errorf("%s: got %q, want it to say %q and %q (%s)", issue, facts[i], head, tail, c.newestAbout)
			}
		}
	}
	ways(t, o.report.Evidence)
}

// ways checks by what the messages of INBOX were known to be imported.
func ways(t *testing.T, e *evidence.Evidence) {
	t.Helper()
	want := map[string]int{}
	for _, m := range mailbox() {
		if m.by != "" {
			want[m.by]++
		}
	}
	for _, s := range e.Sessions {
		for _, m := range s.Messages {
			got := map[string]int{"untraced": m.Untraced, "late": m.Late, "foreign": m.Foreign}
			if m.Folder == "INBOX" && !maps.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", s.ID(), got, want)
			}
		}
	}
}
