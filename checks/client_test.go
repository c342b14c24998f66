package checks

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailmedic/checks/program"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// asWanted is an account as the seed profile asks, in a program that has every setting.
func asWanted() evidence.Client {
	root, sent, minutes := "INBOX", "Sent", 20
	return evidence.Client{
		Program: "thunderbird", File: "prefs.js", Account: "Alice", Address: "alice@runbox.com",
		Receiving: &evidence.ClientServer{Host: "secure.runbox.com", Port: 993, Encryption: profile.TLS, Login: "alice", Auth: evidence.AuthPassword},
		Sending:   &evidence.ClientServer{Host: "smtp.runbox.com", Port: 587, Encryption: profile.STARTTLS, Login: "alice", Auth: evidence.AuthPassword},
		RootPath:  &root, SentPath: &sent, CheckMinutes: &minutes,
	}
}

// differences runs a comparison against the seed profile, without a probe.
func differencesOf(t *testing.T, change func(*evidence.Client, *evidence.Evidence)) []string {
	t.Helper()
	p, err := profile.Load("runbox")
	if err != nil {
		t.Fatal(err)
	}
	c, e := asWanted(), &evidence.Evidence{Profile: p, Account: profile.Account{Address: "alice@runbox.com", Kind: profile.Own}}
	change(&c, e)
	var got []string
	for _, d := range Differences(e, c) {
		got = append(got, fmt.Sprintf("%s %s %s: %s, not %s", d.Code, d.Severity, d.Field, d.Wanted, d.Found))
		if d.Where == "" && c.Program == "thunderbird" {
			t.Errorf("%s %s: nothing says where it is set", d.Code, d.Field)
		}
	}
	return got
}

