package program

import "mailmedic/checks/say"

func outlook() Program {
	const (
		server   = "File > Account Settings > Server Settings > "
		incoming = server + "Incoming mail > "
		outgoing = server + "Outgoing mail > "
		more     = "File > Account Settings > Manage Profiles > Email Accounts > Change > More Settings > "
	)
	return Program{
		Name: "outlook", Title: "Outlook", auth: "off", authOut: "on, with the same settings as for incoming mail",
		Begin: "File > Add Account > Advanced options > Let me set up my account manually > IMAP. New Outlook: Settings > Accounts > Your accounts > Add account > Show advanced settings (it has no settings for folder paths and connects by way of Microsoft's servers, so a test from this computer says little about it)",
		where: map[Field]string{
			ReceivingHost:       incoming + "Server",
			ReceivingPort:       incoming + "Port",
			ReceivingEncryption: incoming + "Encryption method",
			ReceivingLogin:      incoming + "User Name",
			ReceivingAuth:       incoming + "Require logon using Secure Password Authentication",
			SendingHost:         outgoing + "Server",
			SendingPort:         outgoing + "Port",
			SendingEncryption:   outgoing + "Encryption method",
			SendingLogin:        outgoing + "User Name",
			SendingAuth:         outgoing + "My outgoing (SMTP) server requires authentication",
			RootPath:            more + "Advanced > Root folder path",
			SentPath:            more + "Sent Items (until Outlook 2010)",
			CheckInterval:       "Send / Receive > Send/Receive Groups > Define Send/Receive Groups > Schedule an automatic send/receive every",
			SyncsAll:            "Send / Receive > Send/Receive Groups > Define Send/Receive Groups > Edit > Download complete items",
			Verification:        "Windows: certmgr > Trusted Root Certification Authorities",
		},
		sparing: "for the folders only that you need",
		notes: map[string]say.Text{
			"MM955": "Outlook 2000 to 2003: Tools > Rules Wizard > a rule for messages after sending > move a copy to your Sent folder on the server. Outlook 2007 and 2010: Account Settings > Change > More Settings > Sent Items.",
			"MM956": "Outlook 2000 and later: empty the folder, mark what is in it as deleted and purge it (Edit > Purge Deleted Messages), then delete it; or delete it in the provider's webmail.",
		},
	}
}
