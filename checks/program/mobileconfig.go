package program

import (
	"crypto/sha1"
	"fmt"
	"strings"

	"mailmedic/checks/say"
)

// mobileconfig is a configuration profile of Apple, for macOS and iOS alike: a payload of
// the type com.apple.mail.managed. It has no password; the device asks for it when the
// profile is installed.
func mobileconfig(s Settings) ([]File, error) {
	account := dict{
		{"EmailAccountDescription", text(s.Provider)},
		{"EmailAccountName", text(s.Name)},
		{"EmailAccountType", text("EmailTypeIMAP")},
		{"EmailAddress", text(s.Address)},
		{"IncomingMailServerAuthentication", text("EmailAuthPassword")},
		{"IncomingMailServerHostName", text(s.Receiving.Host)},
		{"IncomingMailServerIMAPPathPrefix", text(s.RootPath)},
		{"IncomingMailServerPortNumber", number(s.Receiving.Port)},
		{"IncomingMailServerUseSSL", "<true/>"},
		{"IncomingMailServerUsername", text(s.Receiving.Login)},
		{"OutgoingMailServerAuthentication", text("EmailAuthPassword")},
		{"OutgoingMailServerHostName", text(s.Sending.Host)},
		{"OutgoingMailServerPortNumber", number(s.Sending.Port)},
		{"OutgoingMailServerUseSSL", "<true/>"},
		{"OutgoingMailServerUsername", text(s.Sending.Login)},
		{"OutgoingPasswordSameAsIncomingPassword", "<true/>"},
		{"PayloadDescription", text(say.Join(s.Told()...).String())},
		{"PayloadDisplayName", text(s.Address)},
	}.without(text(""))
	values := account.lines("")
	name := "mailmedic." + label(s.Address)
	account = append(account, payload("com.apple.mail.managed", name+".mail", "mail", values)...)
	whole := append(dict{
		{"PayloadDisplayName", text("Mail of " + s.Address)},
		{"PayloadRemovalDisallowed", "<false/>"},
	}, payload("Configuration", name, "profile", values)...)

	list := []string{
		`<?xml version="1.0" encoding="UTF-8"?>`,
		`<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">`,
		"<!--",
		xmlComment(strings.Join(s.comment(" ",
			"Mac: open it, then System Settings > General > Device Management.",
			"iPhone, iPad: send it to yourself or open it in Files, then Settings > Profile Downloaded."), "\n")),
		"-->",
		`<plist version="1.0">`, "<dict>", "  <key>PayloadContent</key>", "  <array>", "    <dict>",
	}
	list = append(list, account.lines("      ")...)
	list = append(list, "    </dict>", "  </array>")
	list = append(list, whole.lines("  ")...)
	file, err := lines(0, append(list, "</dict>", "</plist>"))
	return []File{{label(s.Address) + ".mobileconfig", mine, file}}, err
}

// dict is a property list's dictionary. The value is XML already.
type dict []struct{ key, value string }

func text(s string) string { return element("string", s) }

func number(n int) string { return element("integer", fmt.Sprint(n)) }

// without leaves out the keys with a value.
func (d dict) without(value string) dict {
	var rest dict
	for _, e := range d {
		if e.value != value {
			rest = append(rest, e)
		}
	}
	return rest
}

func (d dict) lines(indent string) []string {
	var list []string
	for _, e := range d {
		list = append(list, indent+element("key", e.key), indent+e.value)
	}
	return list
}

// payload is what every payload has. The identifier replaces an older profile for the same
// address; the UUID follows from the values, so that the same values make the same file.
func payload(kind, identifier, role string, values []string) dict {
	return dict{
		{"PayloadIdentifier", text(identifier)},
		{"PayloadType", text(kind)},
		{"PayloadUUID", text(uuid(role + "\n" + strings.Join(values, "\n")))},
		{"PayloadVersion", number(1)},
	}
}

// uuid is a name-based one of version 5 (RFC 9562 section 5.5), in a name space that is
// the program's own.
func uuid(name string) string {
	const space = "mailmedic/settings/"
	u := sha1.Sum([]byte(space + name))
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%X-%X-%X-%X-%X", u[0:4], u[4:6], u[6:8], u[8:10], u[10:16])
}
