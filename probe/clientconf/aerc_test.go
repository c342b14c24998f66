package clientconf

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

const aercFile = `# accounts of aerc
[Work]
source        = imaps://ann%40example.org:K4nary-of-the-mine@imap.example.org
outgoing      = smtps+login://ann%40example.org:K4nary-of-the-mine@smtp.example.org:465
default       = INBOX
from          = "Ann Example" <ann@example.org>
copy-to       = Sent Items
check-mail    = 90s   ; three halves

[List]
source            = imap+insecure://ann@imap.example.net:1143
source-cred-cmd   = "pass show K4nary-of-the-mine"
outgoing          = smtp://ann@smtp.example.net
outgoing-cred-cmd = pass show K4nary-of-the-mine
smtp-starttls     = no
from              = Ann, of the list <ann@example.net>
postpone          = INBOX.Drafts
check-mail        = 5m
check-mail-exclude = Spam

[Disk]
source   = maildir://~/mail
outgoing = /usr/sbin/sendmail
from     = ann@example.org

[Half]
source   = notmuch://~/mail
outgoing = smtp+none://localhost:2525
from     = ann@example.org
`

func TestAerc(t *testing.T) {
	readings(t, aerc, []fileCase{
		{name: "several", text: aercFile, want: []evidence.Client{{
			Program: "aerc", File: "~/f", Account: "Work", Address: "ann@example.org",
			Receiving: &evidence.ClientServer{Host: "imap.example.org", Port: 993, Encryption: profile.TLS, Login: "ann@example.org", Auth: evidence.AuthPassword, Stored: true},
			Sending:   &evidence.ClientServer{Host: "smtp.example.org", Port: 465, Encryption: profile.TLS, Login: "ann@example.org", Auth: evidence.AuthPassword, Stored: true},
			SentPath:  pointer("Sent Items"), DraftsPath: pointer("Drafts"),
			CheckMinutes: pointer(2), SyncsAll: evidence.Yes, Connections: 1, Asks: evidence.No,
		}, {
			Program: "aerc", File: "~/f", Account: "List", Address: "ann@example.net",
			Receiving:  &evidence.ClientServer{Host: "imap.example.net", Port: 1143, Encryption: profile.None, Login: "ann", Auth: evidence.AuthPassword, Stored: true},
			Sending:    &evidence.ClientServer{Host: "smtp.example.net", Port: 587, Encryption: profile.None, Login: "ann", Auth: evidence.AuthPassword, Stored: true},
			DraftsPath: pointer("INBOX.Drafts"), CheckMinutes: pointer(5), Connections: 1, Asks: evidence.No,
			Missed: []string{"smtp-starttls = no counts for aerc 0.14; newer ones use STARTTLS all the same"},
		}, {
			Program: "aerc", File: "~/f", Account: "Half", Address: "ann@example.org",
			Sending: &evidence.ClientServer{Host: "localhost", Port: 2525, Encryption: profile.STARTTLS, Auth: evidence.AuthNone},
			Missed:  []string{"without smtp-starttls aerc 0.14 does not encrypt; newer ones use STARTTLS"},
		}}},
		{name: "OAuth, CRLF, and settings above the first heading, which are nobody's", text: "from = a@example.org\r\ncheck-mail = 1h\r\n[x]\r\nsource = imaps+xoauth2://a:" + sealed + "@i.example\r\noutgoing = smtp+insecure+oauthbearer://a:" + sealed + "@s.example\r\n", want: []evidence.Client{{
			Program: "aerc", File: "~/f", Account: "x",
			Receiving:  &evidence.ClientServer{Host: "i.example", Port: 993, Encryption: profile.TLS, Login: "a", Auth: evidence.AuthOAuth},
			Sending:    &evidence.ClientServer{Host: "s.example", Port: 587, Encryption: profile.None, Login: "a", Auth: evidence.AuthOAuth},
			DraftsPath: pointer("Drafts"), CheckMinutes: pointer(0), SyncsAll: evidence.No, Connections: 1, Asks: evidence.No,
		}}},
		{name: "certificate not verified", text: "[x]\nsource = imaps+insecure://a@i.example\ncheck-mail = soon", want: []evidence.Client{{
			Program: "aerc", File: "~/f", Account: "x",
			Receiving:  &evidence.ClientServer{Host: "i.example", Port: 993, Encryption: profile.TLS, Login: "a", Auth: evidence.AuthPassword, Unverified: true},
			DraftsPath: pointer("Drafts"), Connections: 1, Asks: evidence.No, Missed: []string{"check-mail is not a duration"},
		}}},
		{name: "broken URL", text: "[x]\nsource = imaps://a:" + sealed + "%zz@[host\n[y]\nsource = imap://i.example", fails: `account "x": source is not a URL`, want: []evidence.Client{{
			Program: "aerc", File: "~/f", Account: "y",
			Receiving:  &evidence.ClientServer{Host: "i.example", Port: 143, Encryption: profile.STARTTLS, Auth: evidence.AuthPassword},
			DraftsPath: pointer("Drafts"), CheckMinutes: pointer(0), SyncsAll: evidence.No, Connections: 1, Asks: evidence.No,
		}}},
		{name: "cut", text: "[x]\nsource = imaps://a:" + sealed, fails: `account "x": source is not a URL`},
		{name: "cut in a password of digits", text: "[x]\nsource = imaps://a:1234", fails: `account "x": source names no user`},
		{name: "slash in the password", text: "[x]\nsource = imaps://a%40b:12/" + sealed + "@i.example\noutgoing = smtps://a@b:12/" + sealed + "@i.example", fails: `account "x": outgoing is not a URL`},
		{name: "nothing", text: ""},
	})
}

