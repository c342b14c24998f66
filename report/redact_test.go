package report_test

import (
	"bytes"
	"encoding/base64"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"mailmedic/checks"
	"mailmedic/checks/cause"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/report"
)

// granny is whose computer it is.
func granny() report.Who {
	return report.Who{Computer: "Kitchen-PC.lan.example", User: "nora", Home: "/home/nora"}
}

// secrets are what must be in no report about her, in small letters.
func secrets() []string {
	return []string{
		"kari.nordmann", "kitchen-pc", "nora", "203.0.113.77", "203-0-113-77", "77.113.0.203", "2001:db8:77:1::9",
		"divorce", "scheidung", "oslo klinikk", "jane", "lunch with", "olav@", base64.StdEncoding.EncodeToString([]byte("kari.nordmann@post.example")),
	}
}

// told is a record in which servers and files say everything about her.
func told(t *testing.T) *evidence.Evidence {
	t.Helper()
	p, err := profile.Load("runbox")
	if err != nil {
		t.Fatal(err)
	}
	done := evidence.Step{State: evidence.Done}
	reply := func(status, text string) *evidence.Reply { return &evidence.Reply{Status: status, Text: text} }
	session := func(id string) evidence.Session {
		path, _ := p.Path(id)
		return evidence.Session{
			Path: path, Address: "192.0.2.10:993", Dials: []evidence.Dial{{Address: "192.0.2.10:993", Family: "4", Step: done}},
			Greeting: evidence.Greeting{Step: done, Service: evidence.Service(path.Protocol), Line: "220 mx.post.example ESMTP Postfix for 203.0.113.77", Reply: reply("220", "mx.post.example ESMTP Postfix for 203.0.113.77")},
			Secure: evidence.Secure{Step: done, Version: "TLS 1.3", Chain: []evidence.Certificate{{Subject: "CN=mx.post.example,O=Nora's Bakery", Issuer: "CN=R11", Names: []string{"mx.post.example"}}},
				Judged: evidence.Judgement{Verified: true, Time: evidence.Yes, Name: evidence.Yes, Chain: evidence.Yes}},
			Capability: evidence.Capability{Step: done, Final: []string{"IMAP4rev1", "AUTH=PLAIN", "AUTH PLAIN"}, Name: "mx.post.example"},
			Login:      done, Farewell: done,
		}
	}
	in, out := session("imap-993"), session("smtp-587")
	in.Folders = evidence.Folders{
		Step: done, Namespace: evidence.Yes, Prefix: "INBOX.", Delimiter: ".", Others: []string{"user."},
		List: []evidence.Folder{
			{Name: "INBOX", Delimiter: "."}, {Name: "INBOX.Sent", Delimiter: ".", Attributes: []string{`\Sent`}}, {Name: "INBOX.Divorce", Delimiter: "."},
			{Name: "INBOX.INBOX.Divorce", Delimiter: "."}, {Name: "INBOX.Scheidung für Jane", Delimiter: "."}, {Name: "INBOX.Oslo Klinikk", Delimiter: "."},
			{Name: "user.jane.Notes", Delimiter: "."}, {Name: "INBOX.Kari.Nordmann", Delimiter: "."},
		},
		Quota: []evidence.Quota{{Root: "user/kari.nordmann", Resource: "STORAGE", Used: 1, Limit: 2}},
		Inbox: evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Rejected, Text: "NO no such mailbox: INBOX.Divorce", Reply: reply("NO", `Mailbox "INBOX.Oslo Klinikk" is not there, /home/nora/Maildir`)}},
	}
	in.Messages = []evidence.Messages{{Folder: "INBOX.Divorce", Step: done, Imported: evidence.Example{Count: 1, UID: 7, Subject: "Lunch with Olav", From: "olav@friend.example"}}}
	for _, text := range []string{
		`* LIST (\HasNoChildren) "." "INBOX.Divorce"`, `* LIST (\HasNoChildren) "." INBOX.INBOX.Divorce`, `* LIST () "." "INBOX.Scheidung f&APw-r Jane"`,
		`* LIST () "." {18}`, `INBOX.Oslo Klinikk`, `T4 STATUS "INBOX.Divorce" (MESSAGES)`, `* STATUS INBOX.Divorce (MESSAGES 3)`, `T5 EXAMINE "INBOX.Divorce"`,
		`* LIST () "." "INBOX.Divorce.not in the list"`, `* LIST () "." "INBOX.Divorce and a very long na…`, `T4 NO no mailbox INBOX.Divorce here`,
		`* NAMESPACE (("INBOX." ".")) (("user." ".")) NIL`, `* QUOTAROOT INBOX "user/kari.nordmann"`, `* LIST () "." user.jane.Notes`,
		`T9 OK [READ-ONLY] INBOX.Divorce selected. (Success)`, `* OK [ALERT] Oslo Klinikk is nearly full`,
		`* FLAGS (\Seen $Phishing NonJunk Scheidung)`, `* OK [PERMANENTFLAGS (\Seen Scheidung Lunch-with-Olav \*)] limited`,
	} {
		in.Wire = append(in.Wire, evidence.Line{Text: text})
	}
	for _, text := range []string{
		"EHLO [192.168.1.5]", "250-mx.post.example Hello Kitchen-PC [203.0.113.77], pleased", "250 mx hello kitchen-pc.lan.example [IPv6:2001:db8:77:1::9]",
		"MAIL FROM:<kari.nordmann@post.example> SIZE=1", "550 5.7.1 <KARI.Nordmann@Post.Example>: no", "554 user kari.nordmann%post.example unknown", "550 to=kari.nordmann%40post.example",
		"451 Kari.Nordmann, write to postmaster@post.example or to olav@friend.example", "554 203-0-113-77.customer.isp.example is listed: https://list.example/?ip=203.0.113.77",
		"554 77.113.0.203.zen.spamhaus.org has an answer", "250 2001:db8:77:1::9 is you",
	} {
		out.Wire = append(out.Wire, evidence.Line{Text: text, Encrypted: true})
	}
	out.Envelope = &evidence.Envelope{Step: done, MailFrom: reply("250", "ok"), RcptTo: reply("550", "<kari.nordmann@post.example>: nobody of kitchen-pc may do this")}
	return &evidence.Evidence{
		Schema: evidence.Schema, Run: evidence.Run{ID: "H3D-718-T", At: time.Date(2026, 9, 30, 14, 12, 0, 0, time.UTC), Version: "1.0.0"}, Profile: p,
		Account:  profile.Account{Address: "kari.nordmann@post.example", Login: "Kari.Nordmann", Kind: profile.Hosted},
		Host:     evidence.Host{OS: "linux", LinkV4: evidence.Link{Name: "wlan0", Address: "192.168.1.5"}, LinkV6: evidence.Link{Name: "wlan0", Address: "2001:db8:77:1::9"}, Resolvers: []string{"192.168.1.1:53"}},
		Lookups:  []evidence.Lookup{{Name: "post.example", Type: "MX", Step: done, Answers: []string{"mx.post.example"}, Server: "192.168.1.1:53"}},
		Sessions: []evidence.Session{in, out},
		Logins: []evidence.Login{
			{Path: "imap-993", Name: "Kari.Nordmann", Form: evidence.Typed, Mechanism: "PLAIN", Result: evidence.RejectedIn, Reply: reply("NO", "login of Kari.Nordmann from Kitchen-PC failed")},
			{Path: "imap-993", Name: "kari.nordmann%post.example", Form: evidence.Needed, Mechanism: "PLAIN", Result: evidence.Accepted},
		},
		Clients: []evidence.Client{{
			Program: "mutt", File: "/home/nora/.muttrc", Account: "kari.nordmann@post.example", Address: "Kari.Nordmann@post.example",
			Receiving: &evidence.ClientServer{Host: "imap.runbox.com", Port: 993, Encryption: profile.TLS, Login: "jane@post.example"}, Missed: []string{"include /home/nora/more is not followed"},
		}},
	}
}

