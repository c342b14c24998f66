package clientconf

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailmedic/probe/profile"
)

// TestReticent keeps a password to itself that stands where none belongs.
func TestReticent(t *testing.T) {
	const hidden = "h1ddenSecret"
	for about, c := range map[string]struct{ name, text string }{
		"a URL in place of a host, mbsync":         {".mbsyncrc", "IMAPAccount a\nHost imaps://anna:" + hidden + "@secure.runbox.com\nUser anna\n"},
		"a URL in place of a host, msmtp":          {".msmtprc", "account a\nhost smtps://anna:" + hidden + "@smtp.runbox.com\n"},
		"a URL in place of a host, himalaya":       {"config.toml", "[accounts.a]\nbackend.type = \"imap\"\nbackend.host = \"imaps://anna:" + hidden + "@h.example\"\nbackend.login = \"a\"\n"},
		"the next setting, set in too far":         {".offlineimaprc", "[general]\naccounts = M\n[Account M]\nremoterepository = R\n[Repository R]\ntype = IMAP\nremoteuser = anna\nremotehost = h.example\n  remotepass = " + hidden + "\n"},
		"the same below the login name":            {".offlineimaprc", "[general]\naccounts = M\n[Account M]\nremoterepository = R\n[Repository R]\ntype = IMAP\nremotehost = h.example\nremoteuser = anna\n  remotepass = " + hidden + "\n"},
		"the pattern of a hook":                    {".muttrc", "folder-hook 'imaps:\\/\\/anna:" + hidden + "@secure.runbox.com\\/' 'set folder=imaps://anna@secure.runbox.com/'\n"},
		"behind a colon, in a login name":          {".muttrc", "set folder=imaps://secure.runbox.com/ imap_user=\"anna:" + hidden + "\"\n"},
		"behind a colon that is encoded":           {".muttrc", "set folder=imaps://anna%3A" + hidden + "@secure.runbox.com/\n"},
		"a setting of the user's own":              {".muttrc", "set my_pw=" + hidden + "\nset folder=imaps://anna:$my_pw@secure.runbox.com/ record=\"=Sent$my_pw\"\n"},
		"two settings on one line":                 {".msmtprc", "account a\nhost smtp.runbox.com\nuser anna password " + hidden + "\n"},
		"a login name of Thunderbird with a colon": {"prefs.js", strings.ReplaceAll(oneThunderbird, "anna", "anna:"+hidden)},
	} {
		home := t.TempDir()
		file := filepath.Join(home, c.name)
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		f := Read(file, Place{OS: "linux", Home: home})
		text, err := json.Marshal(f.Accounts)
		if err != nil {
			t.Fatal(err)
		}
		if all := fmt.Sprintf("%s %+v %v", text, f.Accounts, f.Err); strings.Contains(all, hidden) {
			t.Errorf("%s: the password is told in %s", about, strings.ReplaceAll(all, hidden, "(here)"))
		}
		if f.Program == "" {
			t.Errorf("%s: got %+v, want the file to be known", about, f)
		}
	}
}

