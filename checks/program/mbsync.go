package program

import (
	"fmt"

	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

func mbsync() Program {
	const account = "~/.mbsyncrc: IMAPAccount, "
	return Program{
		Name: "mbsync", Title: "mbsync (isync)", auth: say.Verbatim("LOGIN PLAIN"),
		Begin: say.Verbatim("man mbsync"),
		where: map[Field]string{
			ReceivingHost:       account + "Host",
			ReceivingPort:       account + "Port",
			ReceivingEncryption: account + "SSLType (from 1.5 on: TLSType)",
			ReceivingLogin:      account + "User",
			ReceivingAuth:       account + "AuthMechs",
			RootPath:            "~/.mbsyncrc: IMAPStore, Path (without it, the server is asked)",
			CheckInterval:       "crontab or systemd timer that starts mbsync",
			SyncsAll:            "~/.mbsyncrc: Channel, Patterns",
			Verification:        account + "CertificateFile",
		},
		secure:  map[profile.Protocol]dialect{profile.IMAP: names("IMAPS", "STARTTLS")},
		sparing: "INBOX and the folders that you need",
		files:   mbsyncrc,
	}
}

// mbsyncLine is less than isync 1.4 reads of a line: it takes 1023 bytes at a time.
const mbsyncLine = 1000

// mbsyncrc keeps to what isync 1.4 and 1.5 both read. An empty line ends a section, and a
// path is not set: both ask the server for it (NAMESPACE, RFC 2342).
func mbsyncrc(s Settings) ([]File, error) {
	name := label(s.Address)
	secure := "IMAPS"
	if s.Receiving.Encryption == profile.STARTTLS {
		secure = "STARTTLS"
	}
	patterns, reason := "Patterns *", "All folders. For some only:  Patterns INBOX Sent"
	if s.Spare {
		patterns, reason = "Patterns INBOX", "The provider asks not to synchronise everything. Add the folders that you need."
	}
	more := append(s.fromKeyring("~/.mbsyncrc", "PassCmd"), "It fetches, and carries changes back. Nothing is removed for good: Expunge is None.")
	if s.CheckMinutes > 0 {
		more = append(more, fmt.Sprintf("Start mbsync every %d minutes at most: the provider asks for that.", s.CheckMinutes))
	}
	more = append(more, "It makes the folder of INBOX, but not the one around it:", "    mkdir -p ~/Mail/"+name)
	list := append(s.comment("#", more...),
		"",
		"IMAPAccount "+name,
		"Host "+s.Receiving.Host,
		fmt.Sprintf("Port %d", s.Receiving.Port),
		"User "+double(s.Receiving.Login),
		"PassCmd "+double(s.keyring()),
		"# isync 1.5 calls it TLSType and still reads SSLType.",
		"SSLType "+secure,
		"",
		"IMAPStore "+name+"-remote",
		"Account "+name,
		"",
		"MaildirStore "+name+"-local",
		"SubFolders Verbatim",
		"Path ~/Mail/"+name+"/",
		"Inbox ~/Mail/"+name+"/INBOX",
		"",
		"Channel "+name,
		"Far :"+name+"-remote:",
		"Near :"+name+"-local:",
		"# "+reason,
		patterns,
		"Create Near",
		"Expunge None",
		"SyncState *")
	text, err := lines(mbsyncLine, list)
	return []File{{"mbsyncrc", mine, text}}, err
}