// diagnosed judges a record as the program does.
func diagnosed(e *evidence.Evidence, o report.Options) *report.Report {
	found := checks.Run(e, checks.All())
	why, rest := cause.Infer(cause.Case{Evidence: e, Findings: found}, cause.All())
	return report.New(e, found, why, rest, o)
}

// formats are all that a report can look like.
func formats(t *testing.T, r *report.Report) map[string]string {
	t.Helper()
	all := map[string]string{}
	put := func(name string, render func(b *bytes.Buffer) error) {
		var b bytes.Buffer
		if err := render(&b); err != nil {
			t.Fatal(err)
		}
		all[name] = b.String()
	}
	put("json", func(b *bytes.Buffer) error { return report.JSON(b, r) })
	put("short", func(b *bytes.Buffer) error { return report.Short(b, r) })
	for name, o := range map[string]report.TextOptions{
		"text": {Marks: true}, "-vvv": {Verbose: 3}, "-vvv, wide": {Verbose: 3, Width: 200, Marks: true}, "-vvv, narrow": {Verbose: 3, Width: 40, Marks: true}, "-q": {Quiet: true}, "ASCII": {ASCII: true, Verbose: 3},
	} {
		put(name, func(b *bytes.Buffer) error { return report.Text(b, r, o) })
	}
	return all
}

