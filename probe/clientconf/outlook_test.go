package clientconf

import (
	"strings"
	"testing"
	"unicode/utf16"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

const outlookFile = `; Profile of the example office
[General]
Custom=1
ProfileName=Office
DefaultProfile=Yes

[Service List]
Service1=Outlook Address Book

[Internet Account List]
Account1=IMAP_I_Mail
Account2=I_Mail
Account3=IMAP_I_Mail
Account4=IMAP_I_Mail

[Service1]
UniqueService=Yes
Password=K4nary-of-the-mine

[Account1]
UniqueService=No
AccountName=Example
DisplayName=Ann Example
EmailAddress=ann@example.org
IMAPServer=imap.example.org
IMAPUserName=ann@example.org
IMAPUseSPA=0
IMAPPort=993
IMAPUseSSL=1
SMTPServer=smtp.example.org
SMTPUseAuth=1
SMTPAuthMethod=0
SMTPPort=587
SMTPSecureConnection=2
RootFolder=INBOX

[Account2]
AccountName=Old post
POP3Server=pop.example.org
SMTPServer=smtp.example.org

[Account3]
accountname=Second
emailaddress=ann@example.net
imapserver=imap.example.net
imapusername=ann
imapusespa=1
imappassword=K4nary-of-the-mine
smtpserver=smtp.example.net
smtpuseauth=0x1
smtpauthmethod=1
smtpusername=post
smtpport=25
smtpusessl=1

[Account4]
AccountName=Third
IMAPServer=imap.example.com
IMAPPort=143
IMAPUseSSL=1
SMTPServer=smtp.example.com
SMTPPort=465
SMTPSecureConnection=3
SMTPUseAuth=1
SMTPAuthMethod=2

[IMAP_I_Mail]
AccountType=IMAP
IMAPServer=PT_UNICODE,0x0100
SMTPServer=PT_UNICODE,0x0200
`

func officeAccounts() []evidence.Client {
	return []evidence.Client{{
		Program: "outlook", File: "~/f", Account: "Example", Address: "ann@example.org",
		Receiving: &evidence.ClientServer{Host: "imap.example.org", Port: 993, Encryption: profile.TLS, Login: "ann@example.org", Auth: evidence.AuthPassword},
		Sending:   &evidence.ClientServer{Host: "smtp.example.org", Port: 587, Encryption: profile.STARTTLS, Login: "ann@example.org", Auth: evidence.AuthPassword},
		RootPath:  pointer("INBOX"),
	}, {
		Program: "outlook", File: "~/f", Account: "Second", Address: "ann@example.net",
		Receiving: &evidence.ClientServer{Host: "imap.example.net", Port: 143, Encryption: profile.None, Login: "ann", Auth: evidence.AuthOther},
		Sending:   &evidence.ClientServer{Host: "smtp.example.net", Port: 25, Encryption: profile.STARTTLS, Login: "post", Auth: evidence.AuthPassword},
	}, {
		Program: "outlook", File: "~/f", Account: "Third",
		Receiving: &evidence.ClientServer{Host: "imap.example.com", Port: 143, Auth: evidence.AuthPassword},
		Sending:   &evidence.ClientServer{Host: "smtp.example.com", Port: 465, Encryption: profile.STARTTLS, IfOffered: true, Auth: evidence.AuthNone},
		Missed:    []string{"IMAPUseSSL on port 143: it does not say which kind"},
	}}
}

func TestOutlook(t *testing.T) {
	windows := strings.ReplaceAll(outlookFile, "\n", "\r\n")
	wide := "\xff\xfe"
	for _, unit := range utf16.Encode([]rune(windows)) {
		wide += string([]byte{byte(unit), byte(unit >> 8)})
	}
	readings(t, func(text string, at Origin) ([]evidence.Client, error) { return outlook(decode(text), at) }, []fileCase{
		{name: "as it is", text: outlookFile, want: officeAccounts()},
		{name: "CRLF", text: windows, want: officeAccounts()},
		{name: "UTF-16", text: wide, want: officeAccounts()},
		{name: "one byte a character", text: strings.Replace(outlookFile, "Ann Example", "\xc4nn", 1), want: officeAccounts()},
		{name: "no list", text: "[Account1]\nIMAPServer=imap.example.org"},
		{name: "cut", text: "[Internet Account List]\nAccount1=IMAP_I_Mail\n[Account1]\nIMAPServer=i.example\nIMAPUseSS", want: []evidence.Client{{
			Program: "outlook", File: "~/f",
			Receiving: &evidence.ClientServer{Host: "i.example", Port: 143, Encryption: profile.None, Auth: evidence.AuthPassword},
		}}},
		{name: "nothing", text: ""},
	})
}

func FuzzOutlook(f *testing.F) {
	f.Add(outlookFile)
	f.Add("\xff\xfe[\x00")
	f.Add("[Internet Account List]\nAccount1=IMAP_I_Mail\n[Account1]\nIMAPServer=i.example\nIMAPPassword=" + sealed + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		isOutlook("f", text)
		hushed(t, text, outlook, none)
		if strings.Count(text, sealed) == 1 && hasPassword(text) {
			clients, err := outlook(text, Origin{})
			silent(t, clients, err)
		}
	})
}

// hasPassword tells whether the password stands under its own key. Behind another key of the
// same line it is a part of that value; what no host's name is, reticent keeps back.
func hasPassword(text string) bool {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.ToLower(strings.TrimSpace(line)), "imappassword="+strings.ToLower(sealed)) {
			return true
		}
	}
	return false
}
