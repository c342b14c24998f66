package main

import (
	"testing"

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