// TestRedactedReport looks for everything about her in every format, and for what the report
// is about, which has to stay.
func TestRedactedReport(t *testing.T) {
	for _, level := range []report.Level{report.Share, report.Strict} {
		hidden, done := report.Redact(told(t), granny(), level, false)
		all := formats(t, diagnosed(hidden, report.Options{Redaction: done}))
		for name, text := range all {
			flat := strings.ToLower(strings.Join(strings.Fields(text), " "))
			for _, secret := range secrets() {
				if from := strings.Index(flat, secret); from >= 0 && !strings.HasPrefix(flat[from:], "nora's bakery") {
					t.Errorf("%s at level %s: got %q in: %s", name, level, secret, flat[max(0, from-60):min(len(flat), from+60)])
				}
			}
		}
		for _, subject := range []string{"mx.post.example", "192.0.2.10:993", "ESMTP Postfix", "CN=R11", "Nora's Bakery", "postmaster@", "INBOX.Sent", "imap.runbox.com"} {
			if !strings.Contains(all["json"], subject) {
				t.Errorf("level %s: %q is gone, and it is what the report is about", level, subject)
			}
		}
		if level == report.Share && !strings.Contains(all["json"], "192.168.1.1") {
			t.Error("the name server at home is gone, want it in a report for whoever helps")
		}
		if level == report.Strict && strings.Contains(all["-vvv"], "192.168.1.") {
			t.Error("got an address of the network at home in a strict report")
		}
		for _, kind := range []string{"address", "login", "folder", "computer_name", "user_name", "public_address", "message", "keyword"} {
			if done.Hidden[kind] == 0 {
				t.Errorf("level %s: %s is not counted among what was hidden: %v", level, kind, done.Hidden)
			}
		}
	}
}

// TestRedactSame: one thing has one name in a report, in whatever form it stands, and
// another thing has another.
func TestRedactSame(t *testing.T) {
	e, _ := report.Redact(told(t), granny(), report.Share, false)
	in, out := e.Session("imap-993"), e.Session("smtp-587")
	for _, c := range []struct{ about, got, want string }{
		{"the address", e.Account.Address, "k***@post.example"},
		{"the login name, with capitals", e.Account.Login, "K***"},
		{"the form with a percent sign", e.Logins[1].Name, "k***%post.example"},
		{"somebody else", e.Clients[0].Receiving.Login, "j***@post.example"},
		{"the same address in a file", e.Clients[0].Address, "K***@post.example"},
		{"the file", e.Clients[0].File, "~/.muttrc"},
		{"a refused login", e.Logins[0].Reply.Text, "login of K*** from <this-computer> failed"},
		{"a folder", in.Folders.List[2].Name, "INBOX.folder-1"},
		{"the same one doubled", in.Folders.List[3].Name, "INBOX.INBOX.folder-1"},
		{"one of another name", in.Folders.List[4].Name, "INBOX.folder-2"},
		{"in the conversation", in.Wire[2].Text, `* LIST () "." "INBOX.folder-2"`},
		{"as a literal", in.Wire[4].Text, "INBOX.folder-3"},
		{"cut off", in.Wire[9].Text, `* LIST () "." "…`},
		{"a folder for sent mail", in.Folders.List[1].Name, "INBOX.Sent"},
		{"the greeting", out.Wire[1].Text, "250-mx.post.example Hello <this-computer> [203.0.x.x], pleased"},
		{"of IPv6", out.Wire[2].Text, "250 mx hello <this-computer> [IPv6:2001:db8:x:x]"},
		{"the sender", out.Wire[3].Text, "MAIL FROM:<k***@post.example> SIZE=1"},
		{"in a URL", out.Wire[6].Text, "550 to=k***%40post.example"},
		{"an office and a stranger", out.Wire[7].Text, "451 K***, write to postmaster@post.example or to o***@friend.example"},
		{"a customer's name", out.Wire[8].Text, "554 203-0-x-x.customer.isp.example is listed: https://list.example/?ip=203.0.x.x"},
		{"turned round", out.Wire[9].Text, "554 x.x.0.203.zen.spamhaus.org has an answer"},
		{"this computer at home", out.Wire[0].Text, "EHLO [192.168.1.5]"},
		{"this computer by IPv6", e.Host.LinkV6.Address, "2001:db8:x:x"},
		{"in what went well", in.Wire[14].Text, "T9 OK [READ-ONLY] INBOX.folder-1 selected. (Success)"},
		{"in a warning", in.Wire[15].Text, "* OK [ALERT] folder-3 is nearly full"},
		{"her own keywords", in.Wire[16].Text, `* FLAGS (\Seen $Phishing NonJunk keyword-1)`},
		{"further ones", in.Wire[17].Text, `* OK [PERMANENTFLAGS (\Seen keyword-1 keyword-2 \*)] limited`},
		{"the limit of the mailbox", in.Folders.Quota[0].Root, "user/k***"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.about, c.got, c.want)
		}
	}
}

