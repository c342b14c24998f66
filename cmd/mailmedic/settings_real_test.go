package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRealSettings: what is written is what real servers accepted, with the folders that
// they have, and never the password.
func TestRealSettings(t *testing.T) {
	l := startLab(t, nil)
	for _, c := range []struct {
		app, file string
		want      []string
	}{
		{"mbsync", "mbsyncrc", []string{"Host secure.runbox.com", "Port 993", `User "bob%example.org"`, "SSLType IMAPS"}},
		{"msmtp", "msmtprc", []string{"host smtp.runbox.com", "port 587", `user "bob%example.org"`, "tls_starttls on"}},
		{"mutt", "muttrc", []string{"set folder = 'imaps://bob%25example.org@secure.runbox.com:993/'", "set record = '=INBOX.Sent'"}},
		{"aerc", "accounts.conf", []string{"copy-to = `INBOX.Sent`", "smtp-starttls = yes"}},
		{"thunderbird", "config-v1.1.xml", []string{"<username>bob%example.org</username>", "<socketType>STARTTLS</socketType>"}},
		{"ios", "bob-example-org.mobileconfig", []string{"<string>bob%example.org</string>", "<key>IncomingMailServerIMAPPathPrefix</key>"}},
	} {
		folder := filepath.Join(t.TempDir(), "files")
		// The address is typed as the login name, which the servers reject.
		argv := []string{"mailmedic", "settings", "bob@example.org", "--app", c.app, "--login", "bob@example.org", "--test", "--files", folder}
		o := invoke(t, append(argv, l.flags(t, bob)...)...)
		if o.exit != exitOK {
			t.Fatalf("%s: got exit code %d, want 0\n%s%s", c.app, o.exit, o.out, o.err)
		}
		text, err := os.ReadFile(filepath.Join(folder, c.file))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range append(c.want, "receiving and sending worked with this login") {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s: got no %q in\n%s", c.app, want, text)
			}
		}
		if strings.Contains(string(text)+o.out+o.err, bob) {
			t.Errorf("%s: the password is in the file or the output", c.app)
		}
	}
}

// TestRealSettingsRejected: servers that answer and reject the password give no settings.
func TestRealSettingsRejected(t *testing.T) {
	l := startLab(t, nil)
	folder := filepath.Join(t.TempDir(), "files")
	argv := []string{"mailmedic", "settings", "alice@runbox.com", "--app", "mbsync", "--test", "--files", folder}
	o := invoke(t, append(argv, l.flags(t, bob)...)...)
	if o.exit != exitProblem || !strings.Contains(o.err, "No login for incoming mail (IMAP) was accepted") || o.out != "" {
		t.Errorf("got exit code %d, %q and %q, want 2 and that no login was accepted", o.exit, o.out, o.err)
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("a folder was made, want none")
	}
}
