package checks_test

import (
	"context"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// world is a provider with something wrong, and the user in front of it. A scenario of
// the same name in testdata says what must be concluded.
type world struct {
	name   string
	origin string // one line: what happens in it
	change func(*mailtest.Options, *probe.Options)
	dial   func(probe.DialFunc) probe.DialFunc // what becomes of dials, or nil
}

const (
	alicePassword = "orchid-17-lantern"
	bobPassword   = "granite-52-heron"
)

// impatient is the limit of one step where a step is meant to time out. It is far above
// what any other step on loopback takes.
const impatient = 2 * time.Second

func faults(f map[string]mailtest.Fault) func(*mailtest.Options, *probe.Options) {
	return func(m *mailtest.Options, o *probe.Options) { m.Faults = f; o.Timeout = impatient }
}

// everywhere puts one fault on all paths.
func everywhere(f mailtest.Fault) map[string]mailtest.Fault {
	return map[string]mailtest.Fault{"imap-993": f, "imap-143": f, "imap-1143": f, "smtp-587": f, "smtp-26": f, "smtp-25": f}
}

func worlds() []world {
	nothing := func(*mailtest.Options, *probe.Options) {}
	bob := func(o *probe.Options) { o.Account = profile.Account{Address: "bob@example.org", Kind: profile.Hosted} }
	return []world{
		{"healthy", "nothing is wrong; alice@runbox.com logs in as alice", nothing, nil},
		{"healthy-hosted", "nothing is wrong; bob@example.org logs in as bob%example.org", func(m *mailtest.Options, o *probe.Options) { bob(o) }, nil},
		{"healthy-ipv6", "nothing is wrong; the hosts have IPv6 addresses too", func(m *mailtest.Options, o *probe.Options) { m.IPv6 = true }, nil},
		{"healthy-far", "nothing is wrong; the server is 80 ms away", func(m *mailtest.Options, o *probe.Options) { m.Delay = 80 * time.Millisecond }, nil},
		{"healthy-no-login", "nothing is wrong; no password was given", func(m *mailtest.Options, o *probe.Options) { o.NoLogin = "no password was given" }, nil},

		{"logins-withheld", "four logins of the account were rejected in runs before, so none is tried", func(m *mailtest.Options, o *probe.Options) {
			o.Withheld = &evidence.Withheld{Rejected: 4, Hours: 1, Until: time.Now().Add(40 * time.Minute)}
		}, nil},

		{"name-form-address", "alice@runbox.com is typed as login name", func(m *mailtest.Options, o *probe.Options) { o.Account.Login = "alice@runbox.com" }, nil},
		{"name-form-hosted", "bob@example.org is typed as login name", func(m *mailtest.Options, o *probe.Options) { bob(o); o.Account.Login = "bob@example.org" }, nil},
		{"name-form-untested", "alice@runbox.com is typed as login name, and no password was given", func(m *mailtest.Options, o *probe.Options) {
			o.Account.Login, o.NoLogin = "alice@runbox.com", "no password was given"
		}, nil},
		{"name-blank-at-end", "a no-break space hangs on the login name", func(m *mailtest.Options, o *probe.Options) { o.Account.Login = "alice\u00a0" }, nil},
		{"name-zero-width", "a zero-width space is inside the login name", func(m *mailtest.Options, o *probe.Options) { o.Account.Login = "al\u200bice" }, nil},
		{"name-capital", "the login name begins with a capital", func(m *mailtest.Options, o *probe.Options) { o.Account.Login = "Alice" }, nil},
		{"name-foreign-domain", "the login name is of another provider's domain", func(m *mailtest.Options, o *probe.Options) { o.Account.Login = "alice@mail.example" }, nil},
		{"address-elsewhere", "the MX of the address's domain is with another provider", func(m *mailtest.Options, o *probe.Options) {
			bob(o)
			m.Names = map[string]mailtest.NameFault{"example.org": {MX: []string{"mx.elsewhere.example"}}}
		}, nil},

		{"names-not-found", "no host name exists", func(m *mailtest.Options, o *probe.Options) {
			m.Names = map[string]mailtest.NameFault{"*": {RCode: mailtest.NXDomain}}
		}, nil},
		{"one-name-not-found", "secure.runbox.com does not exist", func(m *mailtest.Options, o *probe.Options) {
			m.Names = map[string]mailtest.NameFault{"secure.runbox.com": {RCode: mailtest.NXDomain}}
		}, nil},
		{"name-without-address", "secure.runbox.com exists without an address", func(m *mailtest.Options, o *probe.Options) {
			m.Names = map[string]mailtest.NameFault{"secure.runbox.com": {A: []string{}, AAAA: []string{}}}
		}, nil},
		{"resolver-silent", "the name server answers nothing", func(m *mailtest.Options, o *probe.Options) {
			m.Names, o.Timeout = map[string]mailtest.NameFault{"*": {Silent: true}}, impatient
		}, nil},
		{"resolver-servfail", "the name server answers SERVFAIL", func(m *mailtest.Options, o *probe.Options) {
			m.Names = map[string]mailtest.NameFault{"*": {RCode: mailtest.ServFail}}
		}, nil},
		{"resolver-refuses-one", "the name server refuses to look up smtp.runbox.com", func(m *mailtest.Options, o *probe.Options) {
			m.Names = map[string]mailtest.NameFault{"smtp.runbox.com": {RCode: mailtest.DNSRefused}}
		}, nil},
		{"no-network", "this computer has no route", nothing, noRoute},

		{"port-25-dropped", "packets to port 25 vanish; the user cannot send", func(m *mailtest.Options, o *probe.Options) {
			faults(map[string]mailtest.Fault{"smtp-25": {Reach: mailtest.Dropped}})(m, o)
			o.Account.Symptom = "send"
		}, nil},
		{"port-25-dropped-unneeded", "packets to port 25 vanish; the user has no trouble", faults(map[string]mailtest.Fault{"smtp-25": {Reach: mailtest.Dropped}}), nil},
		{"port-25-dropped-in-use", "packets to port 25 vanish; the user's program uses it", func(m *mailtest.Options, o *probe.Options) {
			faults(map[string]mailtest.Fault{"smtp-25": {Reach: mailtest.Dropped}})(m, o)
			o.Account.AppPort = "smtp-25"
		}, nil},
		{"port-25-refused-nearby", "something near refuses port 25 at once; the server is 250 ms away", func(m *mailtest.Options, o *probe.Options) {
			m.Delay, m.Faults = 250*time.Millisecond, map[string]mailtest.Fault{"smtp-25": {Reach: mailtest.RefusedNearby}}
			o.Account.Symptom = "send"
		}, nil},
		{"port-25-refused-by-server", "the server itself refuses port 25; it is 250 ms away", func(m *mailtest.Options, o *probe.Options) {
			m.Delay, m.Faults = 250*time.Millisecond, map[string]mailtest.Fault{"smtp-25": {Reach: mailtest.Refused}}
			o.Account.Symptom = "send"
		}, nil},
		{"port-587-silent", "packets to port 587 vanish", faults(map[string]mailtest.Fault{"smtp-587": {Reach: mailtest.Dropped}}), nil},
		{"port-1143-refused", "the trial server is not there", faults(map[string]mailtest.Fault{"imap-1143": {Reach: mailtest.Refused}}), nil},
		{"port-993-refused", "port 993 is closed", faults(map[string]mailtest.Fault{"imap-993": {Reach: mailtest.Refused}}), nil},
		{"smtp-server-down", "no SMTP port answers", faults(map[string]mailtest.Fault{
			"smtp-587": {Reach: mailtest.Dropped}, "smtp-26": {Reach: mailtest.Dropped}, "smtp-25": {Reach: mailtest.Dropped},
		}), nil},
		{"old-server-down", "both ports of the old server are closed", faults(map[string]mailtest.Fault{"imap-993": {Reach: mailtest.Refused}, "imap-143": {Reach: mailtest.Refused}}), nil},
		{"everything-silent", "no port of any server answers, and no web server is known to compare with", func(m *mailtest.Options, o *probe.Options) {
			faults(everywhere(mailtest.Fault{Reach: mailtest.Dropped}))(m, o)
			m.Profile.Web = ""
		}, nil},
		{"ipv6-black-hole", "IPv6 packets vanish although there is a route", func(m *mailtest.Options, o *probe.Options) {
			m.IPv6, o.Timeout = true, impatient
		}, dropIPv6},
		{"one-dead-address", "the SMTP host has a second address that is dead", func(m *mailtest.Options, o *probe.Options) {
			m.Names = map[string]mailtest.NameFault{"smtp.runbox.com": {A: []string{"192.0.2.81", "192.0.2.99"}}}
			m.Addresses, o.Timeout = map[string]mailtest.Reach{"192.0.2.99": mailtest.Dropped}, impatient
		}, nil},
		{"host-malformed", "the IMAP host is typed as a web address", func(m *mailtest.Options, o *probe.Options) {
			o.Only = []string{"imap-993"}
			m.Profile.Paths[0].Host = "https://secure..runbox.com"
		}, nil},
		{"two-faults", "port 25 is blocked and the login name has the wrong form", func(m *mailtest.Options, o *probe.Options) {
			faults(map[string]mailtest.Fault{"smtp-25": {Reach: mailtest.Dropped}})(m, o)
			o.Account.Symptom, o.Account.Login = "send", "alice@runbox.com"
		}, nil},

		{"all-receiving-refused", "every IMAP port is closed", faults(map[string]mailtest.Fault{
			"imap-993": {Reach: mailtest.Refused}, "imap-143": {Reach: mailtest.Refused}, "imap-1143": {Reach: mailtest.Refused},
		}), nil},
		{"ports-25-and-587-dropped", "packets to ports 25 and 587 vanish", func(m *mailtest.Options, o *probe.Options) {
			faults(map[string]mailtest.Fault{"smtp-25": {Reach: mailtest.Dropped}, "smtp-587": {Reach: mailtest.Dropped}})(m, o)
			o.Account.Symptom = "send"
		}, nil},
		{"ipv6-refused", "the server does not listen on IPv6, and says so", func(m *mailtest.Options, o *probe.Options) { m.IPv6 = true }, refuseIPv6},
		{"only-ipv6-asked", "the user asks for IPv6, and the hosts have none", func(m *mailtest.Options, o *probe.Options) { o.Family = "6" }, nil},
		{"dial-forbidden", "this computer forbids port 25", func(m *mailtest.Options, o *probe.Options) { o.Account.Symptom = "send" }, forbid25},

		{"greeting-silent", "port 587 accepts and says nothing", faults(map[string]mailtest.Fault{"smtp-587": {Greeting: mailtest.Silent}}), nil},
		{"greeting-closed", "port 587 accepts and closes", faults(map[string]mailtest.Fault{"smtp-587": {Greeting: mailtest.Closed}}), nil},
		{"greeting-busy-smtp", "port 587 answers 421", faults(map[string]mailtest.Fault{"smtp-587": {Greeting: mailtest.Busy}}), nil},
		{"greeting-unavailable-imap", "port 143 answers BYE [UNAVAILABLE]", faults(map[string]mailtest.Fault{"imap-143": {Script: "> * BYE [UNAVAILABLE] come back later\nclose"}}), nil},
		{"greeting-slow", "port 587 greets after 3.2 seconds", func(m *mailtest.Options, o *probe.Options) {
			m.Faults = map[string]mailtest.Fault{"smtp-587": {Late: 3200 * time.Millisecond}}
		}, nil},
		{"greeting-refused", "port 587 answers 554", faults(map[string]mailtest.Fault{"smtp-587": {Script: "> 554 5.7.1 no service for your address\nclose"}}), nil},
		{"greeting-http", "a web server answers on port 143", faults(map[string]mailtest.Fault{"imap-143": {Greeting: mailtest.HTTP}}), nil},
		{"greeting-pop3", "a POP3 server answers on port 143", faults(map[string]mailtest.Fault{"imap-143": {Greeting: mailtest.POP3}}), nil},
		{"greeting-preauth", "port 143 claims a login before TLS", faults(map[string]mailtest.Fault{"imap-143": {Script: "> * PREAUTH [CAPABILITY IMAP4rev1] hello\nstall"}}), nil},
		{"conversation-closed", "port 587 greets and hangs up at EHLO", faults(map[string]mailtest.Fault{"smtp-587": {Script: "> 220 smtp.runbox.com ESMTP\n< EHLO\nclose"}}), nil},
		{"conversation-nonsense", "port 143 answers CAPABILITY with nonsense", faults(map[string]mailtest.Fault{"imap-143": {Script: "> * OK hello\n< CAPABILITY\n> what do you mean\nclose"}}), nil},

		{"clear-text-on-993", "port 993 speaks STARTTLS instead of TLS", faults(map[string]mailtest.Fault{"imap-993": {Encryption: profile.STARTTLS}}), nil},
		{"tls-on-587", "port 587 waits for TLS", faults(map[string]mailtest.Fault{"smtp-587": {Encryption: profile.TLS}}), nil},
		{"starttls-missing", "port 587 does not offer STARTTLS", faults(map[string]mailtest.Fault{"smtp-587": {NoSTARTTLS: true}}), nil},
		{"starttls-refused", "port 587 offers STARTTLS and refuses it", faults(map[string]mailtest.Fault{"smtp-587": {Script: "> 220 smtp.runbox.com ESMTP\n< EHLO\n> 250-smtp.runbox.com\n> 250 STARTTLS\n< STARTTLS\n> 454 4.7.0 TLS not available\n< QUIT\n> 221 bye\nclose"}}), nil},
		{"starttls-injected", "clear text follows the answer to STARTTLS on port 587", faults(map[string]mailtest.Fault{"smtp-587": {Script: "> 220 smtp.runbox.com ESMTP\n< EHLO\n> 250-smtp.runbox.com\n> 250 STARTTLS\n< STARTTLS\n>> \"220 go ahead\\r\\n250 AUTH PLAIN\\r\\n\"\nstall"}}), nil},
		{"tls-too-old", "port 993 stops at TLS 1.1", faults(map[string]mailtest.Fault{"imap-993": {MaxTLS: 0x0302}}), nil},

		{"certificate-expired", "every certificate has expired", faults(everywhere(mailtest.Fault{Certificate: mailtest.Expired})), nil},
		{"certificate-expired-smtp", "the certificate of the SMTP server has expired", faults(map[string]mailtest.Fault{
			"smtp-587": {Certificate: mailtest.Expired}, "smtp-26": {Certificate: mailtest.Expired}, "smtp-25": {Certificate: mailtest.Expired},
		}), nil},
		{"certificate-not-yet-valid", "the certificate of port 993 begins the day after tomorrow", faults(map[string]mailtest.Fault{"imap-993": {Certificate: mailtest.NotYetValid}}), nil},
		{"certificate-other-name", "port 993 shows a certificate for another name", faults(map[string]mailtest.Fault{"imap-993": {Certificate: mailtest.OtherName}}), nil},
		{"certificate-self-signed", "port 993 shows a self-signed certificate", faults(map[string]mailtest.Fault{"imap-993": {Certificate: mailtest.SelfSigned}}), nil},
		{"certificate-incomplete", "port 993 does not send the intermediate", faults(map[string]mailtest.Fault{"imap-993": {Certificate: mailtest.Incomplete}}), nil},
		{"certificate-private-authority", "the certificate of port 993 is from a private authority", faults(map[string]mailtest.Fault{"imap-993": {Certificate: mailtest.PrivateAuthority}}), nil},
		{"certificate-ends-soon", "the certificate of port 993 ends in five days", faults(map[string]mailtest.Fault{"imap-993": {Certificate: mailtest.EndsSoon}}), nil},
		{"certificate-weak-key", "the certificate of port 993 has an RSA key of 1024 bits", faults(map[string]mailtest.Fault{"imap-993": {Certificate: mailtest.WeakKey}}), nil},

		{"login-not-offered-587", "port 587 offers no AUTH", faults(map[string]mailtest.Fault{"smtp-587": {NoAuth: true}}), nil},
		{"login-rejected", "the password is wrong", faults(everywhere(mailtest.Fault{Login: mailtest.Rejected})), nil},
		{"login-rejected-both-names", "the password is wrong, and the name has the wrong form too", func(m *mailtest.Options, o *probe.Options) {
			faults(everywhere(mailtest.Fault{Login: mailtest.Rejected}))(m, o)
			o.Account.Login = "alice@runbox.com"
		}, nil},
		{"login-unavailable", "the servers cannot check passwords now", faults(everywhere(mailtest.Fault{Login: mailtest.Unavailable})), nil},
		{"login-limit", "too many connections of this account", faults(everywhere(mailtest.Fault{Login: mailtest.Limit})), nil},
		{"login-expired", "the account has expired", faults(everywhere(mailtest.Fault{Login: mailtest.Ended})), nil},
		{"login-app-password-smtp", "sending wants an app password, and receiving is down", func(m *mailtest.Options, o *probe.Options) {
			m.Faults = everywhere(mailtest.Fault{Login: mailtest.AppPassword})
			for _, id := range []string{"imap-993", "imap-143", "imap-1143"} {
				m.Faults[id] = mailtest.Fault{Reach: mailtest.Refused}
			}
		}, nil},
		{"login-sending-only", "sending refuses what receiving accepts", faults(map[string]mailtest.Fault{
			"smtp-587": {Login: mailtest.Rejected}, "smtp-26": {Login: mailtest.Rejected}, "smtp-25": {Login: mailtest.Rejected},
		}), nil},
		{"login-receiving-only", "receiving refuses what sending accepts, and was not there at first", func(m *mailtest.Options, o *probe.Options) {
			m.Faults = map[string]mailtest.Fault{
				"imap-993": {Late: 2200 * time.Millisecond, Login: mailtest.Rejected}, "imap-143": {Reach: mailtest.Refused}, "imap-1143": {Reach: mailtest.Refused},
			}
		}, nil},
		{"login-too-many-tries", "sending answers 421 to the login, and receiving is down", func(m *mailtest.Options, o *probe.Options) {
			m.Faults = everywhere(smtpSays("PLAIN", "< AUTH", "> 421 4.7.0 smtp.runbox.com Error: too many errors", "close"))
			for _, id := range []string{"imap-993", "imap-143", "imap-1143"} {
				m.Faults[id] = mailtest.Fault{Reach: mailtest.Refused}
			}
		}, nil},
		{"login-name-typo", "another name of the right form is typed", func(m *mailtest.Options, o *probe.Options) { o.Account.Login = "alicee" }, nil},
		{"login-one-port-refuses", "port 143 refuses what port 993 accepts", faults(map[string]mailtest.Fault{"imap-143": {Login: mailtest.Rejected}}), nil},
		{"login-bye", "port 993 says BYE to the login", func(m *mailtest.Options, o *probe.Options) {
			o.Only = []string{"imap-993"}
			m.Faults = map[string]mailtest.Fault{"imap-993": {Script: "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\n< AUTHENTICATE\n> * BYE too many connections from your address\nclose"}}
		}, nil},
		{"login-own-words", "port 993 refuses the login with an alert of its own", func(m *mailtest.Options, o *probe.Options) {
			o.Only = []string{"imap-993"}
			m.Faults = map[string]mailtest.Fault{"imap-993": {Script: "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\n< AUTHENTICATE\n> $tag NO [ALERT] please accept the new terms in Webmail\n< LOGOUT\n> $tag OK bye\nclose"}}
		}, nil},
		{"mechanism-cram-only", "port 587 takes encrypted passwords only", faults(map[string]mailtest.Fault{"smtp-587": {Script: "> 220 smtp.runbox.com ESMTP\n< EHLO\n> 250-smtp.runbox.com\n> 250 STARTTLS\nstarttls\n< EHLO\n> 250-smtp.runbox.com\n> 250 AUTH CRAM-MD5\n< QUIT\n> 221 bye\nclose"}}), nil},
		{"login-broken", "port 993 hangs up during the login", func(m *mailtest.Options, o *probe.Options) {
			o.Only = []string{"imap-993"}
			m.Faults = map[string]mailtest.Fault{"imap-993": {Script: "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\n< AUTHENTICATE\nclose"}}
		}, nil},
		{"mechanism-oauth-only", "port 993 offers XOAUTH2 alone", faults(map[string]mailtest.Fault{"imap-993": {Script: "tls\n> * OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2] hello\n< LOGOUT\n> * BYE\n> $tag OK bye\nclose"}}), nil},

		{"sent-doubled", "INBOX.INBOX.Sent exists beside INBOX.Sent", func(m *mailtest.Options, o *probe.Options) {
			m.Stores = map[string]mailtest.Store{"old": mailtest.OldStore(time.Now()).SentDoubled(time.Now())}
		}, nil},
		{"sent-only-doubled", "INBOX.INBOX.Sent is the only Sent folder", func(m *mailtest.Options, o *probe.Options) {
			m.Stores = map[string]mailtest.Store{"old": mailtest.OldStore(time.Now()).SentDoubled(time.Now()).Without("INBOX.Sent")}
		}, nil},
		{"doubled-and-sent-missing", "a doubled work folder, and no Sent at all", func(m *mailtest.Options, o *probe.Options) {
			m.Stores = map[string]mailtest.Store{"old": mailtest.OldStore(time.Now()).Without("INBOX.Sent").With(mailtest.Folder{Name: "INBOX.INBOX.Work"})}
		}, nil},
		{"no-namespace", "the server does not answer NAMESPACE; the client has the right root", func(m *mailtest.Options, o *probe.Options) {
			root := "INBOX"
			o.Only, o.Account.RootPath = []string{"imap-993"}, &root
			m.Faults = map[string]mailtest.Fault{"imap-993": {Script: "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\n< AUTHENTICATE\n> $tag OK [CAPABILITY IMAP4rev1] in\n" +
				"< LIST\n> * LIST () \".\" INBOX\n> * LIST () \".\" INBOX.Sent\n> $tag OK done\n< STATUS\n> * STATUS INBOX (MESSAGES 0)\n> $tag OK done\n< STATUS\n> * STATUS INBOX.Sent (MESSAGES 0)\n> $tag OK done\n< EXAMINE\n> $tag OK [READ-ONLY] done\n< LOGOUT\n> $tag OK bye\nclose"}}
		}, nil},
		{"greeting-tls-blank", "port 993 says an empty line inside TLS", func(m *mailtest.Options, o *probe.Options) {
			o.Only = []string{"imap-993"}
			m.Faults = map[string]mailtest.Fault{"imap-993": {Script: "tls\n> \nclose"}}
		}, nil},
		{"tls-silent", "port 993 accepts and does not answer the TLS hello", faults(map[string]mailtest.Fault{"imap-993": {Script: "stall"}}), nil},
		{"no-encryption-wanted", "the profile asks for no encryption on port 143", func(m *mailtest.Options, o *probe.Options) {
			m.Faults = map[string]mailtest.Fault{"imap-143": {Encryption: profile.None}}
			m.Profile.Paths[1].Encryption = profile.None
		}, nil},
		{"sent-missing-in-use", "the old server has no Sent folder; the user's program uses port 993", func(m *mailtest.Options, o *probe.Options) {
			m.Stores = map[string]mailtest.Store{"old": mailtest.OldStore(time.Now()).Without("INBOX.Sent")}
			o.Account.AppPort = "imap-993"
		}, nil},
		{"sent-missing", "the old server has no Sent folder", func(m *mailtest.Options, o *probe.Options) {
			m.Stores = map[string]mailtest.Store{"old": mailtest.OldStore(time.Now()).Without("INBOX.Sent")}
		}, nil},
		{"two-sent-folders", "Sent and Gesendet are both in use", func(m *mailtest.Options, o *probe.Options) {
			now := time.Now()
			letter := mailtest.Message{Received: now, Text: "Subject: hello\r\n\r\nhello\r\n"}
			m.Stores = map[string]mailtest.Store{"old": mailtest.OldStore(now).With(mailtest.Folder{Name: "INBOX.Gesendet", Messages: []mailtest.Message{letter}})}
		}, nil},
		{"folders-unreadable", "port 993 refuses LIST", func(m *mailtest.Options, o *probe.Options) {
			o.Only = []string{"imap-993"}
			m.Faults = map[string]mailtest.Fault{"imap-993": {Script: "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\n< AUTHENTICATE\n> $tag OK [CAPABILITY IMAP4rev1] in\n< LIST\n> $tag NO [SERVERBUG] internal error\n< LOGOUT\n> $tag OK bye\nclose"}}
		}, nil},
		{"sender-refused", "the server refuses the user's own address as sender", func(m *mailtest.Options, o *probe.Options) {
			o.Only, o.Envelope = []string{"smtp-587"}, true
			m.Faults = map[string]mailtest.Fault{"smtp-587": {Script: enveloped("553 5.7.1 sender not owned", "250 ok")}}
		}, nil},
		{"recipient-refused", "the server takes no mail for the user's own address", func(m *mailtest.Options, o *probe.Options) {
			o.Only, o.Envelope = []string{"smtp-587"}, true
			m.Faults = map[string]mailtest.Fault{"smtp-587": {Script: enveloped("250 ok", "550 5.1.1 no such user")}}
		}, nil},
		{"root-path-empty", "the client has an empty root folder path, which fits the new server only", func(m *mailtest.Options, o *probe.Options) {
			empty := ""
			o.Account.RootPath = &empty
		}, nil},
		{"root-path-right", "the client has the root folder path INBOX, which fits the old server", func(m *mailtest.Options, o *probe.Options) {
			root := "INBOX"
			o.Account.RootPath = &root
		}, nil},
		{"app-outlook", "the user's program is Outlook", func(m *mailtest.Options, o *probe.Options) { o.Account.App = "outlook" }, nil},
		{"app-apple-mail", "the user's program is Apple Mail", func(m *mailtest.Options, o *probe.Options) { o.Account.App = "apple-mail" }, nil},
		{"app-thunderbird", "the user's program is Thunderbird", func(m *mailtest.Options, o *probe.Options) { o.Account.App, o.Messages = "thunderbird", 0 }, nil},
	}
}

// noRoute is the kernel's answer without a network.
func noRoute(probe.DialFunc) probe.DialFunc {
	return func(_ context.Context, network, _ string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.ENETUNREACH)}
	}
}

