package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"mailmedic/probe/clientconf"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// inThunderbird are the accounts that TestRealThunderbird sets up, as its file must be
// read. What it was not told is what Thunderbird does of its own accord.
func inThunderbird(file string) []evidence.Client {
	server := func(host string, port int, encryption profile.Encryption, login string) *evidence.ClientServer {
		return &evidence.ClientServer{Host: host, Port: port, Encryption: encryption, Login: login, Auth: evidence.AuthPassword}
	}
	return []evidence.Client{
		{
			Program: "thunderbird", File: file, Account: "alice@runbox.com", Address: "alice@runbox.com",
			Receiving: server("secure.runbox.com", 993, profile.TLS, "alice"),
			Sending:   server("smtp.runbox.com", 587, profile.STARTTLS, "alice"),
			RootPath:  new("INBOX"), SentPath: new("Sent"), DraftsPath: new("Drafts"),
			Asks: evidence.Yes, Separator: "/", CheckMinutes: new(15), SyncsAll: evidence.Yes, Connections: 5,
		},
		{
			Program: "thunderbird", File: file, Account: "bob@example.org", Address: "bob@example.org",
			Receiving: server("imap.runbox.com", 1143, profile.STARTTLS, "bob%example.org"),
			Sending:   server("smtp.runbox.com", 26, profile.STARTTLS, "bob%example.org"),
			SentPath:  new("Sent"), DraftsPath: new("Drafts"),
			Asks: evidence.Yes, Separator: "/", CheckMinutes: new(1), SyncsAll: evidence.Yes, Connections: 5,
		},
	}
}

// TestThunderbirdProfile reads the file that Thunderbird 153 wrote.
func TestThunderbirdProfile(t *testing.T) {
	const file = "../../probe/clientconf/testdata/thunderbird-prefs.js"
	readProfile(t, file, clientconf.Place{OS: "linux", Home: "/home/somebody"}, file)
}

func readProfile(t *testing.T, path string, p clientconf.Place, shown string) {
	t.Helper()
	found := clientconf.Read(path, p)
	if found.Err != nil {
		t.Error(found.Err)
	}
	if diff := cmp.Diff(inThunderbird(shown), found.Accounts); diff != "" {
		t.Errorf("accounts in Thunderbird (-want +got):\n%s", diff)
	}
}