// TestDifferences compares settings with the provider's page alone.
func TestDifferences(t *testing.T) {
	type client = evidence.Client
	type record = evidence.Evidence
	set := func(s string) *string { return &s }
	every := func(n int) *int { return &n }
	receiving := func(change func(*evidence.ClientServer)) func(*client, *record) {
		return func(c *client, _ *record) { change(c.Receiving) }
	}
	sending := func(change func(*evidence.ClientServer)) func(*client, *record) {
		return func(c *client, _ *record) { change(c.Sending) }
	}
	for about, c := range map[string]struct {
		change func(*client, *record)
		want   []string
	}{
		"all is right":    {func(*client, *record) {}, nil},
		"nothing is said": {func(c *client, _ *record) { *c = client{Program: "msmtp"} }, nil},
		"the other port of the same": {receiving(func(s *evidence.ClientServer) {
			s.Host, s.Port, s.Encryption = "imap.runbox.com", 143, profile.STARTTLS
		}), nil},
		"the host in capitals": {receiving(func(s *evidence.ClientServer) { s.Host = "Secure.Runbox.COM" }), nil},
		"another host":         {receiving(func(s *evidence.ClientServer) { s.Host = "mail.example.org" }), []string{"MM960 warning receiving_host: secure.runbox.com, not mail.example.org"}},
		"set up by the newer instructions": {func(c *client, _ *record) {
			c.RootPath = set("")
			c.Receiving = &evidence.ClientServer{Host: "mail.runbox.com", Port: 993, Encryption: profile.TLS, Login: "alice@runbox.com"}
			c.Sending = &evidence.ClientServer{Host: "mail.runbox.com", Port: 465, Encryption: profile.TLS, Login: "alice"}
		}, nil},
		"sending by the newer instructions, with a port of neither": {sending(func(s *evidence.ClientServer) { s.Host, s.Port = "mail.runbox.com", 26 }),
			[]string{"MM960 warning sending_port: 465, not 26", "MM960 warning sending_encryption: SSL/TLS, not STARTTLS"}},
		"host and port of another server": {receiving(func(s *evidence.ClientServer) { s.Host, s.Port = "imap.runbox.com", 993 }),
			[]string{"MM960 warning receiving_host: secure.runbox.com, not imap.runbox.com"}},
		"a port that is none of theirs": {sending(func(s *evidence.ClientServer) { s.Port, s.Encryption = 465, profile.TLS }), []string{"MM960 warning sending_port: 587, not 465", "MM960 warning sending_encryption: STARTTLS, not SSL/TLS"}},
		"another port, and its encryption with it": {func(c *client, e *record) {
			e.Profile.Paths = e.Profile.Paths[:1]
			c.Receiving = &evidence.ClientServer{Host: "secure.runbox.com", Port: 143, Encryption: profile.None, Login: "alice"}
		}, []string{"MM960 warning receiving_port: 993, not 143", "MM960 warning receiving_encryption: SSL/TLS, not none"}},
		"a sender's alias of one's own domain": {func(c *client, _ *record) { c.Address = "alice@alice-smith.example" }, nil},
		"a dot at the end of the host":         {receiving(func(s *evidence.ClientServer) { s.Host = "secure.runbox.com." }), nil},
		"whole folder names, and no root":      {func(c *client, _ *record) { c.RootPath, c.SentPath = set(""), set("INBOX.Sent") }, nil},
		"a login name that is an address, and nothing else is said": {func(c *client, e *record) {
			c.Address, e.Account.Address, c.Sending = "", "", nil
			c.Receiving.Login = "alice@runbox.com"
		}, []string{"MM601 fault receiving_login: alice, not alice@runbox.com"}},
		"drafts on a server that keeps none, by the page": {func(c *client, _ *record) { c.DraftsPath = set("Drafts") }, []string{"MM805 warning drafts_path: on this device, not Drafts"}},
		"drafts on the new server": {func(c *client, _ *record) {
			c.DraftsPath = set("Drafts")
			c.Receiving = &evidence.ClientServer{Host: "imap.runbox.com", Port: 1143, Encryption: profile.STARTTLS, Login: "alice"}
		}, nil},
		"TLS where STARTTLS is due":   {sending(func(s *evidence.ClientServer) { s.Encryption = profile.TLS }), []string{"MM503 fault sending_encryption: STARTTLS, not SSL/TLS"}},
		"STARTTLS where TLS is due":   {receiving(func(s *evidence.ClientServer) { s.Encryption = profile.STARTTLS }), []string{"MM503 fault receiving_encryption: SSL/TLS, not STARTTLS"}},
		"no encryption":               {sending(func(s *evidence.ClientServer) { s.Encryption = profile.None }), []string{"MM960 warning sending_encryption: STARTTLS, not none"}},
		"if available":                {sending(func(s *evidence.ClientServer) { s.IfOffered = true }), []string{"MM960 warning sending_encryption: STARTTLS, not STARTTLS, if available"}},
		"nothing known of encryption": {sending(func(s *evidence.ClientServer) { s.Encryption = "" }), nil},
		"certificates not verified":   {receiving(func(s *evidence.ClientServer) { s.Unverified = true }), []string{"MM960 warning verification: on, not off"}},
		"the whole address":           {receiving(func(s *evidence.ClientServer) { s.Login = "alice@runbox.com" }), []string{"MM601 fault receiving_login: alice, not alice@runbox.com"}},
		"a percent sign":              {sending(func(s *evidence.ClientServer) { s.Login = "alice%runbox.com" }), []string{"MM601 fault sending_login: alice, not alice%runbox.com"}},
		"a blank behind the name":     {receiving(func(s *evidence.ClientServer) { s.Login = "alice " }), []string{`MM602 fault receiving_login: alice, not "alice "`}},
		"a capital letter":            {receiving(func(s *evidence.ClientServer) { s.Login = "Alice" }), []string{"MM602 warning receiving_login: alice, not Alice"}},
		"no login, and nobody knows the provider": {func(c *client, e *record) {
			e.Profile, c.Receiving = profile.Profile{}, nil
			c.Sending = &evidence.ClientServer{Host: "mail.example.org", Port: 587, Encryption: profile.STARTTLS, Auth: evidence.AuthNone}
		}, nil},
		"another account's name":    {receiving(func(s *evidence.ClientServer) { s.Login = "family" }), nil},
		"another account's address": {receiving(func(s *evidence.ClientServer) { s.Login = "family@runbox.com" }), nil},
		"hosted, with @": {func(c *client, e *record) {
			c.Address, c.Receiving.Login, c.Sending.Login = "bob@example.org", "bob@example.org", "bob%example.org"
		}, []string{"MM601 fault receiving_login: bob%example.org, not bob@example.org"}},
		"a server took the name": {func(c *client, e *record) {
			c.Receiving.Login = "alice@runbox.com"
			e.Logins = []evidence.Login{{Name: "alice@runbox.com", Result: evidence.Accepted}}
		}, nil},
		"no login for sending":                        {sending(func(s *evidence.ClientServer) { s.Auth, s.Login = evidence.AuthNone, "" }), []string{"MM960 warning sending_auth: password, not none"}},
		"encrypted password, and no server was asked": {receiving(func(s *evidence.ClientServer) { s.Auth = evidence.AuthEncrypted }), nil},
		"no root folder path":                         {func(c *client, _ *record) { c.RootPath = set("") }, []string{"MM803 warning root_path: INBOX, not (empty)"}},
		"the root with its separator":                 {func(c *client, _ *record) { c.RootPath = set("INBOX.") }, nil},
		"no root, and the server is asked":            {func(c *client, _ *record) { c.RootPath, c.Asks = set(""), evidence.Yes }, nil},
		"nothing said of the root":                    {func(c *client, _ *record) { c.RootPath = nil }, nil},
		"every ten minutes":                           {func(c *client, _ *record) { c.CheckMinutes = every(10) }, []string{"MM958 warning check_interval: 15 minutes or more, not 10 minutes"}},
		"every minute":                                {func(c *client, _ *record) { c.CheckMinutes = every(1) }, []string{"MM958 warning check_interval: 15 minutes or more, not 1 minute"}},
		"every eleven minutes":                        {func(c *client, _ *record) { c.CheckMinutes = every(11) }, nil},
		"never by itself":                             {func(c *client, _ *record) { c.CheckMinutes = every(0) }, nil},
		"the provider asks for nothing": {func(c *client, e *record) {
			c.CheckMinutes, c.SyncsAll, e.Profile.Checking, e.Profile.Issues = every(1), evidence.Yes, profile.Checking{}, nil
		}, nil},
		"all folders":         {func(c *client, _ *record) { c.SyncsAll = evidence.Yes }, []string{"MM959 warning syncs_all: only those that you use, not all folders"}},
		"searches on typing":  {func(c *client, _ *record) { c.Searches = evidence.Yes }, []string{"MM959 warning searches: off, not on the server, while you type"}},
		"several connections": {func(c *client, _ *record) { c.Connections = 5 }, nil},
		"in the order of the settings": {func(c *client, _ *record) {
			c.CheckMinutes, c.Sending.Encryption, c.Receiving.Login = every(2), profile.None, "alice@runbox.com"
		}, []string{"MM601 fault receiving_login: alice, not alice@runbox.com", "MM960 warning sending_encryption: STARTTLS, not none", "MM958 warning check_interval: 15 minutes or more, not 2 minutes"}},
	} {
		if got := differencesOf(t, c.change); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", about, got, c.want)
		}
	}
}

