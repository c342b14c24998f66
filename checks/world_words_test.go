package checks_test

import (
	"maps"
	"strings"
	"time"

	"mailmedic/probe"
	"mailmedic/probe/mailtest"
)

// imapSays is a server for receiving that answers the login with some lines.
func imapSays(answer ...string) mailtest.Fault {
	return mailtest.Fault{Script: "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\n< AUTHENTICATE\n" + strings.Join(answer, "\n") + "\n< LOGOUT\n> $tag OK bye\nclose"}
}

// smtpSays is a server for sending that offers some mechanisms and goes on as told.
func smtpSays(mechanisms string, steps ...string) mailtest.Fault {
	return mailtest.Fault{Script: "> 220 smtp.runbox.com ESMTP\n< EHLO\n> 250-smtp.runbox.com\n> 250 STARTTLS\nstarttls\n< EHLO\n> 250-smtp.runbox.com\n> 250 AUTH " + mechanisms + "\n" +
		strings.Join(steps, "\n") + "\n< QUIT\n> 221 bye\nclose"}
}

// adding puts one fault on some paths beside those that are there.
func adding(f mailtest.Fault, ids ...string) setting {
	return func(m *mailtest.Options, _ *probe.Options) {
		all := maps.Clone(m.Faults)
		if all == nil {
			all = map[string]mailtest.Fault{}
		}
		for _, id := range ids {
			all[id] = f
		}
		m.Faults = all
	}
}

// plus does the same, and makes the user impatient.
func plus(f mailtest.Fault, ids ...string) setting { return both(adding(f, ids...), impatiently) }

func only(ids ...string) setting {
	return func(_ *mailtest.Options, o *probe.Options) { o.Only = ids }
}

func enveloping(_ *mailtest.Options, o *probe.Options) { o.Envelope = true }