func TestAercStopsAtManyAccounts(t *testing.T) {
	got, err := aerc(strings.Repeat("[x]\nsource = imap://i.example\n", mostAccounts+9), Origin{})
	if len(got) != mostAccounts || err == nil {
		t.Errorf("got %d accounts and error %v, want %d and one", len(got), err, mostAccounts)
	}
}

// TestSectionsHostile has files that are all headings, or all keys for each account.
func TestSectionsHostile(t *testing.T) {
	var keys strings.Builder
	for i := 0; keys.Len() < 4<<20; i++ {
		fmt.Fprintf(&keys, "k%d=\n", i)
	}
	for name, text := range map[string]string{
		"headings":     strings.Repeat("[x]\n", 2<<20),
		"keys for all": keys.String() + strings.Repeat("[x]\nsource=imap://i.example\n", 2*mostAccounts),
		"no lines":     strings.Repeat("[", 8<<20),
	} {
		begin := time.Now()
		if got, _ := aerc(text, Origin{}); len(got) > mostAccounts {
			t.Errorf("%s: got %d accounts, want at most %d", name, len(got), mostAccounts)
		}
		if took := time.Since(begin); took > bearable {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

func TestAercSecret(t *testing.T) {
	tells(t, aercSecret, aercFile, "Work", [4]string{sealed, "", sealed, ""})
	tells(t, aercSecret, aercFile, "List", [4]string{"", "pass show " + sealed, "", "pass show " + sealed})
	tells(t, aercSecret, aercFile, "Half", [4]string{})
	tells(t, aercSecret, "[x]\nsource = imaps+xoauth2://a:"+sealed+"@i.example", "x", [4]string{}) // a token
	tells(t, aercSecret, aercFile, "nobody", [4]string{})
	tells(t, aercSecret, aercFile+aercFile, "Work", [4]string{}) // whose is it?
}

func FuzzAerc(f *testing.F) {
	f.Add(aercFile)
	f.Add("[x]\nsource = imaps://a:" + sealed + "@i.example")
	f.Add("source-cred-cmd = `" + sealed + "`\n[x]\nsource=imap+oauthbearer://[::1]:99999")
	f.Fuzz(func(t *testing.T, text string) {
		isAerc("f", text)
		hushed(t, text, aerc, aercSecret)
	})
}