// conversed is a record of jane.doe@example.net in which a server says these lines.
func conversed(t *testing.T, login string, lines ...string) *evidence.Evidence {
	t.Helper()
	e := told(t)
	e.Account.Address, e.Account.Login = "jane.doe@example.net", login
	e.Clients, e.Host, e.Logins, e.Lookups = nil, evidence.Host{}, nil, nil
	e.Sessions = e.Sessions[1:]
	e.Sessions[0].Wire, e.Sessions[0].Greeting.Line, e.Sessions[0].Greeting.Reply = nil, "", nil
	for _, line := range lines {
		e.Sessions[0].Wire = append(e.Sessions[0].Wire, evidence.Line{Text: line})
	}
	return e
}

// TestRedactPlaces: the address on the internet can be put together from no line, nor from
// two of them, in whatever way a provider writes it. The servers' own stay.
func TestRedactPlaces(t *testing.T) {
	const literal = "250 Hello there [91.10.28.45]"
	const six = "250 Hello there [IPv6:2a02:810:1:2::3]"
	for _, c := range []struct{ line, other, want string }{
		{"250 Hello 91.10.28.45.dyn.isp.net [91.10.28.45]", "", "250 Hello 91.10.x.x.dyn.isp.net [91.10.x.x]"},
		{"250 Hello 45.28.10.91.dyn.isp.net [91.10.28.45]", "", "250 Hello x.x.10.91.dyn.isp.net [91.10.x.x]"},
		{"250 Hello 91.10.28.45.dyn.isp.net", "", "250 Hello x.x.x.x.dyn.isp.net"},
		{"554 45.28.10.91.zen.spamhaus.org has an answer", "", "554 x.x.x.x.zen.spamhaus.org has an answer"},
		{"220 welcome 91-10-28-45.isp.net", literal, "220 welcome 91-10-x-x.isp.net"},
		{"250 static.45.28.10.91.clients.your-server.de", literal, "250 static.x.x.10.91.clients.your-server.de"},
		{"250 static.45.28.10.91.clients.your-server.de", "", "250 static.x.x.x.x.clients.your-server.de"},
		{"250 cpe.91.10.28.45.isp.net [91.10.28.45]", "", "250 cpe.91.10.x.x.isp.net [91.10.x.x]"},
		{"250 45-28-10-91.dyn.isp.net [91.10.28.45]", "", "250 x-x-10-91.dyn.isp.net [91.10.x.x]"},
		{"250 p5B0A1C2D.dip0.t-ipconnect.de", literal, "250 p5B0Axxxx.dip0.t-ipconnect.de"},
		{"250 2d1c0a5b.isp.net", literal, "250 xxxx0a5b.isp.net"},
		{"250 ip91.10.28.45.isp", literal, "250 ip91.10.x.x.isp"},
		{"250 091-010-028-045.isp.net", literal, "250 091-010-x-x.isp.net"},
		{"250 091010028045.isp.net", literal, "250 091010xxxxxx.isp.net"},
		{"250 91_10_28_45.isp.net", literal, "250 91_10_x_x.isp.net"},
		{"250 7-91-10-28-45.isp.net", literal, "250 7-91-10-x-x.isp.net"},
		{"250 2a02-810-1-2--3.isp.de", six, "250 2a02-810-x-x.isp.de"},
		{"250 cable-2a02-810-1-2--3.isp.de", six, "250 cable-2a02-810-x-x.isp.de"},
		{"250 3.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.0.1.0.0.0.0.1.8.0.2.0.a.2.ip6.arpa", six, "250 " + strings.Repeat("x.", 24) + "0.1.8.0.2.0.a.2.ip6.arpa"},
		{"550 at:abc:91.10.28.45", "", "550 at:abc:91.10.x.x"},
		{"550 from:2a02:810:1:2::3: no", "", "550 from:2a02:810:x:x: no"},
		{"220 192.0.2.10.post.example is 192-0-2-10.post.example [192.0.2.10]", "", "220 192.0.2.10.post.example is 192-0-2-10.post.example [192.0.2.10]"},
		{"220 Dovecot 2.3.4-5 of 2026-11-29-1, id 1.3.6.1.4.1.311", literal, "220 Dovecot 2.3.4-5 of 2026-11-29-1, id 1.3.6.1.4.1.311"},
		{"554 2.0.0.127.zen.spamhaus.org, 127.0.0.2", "", "554 2.0.0.127.zen.spamhaus.org, 127.0.0.2"},
	} {
		share, _ := report.Redact(conversed(t, "jane.doe", c.line, c.other), granny(), report.Share, false)
		if got := share.Sessions[0].Wire[0].Text; got != c.want {
			t.Errorf("%q: got %q, want %q", c.line, got, c.want)
		}
		strict, _ := report.Redact(conversed(t, "jane.doe", c.line, c.other), granny(), report.Strict, false)
		again, _ := report.RedactMore(share, granny(), report.Share, report.Strict, false)
		for _, e := range []*evidence.Evidence{strict, again} {
			if got := e.Sessions[0].Wire[0].Text; c.want != c.line && (strings.ContainsAny(got, "9x") || !strings.Contains(got, "<public-ip>")) {
				t.Errorf("%q, strict: got %q, want nothing of the address", c.line, got)
			}
		}
	}
}

