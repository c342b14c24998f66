package program

import (
	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

func evolution() Program {
	const (
		account   = "Edit > Accounts > (your account) > Edit > "
		receiving = account + "Receiving Email > "
		options   = account + "Receiving Options > "
		sending   = account + "Sending Email > "
	)
	words := names("TLS on a dedicated port", "STARTTLS after connecting")
	return Program{
		Name: "evolution", Title: "Evolution", auth: say.Verbatim("Password"),
		Begin: say.Verbatim("File > New > Mail Account"),
		where: map[Field]string{
			ReceivingHost:       receiving + "Server",
			ReceivingPort:       receiving + "Port",
			ReceivingEncryption: receiving + "Encryption method",
			ReceivingLogin:      receiving + "Username",
			ReceivingAuth:       receiving + "Authentication",
			SendingHost:         sending + "Server",
			SendingPort:         sending + "Port",
			SendingEncryption:   sending + "Encryption method",
			SendingLogin:        sending + "Username",
			SendingAuth:         sending + "Server requires authentication > Type",
			RootPath:            options + "Override server-supplied folder namespace > Namespace",
			SentPath:            account + "Defaults > Sent Messages Folder",
			DraftsPath:          account + "Defaults > Drafts Folder",
			CheckInterval:       options + "Check for new messages every",
			SyncsAll:            options + "Automatically synchronize remote mail locally",
			Connections:         options + "Number of concurrent connections to use",
			Verification:        "Edit > Preferences > Certificates > Mail",
		},
		secure:  map[profile.Protocol]dialect{profile.IMAP: words, profile.SMTP: words},
		sparing: "off",
	}
}