// wordWorlds are of servers that say in words what others have a code for. The words are
// those of real servers.
func wordWorlds() []world {
	on993 := func(answer ...string) setting { return on(imapSays(answer...), "imap-993") }
	only993 := func(answer ...string) setting { return both(only("imap-993"), on993(answer...)) }
	auth := func(answer ...string) setting {
		return on(smtpSays("PLAIN", append([]string{"< AUTH"}, answer...)...), "smtp-587")
	}
	letters := func(mail, rcpt string) setting {
		return both(only("smtp-587"), enveloping, plus(mailtest.Fault{Script: enveloped(mail, rcpt)}, "smtp-587"))
	}
	lettersEverywhere := func(mail, rcpt string) setting {
		return both(enveloping, plus(mailtest.Fault{Script: enveloped(mail, rcpt)}, "smtp-587"))
	}
	const expired = "> $tag NO [EXPIRED] Password expired"
	return []world{
		{"words-connections-dovecot", "Dovecot before 2.3 has no code for too many connections", on993("> $tag NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)"), nil},
		{"words-connections-submission", "a submission server says the same with 454", auth("> 454 4.7.0 Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)"), nil},
		{"words-rate-limit-mailu", "Mailu calls its rate limit a temporary failure", only993("> $tag NO Temporary authentication failure (rate-limit)"), nil},
		{"words-rate-limit-fastmail", "Fastmail says that the limit for logins is reached", only993("> $tag NO login not available: 451 Already reached per-10 minute limit for logins"), nil},
		{"words-tries-gmail", "Gmail answers 454 after too many logins", auth("> 454 4.7.0 Too many login attempts, please try again later. a1-20020a.33 - gsmtp"), nil},
		{"words-tries-limit", "[LIMIT] because of failed logins, and not of connections", on993("> $tag NO [LIMIT] Too many failed login attempts, try again in 15 minutes"), nil},
		{"words-tries-postfix", "Postfix answers 450 after too many AUTH commands", auth("> 450 4.7.1 Error: too many AUTH commands from [192.0.2.50]"), nil},
		{"words-trouble-421", "421 because the server is in trouble, and not because of tries", auth("> 421 4.3.0 Temporary System Problem.  Try again later.", "close"), nil},
		{"words-trouble-exim", "Exim cannot check passwords now", auth("> 435 Unable to authenticate at present"), nil},
		{"words-trouble-dovecot", "Dovecot met a fault of its own", only993("> $tag NO [SERVERBUG] Internal error occurred. Refer to server log for more information. [2026-03-02 10:11:12]"), nil},
		{"words-app-password-gmail", "Gmail wants an app password for receiving", only993("> $tag NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)"), nil},
		{"words-web-login-gmail", "Gmail wants a login with a browser first", only993("> * NO [WEBALERT https://accounts.example.com/signin/continue?sarp=1&scc=1] Web login required.", "> $tag NO [ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)"), nil},
		{"words-disabled-courier", "Courier has IMAP switched off for the account", both(only("imap-993"), on(mailtest.Fault{Script: "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] Courier-IMAP ready.\n< AUTHENTICATE\n> * BYE IMAP access disabled for this account.\nclose"}, "imap-993")), nil},
		{"words-disabled-exchange", "Exchange has IMAP switched off for the mailbox", on993("> $tag BAD User is authenticated but not connected."), nil},
		{"words-disabled-receiving-only", "the account is not let in for receiving, and is for sending", on993("> $tag NO [CONTACTADMIN] Login disabled for this user"), nil},
		{"words-tenant-exchange", "Exchange has sending switched off for the company", on(smtpSays("PLAIN LOGIN XOAUTH2", "< AUTH", "> 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information."), "smtp-587"), nil},
		{"words-expired-two-ways", "receiving says EXPIRED, sending only 535", faults(map[string]mailtest.Fault{"imap-993": imapSays(expired), "smtp-587": smtpSays("PLAIN", "< AUTH", "> 535 5.7.8 Authentication failed.")}), nil},
		{"words-auth-process-broken", "Dovecot's login service dies during the login", on(mailtest.Fault{Script: "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] Dovecot ready.\n< AUTHENTICATE\n> * OK Waiting for authentication process to respond..\nwait 500ms\n> * BYE Disconnected: Auth process broken\nclose"}, "imap-993"), nil},
		{"login-limit-and-no-auth", "too many connections for receiving, and 587 offers no login", faults(map[string]mailtest.Fault{"imap-993": {Login: mailtest.Limit}, "smtp-587": {NoAuth: true}}), nil},
		{"mechanism-ntlm-only", "587 offers GSSAPI and NTLM alone", on(smtpSays("GSSAPI NTLM"), "smtp-587"), nil},
		{"mechanism-login-only", "587 offers LOGIN alone", both(only("smtp-587"), on(smtpSays("LOGIN", "< AUTH", "> 334 VXNlcm5hbWU6", "<", "> 334 UGFzc3dvcmQ6", "<", "> 235 2.7.0 Authentication successful"), "smtp-587")), nil},
		{"mechanism-login-command", "the receiving servers offer no AUTHENTICATE, and LOGIN is allowed", on(mailtest.Fault{Caps: []string{"IMAP4rev1", "NAMESPACE", "UIDPLUS"}}, allOf("imap")...), nil},
		{"login-not-offered-sending", "no port for sending offers a login", on(mailtest.Fault{NoAuth: true}, allOf("smtp")...), nil},
		{"sender-refused-at-rcpt", "Postfix tells at RCPT TO that it does not like the sender", letters("250 2.1.0 Ok", "553 5.7.1 <alice@runbox.com>: Sender address rejected: not owned by user alice"), nil},
		{"sender-refused-587-only", "587 refuses the user's own address, 26 takes it", lettersEverywhere("553 5.7.1 <alice@runbox.com>: Sender address rejected: not owned by user alice", "250 ok"), nil},
		{"recipient-put-off", "the server puts a first message off", letters("250 2.1.0 Ok", "450 4.2.0 <alice@runbox.com>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/runbox.com.html"), nil},
		{"recipient-full", "the user's own mailbox is full", letters("250 2.1.0 Ok", "452 4.2.2 <alice@runbox.com>: Recipient address rejected: Mailbox full"), nil},
		{"recipient-helo-refused", "the server does not like the computer's name", letters("250 2.1.0 Ok", "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname"), nil},
		{"blocklist-open-resolver", "the block list does not answer the server", letters("250 2.1.0 Ok", "550 5.7.1 Service unavailable; client [192.0.2.50] blocked using zen.spamhaus.org; Error: open resolver; https://check.spamhaus.org/returnc/pub/198.51.100.53/"), nil},
		{"blocklisted-587-only", "587 refuses the computer's address at RCPT TO, 26 takes it", lettersEverywhere("250 ok", "554 5.7.1 Service unavailable; Client host [192.0.2.50] blocked using zen.spamhaus.org"), nil},
		{"two-trash-folders", "Trash and Deleted Items are both in use", func(m *mailtest.Options, _ *probe.Options) {
			now := time.Now()
			letter := []mailtest.Message{{Received: now.Add(-time.Hour), Text: "Subject: hello\r\n\r\nhello\r\n"}}
			s := mailtest.OldStore(now).Without("INBOX.Trash")
			m.Stores = map[string]mailtest.Store{"old": s.With(mailtest.Folder{Name: "INBOX.Trash", Messages: letter}).With(mailtest.Folder{Name: "INBOX.Deleted Items", Messages: letter})}
		}, nil},
		{"drafts-in-use", "the user's program keeps drafts on the old server, which has no folder for them", func(_ *mailtest.Options, o *probe.Options) {
			path := "Drafts"
			o.Account.DraftsPath = &path
		}, nil},
	}
}
