package clientconf

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// k9Places is where an export lands that was sent over from the phone.
func k9Places(p Place) []string {
	return []string{filepath.Join(p.Home, "Downloads", "*.k9s")}
}

// isK9 goes by the root of the file, whatever its name.
func isK9(_, text string) bool {
	return strings.Contains(text[:min(len(text), 1024)], "<k9settings")
}

// k9Account is an account as SettingsExporter.kt of Thunderbird for Android writes it.
type k9Account struct {
	Name       string    `xml:"name"`
	Incoming   k9Server  `xml:"incoming-server"`
	Outgoing   k9Server  `xml:"outgoing-server"`
	Settings   []k9Value `xml:"settings>value"`
	Identities []string  `xml:"identities>identity>email"`
	Folders    []struct {
		Values []k9Value `xml:"value"`
	} `xml:"folders>folder"`
}

type k9Server struct {
	Type     string    `xml:"type,attr"`
	Host     string    `xml:"host"`
	Port     string    `xml:"port"`
	Security string    `xml:"connection-security"`
	Auth     string    `xml:"authentication-type"`
	Username string    `xml:"username"`
	Password string    `xml:"password"`
	Extra    []k9Value `xml:"extra>value"`
}

type k9Value struct {
	Key  string `xml:"key,attr"`
	Text string `xml:",chardata"`
}

// k9Text finds a setting; the second result tells an empty one from none.
func k9Text(all []k9Value, key string) (string, bool) {
	for _, v := range all {
		if v.Key == key {
			return strings.TrimSpace(v.Text), true
		}
	}
	return "", false
}

// k9Accounts reads one account after the other. What the library says of a broken file may
// quote it, so that only the line is kept.
func k9Accounts(text string) ([]k9Account, error) {
	decoder := xml.NewDecoder(strings.NewReader(text))
	var all []k9Account
	fail := func() error {
		line, _ := decoder.InputPos()
		return fmt.Errorf("line %d is not XML, or the file ends too early", line)
	}
	for rooted := false; ; {
		token, err := decoder.Token()
		if err != nil {
			return all, fail()
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name.Local == "k9settings" {
				return all, nil
			}
		case xml.StartElement:
			if !rooted && t.Name.Local != "k9settings" {
				return nil, errors.New("the file is no export of settings")
			}
			rooted = true
			if t.Name.Local != "account" {
				continue
			}
			if len(all) == mostAccounts {
				return all, fmt.Errorf("more than %d accounts: the rest is not read", mostAccounts)
			}
			var a k9Account
			if err := decoder.DecodeElement(&a, &t); err != nil {
				return all, fail()
			}
			all = append(all, a)
		}
	}
}

func (a k9Account) address() string {
	if len(a.Identities) == 0 {
		return ""
	}
	return strings.TrimSpace(a.Identities[0])
}

func (a k9Account) name() string { return cmp.Or(strings.TrimSpace(a.Name), a.address()) }

// k9 reads an export of the settings of K-9 Mail or Thunderbird for Android.
func k9(text string, at Origin) ([]evidence.Client, error) {
	all, err := k9Accounts(text)
	var clients []evidence.Client
	for _, a := range all {
		if !strings.EqualFold(a.Incoming.Type, "IMAP") {
			continue
		}
		c := evidence.Client{
			Program: "k9", File: at.Shown, Account: a.name(), Address: a.address(),
			Receiving: a.Incoming.record(profile.IMAP),
		}
		if strings.EqualFold(a.Outgoing.Type, "SMTP") {
			c.Sending = a.Outgoing.record(profile.SMTP)
		}
		if c.Receiving == nil && c.Sending == nil {
			continue
		}
		a.habits(&c)
		clients = append(clients, c)
	}
	return clients, err
}