// TestHostInCertificate holds a host of the user's own against the certificate that the run saw.
func TestHostInCertificate(t *testing.T) {
	for about, c := range map[string]struct {
		names    []string
		verified bool
		port     int
		want     string
	}{
		"in no name of it":                  {[]string{"secure.runbox.com", "*.runbox.com"}, true, 993, "MM404"},
		"under a star":                      {[]string{"*.alice.example"}, true, 993, "MM960"},
		"two labels under a star":           {[]string{"*.example"}, true, 993, "MM404"},
		"in capitals":                       {[]string{"MAIL.alice.example"}, true, 993, "MM960"},
		"a certificate that proves nothing": {[]string{"secure.runbox.com"}, false, 993, "MM960"},
		"another port's certificate":        {[]string{"secure.runbox.com"}, true, 143, "MM960"},
	} {
		got := differencesOf(t, func(client *evidence.Client, e *evidence.Evidence) {
			client.Receiving.Host = "mail.alice.example"
			s := evidence.Session{Path: profile.Path{Protocol: profile.IMAP, Port: c.port, Host: "secure.runbox.com"}}
			s.Secure.Step.State, s.Secure.Judged.Verified = evidence.Done, c.verified
			s.Secure.Chain = []evidence.Certificate{{Names: c.names}}
			e.Sessions = []evidence.Session{s}
		})
		if len(got) != 1 || !strings.HasPrefix(got[0], c.want+" ") {
			t.Errorf("%s: got %q, want %s alone", about, got, c.want)
		}
	}
}

