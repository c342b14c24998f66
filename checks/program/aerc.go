package program

import (
	"fmt"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

func aerc() Program {
	const file = "~/.config/aerc/accounts.conf: "
	return Program{
		Name: "aerc", Title: "aerc", auth: say.Verbatim("plain"),
		Begin: say.Verbatim("man aerc-accounts, man aerc-imap, man aerc-smtp"),
		where: map[Field]string{
			ReceivingHost:       file + "source (host)",
			ReceivingPort:       file + "source (port)",
			ReceivingEncryption: file + "source (scheme)",
			ReceivingLogin:      file + "source (user)",
			SendingHost:         file + "outgoing (host)",
			SendingPort:         file + "outgoing (port)",
			SendingEncryption:   file + "outgoing (scheme)",
			SendingLogin:        file + "outgoing (user)",
			SendingAuth:         file + "outgoing (scheme, behind a +)",
			SentPath:            file + "copy-to",
			DraftsPath:          file + "postpone",
			CheckInterval:       file + "check-mail",
			SyncsAll:            file + "check-mail-include",
		},
		secure: map[profile.Protocol]dialect{
			profile.IMAP: names("imaps://", "imap://"),
			profile.SMTP: {say.Verbatim("smtps://"), say.With("%s, and until 0.15 %s", "smtp://", "smtp-starttls = yes")},
		},
		inURL: true, whole: true, sparing: "INBOX and the folders that you need",
		files: aercAccounts,
	}
}

// aercAccounts keeps to what aerc 0.14 and later versions read.
func aercAccounts(s Settings) ([]File, error) {
	imap, smtp := "imaps", "smtps"
	if s.Receiving.Encryption == profile.STARTTLS {
		imap = "imap"
	}
	if s.Sending.Encryption == profile.STARTTLS {
		smtp = "smtp"
	}
	settings := []struct{ key, value string }{
		{"source", fmt.Sprintf("%s://%s@%s:%d", imap, percent(s.Receiving.Login), s.Receiving.Host, s.Receiving.Port)},
		{"source-cred-cmd", s.keyring()},
		{"outgoing", fmt.Sprintf("%s://%s@%s:%d", smtp, percent(s.Sending.Login), s.Sending.Host, s.Sending.Port)},
		{"outgoing-cred-cmd", s.keyring()},
		{"from", s.mailbox()},
		{"copy-to", s.whole(s.SentPath)},
	}
	if !s.NoDrafts {
		settings = append(settings, struct{ key, value string }{"postpone", s.whole(s.DraftsPath)})
	}
	list := append(s.comment("#", s.fromKeyring("~/.config/aerc/accounts.conf", "source-cred-cmd and outgoing-cred-cmd")...), "", "["+label(s.Address)+"]")
	if s.SentPath != "" && s.whole(s.SentPath) == "" {
		list = append(list, "# copy-to is missing: the whole name of the Sent folder is only known after a test with a login.")
	}
	for _, set := range settings {
		if set.value == "" {
			continue
		}
		if err := iniValue(set.value); err != nil {
			return nil, err
		}
		if set.key == "copy-to" && strings.Contains(set.value, ",") {
			return nil, refuse("the name of the Sent folder holds a comma, which it takes for the end of the name")
		}
		list = append(list, set.key+" = `"+set.value+"`")
	}
	if smtp == "smtp" {
		list = append(list, "# Versions from 0.16 on need no word for STARTTLS, and say so. Then take the next line out.", "smtp-starttls = yes")
	}
	if s.CheckMinutes > 0 {
		list = append(list, fmt.Sprintf("check-mail = %dm", s.CheckMinutes))
	}
	if s.Spare {
		list = append(list, "check-mail-include = INBOX")
	}
	text, err := lines(0, list)
	return []File{{"accounts.conf", mine, text}}, err
}

// iniValue tells what the format cannot hold. Between backquotes it takes everything as it
// is, up to the last backquote of the line, but puts another setting's value in the place
// of %(name)s.
func iniValue(value string) error {
	if _, rest, found := strings.Cut(value, "%("); found && strings.Contains(rest, ")s") {
		return refuse("a value holds %(...)s, which it would replace")
	}
	return nil
}
