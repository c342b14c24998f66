package clientconf

import (
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

func TestOfflineimap(t *testing.T) {
	of := func(name string, s *evidence.ClientServer, edit func(*evidence.Client)) evidence.Client {
		c := evidence.Client{Program: "offlineimap", File: "~/.offlineimaprc", Account: name, Receiving: s, Asks: evidence.No, SyncsAll: evidence.Yes, Connections: 1}
		if edit != nil {
			edit(&c)
		}
		return c
	}
	const rest = "[Repository local]\ntype = Maildir\nlocalfolders = ~/mail\n"
	runReader(t, offlineimap, here(".offlineimaprc"), []readerTest{
		{"as in the example", `[general]
ui = ttyui
accounts = work
pythonfile = ~/.offlineimap.py

[Account work]
localrepository = local
remoterepository = remote
autorefresh = 0.5

[Repository local]
type = Maildir
localfolders = ~/mail

[Repository remote]
type = IMAP
remotehost = mail.example.com
remoteuser = anna%%example.com
remotepass = a%%b
maxconnections = 3
sslcacertfile = OS-DEFAULT
`, "", []evidence.Client{of("work", &evidence.ClientServer{Host: "mail.example.com", Port: 993, Encryption: profile.TLS, Login: "anna%example.com", Stored: true}, func(c *evidence.Client) {
			c.CheckMinutes, c.Connections = ptr(1), 3
		})}},
		{"without TLS from the first byte", rest + "[general]\naccounts=a\n[Account a]\nremoterepository: r\nautorefresh = 0\n[Repository r]\ntype: IMAP\nremotehost: mail.example.com\nssl: no\nfolderfilter = lambda f: f == 'INBOX'\nreference = Mail\nauth_mechanisms = PLAIN, LOGIN\n", "", []evidence.Client{
			of("a", &evidence.ClientServer{Host: "mail.example.com", Port: 143, Encryption: profile.STARTTLS, IfOffered: true, Unverified: true, Auth: evidence.AuthPassword}, func(c *evidence.Client) {
				c.RootPath, c.SyncsAll, c.CheckMinutes = ptr("Mail"), evidence.No, ptr(0)
			})}},
		{"without any TLS", "[Account a]\nremoterepository=r\nmaxage = 30\n[Repository r]\ntype=IMAP\nremotehost=mail.example.com\nssl=no\nstarttls=no\nidlefolders = ['INBOX', \"it's\"]\n", "", []evidence.Client{
			of("a", &evidence.ClientServer{Host: "mail.example.com", Port: 143, Encryption: profile.None}, func(c *evidence.Client) { c.SyncsAll, c.Connections = evidence.No, 2 })}},
		{"Gmail has its host built in", "[Account a]\nremoterepository=r\n[Repository r]\ntype=Gmail\nremoteuser=anna@example.com\noauth2_refresh_token=t\nidlefolders=some()\n", "", []evidence.Client{
			of("a", &evidence.ClientServer{Host: "imap.gmail.com", Port: 993, Encryption: profile.TLS, Login: "anna@example.com", Auth: evidence.AuthOAuth}, func(c *evidence.Client) { c.Address, c.Connections = "anna@example.com", 0 })}},
		{"Python code is not run", "[Account a]\nremoterepository=r\n[Repository r]\ntype=IMAP\nremotehost=mail.example.com\nremotehosteval=host()\nremotepasseval=pass()\nremotepass=x\n\n[Account b]\nremoterepository=s\n[Repository s]\ntype=IMAP\nremotehost=b.example.com\nremoteporteval=port()\nremoteusereval=user()\nremoteuser=anna\nremotepasseval=pass()\nremotepass=x\n", "", []evidence.Client{
			of("a", nil, func(c *evidence.Client) {
				c.Missed = []string{"the host comes from Python code, which is not run", "the password comes from Python code, which is not run"}
			}),
			of("b", &evidence.ClientServer{Host: "b.example.com", Encryption: profile.TLS}, func(c *evidence.Client) {
				c.Missed = []string{"the port comes from Python code, which is not run", "the login name comes from Python code, which is not run", "the password comes from Python code, which is not run"}
			})}},
		{"one setting made of others", "[DEFAULT]\nname = anna\nremoteport = 1993\nremotepass = x\n[Account a]\nremoterepository=r\n[Repository r]\ntype=IMAP\nremotehost=%(name)s.example.com\nremoteuser=%(remotepass)s%(name)s%(nothing)s\n", "", []evidence.Client{
			of("a", &evidence.ClientServer{Host: "anna.example.com", Port: 1993, Encryption: profile.TLS, Login: "anna", Stored: true}, nil)}},
		{"an account that is left out of the list", "[general]\naccounts = a, c\n[Account a]\nremoterepository=r\n[Account b]\nremoterepository=r\n[Repository r]\ntype=IMAP\nremotehost=mail.example.com\n", "an account of the list in [general] has no section", []evidence.Client{
			of("a", &evidence.ClientServer{Host: "mail.example.com", Port: 993, Encryption: profile.TLS}, nil)}},
		{"no repository", "[Account a]\nremoterepository=r\n[Account b]\nremoterepository=s\nautorefresh=often\n[Repository s]\ntype=IMAP\nremotehost=mail.example.com\nremoteport=0\n", "the remote repository of an account has no section; line 9: the port is not a number from 1 to 65535; line 5: autorefresh is not a number of minutes", []evidence.Client{
			of("b", &evidence.ClientServer{Host: "mail.example.com", Encryption: profile.TLS}, nil)}},
		{"mail of other kinds", "[Account a]\nremoterepository=r\n[Repository r]\ntype=GmailMaildir\n", "", nil},
	})
}