// TestInClients makes one finding of an account for each code, with the way to each setting.
func TestInClients(t *testing.T) {
	p, err := profile.Load("runbox")
	if err != nil {
		t.Fatal(err)
	}
	c, other := asWanted(), asWanted()
	c.Receiving.Host, c.Sending.Host = "mail.example.org", "mail.example.org"
	other.Program, other.Account = "mutt", ""
	e := &evidence.Evidence{Profile: p, Account: profile.Account{Address: "alice@runbox.com"}, Clients: []evidence.Client{c, other}}
	got := settingsDiffer.Run(e)
	if len(got) != 1 || len(got[0].Facts) != 1 || got[0].Params["program"] != "Thunderbird" || got[0].Severity != Warning ||
		say.Join(got[0].Advice...).String() != "Thunderbird (Alice): Account Settings > Server Settings > Server Name, set it to secure.runbox.com. "+
			"Thunderbird (Alice): Account Settings > Outgoing Server > Edit > Server Name, set it to smtp.runbox.com." {
		t.Errorf("got %+v, want one finding with the file and two things to do", got)
	}
	e.Account.RootPath = new("Mail")
	read := evidence.Session{Path: profile.Path{Protocol: profile.IMAP, Port: 143}}
	read.Folders.Step.State = evidence.Done
	e.Sessions = []evidence.Session{read}
	c.RootPath = new("Mail")
	e.Clients = []evidence.Client{c}
	if got := inClients(e, "MM803"); len(got) != 0 {
		t.Errorf("the root that the run has taken over: got %+v, want it said once", got)
	}
	if known := program.Fields(); len(known) == 0 || slices.ContainsFunc(known, func(f program.Field) bool { return f.Title().String() == string(f) }) {
		t.Errorf("a setting has no title: %v", known)
	}
}

// TestWholeNames: mutt puts nothing in front of a folder's name where the URL in folder has no
// path, so the name must be the server's own.
func TestWholeNames(t *testing.T) {
	seen := evidence.Session{Path: profile.Path{Protocol: profile.IMAP, Port: 993, Host: "secure.runbox.com"}}
	seen.Folders = evidence.Folders{Step: evidence.Step{State: evidence.Done}, Namespace: evidence.Yes, Prefix: "INBOX.", Delimiter: ".", List: []evidence.Folder{
		{Name: "INBOX", Delimiter: "."}, {Name: "INBOX.Sent", Delimiter: "."},
	}}
	for _, c := range []struct {
		program, root, sent string
		sessions            []evidence.Session
		want                []string
	}{
		{"mutt", "", "INBOX.Sent", nil, nil},
		{"mutt", "", "INBOX.Sent", []evidence.Session{seen}, nil},
		{"mutt", "", "Sent", []evidence.Session{seen}, []string{"MM803 fault sent_path: INBOX.Sent, not Sent"}},
		{"mutt", "INBOX", "Sent", []evidence.Session{seen}, nil},
		{"thunderbird", "", "Sent", nil, []string{"MM803 warning root_path: INBOX, not (empty)"}},
	} {
		got := differencesOf(t, func(client *evidence.Client, e *evidence.Evidence) {
			client.Program, client.RootPath, client.SentPath, e.Sessions = c.program, &c.root, &c.sent, c.sessions
		})
		if !slices.Equal(got, c.want) {
			t.Errorf("%s with the root %q and %q for sent mail, %d sessions: got %q, want %q", c.program, c.root, c.sent, len(c.sessions), got, c.want)
		}
	}
}

// TestOwnSeparator reads a path that a program writes with a separator of its own.
func TestOwnSeparator(t *testing.T) {
	for sent, want := range map[string]int{"INBOX/Sent": 0, "Sent": 0, "INBOX/Gesendet": 1} {
		got := differencesOf(t, func(c *evidence.Client, e *evidence.Evidence) {
			c.RootPath, c.SentPath, c.Asks, c.Separator = nil, &sent, evidence.Yes, "/"
			s := evidence.Session{Path: e.Profile.Paths[0]}
			s.Folders = evidence.Folders{Step: evidence.Step{State: evidence.Done}, Namespace: evidence.Yes, Prefix: "INBOX.", Delimiter: ".",
				List: []evidence.Folder{{Name: "INBOX", Delimiter: "."}, {Name: "INBOX.Sent", Delimiter: "."}}}
			e.Sessions = []evidence.Session{s}
		})
		if len(got) != want {
			t.Errorf("%s: got %q, want %d", sent, got, want)
		}
	}
}