// TestRedactJoined: a login name is one in whatever it is joined to, but for the name of a
// server.
func TestRedactJoined(t *testing.T) {
	for _, c := range []struct{ login, line, want string }{
		{"jane", "* QUOTAROOT INBOX user.jane", "* QUOTAROOT INBOX user.j***"},
		{"jane", "* QUOTA user.jane (STORAGE 1 2)", "* QUOTA user.j*** (STORAGE 1 2)"},
		{"jane.doe", "* QUOTAROOT INBOX user.jane.doe", "* QUOTAROOT INBOX user.j***"},
		{"jane.doe", "450 cannot lock /var/mail/jane.doe.lock", "450 cannot lock /var/mail/j***.lock"},
		{"jane.doe", "450 uid-jane.doe is not there", "450 uid-j*** is not there"},
		{"jane.doe", "450 jane.doe_1, uid=jane.doe", "450 j***_1, uid=j***"},
		{"jane.doe", "550 <bounce+jane.doe=example.net@runbox.com>", "550 <bounce+j***=e***@runbox.com>"},
		{"mx", "220 mx.post.example, mx-2.post.example and out.mx.runbox.com greet mx", "220 mx.post.example, mx-2.post.example and out.mx.runbox.com greet m***"},
		{"T1", "T1 LOGIN", "T1 LOGIN"},
		{"T1", "T1 NO no user t1 here", "T1 NO no user t*** here"},
		{"ehlo", "EHLO [192.168.1.5]", "EHLO [192.168.1.5]"},
		{"janes", "450 sixjanes and janesix", "450 sixjanes and janesix"},
	} {
		e := conversed(t, c.login, c.line)
		e.Account.Address = c.login + "@example.net"
		hidden, _ := report.Redact(e, granny(), report.Share, false)
		if got := hidden.Sessions[0].Wire[0].Text; got != c.want {
			t.Errorf("%s in %q: got %q, want %q", c.login, c.line, got, c.want)
		}
	}
}

// TestRedactTokens: what looks like a name that was given is one only where names were given.
func TestRedactTokens(t *testing.T) {
	for _, c := range []struct {
		was, level report.Level
		login      string
		want       string
	}{
		{report.Off, report.Strict, "user-4711@example.net", "user-1@domain-1"},
		{report.Off, report.Strict, "jane@domain-77", "user-1@domain-1"},
		{report.Share, report.Strict, "user-4711@example.net", "user-1@domain-1"},
		{report.Share, report.Strict, "j***@example.net", "user-1@domain-1"},
		{report.Strict, report.Strict, "user-3@domain-2", "user-3@domain-2"},
		{report.Share, report.Share, "j***2@example.net", "j***2@example.net"},
	} {
		e := &evidence.Evidence{Account: profile.Account{Address: c.login, Login: c.login}}
		hidden, _ := report.RedactMore(e, granny(), c.was, c.level, false)
		if hidden.Account.Login != c.want || hidden.Account.Address != c.want {
			t.Errorf("%s, from level %s to %s: got %q, want %q", c.login, c.was, c.level, hidden.Account.Login, c.want)
		}
	}
}

