package probe

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// TestArrival tells what a program put into INBOX from what came there by mail, and which
// of it has an apostrophe in its subject.
func TestArrival(t *testing.T) {
	received := time.Date(2026, 3, 4, 9, 30, 0, 0, time.UTC)
	trace := func(by string, at time.Time) string {
		return "Received: from relay.example.net (relay.example.net [192.0.2.7])\r\n\tby " + by + " with ESMTP id 4x for <alice@runbox.com>;\r\n\t" + at.Format("Mon, 2 Jan 2006 15:04:05 -0700 (MST)") + "\r\n"
	}
	home := trace("mx3.runbox.com", received.Add(-time.Second))
	const plain = "Subject: The minutes\r\n"
	for name, c := range map[string]struct {
		fields string
		want   string // imported, apostrophe
	}{
		"delivered":                                       {home + plain, ""},
		"no trace":                                        {plain, "untraced imported"},
		"no trace, no subject":                            {"User-Agent: x\r\n", "untraced imported"},
		"stored a year after its last stop":               {trace("mx3.runbox.com", received.AddDate(-1, 0, 0)) + plain, "late imported"},
		"stored before its last stop":                     {trace("mx3.runbox.com", received.AddDate(0, 0, 3)) + plain, "late imported"},
		"twenty hours apart: a clock or zone":             {trace("mx3.runbox.com", received.Add(-20*time.Hour)) + plain, ""},
		"a trace without a date":                          {"Received: by mx3.runbox.com\r\n" + plain, ""},
		"a trace that was cut off":                        {"Received: from a by mx3.runbox.com; Mon, 2 Ja", ""},
		"last stop at another provider":                   {trace("mx.other.example.org", received) + plain, "foreign imported"},
		"last stop below a shared suffix":                 {trace("mail.other.co.uk", received) + plain, "foreign imported"},
		"last stop has a name of its own only":            {trace("antares", received) + plain, ""},
		"last stop in a network of its own":               {trace("store7.internal", received) + plain, ""},
		"last stop by address":                            {trace("[192.0.2.1]", received) + plain, ""},
		"last stop at a host of a new name":               {trace("mail.runbox.com", received) + plain, ""},
		"apostrophe":                                      {"Subject: The baker's address\r\n", "untraced imported apostrophe"},
		"apostrophe, delivered":                           {home + "Subject: The baker's address\r\n", ""},
		"apostrophe, last stop elsewhere":                 {trace("mx.other.example.org", received) + "Subject: It's\r\n", "foreign imported apostrophe"},
		"apostrophe in base64":                            {"Subject: =?UTF-8?B?SXQncyBzw7w=?=\r\n", "untraced imported apostrophe"},
		"apostrophe in quoted-printable":                  {"Subject: =?iso-8859-15?Q?L=27=E9t=E9?=\r\n", "untraced imported apostrophe"},
		"apostrophe in a charset of Windows":              {"Subject: =?windows-1252?Q?It=27s_=96_ok?=\r\n", "untraced imported apostrophe"},
		"typographic one in that charset":                 {"Subject: =?windows-1252?Q?It=92s?=\r\n", "untraced imported"},
		"typographic apostrophe":                          {"Subject: It\u2019s\r\n", "untraced imported"},
		"typographic one in base64":                       {"Subject: =?UTF-8?B?SXTigJlz?=\r\n", "untraced imported"},
		"three days in the provider's own queue":          {trace("mx3.runbox.com", received.Add(-72*time.Hour)) + plain, ""},
		"three days behind another provider's stop":       {trace("mx.other.example.org", received.Add(-72*time.Hour)) + plain, "late imported"},
		"from a provider whose inner hosts have no names": {"Received: by 2002:a05:6808:1a1f:b0:3f9:8d0c:3d2b with SMTP id d31csp1;\r\n\tWed, 4 Mar 2026 09:29:00 +0000\r\n" + trace("mx.other.example.org", received) + plain, "foreign imported"},
		"inner host without a name, here":                 {"Received: by 192.0.2.9 with LMTP; Wed, 4 Mar 2026 09:29:00 +0000\r\n" + home + plain, ""},
		"by, in a comment":                                {"Received: from a (sent by gateway.example.org) by mx3.runbox.com; Wed, 4 Mar 2026 09:29:00 +0000\r\n" + plain, ""},
		"a date with words behind it":                     {"Received: by mx3.runbox.com; Tue, 4 Mar 2025 04:30:00 EST (late; see log)\r\n" + plain, "late imported"},
		"a date without seconds":                          {"Received: by mx3.runbox.com; Tue, 4 Mar 2025 09:30 +0000 (W. Europe Standard Time)\r\n" + plain, "late imported"},
		"a comment that does not end":                     {"Received: by mx3.runbox.com (; Tue, 4 Mar 2025 09:30 +0000\r\n" + plain, ""},
		"apostrophe in a word with its language":          {"Subject: =?utf-8*en?Q?It=27s?=\r\n", "untraced imported apostrophe"},
		"apostrophe in Japanese mail":                     {"Subject: =?ISO-2022-JP?B?SXQncyAbJEIkIhsoQg==?=\r\n", "untraced imported apostrophe"},
		"apostrophe beside a word of kana":                {"Subject: =?utf-8?Q?It=27s?= =?ISO-2022-JP?B?GyRCJCcbKEI=?=\r\n", "untraced imported apostrophe"},
		"half a kana, under another name":                 {"Subject: =?csISO2022JP?B?GyRCJCcbKEI=?=\r\n", "untraced imported"},
		"half a kana, quoted-printable":                   {"Subject: =?ISO-2022-JP?Q?=1B$B$'=1B(B?=\r\n", "untraced imported"},
		"half a letter of UTF-16":                         {"Subject: =?UTF-16BE?B?ACc=?=\r\n", "untraced imported"},
		"half a kana, no apostrophe":                      {"Subject: =?ISO-2022-JP?B?GyRCJCcbKEI=?=\r\n", "untraced imported"},
		"base64 that is not":                              {"Subject: =?UTF-8?B?!!!!?=\r\n", "untraced imported"},
		"folded":                                          {"Subject: The baker\r\n 's address\r\n", "untraced imported apostrophe"},
	} {
		t.Run(name, func(t *testing.T) {
			n := uint32(1)
			_, plan := start(t, nil)
			v := &visit{run: newRun(plan, Credentials{}, time.Now())}
			count := newTally(evidence.Folder{Name: "inbox", Messages: &n}, v.home(), false)
			count.add(1, received, fields(nil, strings.NewReader(home)))
			count.add(2, received, fields(nil, strings.NewReader(c.fields)))
			m := count.sum()
			var got []string
			for _, w := range []struct {
				is   bool
				what string
			}{
				{m.Untraced == 1, "untraced"}, {m.Late == 1, "late"}, {m.Foreign == 1, "foreign"},
				{m.Imported.Count == 1 && m.Imported.UID == 2, "imported"}, {m.Apostrophe.Count == 1 && m.Apostrophe.UID == 2, "apostrophe"},
			} {
				if w.is {
					got = append(got, w.what)
				}
			}
			if strings.Join(got, " ") != c.want || m.Examined != 2 {
				t.Errorf("got %q of %d messages, want %q of 2: %+v", got, m.Examined, c.want, m)
			}
		})
	}
}

