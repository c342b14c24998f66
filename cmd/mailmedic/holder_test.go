package main

import (
	"flag"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// TestHolder picks the stored password of the user's own login name at the provider, and
// none of anybody else's.
func TestHolder(t *testing.T) {
	runbox := load(t, "runbox")
	at := func(host, login string, stored bool) *evidence.ClientServer {
		return &evidence.ClientServer{Host: host, Login: login, Stored: stored}
	}
	const home = "secure.runbox.com"
	for about, c := range map[string]struct {
		clients []evidence.Client
		login   string // of --login
		want    string // the login name that the password is for
	}{
		"the user's own":                          {[]evidence.Client{{Receiving: at(home, "alice", true)}}, "", "alice"},
		"the whole address":                       {[]evidence.Client{{Receiving: at(home, "alice@runbox.com", true)}}, "", "alice@runbox.com"},
		"stored for sending only":                 {[]evidence.Client{{Receiving: at(home, "alice", false), Sending: at("smtp.runbox.com", "alice", true)}}, "", "alice"},
		"somebody else's":                         {[]evidence.Client{{Receiving: at(home, "bob", true)}}, "", ""},
		"somebody else's, and the user's is said": {[]evidence.Client{{Receiving: at(home, "bob", true)}}, "alice", ""},
		"that of a team, as the user says":        {[]evidence.Client{{Receiving: at(home, "team", true)}}, "team", "team"},
		"for sending, with another name":          {[]evidence.Client{{Receiving: at(home, "alice", false), Sending: at("smtp.runbox.com", "newsletter", true)}}, "", ""},
		"the second account is theirs":            {[]evidence.Client{{Receiving: at(home, "bob", true)}, {Receiving: at(home, "alice", true)}}, "", "alice"},
		"another provider's":                      {[]evidence.Client{{Receiving: at("imap.example.org", "alice", true)}}, "", ""},
		"one server is another provider's":        {[]evidence.Client{{Receiving: at(home, "alice", true), Sending: at("smtp.example.org", "alice", true)}}, "", ""},
		"nothing is stored":                       {[]evidence.Client{{Receiving: at(home, "alice", false)}}, "", ""},
		"a host that was not shown":               {[]evidence.Client{{Receiving: at("", "alice", true)}}, "", ""},
		"no server":                               {[]evidence.Client{{Address: "alice@runbox.com"}}, "", ""},
	} {
		got, err := holder(c.clients, profile.Account{Address: "alice@runbox.com", Login: c.login}, runbox)
		if got.server.Login != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: got %q and %v, want %q", about, got.server.Login, err, c.want)
		}
	}
}

// TestTakeOver fills in what the user did not say, and nothing that is somebody else's or
// that only makes sense beside the server's own separator.
func TestTakeOver(t *testing.T) {
	path := func(s string) *string { return &s }
	one := evidence.Client{
		Program: "thunderbird", Address: "alice@runbox.com", Asks: evidence.No, Separator: "/",
		Receiving: &evidence.ClientServer{Host: "imap.runbox.com", Port: 143, Login: "team"},
		Sending:   &evidence.ClientServer{Host: "smtp.runbox.com", Port: 587, Login: "team"},
		RootPath:  path("INBOX"), SentPath: path("Sent"), DraftsPath: path("INBOX/Drafts"),
	}
	for about, c := range map[string]struct {
		change func(*evidence.Client, *profile.Account)
		want   profile.Account
	}{
		"all that is not said":       {func(*evidence.Client, *profile.Account) {}, profile.Account{Login: "team", App: "thunderbird", AppPort: "imap-143", RootPath: path("INBOX"), SentPath: path("Sent")}},
		"the user's word goes first": {func(_ *evidence.Client, a *profile.Account) { a.Login, a.RootPath = "alice", path("") }, profile.Account{Login: "alice", App: "thunderbird", AppPort: "imap-143", RootPath: path(""), SentPath: path("Sent")}},
		"the port of the complaint":  {func(_ *evidence.Client, a *profile.Account) { a.Symptom = "send" }, profile.Account{Login: "team", Symptom: "send", App: "thunderbird", AppPort: "smtp-587", RootPath: path("INBOX"), SentPath: path("Sent")}},
		"somebody else's account":    {func(c *evidence.Client, _ *profile.Account) { c.Address = "bob@runbox.com" }, profile.Account{App: "thunderbird", AppPort: "imap-143", RootPath: path("INBOX"), SentPath: path("Sent")}},
		"an alias, with the own name": {func(c *evidence.Client, _ *profile.Account) {
			c.Address, c.Receiving.Login = "a@alice.example", "alice"
		}, profile.Account{Login: "alice", App: "thunderbird", AppPort: "imap-143", RootPath: path("INBOX"), SentPath: path("Sent")}},
		"a root that the server gives": {func(c *evidence.Client, _ *profile.Account) { c.Asks = evidence.Yes }, profile.Account{Login: "team", App: "thunderbird", AppPort: "imap-143", SentPath: path("Sent")}},
	} {
		client, a := one, profile.Account{Address: "alice@runbox.com"}
		receiving := *one.Receiving
		client.Receiving = &receiving
		c.change(&client, &a)
		takeOver(cli.NewContext(cli.NewApp(), flag.NewFlagSet("check", flag.ContinueOnError), nil), &a, []evidence.Client{client}, load(t, "runbox"))
		c.want.Address = a.Address
		if diff := cmp.Diff(c.want, a); diff != "" {
			t.Errorf("%s: -want +got:\n%s", about, diff)
		}
	}
}
