package clientconf

import (
	"fmt"
	"strings"
	"testing"

	"mailmedic/probe/evidence"
)

// fuzz feeds a reader. Whatever it is fed, it must come to an end, keep to the limits, and
// not tell a password that stands in one place of the file only.
func fuzz(f *testing.F, program string, read func(string, Origin) ([]account, error), seeds ...string) {
	for name, text := range guarded() {
		if strings.Contains(name, program) {
			f.Add(text)
		}
	}
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := read(decode(text), Origin{File: "/nowhere/file", Shown: "~/file", Home: "/nowhere"})
		clients, err := told(all, err)
		if len(clients) > maxAccounts {
			t.Fatalf("%d accounts, want at most %d", len(clients), maxAccounts)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\n") {
			t.Errorf("the error has several lines: %q", err)
		}
		names := map[string]bool{}
		var out strings.Builder
		for _, c := range clients {
			sane(t, c)
			if names[c.Account] {
				t.Errorf("two accounts are called %q", c.Account)
			}
			names[c.Account] = true
			fmt.Fprintf(&out, "%+v %+v %+v\n", c, c.Receiving, c.Sending)
		}
		fmt.Fprint(&out, err)
		// A file can say "$x" and mean the password; that a fuzzer finds sooner or later.
		if strings.Contains(text, "$") || strings.Contains(text, "%") {
			return
		}
		for _, a := range all {
			for _, s := range []string{a.in.Password(), a.out.Password()} {
				if len(s) >= 8 && strings.Count(text, s) == 1 && strings.Contains(out.String(), s) {
					t.Errorf("the password %q is told in %q", s, out.String())
				}
			}
		}
	})
}

func sane(t *testing.T, c evidence.Client) {
	t.Helper()
	if c.Program == "" || c.File != "~/file" || len(c.Missed) > mostMissed+10 || c.Connections < 0 {
		t.Errorf("got %+v", c)
	}
	if c.CheckMinutes != nil && *c.CheckMinutes < 0 {
		t.Errorf("checks every %d minutes", *c.CheckMinutes)
	}
	for _, s := range []*evidence.ClientServer{c.Receiving, c.Sending} {
		if s != nil && (s.Port < 0 || s.Port > 65535 || !s.Auth.Known()) {
			t.Errorf("got %+v", *s)
		}
	}
}

func FuzzThunderbird(f *testing.F) {
	fuzz(f, "prefs.js", func(text string, at Origin) ([]account, error) {
		prefsText, user, _ := strings.Cut(text, "\x00")
		clients, err := thunderbird(prefsText, user, at)
		var all []account
		for _, c := range clients {
			all = append(all, account{Client: c})
		}
		return all, err
	}, thunderbirdTypical, oneThunderbird+"\x00/* */ user_pref('mail.server.server1.port', -1);")
}

func FuzzMbsync(f *testing.F) {
	fuzz(f, "mbsync", mbsyncAccounts, "IMAPStore a\nHost imaps://h\nPath \"x\\\" y\"\n\nChannel c\nFar :a:b:c\nPatterns * \"\n")
}

func FuzzMsmtp(f *testing.F) {
	fuzz(f, "msmtp", msmtpAccounts, "defaults\ntls\naccount a : a, b,\nhost \"\naccount a:a\naccount a (2)\naccount a\n")
}

func FuzzOfflineimap(f *testing.F) {
	fuzz(f, "offlineimap", offlineimapAccounts, "[DEFAULT]\nx=%(y)s%(x)s\ny=%(x)s%(y)s%%\n[Account a]\nremoterepository=%(x)s\n [Repository ]\ntype=Gmail\nautorefresh=NaN\n")
}

func FuzzMutt(f *testing.F) {
	fuzz(f, "mutt", muttAccounts, "set my_a=$my_a$my_a my_b=${my_a}`x`\nfolder-hook . folder-hook . 'set folder=imaps://h/x;set spoolfile=!' \\\n\nmacro a b 'source ~/x<'\nset folder={h/ssl}\nmailboxes imap://h:1/ imap://[h imap://@:/\nsource\nset & ? no =x += y\n")
}