// TestRedactFolders: two folders never have one name, though a folder is called what another
// would be, and a folder of every mailbox keeps its name whoever its owner is.
func TestRedactFolders(t *testing.T) {
	for _, c := range []struct{ login, folders, want string }{
		{"jane", "Ärzte, folder-1, Steuer, Mama, Papa", "folder-2, folder-1, folder-3, folder-4, folder-5"},
		{"jane", "INBOX, INBOX.jane.Sent, jane@host", "INBOX, INBOX.j***.Sent, j***@host"},
		{"inbox", "INBOX, INBOX.Sent, Inbox.inbox@host", "INBOX, INBOX.Sent, Inbox.i***@host"},
		{"sent", "INBOX.Sent, Sent", "INBOX.Sent, Sent"},
		{"spam", "Spam, Junk", "Spam, Junk"},
	} {
		e := told(t)
		e.Account.Address, e.Account.Login = c.login+"@example.net", c.login
		e.Account.RootPath = new("INBOX")
		tree := &e.Session("imap-993").Folders
		tree.Prefix, tree.Others, tree.List = "", nil, nil
		for _, name := range strings.Split(c.folders, ", ") {
			tree.List = append(tree.List, evidence.Folder{Name: name, Delimiter: "."})
		}
		hidden, _ := report.Redact(e, granny(), report.Share, false)
		var got []string
		for _, folder := range hidden.Session("imap-993").Folders.List {
			got = append(got, folder.Name)
		}
		if got := strings.Join(got, ", "); got != c.want {
			t.Errorf("%s has %s: got %s, want %s", c.login, c.folders, got, c.want)
		}
		if got := *hidden.Account.RootPath; got != "INBOX" {
			t.Errorf("%s: got the root path %s, want INBOX", c.login, got)
		}
	}
}

// TestRedactPeople: neither what people are called beside their addresses stays, nor the name
// of this computer with what a router puts behind it.
func TestRedactPeople(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"EHLO kitchen-pc.local", "EHLO <this-computer>"},
		{"250 Hello kitchen-pc.fritz.box, or Kitchen-PC.lan", "250 Hello <this-computer>, or <this-computer>"},
		{"250-kitchen-pc.lan Hello", "250-<this-computer> Hello"},
		{"220 kitchen-pc.isp.net is another", "220 kitchen-pc.isp.net is another"},
		{"550 Jane Doe <jane@other.org>: no", `550 "…" <j***@other.org>: no`},
		{`550 "Doe, Jane" <jane@other.org>: no`, `550 "…" <j***@other.org>: no`},
		{"550 Unknown Recipient <jane@other.org>", "550 Unknown Recipient <j***@other.org>"},
		{"451 /home/jdoe/Maildir and /Users/jdoe: no room", "451 /home/…/Maildir and /Users/…: no room"},
	} {
		e := conversed(t, "kari", c.line)
		e.Account.Address = "kari@example.net"
		hidden, _ := report.Redact(e, granny(), report.Share, false)
		if got := hidden.Sessions[0].Wire[0].Text; got != c.want {
			t.Errorf("%q: got %q, want %q", c.line, got, c.want)
		}
	}
	e := told(t)
	for name, want := range map[string]string{"wlan0": "wlan0", "Wi-Fi": "Wi-Fi", "Ethernet 2": "Ethernet 2", "Janes VPN": "… VPN", "enx00e04c680001": "enx…", "utun3": "utun3"} {
		e.Host.LinkV4.Name = name
		hidden, _ := report.Redact(e, granny(), report.Share, false)
		if got := hidden.Host.LinkV4.Name; got != want {
			t.Errorf("the link %s: got %s, want %s", name, got, want)
		}
	}
	for name, want := range map[string]string{"Jane Doe privat": "account-1", "Runbox": "Runbox", "imap.runbox.com": "imap.runbox.com", "default": "default", "account-3": "account-3"} {
		e.Clients[0].Account = name
		hidden, _ := report.Redact(e, granny(), report.Share, false)
		if got := hidden.Clients[0].Account; got != want {
			t.Errorf("the account %s: got %s, want %s", name, got, want)
		}
	}
}

// TestRedactDomain: strict hides the domain of somebody's own in the names in it, unless the
// servers that were tested are of it. And an apostrophe belongs to a name.
func TestRedactDomain(t *testing.T) {
	for _, c := range []struct{ host, answer, line, want string }{
		{"smtp.runbox.com", "mx.janedoe.org", "250 mx.janedoe.org, janedoe.org, notjanedoe.org", "mx.domain-1 250 mx.domain-1, domain-1, notjanedoe.org"},
		{"mail.janedoe.org", "mx.janedoe.org", "250 mx.janedoe.org", "mx.janedoe.org 250 mx.janedoe.org"},
		{"smtp.runbox.com", "mx.runbox.com", "550 o'brien@other.org, 'pat@other.org'", "mx.runbox.com 550 user-3@domain-3, 'user-4@domain-3'"},
	} {
		e := conversed(t, "jane@janedoe.org", c.line)
		e.Account.Address = "jane@janedoe.org"
		e.Sessions[0].Path.Host = c.host
		e.Lookups = []evidence.Lookup{{Name: "janedoe.org", Type: "MX", Answers: []string{c.answer}}}
		hidden, _ := report.Redact(e, granny(), report.Strict, false)
		if got := hidden.Lookups[0].Answers[0] + " " + hidden.Sessions[0].Wire[0].Text; got != c.want {
			t.Errorf("%s: got %q, want %q", c.line, got, c.want)
		}
		if got := hidden.Lookups[0].Name; got != "domain-1" {
			t.Errorf("%s: got the name %q looked up", c.line, got)
		}
	}
}