// TestHomeUnknown concludes nothing from the last stops where none of them is known to be
// the provider's.
func TestHomeUnknown(t *testing.T) {
	n := uint32(2)
	_, plan := start(t, nil)
	v := &visit{run: newRun(plan, Credentials{}, time.Now())}
	count := newTally(evidence.Folder{Name: "INBOX", Messages: &n}, v.home(), false)
	for i, by := range []string{"mx.filter.example.net", "mx.other.example.org"} {
		count.add(uint32(i+1), time.Now(), fields(nil, strings.NewReader("Received: by "+by+"\r\nSubject: it's\r\n")))
	}
	if m := count.sum(); m.Imported.Count != 0 || m.Apostrophe.Count != 0 || m.Foreign != 0 {
		t.Errorf("got %+v, want nothing imported", m)
	}
}

// TestSavedByThunderbird looks for copies that Thunderbird itself put into Sent.
func TestSavedByThunderbird(t *testing.T) {
	for name, c := range map[string]struct {
		folder, fields string
		want           int
	}{
		"saved":                        {"Sent", "User-Agent: Mozilla Thunderbird\r\n", 1},
		"saved by an old one":          {"Sent", "User-Agent: Thunderbird 2.0.0.24 (Windows/20100228)\r\n", 1},
		"its own fields":               {"Sent", "X-Mozilla-Status: 0001\r\n", 1},
		"a name in another language":   {"Gesendet", "User-Agent: Mozilla Thunderbird\r\n", 1},
		"put there by the server":      {"Sent", "Received: by smtp.runbox.com; x\r\nUser-Agent: Mozilla Thunderbird\r\n", 0},
		"another program":              {"Sent", "User-Agent: NeoMutt/20220429\r\n", 0},
		"no program told":              {"Sent", "Subject: Thunderbird\r\n", 0},
		"received from a Thunderbird":  {"INBOX", "User-Agent: Mozilla Thunderbird\r\n", 0},
		"in a folder with another use": {"Lists", "User-Agent: Mozilla Thunderbird\r\n", 0},
	} {
		n := uint32(1)
		count := newTally(evidence.Folder{Name: c.folder, Messages: &n}, kin{}, false)
		count.add(7, time.Now(), fields(nil, strings.NewReader(c.fields)))
		if got := count.sum().SavedByThunderbird; got.Count != c.want || c.want == 1 && got.UID != 7 {
			t.Errorf("%s: got %+v, want %d", name, got, c.want)
		}
	}
}

