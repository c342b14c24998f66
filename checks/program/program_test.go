package program_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/checks/program"
	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

// example is an account whose values need care in every format.
func example() program.Settings {
	return program.Settings{
		Address: "bob@example.org", Name: "Bob \"B\" Example", Provider: "Example & Sons",
		Receiving: program.Server{Host: "imap.example.net", Port: 993, Encryption: profile.TLS, Login: "bob%example.org", Tested: program.LoggedIn},
		Sending:   program.Server{Host: "smtp.example.net", Port: 587, Encryption: profile.STARTTLS, Login: "bob%example.org", Tested: program.LoggedIn},
		RootPath:  "INBOX", SentPath: "Sent Items", DraftsPath: "Drafts", Delimiter: ".",
		CheckMinutes: 15, Spare: true,
		Seen: program.Seen{Report: "M7L-765-Y", At: time.Date(2026, 11, 22, 23, 48, 0, 0, time.UTC)},
	}
}

func TestPrograms(t *testing.T) {
	want := strings.Fields("thunderbird outlook apple-mail ios android k9 evolution mutt aerc mbsync msmtp offlineimap himalaya")
	var got []string
	for _, p := range program.All() {
		got = append(got, p.Name)
		found, ok := program.Find(p.Name)
		if !ok || found.Title != p.Title || p.Title == "" || p.Begin == "" {
			t.Errorf("%s: found %t with title %q and beginning %q, want both", p.Name, ok, p.Title, p.Begin)
		}
		for _, f := range program.Fields() {
			where := p.Where(f)
			if strings.ContainsFunc(where, func(r rune) bool { return r > '~' || r < ' ' }) {
				t.Errorf("%s, %s: %q is no plain ASCII", p.Name, f, where)
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got the programs %q, want %q", got, want)
	}
	if _, ok := program.Find("Thunderbird"); ok {
		t.Error("found Thunderbird, want its name in lower case only")
	}
}

// TestWhere: a program that receives has a place for each part of it, and so for sending.
func TestWhere(t *testing.T) {
	receiving := []program.Field{program.ReceivingHost, program.ReceivingPort, program.ReceivingEncryption, program.ReceivingLogin}
	sending := []program.Field{program.SendingHost, program.SendingPort, program.SendingEncryption, program.SendingLogin}
	for _, p := range program.All() {
		for _, direction := range [][]program.Field{receiving, sending} {
			known := 0
			for _, f := range direction {
				if p.Where(f) != "" {
					known++
				}
			}
			if known != 0 && known != len(direction) {
				t.Errorf("%s: knows %d of %q, want all or none", p.Name, known, direction)
			}
		}
		if p.Where(program.ReceivingHost) == "" && p.Where(program.SendingHost) == "" {
			t.Errorf("%s: knows neither direction", p.Name)
		}
	}
	for _, c := range []struct {
		name  string
		field program.Field
		want  string
	}{
		{"thunderbird", program.ReceivingHost, "Account Settings > Server Settings > Server Name"},
		{"mbsync", program.ReceivingHost, "~/.mbsyncrc: IMAPAccount, Host"},
		{"apple-mail", program.RootPath, "Mail > Settings > Accounts > Server Settings > Advanced IMAP Settings > IMAP Path Prefix"},
		{"msmtp", program.ReceivingHost, ""},
		{"aerc", program.RootPath, ""},
	} {
		p, _ := program.Find(c.name)
		if got := p.Where(c.field); got != c.want {
			t.Errorf("%s, %s: got %q, want %q", c.name, c.field, got, c.want)
		}
	}
}

func TestGuide(t *testing.T) {
	for _, c := range []struct {
		name  string
		field program.Field
		want  string // of the value; "-" where there must be no such step
	}{
		{"thunderbird", program.ReceivingHost, "imap.example.net"},
		{"thunderbird", program.ReceivingEncryption, "SSL/TLS"},
		{"thunderbird", program.SendingEncryption, "STARTTLS"},
		{"thunderbird", program.ReceivingLogin, "bob%example.org"},
		{"thunderbird", program.RootPath, "INBOX"},
		{"thunderbird", program.CheckInterval, "15 minutes"},
		{"thunderbird", program.SyncsAll, "off"},
		{"thunderbird", program.Connections, "-"},
		{"thunderbird", program.Verification, "-"},
		{"apple-mail", program.SendingEncryption, "on"},
		{"apple-mail", program.SyncsAll, "None"},
		{"outlook", program.ReceivingAuth, "off"},
		{"outlook", program.SendingAuth, "on, with the same settings as for incoming mail"},
		{"mutt", program.CheckInterval, "900"},
		{"mbsync", program.ReceivingEncryption, "IMAPS"},
		{"mbsync", program.SendingHost, "-"},
		{"msmtp", program.SendingEncryption, "tls on, tls_starttls on"},
		{"aerc", program.ReceivingLogin, "bob%25example.org"},
		{"aerc", program.SentPath, "INBOX.Sent Items"},
		{"aerc", program.RootPath, "-"},
		{"himalaya", program.SentPath, "INBOX.Sent Items"},
		{"evolution", program.SentPath, "Sent Items"},
	} {
		p, _ := program.Find(c.name)
		got := "-"
		for _, step := range p.Guide(example()) {
			if step.Field == c.field {
				got = step.Value.String()
			}
			if step.Where != p.Where(step.Field) || step.Where == "" {
				t.Errorf("%s, %s: got the place %q, want %q", c.name, step.Field, step.Where, p.Where(step.Field))
			}
		}
		if got != c.want {
			t.Errorf("%s, %s: got %q, want %q", c.name, c.field, got, c.want)
		}
	}
}

// TestGuideSaysNoMore: what the provider does not ask for is no step.
func TestGuideSaysNoMore(t *testing.T) {
	s := example()
	s.Spare, s.CheckMinutes, s.NoDrafts, s.DraftsPath, s.SentPath, s.RootPath = false, 0, true, "", "", ""
	for _, p := range program.All() {
		for _, step := range p.Guide(s) {
			switch step.Field {
			case program.SyncsAll, program.Searches, program.CheckInterval, program.Connections, program.SentPath:
				t.Errorf("%s: got the step %+v, want none", p.Name, step)
			case program.DraftsPath:
				if step.Value != "keep on this device" {
					t.Errorf("%s: got drafts %q, want them kept on this device", p.Name, step.Value)
				}
			case program.RootPath:
				if step.Value != "(empty)" {
					t.Errorf("%s: got the root %q, want an empty field", p.Name, step.Value)
				}
			}
		}
	}
}

// TestTold: nothing is said to have worked that was not seen to.
func TestTold(t *testing.T) {
	s := example()
	for _, c := range []struct {
		receiving, sending program.Tested
		simulated          bool
		want, never        string
	}{
		{program.NotTested, program.NotTested, false, "Not tested.", "worked"},
		{program.Answered, program.Answered, false, "receiving and sending answered without a login", "worked"},
		{program.LoggedIn, program.LoggedIn, false, "receiving and sending worked with this login", "SIMULATED"},
		{program.LoggedIn, program.Answered, false, "receiving worked with this login, sending answered without a login", "Not tested"},
		{program.LoggedIn, program.Answered, true, "SIMULATED", "Not tested"},
	} {
		s.Receiving.Tested, s.Sending.Tested, s.Seen.Simulated = c.receiving, c.sending, c.simulated
		got := say.Join(s.Told()...).String()
		if !strings.Contains(got, c.want) || strings.Contains(got, c.never) {
			t.Errorf("%q and %q: got %q, want %q in it and never %q", c.receiving, c.sending, got, c.want, c.never)
		}
	}
}
