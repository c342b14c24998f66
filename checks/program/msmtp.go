package program

import (
	"fmt"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

func msmtp() Program {
	const account = "~/.msmtprc: account, "
	return Program{
		Name: "msmtp", Title: "msmtp", auth: say.Verbatim("on"),
		Begin: say.Verbatim("man msmtp"),
		where: map[Field]string{
			SendingHost:       account + "host",
			SendingPort:       account + "port",
			SendingEncryption: account + "tls, tls_starttls",
			SendingLogin:      account + "user",
			SendingAuth:       account + "auth",
			Verification:      account + "tls_certcheck",
		},
		secure: map[profile.Protocol]dialect{profile.SMTP: names("tls on, tls_starttls off", "tls on, tls_starttls on")},
		files:  msmtprc,
	}
}

// msmtpLine is less than msmtp 1.8 reads of a line: it refuses those of 500 bytes.
const msmtpLine = 490

// msmtprc quotes every value of its own: msmtp takes one pair of quotes off the ends and
// leaves all between them as it is.
func msmtprc(s Settings) ([]File, error) {
	if strings.ContainsAny(s.Address, "?*[") {
		return nil, refuse("the address holds ?, * or [, which make it a pattern there")
	}
	for _, word := range []string{"%U", "%H", "%C", "%M"} {
		if strings.Contains(s.Address, word) {
			return nil, refuse("the address holds %s, which it would replace", word)
		}
	}
	name := label(s.Address)
	starttls := "off"
	if s.Sending.Encryption == profile.STARTTLS {
		starttls = "on"
	}
	quoted := func(value string) string { return `"` + value + `"` }
	list := append(s.comment("#", s.fromKeyring("~/.msmtprc", "passwordeval")...),
		"",
		"account "+name,
		"host "+s.Sending.Host,
		fmt.Sprintf("port %d", s.Sending.Port),
		"from "+quoted(s.Address),
		"auth on",
		"user "+quoted(s.Sending.Login),
		"passwordeval "+quoted(s.keyring()),
		"tls on",
		"tls_starttls "+starttls,
		"tls_certcheck on",
		"",
		"account default : "+name)
	text, err := lines(msmtpLine, list)
	return []File{{"msmtprc", mine, text}}, err
}