// crowded is a store with more messages than are asked for first: of each ten in INBOX one
// was imported, and the oldest has an apostrophe.
func crowded(n int) mailtest.Store {
	now := time.Date(2026, 3, 4, 9, 30, 0, 0, time.UTC)
	inbox, sent := mailtest.Folder{Name: "INBOX"}, mailtest.Folder{Name: "INBOX.Sent"}
	for i := range n {
		at := now.Add(time.Duration(i-n) * time.Minute)
		text := "Subject: Private matter " + fmt.Sprint(i) + "\r\nFrom: Carol <carol@example.net>\r\n\r\nx\r\n"
		if i == 0 {
			text = "Subject: Dad's private matter\r\n\r\nx\r\n"
		}
		if i%10 != 0 {
			text = "Received: from a by mx.runbox.com with ESMTP " + strings.Repeat("padding ", 20) + "; " + at.Format(time.RFC1123Z) + "\r\n" + text
		}
		inbox.Messages = append(inbox.Messages, mailtest.Message{Received: at, Text: text})
		sent.Messages = append(sent.Messages, mailtest.Message{Received: at, Text: "User-Agent: Mozilla Thunderbird\r\n" + text})
	}
	return mailtest.Store{Prefix: "INBOX.", Separator: '.', Folders: []mailtest.Folder{inbox, sent}}
}

// TestNewestMessages reads as many as were asked for and says how many there are.
func TestNewestMessages(t *testing.T) {
	for name, c := range map[string]struct {
		most      int
		shown     bool
		imported  evidence.Example
		apostophe uint32
		examined  int
	}{
		"all":           {most: 2000, imported: evidence.Example{Count: 45, UID: 441, Date: "2026-03-04T09:20:00Z"}, apostophe: 1, examined: 450},
		"the newest 30": {most: 30, imported: evidence.Example{Count: 3, UID: 441, Date: "2026-03-04T09:20:00Z"}, examined: 30},
		"shown": {most: 250, shown: true, examined: 250,
			imported: evidence.Example{Count: 25, UID: 441, Date: "2026-03-04T09:20:00Z", Subject: "Private matter 440", From: "Carol <carol@example.net>"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, plan := start(t, func(m *mailtest.Options, o *Options) {
				m.Stores = map[string]mailtest.Store{"old": crowded(450)}
				o.Only, o.Messages, o.ShowMessages = []string{"imap-993"}, c.most, c.shown
			})
			e := gather(t, plan)
			s := e.Session("imap-993")
			if len(s.Messages) != 2 || !s.Folders.Inbox.Done() {
				t.Fatalf("got %+v, want INBOX and Sent", s)
			}
			m := s.Messages[0]
			if m.Imported != c.imported || m.Apostrophe.UID != c.apostophe || m.Examined != c.examined || m.Total != 450 {
				t.Errorf("got %+v, want %+v of %d, apostrophe in %d", m, c.imported, c.examined, c.apostophe)
			}
			if got := s.Messages[1]; got.Examined != c.examined || got.SavedByThunderbird.Count != c.imported.Count {
				t.Errorf("Sent: got %+v, want %d of %d saved by Thunderbird", got, c.imported.Count, c.examined)
			}
			record, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(string(record), "rivate matter") || strings.Contains(string(record), "carol"); got != c.shown {
				t.Errorf("the record holds a subject or an address: got %t, want %t", got, c.shown)
			}
		})
	}
}

