package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRealClient tests with what a mail program has: its login name, its folder paths, and,
// where the user says so, its password.
func TestRealClient(t *testing.T) {
	l := startLab(t, nil)
	const mbsyncrc = "IMAPAccount box\nHost imap.runbox.com\nPort 143\nSSLType STARTTLS\nUser USER\nPass \"PASS\"\n\n" +
		"IMAPStore far\nAccount box\n\nMaildirStore near\nPath ~/mail/\n\nChannel box\nFar :far:\nNear :near:\nPatterns INBOX Sent\n"
	const muttrc = "set from=alice@runbox.com\nset folder=imaps://alice@secure.runbox.com/INBOX\nset spoolfile=imaps://alice@secure.runbox.com/INBOX\n" +
		"set record=\"=Gesendet\"\nset timeout=1200 mail_check=1200\nset imap_pass=\"PASS\"\nset ssl_force_tls=yes\n"
	for _, c := range []struct {
		about, name, text string
		user, password    string
		end               exit
		want, never       string
		logins            []string // names that were tried on the receiving servers, each once
		says              string
	}{
		{"all is right", ".mbsyncrc", mbsyncrc, "alice", alice, 0, "", "MM601 MM960 MM503 MM701", []string{"a***"}, ""},
		{"the address as login name", ".mbsyncrc", mbsyncrc, "alice@runbox.com", alice, 2, "MM601", "MM701 MM960", []string{"a***", "a***@runbox.com"}, "a***@runbox.com"},
		{"a stored password that is wrong", ".mbsyncrc", mbsyncrc, "alice", "Wrong-55-Lantern", 2, "MM701", "MM601", []string{"a***"}, ""},
		{"whole folder names, without a root", ".muttrc", strings.NewReplacer("com/INBOX\nset spool", "com/\nset spool", "=Gesendet", "=INBOX.Sent").Replace(muttrc), "", alice, 0, "", "MM802 MM601", []string{"a***"}, ""},
		{"a folder that is not there", ".muttrc", muttrc, "", alice, 1, "MM803", "MM802 MM601", []string{"a***"}, "INBOX.Gesendet"},
	} {
		t.Run(c.about, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), c.name)
			text := strings.NewReplacer("USER", c.user, "PASS", c.password).Replace(c.text)
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			argv := append([]string{"mailmedic", "check", "alice@runbox.com", "--client", file, "--use-client-password", "--json", "--no-input", "--no-memory"}, l.places()...)
			o := invoke(t, argv...)
			if err := json.Unmarshal([]byte(o.out), &o.report); err != nil {
				t.Fatalf("standard output is no report: %v\n%s\n%s", err, o.out, o.err)
			}
			o.codes(t, c.end, c.want, c.never)
			var tried []string
			for _, login := range o.report.Evidence.Logins {
				if strings.HasPrefix(login.Path, "imap") && !slices.Contains(tried, login.Name) {
					tried = append(tried, login.Name)
				}
			}
			slices.Sort(tried)
			if !slices.Equal(tried, c.logins) {
				t.Errorf("login names: got %q, want %q", tried, c.logins)
			}
			if !strings.Contains(o.out, c.says) {
				t.Errorf("got no %q in the report", c.says)
			}
			if strings.Contains(o.out+o.err, c.password) {
				t.Error("the password is in the output")
			}
		})
	}
}

// TestRealClientElsewhere leaves a password alone that is stored for other servers, and says
// nothing to the provider's.
func TestRealClientElsewhere(t *testing.T) {
	l := startLab(t, nil)
	file := filepath.Join(t.TempDir(), ".msmtprc")
	text := "account work\nhost smtp.example.org\nport 587\ntls on\nauth on\nuser alice\nfrom alice@runbox.com\npassword " + alice + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	argv := append([]string{"mailmedic", "check", "alice@runbox.com", "--client", file, "--use-client-password", "--no-input"}, l.places()...)
	o := invoke(t, argv...)
	if o.exit != exitPassword || !strings.Contains(o.err, "its password stays where it is") || o.out != "" || strings.Contains(o.err, alice) {
		t.Errorf("got exit code %d, %q and %q, want 77 and why", o.exit, o.out, o.err)
	}
}
