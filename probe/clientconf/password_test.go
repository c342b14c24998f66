package clientconf

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

const canary = "Canary-7f3a"

// guarded are files of all programs with the canary in every place where a password can
// stand, and in some where it should not.
func guarded() map[string]string {
	return map[string]string{
		".thunderbird/a/prefs.js": oneThunderbird + `user_pref("mail.server.server1.password", "` + canary + `");
user_pref("mail.smtpserver.smtp1.password", "` + canary + `);
user_pref(` + canary,
		".mbsyncrc": "IMAPAccount a\nHost h\nPass " + canary + "\n\nIMAPAccount b\nHost h\nPassCmd \"+echo " + canary + "\"\n\nPass " + canary + "\n" + canary + "\n\nIMAPAccount c\nHost h\nPass \"" + canary + "\nPort " + canary + "\nTLSType " + canary + "\n",
		".msmtprc":  "password " + canary + "\naccount a\nhost h\npassword " + canary + "\naccount b : " + canary + "\nhost h\npasswordeval echo " + canary + "\neval echo password " + canary + "\nport " + canary + "\n" + canary + "\n",
		".offlineimaprc": "[general]\naccounts = a,b,c\n[Account a]\nremoterepository=r\n[Account b]\nremoterepository=s\nautorefresh=" + canary + "\n[Account c]\nremoterepository=" + canary + "\n[Repository r]\ntype=IMAP\nremotehost=h\nremotepass=" + canary + "\nremoteuser=%(remotepass)s\nremoteport=" + canary + "\n" +
			"[Repository s]\ntype=IMAP\nremotehost=h\nremotepasseval='" + canary + "'\nremotepassfile=" + canary + "\npreauthtunnel=" + canary + "\noauth2_refresh_token=" + canary + "\n" + "[" + canary + "\n",
		".muttrc": "set folder=imaps://anna:" + canary + "@h imap_pass=" + canary + " my_pass=" + canary + " from=$my_pass record=+$imap_pass\nset smtp_url=smtp://anna:" + canary + "@h:x\n" +
			"folder-hook b 'set folder=imaps://b.example.com smtp_url=smtps://b:" + canary + "@b.example.com smtp_pass=`echo " + canary + "`'\nfolder-hook imaps://c:" + canary + "@c.example.com 'set folder=imaps://c:" + canary + "@c.example.com'\n" +
			"account-hook imaps://h 'set imap_pass=" + canary + "'\nsource \"echo " + canary + "|\"\nset folder=imaps://d:" + canary + "/x@d.example.com\nset tunnel='x " + canary + "'\nmailboxes imaps://e:" + canary + "@e.example.com/INBOX\n",
	}
}

func TestNoPasswordIsToldOf(t *testing.T) {
	p := at(t, guarded())
	all := Find(p)
	if len(all) != len(guarded()) {
		t.Fatalf("found %d files, want %d", len(all), len(guarded()))
	}
	for _, f := range all {
		if len(f.Accounts) == 0 {
			t.Errorf("%s: no accounts", f.File)
		}
		told, err := json.Marshal(f.Accounts)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{fmt.Sprintf("%+v", f), fmt.Sprintf("%#v", f.Accounts), string(told), message(f.Err)} {
			if at := strings.Index(text, canary); at >= 0 {
				t.Errorf("%s: the password is told: ...%.60s", f.File, strings.ReplaceAll(text[max(at-50, 0):], canary, "(here)"))
			}
		}
		for _, c := range f.Accounts {
			for _, direction := range []profile.Protocol{profile.IMAP, profile.SMTP} {
				s, err := Password(c, p, direction)
				if strings.Contains(message(err), canary) {
					t.Errorf("%s, %s: an error has the password in it", f.File, direction)
				}
				server := c.Receiving
				if direction == profile.SMTP {
					server = c.Sending
				}
				if stored := server != nil && server.Stored; stored != (err == nil) || stored && !strings.Contains(s.Password()+s.Command, canary) {
					t.Errorf("%s, %s, %s: Stored is %v, and Password gives the error %v", f.File, c.Account, direction, stored, err)
				}
			}
		}
	}
}