// habits are settings of AccountSettingsDescriptions.java. What changed its default from
// version to version is unknown where the file does not say it.
func (a k9Account) habits(c *evidence.Client) {
	if text, ok := k9Text(a.Settings, "automaticCheckIntervalMinutes"); ok {
		if n, err := strconv.ParseInt(text, 10, 32); err == nil {
			minutes := max(int(n), 0) // -1: never
			c.CheckMinutes = &minutes
		}
	}
	if mode, ok := k9Text(a.Settings, "folderSyncMode"); ok {
		c.SyncsAll = evidence.No
		if mode == "ALL" {
			c.SyncsAll = evidence.Yes
		}
	}
	if allowed, _ := k9Text(a.Settings, "allowRemoteSearch"); allowed == "false" {
		c.Searches = evidence.No
	}
	c.Connections = a.pushed()
	c.SentPath, c.DraftsPath = a.folder("sentFolderName"), a.folder("draftsFolderName")

	// ImapStoreSettings.kt: it asks unless told not to.
	detect, _ := k9Text(a.Incoming.Extra, "autoDetectNamespace")
	c.Asks = seenIf(detect, evidence.Yes)
	if prefix, ok := k9Text(a.Incoming.Extra, "pathPrefix"); ok {
		c.RootPath = &prefix
	}
}

// pushed counts the folders that mail is pushed from: each has a connection of its own that
// stays open, up to maxPushFolders where a version has it.
func (a k9Account) pushed() int {
	n := 0
	for _, f := range a.Folders {
		if on, _ := k9Text(f.Values, "pushEnabled"); on == "true" {
			n++
		}
	}
	if text, ok := k9Text(a.Settings, "maxPushFolders"); ok {
		if most, err := strconv.ParseUint(text, 10, 31); err == nil {
			n = min(n, int(most))
		}
	}
	return n
}

// folder is a path; "-NONE-" stood for none in older ones.
func (a k9Account) folder(key string) *string {
	path, ok := k9Text(a.Settings, key)
	if !ok || path == "" || path == "-NONE-" {
		return nil
	}
	return &path
}

// record is what may be told of a server. The "optional" kinds of old versions
// took any certificate (ImapStore.java), and STARTTLS a server without it too.
func (s k9Server) record(d profile.Protocol) *evidence.ClientServer {
	if strings.TrimSpace(s.Host) == "" {
		return nil
	}
	r := evidence.ClientServer{
		Host: strings.TrimSpace(s.Host), Port: portOf(s.Port), Login: strings.TrimSpace(s.Username),
		Auth: k9Auth(s.Auth), Stored: s.secret() != "",
	}
	switch strings.TrimSpace(s.Security) {
	case "NONE":
		r.Encryption = profile.None
	case "STARTTLS_REQUIRED":
		r.Encryption = profile.STARTTLS
	case "STARTTLS_OPTIONAL":
		r.Encryption, r.IfOffered, r.Unverified = profile.STARTTLS, true, true
	case "SSL_TLS_REQUIRED":
		r.Encryption = profile.TLS
	case "SSL_TLS_OPTIONAL":
		r.Encryption, r.Unverified = profile.TLS, true
	}
	if r.Port == 0 && r.Encryption != "" && strings.TrimSpace(s.Port) == "" {
		r.Port = usualPort(d, r.Encryption)
	}
	if d == profile.SMTP && r.Login == "" && r.Auth != evidence.AuthOther {
		r.Auth = evidence.AuthNone // without a name it sends without a login
	}
	return &r
}

// k9Auth is the kind of ServerSettingsDescriptions.kt.
func k9Auth(kind string) evidence.Auth {
	switch strings.TrimSpace(kind) {
	case "PLAIN", "LOGIN":
		return evidence.AuthPassword
	case "CRAM_MD5":
		return evidence.AuthEncrypted
	case "XOAUTH2":
		return evidence.AuthOAuth
	case "EXTERNAL":
		return evidence.AuthOther
	case "NONE":
		return evidence.AuthNone
	}
	return evidence.AuthUnknown
}

// secret is the password; with OAuth there is a token, which no server takes for one.
func (s k9Server) secret() string {
	if k9Auth(s.Auth) == evidence.AuthOAuth {
		return ""
	}
	return s.Password
}

// k9Secret is the password of an account. Today's exports leave it out.
func k9Secret(text string, account string, d profile.Protocol) (plain, command string) {
	all, _ := k9Accounts(text)
	a, ok := only(all, k9Account.name, account)
	if !ok || !strings.EqualFold(a.Incoming.Type, "IMAP") {
		return "", ""
	}
	if d == profile.IMAP {
		return a.Incoming.secret(), ""
	}
	if !strings.EqualFold(a.Outgoing.Type, "SMTP") {
		return "", "" // of another kind of server, which is not the one that is shown
	}
	return a.Outgoing.secret(), ""
}
