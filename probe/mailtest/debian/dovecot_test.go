package debian

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const password = `pa:ss %u w{o}rd`

func accounts() []User {
	return []User{{"alice", password}, {"bob%example.org", password}}
}

func login(user string) string { return `LOGIN "` + user + `" "` + password + `"` }

func TestDovecotAllowsLoginsOnlyOverTLS(t *testing.T) {
	Require(t)
	certificate := selfSigned(t, serverName)
	d := StartDovecot(t, DovecotOptions{Certificate: certificate, Users: accounts()})

	s := dial(t, d.Plain)
	greeting := s.line()
	holds(t, "greeting", greeting, "* OK [CAPABILITY IMAP4rev1 ")
	before := s.imap("CAPABILITY")
	holds(t, "CAPABILITY in clear text", before, " STARTTLS LOGINDISABLED")
	holds(t, "LOGIN in clear text", s.imap(login("alice")), "a NO [PRIVACYREQUIRED]")
	holds(t, "STARTTLS", s.imap("STARTTLS"), "a OK ")
	s.secure(certificate)
	secured := s.imap("CAPABILITY")
	holds(t, "CAPABILITY over TLS", secured, " AUTH=PLAIN")
	lacks(t, "CAPABILITY over TLS", secured, "LOGINDISABLED")
	holds(t, "LOGIN over TLS", s.imap(login("alice")), "a OK ")
	holds(t, "LOGOUT", s.imap("LOGOUT"), "a OK ")

	d.Stop()
	if diff := cmp.Diff([]Attempt{{"alice", true}}, d.Attempts()); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
}

func TestDovecotTakesLoginNamesLiterally(t *testing.T) {
	Require(t)
	certificate := selfSigned(t, serverName)
	d := StartDovecot(t, DovecotOptions{Certificate: certificate, Users: accounts()})

	var want []Attempt
	for _, c := range []struct {
		user, answer string
		accepted     bool
	}{
		{"alice", "a OK ", true},
		{"bob%example.org", "a OK ", true},
		{"alice@runbox.com", "a NO [AUTHENTICATIONFAILED]", false},
		{"bob@example.org", "a NO [AUTHENTICATIONFAILED]", false},
		{"Alice", "a NO [AUTHENTICATIONFAILED]", false},
	} {
		s := dial(t, d.TLS)
		s.secure(certificate)
		holds(t, "greeting", s.line(), "* OK ")
		holds(t, "LOGIN "+c.user, s.imap(login(c.user)), c.answer)
		holds(t, "LOGOUT", s.imap("LOGOUT"), "a OK ")
		want = append(want, Attempt{c.user, c.accepted})
	}
	d.Stop()
	if diff := cmp.Diff(want, d.Attempts()); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
	lacks(t, "log", d.Log(), password)
}

