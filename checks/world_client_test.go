package checks_test

import (
	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// thunderbird is Alice's account in Thunderbird, set up as the provider asks.
func thunderbird() evidence.Client {
	root, sent, minutes := "INBOX", "Sent", 15
	return evidence.Client{
		Program: "thunderbird", File: "~/.thunderbird/abc.default/prefs.js", Account: "alice@runbox.com", Address: "alice@runbox.com",
		Receiving: &evidence.ClientServer{Host: "secure.runbox.com", Port: 993, Encryption: profile.TLS, Login: "alice", Auth: evidence.AuthPassword},
		Sending:   &evidence.ClientServer{Host: "smtp.runbox.com", Port: 587, Encryption: profile.STARTTLS, Login: "alice", Auth: evidence.AuthPassword},
		RootPath:  &root, SentPath: &sent, Asks: evidence.No, CheckMinutes: &minutes, SyncsAll: evidence.No, Connections: 5,
	}
}

func clientWorlds() []world {
	has := func(change func(*evidence.Client)) setting {
		return func(_ *mailtest.Options, o *probe.Options) {
			c := thunderbird()
			change(&c)
			o.Clients = []evidence.Client{c}
		}
	}
	every := func(minutes int) setting { return has(func(c *evidence.Client) { c.CheckMinutes = &minutes }) }
	root := func(path string) setting { return has(func(c *evidence.Client) { c.RootPath = &path }) }
	return []world{
		{"client-healthy", "Alice's Thunderbird is set up as the provider asks", has(func(*evidence.Client) {}), nil},
		{"client-checks-often", "Thunderbird looks for new mail every 10 minutes", every(10), nil},
		{"client-checks-rarely", "Thunderbird looks for new mail every 11 minutes", every(11), nil},
		{"client-checks-never", "Thunderbird does not look for new mail by itself", every(0), nil},
		{"client-syncs-all", "Thunderbird keeps all folders on the computer", has(func(c *evidence.Client) { c.SyncsAll = evidence.Yes }), nil},
		{"client-syncs-unknown", "nothing is known of what the program synchronises", has(func(c *evidence.Client) { c.SyncsAll = evidence.Unknown }), nil},
		{"client-in-clear", "Thunderbird receives without encryption", has(func(c *evidence.Client) {
			c.Receiving = &evidence.ClientServer{Host: "imap.runbox.com", Port: 143, Encryption: profile.None, Login: "alice", Auth: evidence.AuthPassword}
		}), nil},
		{"client-tls-on-143", "Thunderbird wants TLS at once on the port for STARTTLS", has(func(c *evidence.Client) {
			c.Receiving = &evidence.ClientServer{Host: "imap.runbox.com", Port: 143, Encryption: profile.TLS, Login: "alice", Auth: evidence.AuthPassword}
		}), nil},
		{"client-name-form", "Thunderbird logs in with the whole address for receiving", has(func(c *evidence.Client) { c.Receiving.Login = "alice@runbox.com" }), nil},
		{"client-other-host", "Thunderbird receives from a name of the user's own", has(func(c *evidence.Client) { c.Receiving.Host = "mail.alice.example" }), nil},
		{"client-root-empty", "the root folder path in Thunderbird is empty", root(""), nil},
		{"client-root-asked", "the root folder path in Thunderbird is empty, and it asks the server", both(root(""), func(_ *mailtest.Options, o *probe.Options) { o.Clients[0].Asks = evidence.Yes }), nil},
		{"client-doubles-sent", "Sent in Thunderbird carries the root folder path as well", has(func(c *evidence.Client) { sent := "INBOX.Sent"; c.SentPath = &sent }), nil},
		{"client-encrypted-password", "Thunderbird wants to encrypt the password, and the server offers PLAIN only", has(func(c *evidence.Client) { c.Receiving.Auth = evidence.AuthEncrypted }), nil},
		{"client-of-two", "Outlook has the account too, without verifying certificates", both(has(func(*evidence.Client) {}), func(_ *mailtest.Options, o *probe.Options) {
			second := thunderbird()
			second.Program, second.File, second.Receiving.Unverified = "outlook", "~/account.prf", true
			o.Clients = append(o.Clients, second)
		}), nil},
	}
}
