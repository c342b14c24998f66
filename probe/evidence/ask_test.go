package evidence

import (
	"slices"
	"testing"

	"mailmedic/probe/profile"
)

func TestMechanisms(t *testing.T) {
	for _, c := range []struct {
		about    string
		protocol profile.Protocol
		offered  []string
		want     []string
	}{
		{"PLAIN before LOGIN, in any order and case", profile.IMAP, []string{"IMAP4rev1", "auth=login", "AUTH=PLAIN", "LOGINDISABLED"}, []string{"PLAIN", "LOGIN"}},
		{"the LOGIN command when nothing forbids it", profile.IMAP, []string{"IMAP4rev1"}, []string{LoginCommand}},
		{"LOGINDISABLED alone", profile.IMAP, []string{"IMAP4rev1", "LOGINDISABLED"}, nil},
		{"nothing was read", profile.IMAP, nil, nil},
		{"SMTP", profile.SMTP, []string{"SIZE 1000", "AUTH LOGIN PLAIN CRAM-MD5"}, []string{"PLAIN", "LOGIN"}},
		{"the older AUTH= form", profile.SMTP, []string{"AUTH=LOGIN"}, []string{"LOGIN"}},
		{"a word that only begins so", profile.SMTP, []string{"AUTHENTIC PLAIN"}, nil},
	} {
		if got := Mechanisms(c.protocol, c.offered); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.about, got, c.want)
		}
	}
}

func TestUntestable(t *testing.T) {
	for offered, want := range map[string]bool{"AUTH CRAM-MD5": true, "AUTH SCRAM-SHA-256": true, "AUTH PLAIN CRAM-MD5": false, "AUTH XOAUTH2": false, "SIZE": false} {
		s := Session{Path: profile.Path{Protocol: profile.SMTP}, Capability: Capability{Step: Step{State: Done}, Final: []string{offered}}}
		if got := s.Untestable(); got != want {
			t.Errorf("%s: got %v, want %v", offered, got, want)
		}
	}
}

func TestElsewhere(t *testing.T) {
	p := &profile.Profile{MX: []string{"example.com"}}
	answered := func(hosts ...string) *Lookup { return &Lookup{Step: Step{State: Done}, Answers: hosts} }
	for name, c := range map[string]struct {
		lookup *Lookup
		want   bool
	}{
		"another provider's":  {answered("mx.elsewhere.example"), true},
		"the provider's":      {answered("mx.example.com"), false},
		"one of several":      {answered("mx.elsewhere.example", "mx.example.com"), false},
		"only ends alike":     {answered("mx.notexample.com"), true},
		"no record":           {answered(), false},
		"the question failed": {&Lookup{Step: Step{State: Failed}, Answers: []string{"mx.elsewhere.example"}}, false},
		"it was never asked":  {nil, false},
	} {
		if got := c.lookup.Elsewhere(p); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestFolderRoles(t *testing.T) {
	for _, c := range []struct {
		folder Folder
		role   Role
		want   bool
	}{
		{Folder{Name: "INBOX.Sent", Delimiter: "."}, Sent, true},
		{Folder{Name: "Sent Items", Delimiter: "/"}, Sent, true},
		{Folder{Name: "Gesendet", Delimiter: "/"}, Sent, true},
		{Folder{Name: "Post", Delimiter: "/", Attributes: []string{`\sent`}}, Sent, true},
		{Folder{Name: "Sentinel", Delimiter: "/"}, Sent, false},
		{Folder{Name: "Sent/2024", Delimiter: "/"}, Sent, false},
		{Folder{Name: "Kladder", Delimiter: "/"}, Drafts, true},
		{Folder{Name: "a", Delimiter: "€"}, Sent, false},
		{Folder{Name: "INBOX€Sent", Delimiter: "€"}, Sent, true},
	} {
		if got := c.folder.Is(c.role); got != c.want {
			t.Errorf("%+v is %s: got %v, want %v", c.folder, c.role, got, c.want)
		}
	}
}

func TestFamily(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.1": "4", "192.0.2.1:993": "4", "2001:db8::1": "6", "[2001:db8::1]:993": "6", "::ffff:192.0.2.1": "4", "mail.example.org": "", "": "",
	} {
		if got := Family(address); got != want {
			t.Errorf("Family(%q): got %q, want %q", address, got, want)
		}
	}
}