// TestRedactConversation: a literal is the next line of the side that announced it, and what
// is below a folder is as much the user's as the folder.
func TestRedactConversation(t *testing.T) {
	e := told(t)
	in := e.Session("imap-993")
	in.Wire = []evidence.Line{
		{Sent: true, Text: "T4 STATUS {13}"}, {Text: "+ Ready for the name"}, {Sent: true, Text: "INBOX.Divorce (MESSAGES)"},
		{Text: `T4 NO INBOX.Divorce.Lawyer and "INBOX.Divorce.Sent" are not there.`},
	}
	hidden, _ := report.Redact(e, granny(), report.Share, false)
	for i, want := range []string{"T4 STATUS {13}", "+ Ready for the name", "INBOX.folder-1 (MESSAGES)"} {
		if got := hidden.Session("imap-993").Wire[i].Text; got != want {
			t.Errorf("line %d: got %q, want %q", i, got, want)
		}
	}
	for _, secret := range []string{"Divorce", "Lawyer"} {
		if got := hidden.Session("imap-993").Wire[3].Text; strings.Contains(got, secret) || !strings.Contains(got, ".Sent") {
			t.Errorf("got %q, want it without %s", got, secret)
		}
	}
}

// TestRedactListed: a server may put a name among its capabilities. A word of the protocol
// stays one.
func TestRedactListed(t *testing.T) {
	e := conversed(t, "jane.doe")
	e.Sessions[0].Capability.Final = []string{"X-USER jane.doe", "MOVE"}
	hidden, _ := report.Redact(e, granny(), report.Share, false)
	if got := hidden.Sessions[0].Capability.Final; got[0] != "X-USER j***" {
		t.Errorf("got the capability %q", got[0])
	}
	e.Account.Address, e.Account.Login = "move@example.net", "move"
	if hidden, _ = report.Redact(e, granny(), report.Share, false); hidden.Sessions[0].Capability.Final[1] != "MOVE" {
		t.Errorf("got the capability %q, want MOVE", hidden.Sessions[0].Capability.Final[1])
	}
}

// TestRedactManyNames: a document with very many accounts and addresses is hidden in time.
func TestRedactManyNames(t *testing.T) {
	e := told(t)
	for i := range 3000 {
		name := "someone" + strings.Repeat("x", i%50) + string(rune('a'+i%26)) + ".with.a.name"
		e.Clients = append(e.Clients, evidence.Client{Address: name + strings.Repeat("y", i/50) + "@host" + strings.Repeat("z", i%60) + ".example", Receiving: &evidence.ClientServer{Login: name}})
		e.Sessions[0].Folders.List = append(e.Sessions[0].Folders.List, evidence.Folder{Name: "INBOX.a" + strconv.Itoa(i), Delimiter: "."})
		e.Sessions[0].Wire = append(e.Sessions[0].Wire, evidence.Line{Text: "T1 OK INBOX.a" + strconv.Itoa(i) + " selected"})
		e.Sessions[0].Wire = append(e.Sessions[0].Wire, evidence.Line{Text: "250 " + strings.Repeat("s", i%900) + "@elsewhere.example and " + name})
	}
	begin := time.Now()
	for _, level := range []report.Level{report.Share, report.Strict} {
		report.Redact(e, granny(), level, false)
	}
	if took := time.Since(begin); took > time.Minute {
		t.Errorf("it took %s", took)
	}
}

// TestRedactMessages: the subjects that the user asked for are for the user's own screen.
func TestRedactMessages(t *testing.T) {
	for _, own := range []bool{true, false} {
		e, _ := report.Redact(told(t), granny(), report.Share, own)
		if got := e.Session("imap-993").Messages[0].Imported; (got.Subject != "") != own || (got.From != "") != own {
			t.Errorf("on the user's own screen %t: got %+v", own, got)
		}
	}
}

