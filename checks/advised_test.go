package checks_test

import (
	"testing"

	"mailmedic/checks"
	"mailmedic/checks/program"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// TestAdvisedWasSeen holds what would be written into files against every scenario: a
// server that worked, a login name that was not turned down, or a reason.
func TestAdvisedWasSeen(t *testing.T) {
	complete, missing := 0, 0
	for _, s := range scenarios(t) {
		e := &s.evidence
		got, why := checks.Advised(e)
		if len(why) > 0 {
			missing++
			continue
		}
		complete++
		for _, server := range []program.Server{got.Receiving, got.Sending} {
			if !worked(e, server.Host, server.Port, server.Encryption.Shown()) {
				t.Errorf("%s: advises %+v, which this run did not see working", s.name, server)
			}
			if server.Tested == program.NotTested || server.Login == "" {
				t.Errorf("%s: got %+v, want a login name and how far it was tested", s.name, server)
			}
		}
		for protocol, server := range map[profile.Protocol]program.Server{profile.IMAP: got.Receiving, profile.SMTP: got.Sending} {
			if turnedDown(e, protocol, server.Login) {
				t.Errorf("%s: advises the name %q for %s, which the server rejected", s.name, server.Login, protocol)
			}
		}
	}
	if complete < 50 || missing < 50 {
		t.Errorf("got %d scenarios with settings and %d without, want 50 of each or more", complete, missing)
	}
}

// turnedDown tells whether a direction rejected a name and accepted it nowhere.
func turnedDown(e *evidence.Evidence, p profile.Protocol, name string) bool {
	down := false
	for _, l := range e.Logins {
		if e.Session(l.Path).Path.Protocol != p || l.Name != name {
			continue
		}
		if l.Result == evidence.Accepted {
			return false
		}
		down = down || l.Result == evidence.RejectedIn
	}
	return down
}

// recorded finds one scenario.
func recorded(t *testing.T, name string) *evidence.Evidence {
	t.Helper()
	s := load(t, "testdata/scenarios/"+name+".txtar")
	return &s.evidence
}

func TestAdvised(t *testing.T) {
	for _, c := range []struct {
		name              string
		receiving         int // port, 0 where none may be advised
		sending           int
		login, root, sent string
	}{
		{"healthy", 993, 587, "alice", "INBOX", "Sent"},
		{"name-form-address", 993, 587, "alice", "INBOX", "Sent"}, // typed as alice@runbox.com, which is rejected
		{"name-form-hosted", 993, 587, "bob%example.org", "INBOX", "Sent"},
		{"starttls-blocked-587", 993, 26, "alice", "INBOX", "Sent"},
	} {
		got, why := checks.Advised(recorded(t, c.name))
		if got.Receiving.Port != c.receiving || got.Sending.Port != c.sending || len(why) > 0 {
			t.Errorf("%s: got the ports %d and %d and %q, want %d and %d", c.name, got.Receiving.Port, got.Sending.Port, why, c.receiving, c.sending)
		}
		if got.Receiving.Login != c.login || got.RootPath != c.root || got.SentPath != c.sent {
			t.Errorf("%s: got %q, root %q and %q, want %q, %q and %q", c.name, got.Receiving.Login, got.RootPath, got.SentPath, c.login, c.root, c.sent)
		}
		if got.CheckMinutes != 15 || !got.Spare || !got.NoDrafts {
			t.Errorf("%s: got %d minutes, spare %t, no drafts %t; want 15, true, true", c.name, got.CheckMinutes, got.Spare, got.NoDrafts)
		}
	}
}

// TestAdvisedNewer: where the old names are gone, the newer instructions worked, and only
// those may be written down. With one direction of the old ones at work, neither set is whole.
func TestAdvisedNewer(t *testing.T) {
	got, why := checks.Advised(recorded(t, "old-names-gone"))
	if len(why) > 0 || got.Receiving.Host != "mail.runbox.com" || got.Receiving.Tested != program.Answered || got.Receiving.Login != "alice@runbox.com" || got.RootPath != "" {
		t.Errorf("old-names-gone: got %+v and %q, want mail.runbox.com, where no login was tried", got, why)
	}
	got, why = checks.Advised(recorded(t, "old-receiving-down-newer-works"))
	if len(why) != 1 || got.Receiving.Host != "" || got.Sending.Host != "smtp.runbox.com" {
		t.Errorf("old-receiving-down-newer-works: got %+v and %q, want sending only, and one reason", got, why)
	}
}

// TestAdvisedFolders: the paths are those of the server that is advised, in its own words.
func TestAdvisedFolders(t *testing.T) {
	for _, c := range []struct{ name, root, sent, drafts, delimiter string }{
		{"old-server-down", "", "Sent", "Drafts", "/"}, // port 1143 leads to another server than 993
		{"healthy-german", "", "Gesendet", "Entw\u00fcrfe", "."},
		{"healthy-inbox-only", "", "", "", "/"},
		{"healthy-no-login", "INBOX", "Sent", "", ""}, // nobody looked: as the page says
	} {
		got, _ := checks.Advised(recorded(t, c.name))
		if got.RootPath != c.root || got.SentPath != c.sent || got.DraftsPath != c.drafts || got.Delimiter != c.delimiter {
			t.Errorf("%s: got root %q, sent %q, drafts %q, delimiter %q; want %q, %q, %q, %q", c.name, got.RootPath, got.SentPath, got.DraftsPath, got.Delimiter, c.root, c.sent, c.drafts, c.delimiter)
		}
	}
}

// TestAdvisedNot: a path that answered while the login was rejected beside it proves nothing.
func TestAdvisedNot(t *testing.T) {
	e := recorded(t, "healthy")
	for i := range e.Logins {
		e.Logins[i].Result = evidence.RejectedIn
	}
	for i := range e.Sessions {
		e.Sessions[i].Login = evidence.Step{State: evidence.Skipped}
	}
	if got, why := checks.Advised(e); len(why) != 2 || got.Receiving.Host != "" || got.Sending.Host != "" {
		t.Errorf("with all logins rejected: got %+v and %q, want no servers and two reasons", got, why)
	}
	e.Logins = nil
	got, why := checks.Advised(e)
	if len(why) > 0 || got.Receiving.Tested != program.Answered || got.Receiving.Login != "alice" {
		t.Errorf("without logins: got %+v and %q, want a server that answered, and the name that the profile says", got.Receiving, why)
	}
}

func TestPublished(t *testing.T) {
	p, err := profile.Load("runbox")
	if err != nil {
		t.Fatal(err)
	}
	got := checks.Published(p, "bob@example.org")
	want := program.Settings{
		Address: "bob@example.org", Provider: "Runbox",
		Receiving: program.Server{Host: "secure.runbox.com", Port: 993, Encryption: profile.TLS, Login: "bob%example.org"},
		Sending:   program.Server{Host: "smtp.runbox.com", Port: 587, Encryption: profile.STARTTLS, Login: "bob%example.org"},
		RootPath:  "INBOX", SentPath: "Sent", NoDrafts: true, CheckMinutes: 15, Spare: true,
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for minutes, want := range map[int]int{0: 0, 1: 5, 5: 10, 10: 15, 12: 15, 30: 35} {
		p.Checking.MinMinutes = minutes
		if got := checks.Published(p, "bob@example.org").CheckMinutes; got != want {
			t.Errorf("at least %d minutes: got %d, want %d", minutes, got, want)
		}
	}
	if told := got.Told(); len(told) != 1 || told[0].String() != "Not tested. These are the settings that Runbox publishes." {
		t.Errorf("got %q", told)
	}
}
