package program

import "mailmedic/checks/say"

func android() Program {
	const (
		account  = "Gmail > Menu > Settings > (your account) > "
		incoming = account + "Incoming settings > "
		outgoing = account + "Outgoing settings > "
	)
	return Program{
		Name: "android", Title: "the Gmail app on Android", auth: say.Verbatim("Password"),
		Begin: say.Verbatim("Gmail > Menu > Settings > Add account > Other > Personal (IMAP)"),
		where: map[Field]string{
			ReceivingHost:       incoming + "Server",
			ReceivingPort:       incoming + "Port",
			ReceivingEncryption: incoming + "Security type",
			ReceivingLogin:      incoming + "Username",
			ReceivingAuth:       incoming + "Authentication type",
			SendingHost:         outgoing + "SMTP server",
			SendingPort:         outgoing + "Port",
			SendingEncryption:   outgoing + "Security type",
			SendingLogin:        outgoing + "Require sign-in > Username",
			SendingAuth:         outgoing + "Require sign-in > Authentication type",
			RootPath:            incoming + "IMAP path prefix",
			CheckInterval:       account + "Sync frequency",
			Verification:        incoming + "Security type (the choices \"Accept all certificates\")",
		},
	}
}