// TestRedactEveryText puts an address into every text of a record that is not the provider's
// own: a field that is new must not be forgotten.
func TestRedactEveryText(t *testing.T) {
	e := told(t)
	n := fill(reflect.ValueOf(e).Elem())
	if n < 100 {
		t.Errorf("got %d texts, want all of the record", n)
	}
	hidden, _ := report.Redact(e, granny(), report.Share, false)
	var b bytes.Buffer
	if err := report.JSON(&b, diagnosed(hidden, report.Options{})); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if strings.Contains(line, "carol@") {
			t.Errorf("got %s", line)
		}
	}
}

func fill(v reflect.Value) (n int) {
	switch v.Type() {
	case reflect.TypeFor[profile.Profile](), reflect.TypeFor[profile.Path](), reflect.TypeFor[evidence.Certificate](), reflect.TypeFor[time.Time]():
		return 0
	}
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(v.String() + " carol@elsewhere.example")
			return 1
		}
	case reflect.Pointer:
		if !v.IsNil() {
			return fill(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			n += fill(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name != "Delimiter" { // one character, by RFC 9051 section 9
				n += fill(v.Field(i))
			}
		}
	}
	return n
}

// TestReveal puts an address back where its owner gives it.
func TestReveal(t *testing.T) {
	for _, c := range []struct {
		address, login, given string
		want                  bool
		shown                 string // the login name then
	}{
		{"kari@post.example", "kari", "kari@post.example", true, "kari"},
		{"kari@post.example", "kari%post.example", "kari@post.example", true, "kari%post.example"},
		{"Kari@post.example", "kari", "kari@post.example", true, "kari"},
		{"kari@post.example", "Kari", "kari@post.example", true, "K***"},
		{"kari@post.example", "another", "kari@post.example", true, "a***"},
		{"kari@post.example", "kari", "kari@elsewhere.example", false, "k***"},
		{"kari@post.example", "kari", "nora@post.example", false, "k***"},
		{"", "kari", "kari@post.example", false, "k***"},
	} {
		e, _ := report.Redact(&evidence.Evidence{Account: profile.Account{Address: c.address, Login: c.login}, Logins: []evidence.Login{{Name: c.login}}}, report.Who{}, report.Share, false)
		got := report.Reveal(e, c.given)
		if got != c.want || e.Logins[0].Name != c.shown || e.Account.Login != c.shown {
			t.Errorf("%+v: got %t, %q and %q", c, got, e.Account.Login, e.Logins[0].Name)
		}
		if want := strings.Contains(c.shown, "***"); report.Hidden(e.Logins[0].Name) != want {
			t.Errorf("%q is hidden: want %t", e.Logins[0].Name, want)
		}
	}
}

// FuzzRedact hides any two names of one person, and asks what the checks would ask of them.
func FuzzRedact(f *testing.F) {
	for _, login := range []string{"kari", "Kari", "kari@post.example", "kari%post.example", " kari", "k\u0430ri", "kari@post.example@host.example", "k***", "@", "%", "olav"} {
		f.Add("kari@post.example", login, "a line of kari, and of "+login)
	}
	p := profile.Profile{Domains: []string{"own.example"}, Login: []profile.LoginRule{{Kind: profile.Hosted, Forms: []string{"{user}%{domain}", "{user}"}}}}
	f.Fuzz(func(t *testing.T, address, login, text string) {
		if !utf8.ValidString(address + "|" + login + "|" + text) {
			return // no record holds it
		}
		e := &evidence.Evidence{Profile: p, Account: profile.Account{Address: address, Login: login}}
		e.Sessions = []evidence.Session{{Wire: []evidence.Line{{Text: text}}}}
		for _, level := range []report.Level{report.Share, report.Strict} {
			hidden, _ := report.Redact(e, granny(), level, false)
			was, is := append(p.LoginNames(address), address), append(p.LoginNames(hidden.Account.Address), hidden.Account.Address)
			if len(was) != len(is) {
				t.Fatalf("%q as %q: got the login names %q, want as many as %q", address, hidden.Account.Address, is, was)
			}
			for i := range was {
				if (was[i] == login) != (is[i] == hidden.Account.Login) {
					t.Errorf("%q and %q became %q and %q", was[i], login, is[i], hidden.Account.Login)
				}
			}
			if strings.ContainsRune(login, '@') != strings.ContainsRune(hidden.Account.Login, '@') {
				t.Errorf("%q became %q", login, hidden.Account.Login)
			}
			again, _ := report.RedactMore(hidden, granny(), level, level, false)
			if !reflect.DeepEqual(again.Account, hidden.Account) {
				t.Errorf("hidden twice: got %+v, want %+v", again.Account, hidden.Account)
			}
		}
	})
}
