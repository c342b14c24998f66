package clientconf

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// The forms of himalaya's file over its versions.
const (
	himalaya1 = `
[accounts.work]
default = true
email = "ann@example.org"
folder.aliases.sent = "Sent Items"
backend.type = "imap"
backend.host = "imap.example.org"
backend.port = 993
backend.encryption.type = "tls"
backend.login = "ann@example.org"
backend.auth.type = "password"
backend.auth.raw = "K4nary-of-the-mine"
message.send.backend.type = "smtp"
message.send.backend.host = "smtp.example.org"
message.send.backend.port = 587
message.send.backend.encryption.type = "start-tls"
message.send.backend.login = "ann"
message.send.backend.auth.type = "password"
message.send.backend.auth.command = ["pass", "show", "K4nary-of-the-mine's"]

[accounts.also]
email = "ann@example.net"
sync.enable = true
backend.type = "maildir"
message.send.save-copy = false
message.send.backend = { type = "smtp", host = "smtp.example.net", port = 465, encryption = "none", login = "a", auth = { type = "oauth2", method = "xoauth2", access-token = { raw = "K4nary-of-the-mine" } } }
`
	himalayaBeta = `
[accounts.beta]
email = "ann@example.org"
backend = "imap"
imap.host = "imap.example.org"
imap.port = 143
imap.encryption = "start-tls"
imap.login = "ann"
imap.passwd.cmd = "pass K4nary-of-the-mine"
message.send.backend = "smtp"
smtp.host = "smtp.example.org"
smtp.port = 465
smtp.encryption = true
smtp.login = "ann"
smtp.passwd.raw = "K4nary-of-the-mine"
sync.enable = true
sync.strategy = "all"
`
	himalaya0 = `
display-name = "Ann"
[old]
email = "ann@example.org"
backend = "imap"
imap-host = "imap.example.org"
imap-port = 143
imap-starttls = true
imap-insecure = true
imap-login = "ann"
imap-passwd-cmd = "pass K4nary-of-the-mine"
sender = "smtp"
smtp-host = "smtp.example.org"
smtp-port = 25
smtp-ssl = false
smtp-login = "ann"
smtp-auth = "passwd"
smtp-passwd = { raw = "K4nary-of-the-mine" }
sync = true
[old.folder-aliases]
drafts = "INBOX.Drafts"
`
	himalaya2 = `
mailbox.alias.SENT = "Outbox"
[accounts.new]
imap.server = "imap.example.org"
imap.sasl.plain.username = "ann"
imap.sasl.plain.password.raw = "K4nary-of-the-mine"
smtp.server = "smtp://smtp.example.org"
smtp.starttls = true
smtp.sasl.scram-sha-256.username = "ann"
smtp.sasl.scram-sha-256.password.command = "pass K4nary-of-the-mine"
`
)

