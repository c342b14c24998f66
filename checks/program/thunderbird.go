package program

import (
	"fmt"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

func thunderbird() Program {
	const (
		server   = "Account Settings > Server Settings > "
		advanced = server + "Advanced > "
		outgoing = "Account Settings > Outgoing Server > Edit > "
		copies   = "Account Settings > Copies & Folders > "
	)
	return Program{
		Name: "thunderbird", Title: "Thunderbird", auth: say.Verbatim("Normal password"),
		Begin: "Menu > New Account > Email (older: File > New > Existing Mail Account), then Configure manually",
		where: map[Field]string{
			ReceivingHost:       server + "Server Name",
			ReceivingPort:       server + "Port",
			ReceivingEncryption: server + "Connection security",
			ReceivingLogin:      server + "User Name",
			ReceivingAuth:       server + "Authentication method",
			SendingHost:         outgoing + "Server Name",
			SendingPort:         outgoing + "Port",
			SendingEncryption:   outgoing + "Connection security",
			SendingLogin:        outgoing + "User Name",
			SendingAuth:         outgoing + "Authentication method",
			RootPath:            advanced + "IMAP server directory",
			SentPath:            copies + "Place a copy in",
			DraftsPath:          copies + "Keep draft messages in",
			CheckInterval:       server + "Check for new messages every",
			SyncsAll:            "Account Settings > Synchronization & Storage > Keep messages in all folders for this account on this computer",
			Searches:            "Edit > Find > Search Messages > Run search on server",
			Connections:         advanced + "Maximum number of server connections to cache",
			Verification:        "Settings > Privacy & Security > Certificates > Manage Certificates > Servers",
		},
		sparing: "off",
		files:   autoconfig,
	}
}

// autoconfig is the file that Thunderbird looks for at the user's domain, and in the
// folder isp beside itself. The format is at https://www.bucksch.org/1/projects/thunderbird/autoconfiguration/config-file-format.html.
// It has no place for the folder paths.
func autoconfig(s Settings) ([]File, error) {
	for _, word := range []string{"%EMAILADDRESS%", "%EMAILLOCALPART%", "%EMAILDOMAIN%", "%REALNAME%"} {
		if strings.Contains(s.Receiving.Login+" "+s.Sending.Login, word) {
			return nil, refuse("the login name holds %s, which it would replace", word)
		}
	}
	domain := s.Address[strings.LastIndexByte(s.Address, '@')+1:]
	note := s.comment(" ",
		"To use it, copy it to isp/"+domain+".xml in the folder of the program Thunderbird,",
		"then add the account. For all users of the domain it belongs to",
		"https://"+domain+"/.well-known/autoconfig/mail/config-v1.1.xml, with",
		"%EMAILADDRESS% or %EMAILLOCALPART% in place of the login name.")
	list := []string{
		`<?xml version="1.0" encoding="UTF-8"?>`,
		"<!--", xmlComment(strings.Join(note, "\n")), "-->",
		`<clientConfig version="1.1">`,
		`  <emailProvider id="` + xmlText(domain) + `">`,
		"    " + element("domain", domain),
		"    " + element("displayName", s.Provider),
		"    " + element("displayShortName", s.Provider),
	}
	for _, d := range []struct {
		kind, name string
		server     Server
	}{{"imap", "incomingServer", s.Receiving}, {"smtp", "outgoingServer", s.Sending}} {
		socket := "SSL"
		if d.server.Encryption == profile.STARTTLS {
			socket = "STARTTLS"
		}
		list = append(list,
			`    <`+d.name+` type="`+d.kind+`">`,
			"      "+element("hostname", d.server.Host),
			"      "+element("port", fmt.Sprint(d.server.Port)),
			"      "+element("socketType", socket),
			"      "+element("authentication", "password-cleartext"),
			"      "+element("username", d.server.Login),
			`    </`+d.name+`>`)
	}
	text, err := lines(0, append(list, "  </emailProvider>", "</clientConfig>"))
	return []File{{"config-v1.1.xml", public, text}}, err
}
