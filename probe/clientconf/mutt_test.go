package clientconf

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

func muttOf(name, address string, in, out *evidence.ClientServer, edit func(*evidence.Client)) evidence.Client {
	c := evidence.Client{Program: "mutt", File: "~/.muttrc", Account: name, Address: address, Receiving: in, Sending: out}
	if in != nil {
		c.Asks, c.SyncsAll, c.CheckMinutes = evidence.No, evidence.No, ptr(10)
	}
	if edit != nil {
		edit(&c)
	}
	return c
}

func TestMutt(t *testing.T) {
	tls := func(host, login string) *evidence.ClientServer {
		return &evidence.ClientServer{Host: host, Port: 993, Encryption: profile.TLS, Login: login}
	}
	root := func(path string) func(*evidence.Client) { return func(c *evidence.Client) { c.RootPath = ptr(path) } }
	runReader(t, mutt, here(".muttrc"), []readerTest{
		{"one account", `# mine
set realname = "Anna A" from = "Anna A <anna@example.com>"; set imap_user=anna@example.com
set imap_pass = "it's a \"secret\""
set folder = "imaps://mail.example.com/" spoolfile = "+INBOX"
set record="+Sent \
Items"
set postponed = $folder/Drafts
set smtp_url=smtp://anna%40example.com@mail.example.com:587/
set smtp_pass=$imap_pass
set timeout = 30 imap_idle
`, "", []evidence.Client{muttOf("anna@example.com", "anna@example.com",
			&evidence.ClientServer{Host: "mail.example.com", Port: 993, Encryption: profile.TLS, Login: "anna@example.com", Stored: true},
			&evidence.ClientServer{Host: "mail.example.com", Port: 587, Encryption: profile.STARTTLS, Login: "anna@example.com", Stored: true},
			func(c *evidence.Client) {
				c.RootPath, c.SentPath, c.DraftsPath, c.CheckMinutes = ptr(""), ptr("Sent Items"), ptr("Drafts"), ptr(1)
			})}},
		{"everything in the URL, and a root", "set folder=imap://anna:a%2Fb@[::1]:1143/INBOX\nset record=imap://anna@[::1]/INBOX.Sent postponed=imap://other.example.com/Drafts\n", "", []evidence.Client{
			muttOf("anna, ::1", "", &evidence.ClientServer{Host: "::1", Port: 1143, Encryption: profile.STARTTLS, Login: "anna", Stored: true}, nil, func(c *evidence.Client) {
				c.RootPath, c.SentPath = ptr("INBOX"), ptr("Sent")
			})}},
		{"STARTTLS if the server offers it", "set folder=imap://mail.example.com ssl_force_tls=no nossl_verify_host\nset imap_authenticators='login:plain'\n", "", []evidence.Client{
			muttOf("mail.example.com", "", &evidence.ClientServer{Host: "mail.example.com", Port: 143, Encryption: profile.STARTTLS, IfOffered: true, Unverified: true, Auth: evidence.AuthPassword}, nil, root(""))}},
		{"no TLS", "set folder=imap://mail.example.com\nunset ssl_force_tls ssl_starttls ssl_verify_host\n", "", []evidence.Client{
			muttOf("mail.example.com", "", &evidence.ClientServer{Host: "mail.example.com", Port: 143, Encryption: profile.None}, nil, root(""))}},
		{"sending only", "set folder=~/Mail record=+Sent\nset smtp_url='smtps://anna@mail.example.com' smtp_authenticators=xoauth2:oauthbearer my_hdr='From: x'\nmy_hdr From: Anna <anna@example.com>\n", "", []evidence.Client{
			muttOf("anna@example.com", "anna@example.com", nil, &evidence.ClientServer{Host: "mail.example.com", Port: 465, Encryption: profile.TLS, Login: "anna", Auth: evidence.AuthOAuth}, nil)}},
		{"an inbox away from the folders", "set folder=~/Mail record=+Sent\nset spoolfile=imaps://anna@mail.example.com/INBOX\n", "", []evidence.Client{
			muttOf("anna, mail.example.com", "", tls("mail.example.com", "anna"), nil, func(c *evidence.Client) { c.Asks = evidence.Unknown })}},
		{"many folders are looked at", "set folder=imaps://anna@mail.example.com\nmailboxes =INBOX =Lists/go ~/Mail/x\nset mail_check=90\n", "", []evidence.Client{
			muttOf("anna, mail.example.com", "", tls("mail.example.com", "anna"), nil, func(c *evidence.Client) {
				c.RootPath, c.SyncsAll, c.CheckMinutes = ptr(""), evidence.Unknown, ptr(2)
			})}},
		{"all folders are looked at", "set folder=imaps://anna@mail.example.com imap_check_subscribed\n", "", []evidence.Client{
			muttOf("anna, mail.example.com", "", tls("mail.example.com", "anna"), nil, func(c *evidence.Client) {
				c.RootPath, c.SyncsAll, c.CheckMinutes = ptr(""), evidence.Yes, ptr(1)
			})}},
		{"commands that are not run", "set folder=imaps://mail.example.com imap_user=`whoami` tunnel='ssh mail'\nset imap_pass=\"`pass mail`\" \nsource 'gpg -d ~/.pw |'\nsource ~/bin/x|\nsource \"`find ~`\"\nsource /etc/muttrc.local\nsource ../../etc/x\n", "", []evidence.Client{
			muttOf("mail.example.com", "", &evidence.ClientServer{Host: "mail.example.com", Port: 993, Encryption: profile.TLS, Stored: true}, nil, func(c *evidence.Client) {
				c.RootPath = ptr("")
				c.Missed = []string{
					"it connects through a tunnel command, which is not run",
					"line 3 sources what a program prints, and no program is run",
					"line 4 sources what a program prints, and no program is run",
					"line 5 sources what a program prints, and no program is run",
					"line 6 sources a file outside the home folder, which is not followed",
					"line 7 sources a file outside the home folder, which is not followed",
					"imap_user comes from a program, which is not run",
				}
			})}},
		{"hooks for servers and for folders", `set folder=imaps://mail.example.com/
account-hook . 'unset imap_user'
account-hook imaps://mail.example.com/ 'set imap_user=anna imap_pass=x'
account-hook ^imaps://work\\.example\\.com 'set imap_user="bert"'
folder-hook work 'set folder=imaps://work.example.com from=bert@example.com; set smtp_url=smtps://bert@work.example.com'
folder-hook lists 'set sort=threads'
folder-hook mail "set folder=imaps://mail.example.com"
mailboxes imaps://mail.example.com/Lists imaps://third.example.com/INBOX
`, "", []evidence.Client{
			muttOf("anna, mail.example.com", "", &evidence.ClientServer{Host: "mail.example.com", Port: 993, Encryption: profile.TLS, Login: "anna", Stored: true}, nil, func(c *evidence.Client) {
				c.RootPath, c.SyncsAll, c.CheckMinutes = ptr(""), evidence.Unknown, ptr(1)
			}),
			muttOf("work", "bert@example.com", tls("work.example.com", "bert"), &evidence.ClientServer{Host: "work.example.com", Port: 465, Encryption: profile.TLS, Login: "bert"}, func(c *evidence.Client) {
				c.RootPath, c.SyncsAll, c.CheckMinutes = ptr(""), evidence.Unknown, ptr(1)
			}),
			muttOf("third.example.com", "", tls("third.example.com", ""), nil, func(c *evidence.Client) {
				c.Asks, c.SyncsAll, c.CheckMinutes = evidence.Unknown, evidence.Unknown, ptr(1)
			})}},
		{"a password handed from one setting to another", `set my_user=anna@example.com imap_pass=` + "`pass mail`" + `
set folder=imaps://mail.example.com:993 smtp_pass=$imap_pass smtp_url="smtps://$my_user:$imap_pass@mail.example.com"
account-hook $folder "set imap_user=$my_user imap_pass=$imap_pass"
folder-hook imaps://other 'set folder=imaps://other.example.com imap_user=o imap_pass=x; set smtp_url=smtps://o:$imap_pass@other.example.com'
`, "", []evidence.Client{
			muttOf("anna@example.com, mail.example.com", "", &evidence.ClientServer{Host: "mail.example.com", Port: 993, Encryption: profile.TLS, Login: "anna@example.com", Stored: true}, &evidence.ClientServer{Host: "mail.example.com", Port: 465, Encryption: profile.TLS, Login: "anna@example.com", Stored: true}, func(c *evidence.Client) {
				c.RootPath, c.Missed = ptr(""), []string{"smtp_url comes from a program, which is not run"}
			}),
			muttOf("o, other.example.com", "", &evidence.ClientServer{Host: "other.example.com", Port: 993, Encryption: profile.TLS, Login: "o", Stored: true}, &evidence.ClientServer{Host: "other.example.com", Port: 465, Encryption: profile.TLS, Login: "o", Stored: true}, func(c *evidence.Client) {
				c.RootPath, c.Missed = ptr(""), []string{"smtp_url comes from a program, which is not run"}
			})}},
		{"no server", "set folder=~/Mail sort=threads # set folder=imaps://x\nset smtp_url=nothing imap_user='a' notice=1\n;;\n", "", nil},
		{"a URL that is none", "set folder=imaps://anna:pa/ss@mail.example.com smtp_url=smtp://h:99999\n", "", nil},
	})
}

