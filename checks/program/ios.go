package program

import (
	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

func ios() Program {
	const (
		account   = "Settings > Apps > Mail > Mail Accounts > (your account) > Account Settings > "
		outgoing  = account + "SMTP > Primary Server > "
		advanced  = account + "Advanced > "
		behaviors = advanced + "Mailbox Behaviors > "
	)
	return Program{
		Name: "ios", Title: "Mail on iPhone and iPad", auth: say.Verbatim("Password"),
		Begin: "Settings > Apps > Mail > Mail Accounts > Add Account > Other (before iOS 18: Settings > Mail > Accounts)",
		where: map[Field]string{
			ReceivingHost:       account + "Incoming Mail Server > Host Name",
			ReceivingPort:       advanced + "Incoming Settings > Server Port",
			ReceivingEncryption: advanced + "Incoming Settings > Use SSL",
			ReceivingLogin:      account + "Incoming Mail Server > User Name",
			ReceivingAuth:       advanced + "Incoming Settings > Authentication",
			SendingHost:         outgoing + "Host Name",
			SendingPort:         outgoing + "Server Port",
			SendingEncryption:   outgoing + "Use SSL",
			SendingLogin:        outgoing + "User Name",
			SendingAuth:         outgoing + "Authentication",
			RootPath:            advanced + "Incoming Settings > IMAP Path Prefix",
			SentPath:            behaviors + "Sent Mailbox",
			DraftsPath:          behaviors + "Drafts Mailbox",
			CheckInterval:       "Settings > Apps > Mail > Mail Accounts > Fetch New Data > Fetch",
			Verification:        "Settings > General > About > Certificate Trust Settings",
		},
		secure: securedByPort("on"),
		files:  mobileconfig,
	}
}

// securedByPort is the dialect of programs with one switch for both ways to TLS: which of
// them is used they see by themselves.
func securedByPort(word say.Text) map[profile.Protocol]dialect {
	return map[profile.Protocol]dialect{profile.IMAP: {word, word}, profile.SMTP: {word, word}}
}
