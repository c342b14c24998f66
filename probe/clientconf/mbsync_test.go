package clientconf

import (
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

func TestMbsync(t *testing.T) {
	mbsyncOf := func(name string, s *evidence.ClientServer) evidence.Client {
		return evidence.Client{Program: "mbsync", File: "~/.mbsyncrc", Account: name, Receiving: s}
	}
	with := func(c evidence.Client, f func(*evidence.Client)) evidence.Client {
		f(&c)
		return c
	}
	runReader(t, mbsync, here(".mbsyncrc"), []readerTest{
		{"an account, its store and a channel", `# my mail
IMAPAccount work
Host mail.example.com
User anna@example.com
PassCmd "+gpg -dq ~/.mail \"quoted\""
# a comment ends nothing
TLSType IMAPS
AuthMechs LOGIN

IMAPStore work-remote
Account work

MaildirStore work-local
Path ~/mail/
Inbox ~/mail/INBOX
SubFolders Verbatim

Channel work
Far :work-remote:
Near :work-local:
Patterns * !Trash
Create Both
`, "", []evidence.Client{with(mbsyncOf("work", &evidence.ClientServer{Host: "mail.example.com", Port: 993, Encryption: profile.TLS, Login: "anna@example.com", Auth: evidence.AuthPassword, Stored: true}), func(c *evidence.Client) {
			c.Address, c.Asks, c.SyncsAll = "anna@example.com", evidence.Yes, evidence.Yes
		})}},
		{"STARTTLS where nothing is said", "IMAPAccount work\nHost mail.example.com\n", "", []evidence.Client{
			mbsyncOf("work", &evidence.ClientServer{Host: "mail.example.com", Port: 143, Encryption: profile.STARTTLS})}},
		{"the older name, in small letters", "imapaccount work\nhost mail.example.com\nssltype none\nauthmechs CRAM-MD5 SCRAM-SHA-1\n", "", []evidence.Client{
			mbsyncOf("work", &evidence.ClientServer{Host: "mail.example.com", Port: 143, Encryption: profile.None, Auth: evidence.AuthEncrypted})}},
		{"before 1.2", "IMAPAccount work\nHost mail.example.com\nUseIMAPS yes\nRequireSSL no\nRequireCRAM yes\nPort 9930\n", "", []evidence.Client{
			mbsyncOf("work", &evidence.ClientServer{Host: "mail.example.com", Port: 9930, Encryption: profile.TLS, Auth: evidence.AuthEncrypted})}},
		{"before 1.0", "IMAPAccount work\nHost imaps:mail.example.com\n", "", []evidence.Client{
			mbsyncOf("work", &evidence.ClientServer{Host: "mail.example.com", Port: 993, Encryption: profile.TLS})}},
		{"a store with the account in it", "IMAPStore work\nHost mail.example.com\nUser anna # me\nPass \"a b\"\nAuthMechs *\nPath INBOX.\n\nChannel one\nMaster :work:\nSlave :local:\nPattern Sent Drafts\n", "", []evidence.Client{
			with(mbsyncOf("work", &evidence.ClientServer{Host: "mail.example.com", Port: 143, Encryption: profile.STARTTLS, Login: "anna", Stored: true}), func(c *evidence.Client) {
				c.RootPath, c.Asks, c.SyncsAll = ptr("INBOX."), evidence.No, evidence.No
			})}},
		{"the server is not asked", "IMAPAccount work\nHost mail.example.com\n\nIMAPStore a\nAccount work\nUseNamespace no\n\nIMAPStore b\nAccount other\nPath INBOX/\n", "", []evidence.Client{
			with(mbsyncOf("work", &evidence.ClientServer{Host: "mail.example.com", Port: 143, Encryption: profile.STARTTLS}), func(c *evidence.Client) { c.Asks = evidence.No })}},
		{"commands that are not run", "IMAPAccount work\nTunnel \"ssh -q mail imapd\"\nUserCmd \"pass show user\"\n", "", []evidence.Client{
			with(mbsyncOf("work", nil), func(c *evidence.Client) {
				c.Missed = []string{"it connects through a Tunnel command, which is not run", "the login name comes from a UserCmd, which is not run"}
			})}},
		{"an empty line too many", "IMAPAccount work\nHost mail.example.com\n\nPort 993\nUser anna\n", "line 4: this belongs into a section, and an empty line has ended it; line 5: this belongs into a section, and an empty line has ended it", []evidence.Client{
			mbsyncOf("work", &evidence.ClientServer{Host: "mail.example.com", Port: 143, Encryption: profile.STARTTLS})}},
		{"values that are none", "IMAPAccount work\nHost mail.example.com\nPort imaps\nTLSType SSL\nUser\nPass \"open\n", "line 5: this is a keyword without a value; line 6: a quote is not closed; line 4: the type of TLS is none that mbsync knows; and 1 more", []evidence.Client{
			mbsyncOf("work", &evidence.ClientServer{Host: "mail.example.com", Stored: true})}},
		{"two accounts of one name", "IMAPAccount a\nHost x.example.com\n\nIMAPAccount a\nHost y.example.com\n", "", []evidence.Client{
			mbsyncOf("a", &evidence.ClientServer{Host: "x.example.com", Port: 143, Encryption: profile.STARTTLS}),
			mbsyncOf("a (2)", &evidence.ClientServer{Host: "y.example.com", Port: 143, Encryption: profile.STARTTLS})}},
		{"nothing to do with mail servers", "MaildirStore a\nPath ~/a/\n\nMaildirStore b\nPath ~/b/\n\nChannel c\nFar :a:\nNear :b:\nPatterns *\n", "", nil},
	})
}
