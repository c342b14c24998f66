package program

import "mailmedic/checks/say"

func k9() Program {
	const (
		account  = "Settings > (your account) > "
		incoming = account + "Fetching mail > Incoming server > "
		outgoing = account + "Sending mail > Outgoing server > "
	)
	return Program{
		Name: "k9", Title: "K-9 Mail and Thunderbird for Android", auth: say.Verbatim("Normal password"),
		Begin: "Settings > Add account > Edit configuration (older: Manual setup)",
		where: map[Field]string{
			ReceivingHost:       incoming + "IMAP server",
			ReceivingPort:       incoming + "Port",
			ReceivingEncryption: incoming + "Security",
			ReceivingLogin:      incoming + "Username",
			ReceivingAuth:       incoming + "Authentication",
			SendingHost:         outgoing + "SMTP server",
			SendingPort:         outgoing + "Port",
			SendingEncryption:   outgoing + "Security",
			SendingLogin:        outgoing + "Require sign-in > Username",
			SendingAuth:         outgoing + "Require sign-in > Authentication",
			RootPath:            incoming + "Auto-detect IMAP namespace: off > IMAP path prefix",
			SentPath:            account + "Folders > Sent folder",
			DraftsPath:          account + "Folders > Drafts folder",
			CheckInterval:       account + "Fetching mail > Folder poll frequency",
			SyncsAll:            account + "Fetching mail > Folders to sync (newer: Manage folders, Sync of each folder)",
			Connections:         account + "Fetching mail > Max folders to check with push",
		},
		sparing: "the Inbox only",
	}
}
