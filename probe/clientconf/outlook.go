package clientconf

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// outlookPlaces is where an administrator leaves a profile file. Outlook itself keeps its
// accounts in the registry and not in a text.
func outlookPlaces(p Place) []string {
	if p.OS != "windows" || p.AppData == "" {
		return nil
	}
	return []string{filepath.Join(p.AppData, "Microsoft", "Outlook", "*.prf")}
}

// isOutlook goes by the headings that every profile file has.
func isOutlook(_, text string) bool {
	return prfSection(sections(text), "Internet Account List") != nil
}

// outlook reads a profile file (.prf), which the Office Customization Tool writes: the list
// of accounts, and a section of each. Its keys are MAPI properties, see "Properties" and
// "Constants (Account management API)" of the Outlook developer reference.
func outlook(text string, at Origin) ([]evidence.Client, error) {
	var clients []evidence.Client
	all := sections(text)
	list := prfSection(all, "Internet Account List")
	for _, s := range all {
		kind, listed := list[strings.ToLower(s.name)]
		keys := prfKeys(s.keys)
		if !listed || !strings.EqualFold(kind, "IMAP_I_Mail") && keys["imapserver"] == "" {
			continue // a POP account, or one of Exchange
		}
		if len(clients) == mostAccounts {
			return clients, fmt.Errorf("more than %d accounts: the rest is not read", mostAccounts)
		}
		c := evidence.Client{Program: "outlook", File: at.Shown, Account: keys["accountname"], Address: keys["emailaddress"]}
		c.Receiving, c.Sending = prfReceiving(keys, &c), prfSending(keys, &c)
		if c.Receiving == nil && c.Sending == nil {
			continue
		}
		if root, ok := keys["rootfolder"]; ok {
			c.RootPath = &root
		}
		clients = append(clients, c)
	}
	return clients, nil
}

// prfSection finds a section as Windows does, without regard to capitals.
func prfSection(all []group, name string) map[string]string {
	i := slices.IndexFunc(all, func(s group) bool { return strings.EqualFold(s.name, name) })
	if i < 0 {
		return nil
	}
	return prfKeys(all[i].keys)
}

func prfKeys(given map[string]string) map[string]string {
	keys := map[string]string{}
	for key, value := range given {
		keys[strings.ToLower(key)] = value
	}
	return keys
}

// prfReceiving reads the IMAP server. PROP_INET_SSL is one switch, which on the port of IMAP
// itself may mean either kind.
func prfReceiving(keys map[string]string, c *evidence.Client) *evidence.ClientServer {
	if keys["imapserver"] == "" {
		return nil
	}
	s := evidence.ClientServer{
		Host: keys["imapserver"], Port: portOf(keys["imapport"]), Login: keys["imapusername"],
		Encryption: profile.None, Auth: evidence.AuthPassword,
	}
	if prfOn(keys["imapusessl"]) {
		s.Encryption = prfSSL(s.Port, "IMAPUseSSL", c)
	} else if keys["imapport"] == "" {
		s.Port = 143
	}
	if prfOn(keys["imapusespa"]) {
		s.Auth = evidence.AuthOther
	}
	return &s
}

// prfSending reads the SMTP server: PROP_SMTP_SECURE_CONNECTION of Outlook 2007 and later, or
// PROP_SMTP_SSL of 2003; PROP_SMTP_USE_AUTH and PROP_SMTP_AUTH_METHOD.
func prfSending(keys map[string]string, c *evidence.Client) *evidence.ClientServer {
	if keys["smtpserver"] == "" {
		return nil
	}
	s := evidence.ClientServer{Host: keys["smtpserver"], Port: portOf(keys["smtpport"]), Encryption: profile.None}
	if keys["smtpport"] == "" {
		s.Port = 25 // PROP_SMTP_PORT
	}
	switch keys["smtpsecureconnection"] {
	case "1":
		s.Encryption = profile.TLS
	case "2":
		s.Encryption = profile.STARTTLS
	case "3": // "automatically detect"
		s.Encryption, s.IfOffered = profile.STARTTLS, true
	case "":
		if prfOn(keys["smtpusessl"]) {
			s.Encryption = prfSSL(s.Port, "SMTPUseSSL", c)
		}
	}
	s.Auth = evidence.AuthNone
	if !prfOn(keys["smtpuseauth"]) {
		return &s
	}
	switch keys["smtpauthmethod"] {
	case "", "0": // the same as for receiving
		s.Login, s.Auth = keys["imapusername"], evidence.AuthPassword
		if prfOn(keys["imapusespa"]) {
			s.Auth = evidence.AuthOther
		}
	case "1":
		s.Login, s.Auth = keys["smtpusername"], evidence.AuthPassword
		if prfOn(keys["smtpusespa"]) {
			s.Auth = evidence.AuthOther
		}
	}
	return &s
}

// prfSSL is what the one switch means on a port.
func prfSSL(port int, key string, c *evidence.Client) profile.Encryption {
	if port == 993 || port == 465 {
		return profile.TLS
	}
	if key == "SMTPUseSSL" && port == 25 {
		return profile.STARTTLS
	}
	c.Missed = append(c.Missed, fmt.Sprintf("%s on port %d: it does not say which kind", key, port))
	return ""
}

// prfOn reads a switch: "a zero value means do not", in decimal or as 0x.
func prfOn(text string) bool {
	switch strings.ToLower(text) {
	case "", "0", "0x0", "0x00000000", "no", "false":
		return false
	}
	return true
}