// TestOtherHost holds a program's folder paths against no server but its own.
func TestOtherHost(t *testing.T) {
	for host, want := range map[string]bool{"secure.runbox.com": true, "imap.gmail.example": false} {
		got := differencesOf(t, func(c *evidence.Client, e *evidence.Evidence) {
			c.Receiving.Host, c.SentPath = host, new("Gesendet")
			s := evidence.Session{Path: e.Profile.Paths[0]}
			s.Folders = evidence.Folders{Step: evidence.Step{State: evidence.Done}, Namespace: evidence.Yes, Prefix: "INBOX.", Delimiter: ".",
				List: []evidence.Folder{{Name: "INBOX", Delimiter: "."}, {Name: "INBOX.Sent", Delimiter: "."}}}
			e.Sessions = []evidence.Session{s}
		})
		if met := slices.ContainsFunc(got, func(d string) bool { return strings.HasPrefix(d, "MM803 ") }); met != want {
			t.Errorf("%s: got %q, MM803 wanted: %t", host, got, want)
		}
	}
}

// TestSaidOnce keeps what a run has taken over from being said twice, or not at all.
func TestSaidOnce(t *testing.T) {
	p, err := profile.Load("runbox")
	if err != nil {
		t.Fatal(err)
	}
	c := asWanted()
	c.RootPath, c.Receiving.Login = new("Mail"), "alice@runbox.com"
	e := &evidence.Evidence{Profile: p, Account: profile.Account{Address: "alice@runbox.com", Kind: profile.Own, Login: "alice@runbox.com", RootPath: new("Mail")}, Clients: []evidence.Client{c}}
	e.Sessions = []evidence.Session{{Path: p.Paths[0]}}
	said := map[Code]int{}
	for _, f := range Run(e, All()) {
		said[f.Code]++
		if f.Code == "MM601" && !strings.HasPrefix(f.Text.String(), "Thunderbird (Alice) has alice@runbox.com as login name") {
			t.Errorf("got %q, want it said of the program", f.Text)
		}
	}
	if said["MM803"] != 1 || said["MM601"] != 1 {
		t.Errorf("no folders were read: got MM803 %d times and MM601 %d times, want each once", said["MM803"], said["MM601"])
	}
}

// TestRootWithPaths wants a root folder path and what stands behind it together, so that no
// path carries the root twice.
func TestRootWithPaths(t *testing.T) {
	for sent, want := range map[string][]string{
		"INBOX.Sent": {"MM803 fault root_path: INBOX, not Mail", "MM803 fault sent_path: Sent, not INBOX.Sent"},
		"Sent":       {"MM803 fault root_path: INBOX, not Mail"},
	} {
		got := differencesOf(t, func(c *evidence.Client, e *evidence.Evidence) {
			c.RootPath, c.SentPath, c.Asks = new("Mail"), &sent, evidence.No
			s := evidence.Session{Path: e.Profile.Paths[0]}
			s.Folders = evidence.Folders{Step: evidence.Step{State: evidence.Done}, Namespace: evidence.Yes, Prefix: "INBOX.", Delimiter: ".",
				List: []evidence.Folder{{Name: "INBOX", Delimiter: "."}, {Name: "INBOX.Sent", Delimiter: "."}}}
			e.Sessions = []evidence.Session{s}
		})
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", sent, got, want)
		}
	}
}

// TestUnseenServer claims of no server that it works where this run saw none of them.
func TestUnseenServer(t *testing.T) {
	p, err := profile.Load("runbox")
	if err != nil {
		t.Fatal(err)
	}
	c := asWanted()
	c.Receiving.Host = "mail.example.org"
	for about, sessions := range map[string][]evidence.Session{"": nil, "did not see it working": {{Path: p.Paths[0]}}} {
		for _, d := range Differences(&evidence.Evidence{Profile: p, Sessions: sessions}, c) {
			if d.Field == program.ReceivingHost && (about == "" && d.Why != "" || !strings.Contains(d.Why.String(), about)) {
				t.Errorf("%d sessions: got %q, want %q in it", len(sessions), d.Why, about)
			}
		}
	}
}