func TestMuttWord(t *testing.T) {
	for text, want := range map[string]muttWord{
		`plain rest`:      {text: "plain"},
		`a"b c"'d $x'\ e`: {text: "ab cd $x e"},
		"cut#comment":     {text: "cut"},
		`"a#b";c`:         {text: "a#b"},
		`"$x-${x}-$y$"`:   {text: "1-1-$"},
		"`a b`":           {command: "a b", only: true},
		"\"`a`\"":         {command: "a", only: true},
		"'`a`'":           {text: "`a`"},
		"x`a`":            {text: "x", command: "a"},
		"`a`x":            {text: "x", command: "a"},
		"`a``b`":          {command: "b"},
		"$run":            {command: "r", only: true},
		"x$run":           {text: "x", command: "r"},
		"`open":           {command: "open"},
		`a\`:              {text: `a\`},
		`"open`:           {text: "open"},
		"":                {},
	} {
		l := &muttLexer{text: text, expand: func(name string) muttWord {
			return map[string]muttWord{"x": {text: "1"}, "run": {command: "r", only: true}}[name]
		}}
		if got := l.word(); got != want {
			t.Errorf("%s: got %+v, want %+v", text, got, want)
		}
	}
}

func TestMuttSource(t *testing.T) {
	home := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(home, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := Place{OS: "linux", Home: home}
	read := func() ([]evidence.Client, error) {
		t.Helper()
		found := Read(filepath.Join(home, ".muttrc"), p)
		return found.Accounts, found.Err
	}

	t.Run("the parts of one account", func(t *testing.T) {
		write(".muttrc", "set my_dir=~/.mutt\nsource $my_dir/server\nsource .mutt/user\nsource ~/.mutt/none\n")
		write(".mutt/server", "set folder=imaps://mail.example.com\nsource "+home+"/.mutt/deeper\n")
		write(".mutt/deeper", "set imap_user=anna\n")
		write(".mutt/user", "set from=anna@example.com\n")
		want := muttOf("anna@example.com", "anna@example.com", &evidence.ClientServer{Host: "mail.example.com", Port: 993, Encryption: profile.TLS, Login: "anna"}, nil, func(c *evidence.Client) {
			c.RootPath = ptr("")
			c.Missed = []string{"line 4 sources a file that cannot be read: ~" + string(filepath.Separator) + filepath.Join(".mutt", "none") + ": stat: no such file or directory"}
		})
		got, err := read()
		if diff := cmp.Diff([]evidence.Client{want}, got); err != nil || diff != "" {
			t.Errorf("got error %v and (-want +got):\n%s", err, diff)
		}
	})
	t.Run("a file for each account", func(t *testing.T) {
		write(".muttrc", "source ~/a\nmacro index,pager i1 '<sync-mailbox><enter-command>source "+home+"/a<enter><change-folder>!<enter>'\nmacro index i2 '<enter-command>source ~/b<enter>'\nfolder-hook third 'source ~/c'\n")
		write("a", "set folder=imaps://a@mail.example.com\n")
		write("b", "set folder=imaps://b@mail.example.com\n")
		write("c", "set folder=imaps://c@mail.example.com\n")
		got, err := read()
		var names []string
		for _, c := range got {
			names = append(names, c.Account+": "+c.Receiving.Login)
		}
		if diff := cmp.Diff([]string{"a, mail.example.com: a", "b: b", "third: c"}, names); err != nil || diff != "" {
			t.Errorf("got error %v and (-want +got):\n%s", err, diff)
		}
	})
	t.Run("loops", func(t *testing.T) {
		write(".muttrc", "source ~/loop\nfolder-hook . 'source ~/.muttrc'\n")
		write("loop", "source ~/loop\nsource ~/.muttrc\n")
		got, err := read()
		if want := "line 1 sources a file that is being read already; line 2 sources a file that is being read already"; message(err) != want || got != nil {
			t.Errorf("got error %v and accounts %v, want %q", err, got, want)
		}
	})
	t.Run("too deep", func(t *testing.T) {
		for i := range 6 {
			write(fmt.Sprintf("d%d", i), fmt.Sprintf("source ~/d%d\nset my_%d=x\n", i+1, i))
		}
		write(".muttrc", "source ~/d0\n")
		if _, err := read(); !strings.Contains(message(err), "4 files deep") {
			t.Errorf("got error %v, want one that says how deep", err)
		}
	})
	t.Run("too many", func(t *testing.T) {
		write(".muttrc", strings.Repeat("source ~/x\n", 30))
		write("x", "set sort=threads\n")
		if _, err := read(); !strings.Contains(message(err), "line 21 sources more than 20 files") {
			t.Errorf("got error %v, want one that says how many", err)
		}
	})
	t.Run("too large", func(t *testing.T) {
		write(".muttrc", "set folder=imaps://mail.example.com\nsource ~/large\n")
		sparse(t, filepath.Join(home, "large"))
		got, err := read()
		if err != nil || len(got) != 1 || len(got[0].Missed) != 1 || !strings.Contains(got[0].Missed[0], "larger than 8 MiB") {
			t.Errorf("got error %v and %+v, want the account and what was missed", err, got)
		}
	})
}
