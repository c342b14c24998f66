package program

import (
	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

func himalaya() Program {
	const (
		account = "~/.config/himalaya/config.toml: [accounts.NAME] "
		sending = account + "message.send.backend."
	)
	words := names("tls", "start-tls")
	return Program{
		Name: "himalaya", Title: "Himalaya", auth: say.Verbatim("password"),
		Begin: say.Verbatim("himalaya account configure NAME"),
		where: map[Field]string{
			ReceivingHost:       account + "backend.host (beside backend.type = \"imap\")",
			ReceivingPort:       account + "backend.port",
			ReceivingEncryption: account + "backend.encryption.type",
			ReceivingLogin:      account + "backend.login",
			ReceivingAuth:       account + "backend.auth.type",
			SendingHost:         sending + "host (beside message.send.backend.type = \"smtp\")",
			SendingPort:         sending + "port",
			SendingEncryption:   sending + "encryption.type",
			SendingLogin:        sending + "login",
			SendingAuth:         sending + "auth.type",
			SentPath:            account + "folder.aliases.sent",
			DraftsPath:          account + "folder.aliases.drafts",
		},
		secure: map[profile.Protocol]dialect{profile.IMAP: words, profile.SMTP: words},
		whole:  true,
	}
}