func TestHimalaya(t *testing.T) {
	readings(t, himalaya, []fileCase{
		{name: "1.x", text: himalaya1, want: []evidence.Client{{
			Program: "himalaya", File: "~/f", Account: "work", Address: "ann@example.org",
			Receiving: &evidence.ClientServer{Host: "imap.example.org", Port: 993, Encryption: profile.TLS, Login: "ann@example.org", Auth: evidence.AuthPassword, Stored: true},
			Sending:   &evidence.ClientServer{Host: "smtp.example.org", Port: 587, Encryption: profile.STARTTLS, Login: "ann", Auth: evidence.AuthPassword, Stored: true},
			SentPath:  pointer("Sent Items"), DraftsPath: pointer("Drafts"), CheckMinutes: pointer(0), SyncsAll: evidence.No,
		}, {
			Program: "himalaya", File: "~/f", Account: "also", Address: "ann@example.net",
			Sending: &evidence.ClientServer{Host: "smtp.example.net", Port: 465, Encryption: profile.None, Login: "a", Auth: evidence.AuthOAuth},
		}}},
		{name: "betas of 1.0", text: himalayaBeta, want: []evidence.Client{{
			Program: "himalaya", File: "~/f", Account: "beta", Address: "ann@example.org",
			Receiving: &evidence.ClientServer{Host: "imap.example.org", Port: 143, Encryption: profile.STARTTLS, Login: "ann", Auth: evidence.AuthPassword, Stored: true},
			Sending:   &evidence.ClientServer{Host: "smtp.example.org", Port: 465, Encryption: profile.TLS, Login: "ann", Auth: evidence.AuthPassword, Stored: true},
			SentPath:  pointer("Sent"), DraftsPath: pointer("Drafts"), CheckMinutes: pointer(0),
		}}},
		{name: "0.x", text: himalaya0, want: []evidence.Client{{
			Program: "himalaya", File: "~/f", Account: "old", Address: "ann@example.org",
			Receiving: &evidence.ClientServer{Host: "imap.example.org", Port: 143, Encryption: profile.STARTTLS, Unverified: true, Login: "ann", Auth: evidence.AuthPassword, Stored: true},
			Sending:   &evidence.ClientServer{Host: "smtp.example.org", Port: 25, Encryption: profile.None, Login: "ann", Auth: evidence.AuthPassword, Stored: true},
			SentPath:  pointer("Sent"), DraftsPath: pointer("INBOX.Drafts"), CheckMinutes: pointer(0), SyncsAll: evidence.Yes,
		}}},
		{name: "2.x", text: himalaya2, want: []evidence.Client{{
			Program: "himalaya", File: "~/f", Account: "new",
			Receiving: &evidence.ClientServer{Host: "imap.example.org", Port: 993, Encryption: profile.TLS, Login: "ann", Auth: evidence.AuthPassword, Stored: true},
			Sending:   &evidence.ClientServer{Host: "smtp.example.org", Encryption: profile.STARTTLS, Login: "ann", Auth: evidence.AuthEncrypted, Stored: true},
			SentPath:  pointer("Outbox"), CheckMinutes: pointer(0), SyncsAll: evidence.No,
		}}},
		{name: "a proxy on this computer", text: "[accounts.x]\nimap.server = \"unix:///run/x\""},
		{name: "broken", text: "[accounts.x]\nbackend.auth.raw = " + sealed, fails: "line 2 is not TOML"},
		{name: "cut", text: himalaya1[:strings.Index(himalaya1, "K4nary")+9], fails: "is not TOML"},
		{name: "wrong kinds", text: "[accounts.x]\nimap-host = 7\nbackend = [1]\nemail = {}\nmessage = 3"},
		{name: "nothing", text: ""},
	})
}

func TestHimalayaSecret(t *testing.T) {
	tells(t, himalayaSecret, himalaya1, "work", [4]string{sealed, "", "", `'pass' 'show' '` + sealed + `'\''s'`})
	tells(t, himalayaSecret, himalaya1, "also", [4]string{}) // a token is no password
	tells(t, himalayaSecret, himalayaBeta, "beta", [4]string{"", "pass " + sealed, sealed, ""})
	tells(t, himalayaSecret, himalaya0, "old", [4]string{"", "pass " + sealed, sealed, ""})
	tells(t, himalayaSecret, himalaya2, "new", [4]string{sealed, "", "", "pass " + sealed})
	tells(t, himalayaSecret, "[", "new", [4]string{})
}

// TestHimalayaHostile has files that libraries need hours or all memory for.
func TestHimalayaHostile(t *testing.T) {
	var keys strings.Builder
	for i := 0; keys.Len() < himalayaMost-20; i++ {
		fmt.Fprintf(&keys, "[a.k%d]\n", i)
	}
	var accounts strings.Builder
	for i := 0; accounts.Len() < himalayaMost-40; i++ {
		fmt.Fprintf(&accounts, "[k%d]\nbackend=\"imap\"\n", i)
	}
	for name, text := range map[string]string{
		"many accounts": accounts.String(),
		"long key":      strings.Repeat("a.", himalayaMost/2-8) + "a = 1",
		"deep array":    "a = " + strings.Repeat("[", himalayaMost-8),
		"deep table":    "a = " + strings.Repeat("{a=", himalayaMost/3-8),
		"many tables":   keys.String(),
		"long file":     strings.Repeat("#\n", himalayaMost),
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			got, _ := himalaya(text, Origin{})
			if len(got) > 0 {
				t.Errorf("got %d accounts, want none", len(got))
			}
			if took := time.Since(begin); took > bearable {
				t.Errorf("took %v", took)
			}
		})
	}
}

func FuzzHimalaya(f *testing.F) {
	for _, text := range []string{himalaya1, himalayaBeta, himalaya0, himalaya2, "accounts = [1]", "[accounts]\nx = {backend = {type = 'imap'}}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		isHimalaya("f", text)
		hushed(t, text, himalaya, himalayaSecret)
	})
}