// dropIPv6 loses every TCP packet over IPv6 on the way.
func dropIPv6(dial probe.DialFunc) probe.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if network == "tcp" && evidence.Family(address) == "6" {
			<-ctx.Done()
			return nil, &net.OpError{Op: "dial", Net: network, Err: ctx.Err()}
		}
		return dial(ctx, network, address)
	}
}

// enveloped is an SMTP server that answers MAIL FROM and RCPT TO as told.
func enveloped(mail, rcpt string) string {
	return "> 220 smtp.runbox.com ESMTP\n< EHLO\n> 250-smtp.runbox.com\n> 250 STARTTLS\nstarttls\n< EHLO\n> 250-smtp.runbox.com\n> 250 AUTH PLAIN\n" +
		"< MAIL\n> 530 5.7.0 log in first\n< RSET\n> 250 ok\n< AUTH\n> 235 2.7.0 in\n< EHLO\n> 250 smtp.runbox.com\n< MAIL\n> " + mail + "\n< RCPT\n> " + rcpt + "\n< RSET\n> 250 ok\n< QUIT\n> 221 bye\nclose"
}

// refuseIPv6 answers every connection over IPv6 with a refusal.
func refuseIPv6(dial probe.DialFunc) probe.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if network == "tcp" && evidence.Family(address) == "6" {
			return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
		}
		return dial(ctx, network, address)
	}
}

// forbid25 is a firewall on this computer.
func forbid25(dial probe.DialFunc) probe.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if network == "tcp" && strings.HasSuffix(address, ":25") {
			return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.EPERM)}
		}
		return dial(ctx, network, address)
	}
}