func TestDovecotFolders(t *testing.T) {
	Require(t)
	for _, c := range []struct {
		name                    string
		options                 DovecotOptions
		namespace, capabilities string
		list                    []string
	}{
		{
			name:      "the old server",
			options:   DovecotOptions{Prefix: "INBOX.", Separator: ".", Folders: []string{"INBOX.Sent", "INBOX.Old.2010"}},
			namespace: `* NAMESPACE (("INBOX." ".")) NIL NIL`,
			list: []string{
				`* LIST (\HasChildren) "." INBOX`,
				`* LIST (\Noselect \HasChildren) "." INBOX.Old`,
				`* LIST (\HasNoChildren) "." INBOX.Old.2010`,
				`* LIST (\HasNoChildren) "." INBOX.Sent`,
			},
		},
		{
			name:         "the new server",
			options:      DovecotOptions{Separator: "/", Folders: []string{"Sent", "Drafts", "Trash", "Old/v1.0"}},
			namespace:    `* NAMESPACE (("" "/")) NIL NIL`,
			capabilities: " SPECIAL-USE",
			list: []string{
				`* LIST (\HasNoChildren) "/" INBOX`,
				`* LIST (\HasNoChildren \Drafts) "/" Drafts`,
				`* LIST (\HasNoChildren \Sent) "/" Sent`,
				`* LIST (\HasNoChildren \Trash) "/" Trash`,
				`* LIST (\HasNoChildren) "/" Old/v1.0`,
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			certificate := selfSigned(t, serverName)
			c.options.Certificate, c.options.Users = certificate, accounts()
			d := StartDovecot(t, c.options)
			for _, user := range accounts() {
				s := dial(t, d.TLS)
				s.secure(certificate)
				s.line()
				holds(t, "LOGIN", s.imap(login(user.Name)), "a OK ")
				holds(t, "NAMESPACE", s.imap("NAMESPACE"), c.namespace+"\n")
				capabilities := s.imap("CAPABILITY")
				if c.capabilities == "" {
					lacks(t, "CAPABILITY", capabilities, "SPECIAL-USE")
				}
				holds(t, "CAPABILITY", capabilities, c.capabilities)
				list := s.imap(`LIST "" "*"`)
				for _, want := range c.list {
					holds(t, "LIST", list, want+"\n")
				}
				folder := c.options.Folders[0]
				holds(t, "EXAMINE "+folder, s.imap("EXAMINE "+folder), "a OK [READ-ONLY]")
			}
		})
	}
}

func TestDovecotSubscriptions(t *testing.T) {
	Require(t)
	certificate := selfSigned(t, serverName)
	for _, o := range []DovecotOptions{
		{Prefix: "INBOX.", Separator: ".", Folders: []string{"INBOX.Sent", "INBOX.Old.2010"}, Subscribed: true},
		{Separator: "/", Folders: []string{"Sent", "Old/v1.0"}, Subscribed: true},
		{Folders: []string{"Sent"}},
	} {
		o.Certificate, o.Users = certificate, accounts()
		d := StartDovecot(t, o)
		s := dial(t, d.TLS)
		s.secure(certificate)
		s.line()
		holds(t, "LOGIN", s.imap(login("alice")), "a OK ")
		list := s.imap(`LSUB "" "*"`)
		for _, folder := range o.Folders {
			if got := strings.Contains(list, " "+folder+"\n"); got != o.Subscribed {
				t.Errorf("subscribed to %s: got %v, want %v, in %q", folder, got, o.Subscribed, list)
			}
		}
		holds(t, "LOGOUT", s.imap("LOGOUT"), "a OK ")
	}
}

func TestDovecotSettingsComeLast(t *testing.T) {
	Require(t)
	certificate := selfSigned(t, serverName)
	d := StartDovecot(t, DovecotOptions{Certificate: certificate, Settings: "login_greeting = hello there"})
	if got := dial(t, d.Plain).line(); !strings.HasSuffix(got, "] hello there") {
		t.Errorf("greeting = %q, want it to end in %q", got, "hello there")
	}
}

func TestDovecotRefusesWhatItCannotServe(t *testing.T) {
	Require(t)
	certificate := selfSigned(t, serverName)
	for _, c := range []struct {
		name, want string
		options    DovecotOptions
	}{
		{"no certificate", "the certificate or its key is empty", DovecotOptions{}},
		{"a colon in a name", `user "a:b": a password file cannot hold this name`,
			DovecotOptions{Certificate: certificate, Users: []User{{"a:b", "x"}}}},
		{"a folder elsewhere", `user "alice": folder "Sent" is not below the prefix "INBOX."`,
			DovecotOptions{Certificate: certificate, Users: accounts(), Prefix: "INBOX.", Folders: []string{"Sent"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.options.write(t.TempDir(), "127.0.0.2:1", "127.0.0.2:2")
			if err == nil || err.Error() != c.want {
				t.Errorf("write() = %v, want %s", err, c.want)
			}
		})
	}
}
