package program

import (
	"fmt"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

func mutt() Program {
	const file = "~/.muttrc: "
	return Program{
		Name: "mutt", Title: "mutt and NeoMutt", auth: say.With("%s or %s", "login", "plain"),
		Begin: "man muttrc, man neomuttrc (NeoMutt also reads ~/.config/neomutt/neomuttrc)",
		where: map[Field]string{
			ReceivingHost:       file + "folder, spoolfile (host)",
			ReceivingPort:       file + "folder, spoolfile (port)",
			ReceivingEncryption: file + "folder, spoolfile (scheme)",
			ReceivingLogin:      file + "folder, spoolfile (user)",
			ReceivingAuth:       file + "imap_authenticators",
			SendingHost:         file + "smtp_url (host)",
			SendingPort:         file + "smtp_url (port)",
			SendingEncryption:   file + "smtp_url (scheme)",
			SendingLogin:        file + "smtp_url (user)",
			SendingAuth:         file + "smtp_authenticators",
			SentPath:            file + "record",
			DraftsPath:          file + "postponed",
			CheckInterval:       file + "timeout and mail_check (in seconds)",
			SyncsAll:            file + "imap_check_subscribed",
			Verification:        file + "certificate_file",
		},
		secure: map[profile.Protocol]dialect{
			profile.IMAP: {say.Verbatim("imaps://"), say.With("%s, with %s", "imap://", "ssl_force_tls = yes")},
			profile.SMTP: {say.Verbatim("smtps://"), say.With("%s, with %s", "smtp://", "ssl_force_tls = yes")},
		},
		seconds: true, inURL: true, whole: true, sparing: say.Verbatim("no"),
		files: muttrc,
	}
}

// muttrc quotes with single quotes, in which mutt leaves backslash, dollar and backtick
// alone. What stands in a URL is percent-encoded besides, and so are folder names, which
// mutt puts behind the URL in folder. That URL has no path, for between it and a name NeoMutt
// puts a slash, and sends it as it is to a server that has a dot there.
func muttrc(s Settings) ([]File, error) {
	if addrSpec(s.Address) != s.Address {
		return nil, refuse("the address needs quotes before the @, and it reads none")
	}
	imap, smtp := "imaps", "smtps"
	if s.Receiving.Encryption == profile.STARTTLS {
		imap = "imap"
	}
	if s.Sending.Encryption == profile.STARTTLS {
		smtp = "smtp"
	}
	server := fmt.Sprintf("%s://%s@%s:%d/", imap, percent(s.Receiving.Login), s.Receiving.Host, s.Receiving.Port)
	drafts := "~/postponed"
	if name := s.whole(s.DraftsPath); name != "" && !s.NoDrafts {
		drafts = "=" + percentPath(name)
	}
	more := []string{
		"It belongs to ~/.muttrc, or into a file that it names:  source ~/.mutt/account",
		"It holds no password: mutt asks for it. To read it from a keyring instead, see imap_pass",
		"and smtp_pass in the manual.",
	}
	list := append(s.comment("#", more...),
		"",
		muttSet("from", s.Address),
	)
	if s.Name != "" {
		list = append(list, muttSet("realname", s.Name))
	}
	list = append(list,
		"set use_from = yes",
		muttSet("folder", server),
		muttSet("spoolfile", server+"INBOX"),
	)
	if name := s.whole(s.SentPath); name != "" {
		list = append(list, muttSet("record", "="+percentPath(name)))
	}
	list = append(list,
		muttSet("postponed", drafts),
		muttSet("smtp_url", fmt.Sprintf("%s://%s@%s:%d/", smtp, percent(s.Sending.Login), s.Sending.Host, s.Sending.Port)),
		"# Never without encryption, whatever the server offers.",
		"set ssl_starttls = yes",
		"set ssl_force_tls = yes",
	)
	if s.CheckMinutes > 0 {
		// The open folder is asked for at each timeout, the others at each mail_check.
		list = append(list, fmt.Sprintf("set timeout = %d", s.CheckMinutes*60), fmt.Sprintf("set mail_check = %d", s.CheckMinutes*60))
	}
	if s.Spare {
		list = append(list, "set imap_check_subscribed = no")
	}
	text, err := lines(0, list)
	return []File{{"muttrc", mine, text}}, err
}

// muttSet is one setting. A single quote stands between double ones.
func muttSet(name, value string) string {
	return "set " + name + " = '" + strings.ReplaceAll(value, "'", `'"'"'`) + "'"
}