func TestPassword(t *testing.T) {
	p := at(t, map[string]string{
		".mbsyncrc":      "IMAPAccount a\nHost h\nPass \"a b\"\n\nIMAPAccount a\nHost h\nPassCmd \"+pass show a\"\n\nIMAPAccount c\nHost h\n",
		".msmtprc":       "account s\nhost h\npassword \"x y\"\naccount t : s\nhost i\npassword\npasswordeval pass show t | head -1\n",
		".offlineimaprc": "[Account o]\nremoterepository=r\n[Repository r]\ntype=IMAP\nremotehost=h\nremotepass=a%%b\n",
		".muttrc":        "set folder=imaps://u:p%2Fq@h smtp_url=smtp://u@h smtp_pass=\"`pass show m`\"\nset imap_pass=other\nsource ~/b\n",
		"b":              "folder-hook b 'set folder=imaps://b@h imap_pass=x$my_nothing'\n",
	})
	for _, tt := range []struct {
		program, file, account string
		direction              profile.Protocol
		want                   string // the password, or the command behind a "!", or the error behind a "?"
	}{
		{"mbsync", ".mbsyncrc", "a", profile.IMAP, "a b"},
		{"mbsync", ".mbsyncrc", "a (2)", profile.IMAP, "!pass show a"},
		{"mbsync", ".mbsyncrc", "c", profile.IMAP, "?~/.mbsyncrc has no password of c that could be used"},
		{"mbsync", ".mbsyncrc", "a", profile.SMTP, "?~/.mbsyncrc has no password of a that could be used"},
		{"mbsync", ".mbsyncrc", "d", profile.IMAP, "?~/.mbsyncrc has no account d any more"},
		{"mbsync", "gone", "a", profile.IMAP, "?looking up the password in ~/gone: stat: no such file or directory"},
		{"msmtp", ".msmtprc", "s", profile.SMTP, "x y"},
		{"msmtp", ".msmtprc", "t", profile.SMTP, "!pass show t | head -1"},
		{"offlineimap", ".offlineimaprc", "o", profile.IMAP, "a%b"},
		{"mutt", ".muttrc", "u, h", profile.IMAP, "p/q"},
		{"mutt", ".muttrc", "u, h", profile.SMTP, "!pass show m"},
		{"mutt", ".muttrc", "b", profile.IMAP, "x"},
		{"thunderbird", "prefs.js", "a", profile.IMAP, "?the passwords of Thunderbird are encrypted in a store of its own, which is not read"},
		{"elm", ".elmrc", "a", profile.IMAP, "?passwords of elm are not read"},
	} {
		c := evidence.Client{Program: tt.program, File: "~" + string(filepath.Separator) + tt.file, Account: tt.account}
		s, err := Password(c, p, tt.direction)
		got := s.Password()
		if s.Command != "" {
			got += "!" + s.Command
		}
		if err != nil {
			got += "?" + filepath.ToSlash(err.Error())
		}
		if got != tt.want {
			t.Errorf("%s, %s, %s: got %q, want %q", tt.program, tt.account, tt.direction, got, tt.want)
		}
	}
}

func TestStoredShowsAMask(t *testing.T) {
	s := plain(canary)
	s.Command = "echo " + canary
	inside := struct{ stored Stored }{plain(canary)}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "stored", s, "list", []Stored{s})
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "stored", s, "list", []Stored{s})
	texts := []string{log.String(), fmt.Sprint(s, &s, []Stored{s}), fmt.Sprintf("%v %+v %#v %s %q %x %d", s, s, s, s, s, s, s), fmt.Sprintf("%v %+v %#v", inside, inside, inside)}
	for _, marshal := range []func(any) ([]byte, error){json.Marshal, xml.Marshal} {
		text, err := marshal(s)
		if err != nil {
			t.Error(err)
		}
		texts = append(texts, string(text))
	}
	for _, text := range texts {
		if strings.Contains(text, canary) || strings.Contains(text, fmt.Sprintf("%x", canary)) {
			t.Errorf("the password shows in %d characters of output", len(text))
		}
	}
	if s.Password() != canary || s.Empty() || !plain("").Empty() {
		t.Error("the password is not there when it is asked for")
	}
}
