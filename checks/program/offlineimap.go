package program

import (
	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

func offlineimap() Program {
	const remote = "~/.offlineimaprc: [Repository NAME-remote] "
	return Program{
		Name: "offlineimap", Title: "OfflineIMAP", auth: say.Verbatim("PLAIN"),
		Begin: say.Verbatim("/usr/share/doc/offlineimap/examples/offlineimap.conf"),
		where: map[Field]string{
			ReceivingHost:       remote + "remotehost",
			ReceivingPort:       remote + "remoteport",
			ReceivingEncryption: remote + "ssl, starttls",
			ReceivingLogin:      remote + "remoteuser",
			ReceivingAuth:       remote + "auth_mechanisms",
			RootPath:            remote + "reference",
			CheckInterval:       "~/.offlineimaprc: [Account NAME] autorefresh",
			SyncsAll:            remote + "folderfilter",
			Connections:         remote + "maxconnections",
			Verification:        remote + "sslcacertfile, cert_fingerprint",
		},
		secure:  map[profile.Protocol]dialect{profile.IMAP: names("ssl = yes", "ssl = no, starttls = yes")},
		sparing: "the folders that you need",
	}
}
