package program

import "mailmedic/checks/say"

func appleMail() Program {
	const (
		server    = "Mail > Settings > Accounts > Server Settings > "
		incoming  = server + "Incoming Mail Server > "
		outgoing  = server + "Outgoing Mail Server (SMTP) > "
		behaviors = "Mail > Settings > Accounts > Mailbox Behaviors > "
	)
	return Program{
		Name: "apple-mail", Title: "Apple Mail", auth: say.Verbatim("Password"),
		Begin: "Mail > Add Account > Other Mail Account (before macOS 13, Settings is called Preferences)",
		where: map[Field]string{
			ReceivingHost:       incoming + "Host Name",
			ReceivingPort:       incoming + "Automatically manage connection settings: off > Port",
			ReceivingEncryption: incoming + "Automatically manage connection settings: off > Use TLS/SSL",
			ReceivingLogin:      incoming + "User Name",
			ReceivingAuth:       incoming + "Automatically manage connection settings: off > Authentication",
			SendingHost:         outgoing + "Host Name",
			SendingPort:         outgoing + "Automatically manage connection settings: off > Port",
			SendingEncryption:   outgoing + "Automatically manage connection settings: off > Use TLS/SSL",
			SendingLogin:        outgoing + "User Name",
			SendingAuth:         outgoing + "Automatically manage connection settings: off > Authentication",
			RootPath:            server + "Advanced IMAP Settings > IMAP Path Prefix",
			SentPath:            behaviors + "Sent Mailbox",
			DraftsPath:          behaviors + "Drafts Mailbox",
			CheckInterval:       "Mail > Settings > General > Check for new messages",
			SyncsAll:            "Mail > Settings > Accounts > Account Information > Download Attachments",
			Verification:        "Keychain Access > the certificate > Get Info > Trust",
		},
		secure:  securedByPort("on"),
		sparing: say.Verbatim("None"),
		notes: map[string]say.Text{
			"MM957": "In the Accounts preferences of Mail choose your IMAP account, Advanced, \"Keep copies of messages for offline viewing: Only messages I've read\". From macOS 10.12 on: Mail > Settings > Accounts > Account Information > Download Attachments: None.",
		},
		files: mobileconfig,
	}
}