// TestWhosePassword gives the password of a server away for no other.
func TestWhosePassword(t *testing.T) {
	k9 := func(kind string) string {
		return "<k9settings><accounts><account uuid=\"1\"><name>a</name><incoming-server type=\"IMAP\"><host>imap.runbox.com</host><username>anna</username></incoming-server>" +
			"<outgoing-server type=\"" + kind + "\"><host>owa.example.org</host><username>anna</username><password>theirs</password></outgoing-server></account></accounts></k9settings>"
	}
	for about, c := range map[string]struct {
		name, text, host string
		d                profile.Protocol
		want             string
	}{
		"its own": {".muttrc", "set folder=imaps://anna@imap.corp.example/ imap_pass=theirs\n", "imap.corp.example", profile.IMAP, "theirs"},
		"of the server at the top, for one in the list of mailboxes": {".muttrc", "set folder=imaps://anna@imap.corp.example/ imap_pass=theirs\nmailboxes imaps://anna@secure.runbox.com/INBOX\n", "secure.runbox.com", profile.IMAP, ""},
		"of the server at the top, for one of a hook":                {".muttrc", "set folder=imaps://anna@imap.corp.example/ imap_pass=`theirs`\nfolder-hook runbox 'set folder=imaps://anna@secure.runbox.com/'\n", "secure.runbox.com", profile.IMAP, ""},
		"of an account-hook for this server":                         {".muttrc", "set folder=imaps://anna@imap.corp.example/\nmailboxes imaps://anna@secure.runbox.com/INBOX\naccount-hook imaps://anna@secure.runbox.com 'set imap_pass=ours'\n", "secure.runbox.com", profile.IMAP, "ours"},
		"of another name on the same server":                         {".muttrc", "set folder=imaps://anna@secure.runbox.com/ imap_pass=theirs\nfolder-hook info 'set folder=imaps://info@secure.runbox.com/'\n", "", profile.IMAP, ""},
		"a command of several words, which mbsync refuses":           {".mbsyncrc", "IMAPAccount a\nHost secure.runbox.com\nUser anna\nPassCmd /bin/show anna\n\nIMAPStore s\nAccount a\n", "secure.runbox.com", profile.IMAP, ""},
		"a command in quotes":                                        {".mbsyncrc", "IMAPAccount a\nHost secure.runbox.com\nUser anna\nPassCmd \"/bin/show anna\"\n\nIMAPStore s\nAccount a\n", "secure.runbox.com", profile.IMAP, "/bin/show anna"},
		"a command that does not end":                                {".muttrc", "set folder=imaps://anna@secure.runbox.com/ imap_pass=`pass show x\n", "secure.runbox.com", profile.IMAP, ""},
		"above the first heading of aerc":                            {"accounts.conf", "source-cred-cmd = theirs\n[a]\nsource = imaps://anna@secure.runbox.com\n", "secure.runbox.com", profile.IMAP, ""},
		"of a server that is no SMTP":                                {"x.k9s", k9("WebDAV"), "imap.runbox.com", profile.SMTP, ""},
		"of one that is":                                             {"x.k9s", k9("SMTP"), "imap.runbox.com", profile.SMTP, "theirs"},
	} {
		home := t.TempDir()
		file := filepath.Join(home, c.name)
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		place := Place{OS: "linux", Home: home}
		met := false
		for _, a := range Read(file, place).Accounts {
			if a.Receiving == nil || c.host != "" && a.Receiving.Host != c.host || c.host == "" && a.Receiving.Login != "info" {
				continue
			}
			met = true
			s, _ := Password(a, place, c.d)
			if got := s.Password() + s.Command; got != c.want {
				t.Errorf("%s: got %q, want %q", about, got, c.want)
			}
		}
		if !met {
			t.Errorf("%s: the account was not read", about)
		}
	}
}

// TestIndentedKeys reads a file whose keys are all set in, as Python does.
func TestIndentedKeys(t *testing.T) {
	got, err := offlineimap("[general]\n  accounts = M\n[Account M]\n  remoterepository = R\n[Repository R]\n  type = IMAP\n  remotehost = h.example\n  remoteuser = anna\n", Origin{Shown: "~/f"})
	if err != nil || len(got) != 1 || got[0].Receiving.Host != "h.example" || got[0].Receiving.Login != "anna" {
		t.Errorf("got %+v and %v, want anna at h.example", got, err)
	}
}

// TestLonePercent: Python refuses a file with a percent sign that stands alone, and that is
// how this provider writes login names of hosted domains.
func TestLonePercent(t *testing.T) {
	file := func(user string) string {
		return "[general]\naccounts = M\n[Account M]\nremoterepository = R\n[Repository R]\ntype = IMAP\nremotehost = h.example\nremoteuser = " + user + "\n"
	}
	for user, want := range map[string]int{"anna%example.org": 1, "anna%%example.org": 0, "anna": 0} {
		got, err := offlineimap(file(user), Origin{Shown: "~/f"})
		if err != nil || len(got) != 1 || len(got[0].Missed) != want {
			t.Errorf("%s: got %+v and %v, want %d sentences of what is wrong", user, got, err, want)
		}
	}
}