// TestRivals dates the newest message of each folder where two look like Sent, and of none
// where one does.
func TestRivals(t *testing.T) {
	at := time.Date(2026, 3, 4, 9, 30, 0, 0, time.UTC)
	one := []mailtest.Message{{Received: at, Text: "Subject: x\r\n\r\nx\r\n"}}
	two := append(one, mailtest.Message{Received: at.Add(time.Hour), Text: "Subject: y\r\n\r\ny\r\n"})
	for name, c := range map[string]struct {
		folders []mailtest.Folder
		want    map[string]time.Time
	}{
		"two":                {[]mailtest.Folder{{Name: "INBOX"}, {Name: "Sent", Messages: one}, {Name: "Gesendet", Messages: two}}, map[string]time.Time{"Sent": at, "Gesendet": at.Add(time.Hour)}},
		"one of them empty":  {[]mailtest.Folder{{Name: "INBOX"}, {Name: "Sent"}, {Name: "Gesendet", Messages: two}}, map[string]time.Time{}},
		"of different roles": {[]mailtest.Folder{{Name: "INBOX", Messages: one}, {Name: "Sent", Messages: one}, {Name: "Trash", Messages: two}}, map[string]time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			_, plan := start(t, func(m *mailtest.Options, o *Options) {
				m.Stores = map[string]mailtest.Store{"old": {Separator: '.', Folders: c.folders}}
				o.Only = []string{"imap-993"}
			})
			for _, f := range gather(t, plan).Session("imap-993").Folders.List {
				if !f.Newest.Equal(c.want[f.Name]) {
					t.Errorf("%s: got %s, want %s", f.Name, f.Newest, c.want[f.Name])
				}
			}
		})
	}
}

// TestThousandsOfFolders reads a mailbox of 5000 folders whole, without counting each.
func TestThousandsOfFolders(t *testing.T) {
	store := mailtest.Store{Prefix: "INBOX.", Separator: '.', Folders: []mailtest.Folder{{Name: "INBOX"}, {Name: "INBOX.Sent"}}}
	for i := range 5000 {
		store.Folders = append(store.Folders, mailtest.Folder{Name: fmt.Sprintf("INBOX.Projects %d.Überblick", i)})
	}
	provider, plan := start(t, func(m *mailtest.Options, o *Options) {
		m.Stores = map[string]mailtest.Store{"old": store}
		o.Only = []string{"imap-993", "imap-1143"}
	})
	f := gather(t, plan).Session("imap-993").Folders
	if !f.Step.Done() || f.Cut || len(f.List) != 5002 || !f.Inbox.Done() {
		t.Errorf("got %d folders, cut %t, %+v, inbox %+v; want 5002", len(f.List), f.Cut, f.Step, f.Inbox)
	}
	asked := 0
	for _, line := range provider.Commands("imap-993") {
		if strings.Contains(line, "STATUS") && !strings.Contains(line, "LIST") {
			asked++
		}
	}
	if asked == 0 || asked > countedTwice {
		t.Errorf("%d folders were counted, want some and at most %d", asked, countedTwice)
	}
}

// TestNamespaces keeps the prefixes of the user's and of other people's folders. NIL is no
// answer, and a prefix that lacks its separator gets it.
func TestNamespaces(t *testing.T) {
	for answer, want := range map[string]evidence.Folders{
		`(("INBOX." ".")) (("user." ".")) (("shared." "."))`: {Namespace: evidence.Yes, Prefix: "INBOX.", Others: []string{"user.", "shared."}},
		`(("" ".")) NIL NIL`:        {Namespace: evidence.Yes},
		`(("INBOX" ".")) NIL NIL`:   {Namespace: evidence.Yes, Prefix: "INBOX."},
		`NIL NIL (("shared." "."))`: {Namespace: evidence.No, Others: []string{"shared."}},
	} {
		script := offering("IMAP4rev1 NAMESPACE LIST-EXTENDED") + "< NAMESPACE\n> * NAMESPACE " + answer + "\n> $tag OK done\n" + rows(`* LIST () "." INBOX`) + uncounted + leaves
		_, plan := hostile(t, "imap-993", script)
		got := ends(t, plan).Session("imap-993").Folders
		if got.Namespace != want.Namespace || got.Prefix != want.Prefix || strings.Join(got.Others, " ") != strings.Join(want.Others, " ") {
			t.Errorf("%s: got %s, %q and %q; want %s, %q and %q", answer, got.Namespace, got.Prefix, got.Others, want.Namespace, want.Prefix, want.Others)
		}
	}
}

// TestReadOnce reads messages on one path of a run, also where two stores may have the issue.
func TestReadOnce(t *testing.T) {
	_, plan := start(t, func(m *mailtest.Options, o *Options) {
		m.Profile.Issues = append([]profile.Issue{}, m.Profile.Issues...)
		for i := range m.Profile.Issues {
			m.Profile.Issues[i].Absent = nil
		}
		o.Only = []string{"imap-993", "imap-143", "imap-1143"}
	})
	read, opened := 0, 0
	for _, s := range gather(t, plan).Sessions {
		if len(s.Messages) > 0 {
			read++
		}
		if s.Folders.Inbox.Done() {
			opened++
		}
	}
	if read != 1 || opened != 2 {
		t.Errorf("got messages on %d paths and an open inbox on %d, want 1 and 2", read, opened)
	}
}
