package checks_test

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// everydayWorlds are of other providers' servers, in their own words and with their own
// folders, healthy and not.
func everydayWorlds() []world {
	firm := []string{"imap-993", "imap-143", "smtp-465", "smtp-587"}
	post := allOf("post")
	dropped, refused := mailtest.Fault{Reach: mailtest.Dropped}, mailtest.Fault{Reach: mailtest.Refused}
	ipv6 := func(m *mailtest.Options, _ *probe.Options) { m.IPv6 = true }
	family := func(f string) setting { return func(_ *mailtest.Options, o *probe.Options) { o.Family = f } }
	noLogin := func(_ *mailtest.Options, o *probe.Options) { o.NoLogin = "no password was given" }
	login := func(name string) setting {
		return func(_ *mailtest.Options, o *probe.Options) { o.Account.Login = name }
	}
	app := func(id string) setting {
		return func(_ *mailtest.Options, o *probe.Options) { o.Account.AppPort = id }
	}
	hosts := func(name string) setting {
		return func(m *mailtest.Options, _ *probe.Options) {
			for i := range m.Profile.Paths {
				m.Profile.Paths[i].Host = name
			}
		}
	}
	names := func(n map[string]mailtest.NameFault) setting {
		return func(m *mailtest.Options, _ *probe.Options) { m.Names = n }
	}
	store := func(s mailtest.Store) setting {
		return func(m *mailtest.Options, _ *probe.Options) { m.Stores = map[string]mailtest.Store{"": s} }
	}
	root := func(s string) setting {
		return func(_ *mailtest.Options, o *probe.Options) { o.Account.RootPath = &s }
	}
	sent := func(s string) setting {
		return func(_ *mailtest.Options, o *probe.Options) { o.Account.SentPath = &s }
	}
	users := func(list ...string) setting {
		return func(m *mailtest.Options, _ *probe.Options) {
			m.Users = nil
			for _, n := range list {
				m.Users = append(m.Users, mailtest.User{Name: n, Password: alicePassword})
			}
		}
	}
	intercepted := func(i mailtest.Intercept) setting {
		return func(m *mailtest.Options, _ *probe.Options) { m.Intercept = i }
	}
	host := func(addr string) func(string) bool {
		return func(a string) bool { return strings.HasPrefix(a, addr+":") }
	}
	now := time.Now()
	letter := func(n int) (list []mailtest.Message) {
		for i := range n {
			list = append(list, mailtest.Message{Received: now.Add(-time.Duration(i+1) * time.Hour), Text: "Subject: hello\r\n\r\nhello\r\n"})
		}
		return list
	}
	f := func(name string, n int, attrs ...imap.MailboxAttr) mailtest.Folder {
		return mailtest.Folder{Name: name, Attributes: attrs, Messages: letter(n)}
	}
	exchange := mailtest.Store{Separator: '/', Folders: []mailtest.Folder{f("INBOX", 4), f("Calendar", 0), f("Contacts", 0), f("Deleted Items", 2), f("Drafts", 1), f("Journal", 0), f("Junk Email", 3), f("Notes", 0), f("Outbox", 0), f("Sent Items", 5), f("Tasks", 0)}}
	german := mailtest.Store{Separator: '.', Folders: []mailtest.Folder{f("INBOX", 4), f("Gesendet", 5, imap.MailboxAttrSent), f("Entwürfe", 1, imap.MailboxAttrDrafts), f("Papierkorb", 2, imap.MailboxAttrTrash), f("Spam", 1, imap.MailboxAttrJunk), f("Geschäftlich", 3)}}
	gmail := mailtest.Store{Separator: '/', Folders: []mailtest.Folder{f("INBOX", 4), f("[Gmail]", 0, imap.MailboxAttrNoSelect), f("[Gmail]/All Mail", 9, imap.MailboxAttrAll), f("[Gmail]/Drafts", 1, imap.MailboxAttrDrafts), f("[Gmail]/Sent Mail", 5, imap.MailboxAttrSent), f("[Gmail]/Spam", 1, imap.MailboxAttrJunk), f("[Gmail]/Trash", 2, imap.MailboxAttrTrash), f("Receipts", 2)}}
	twoDrafts := mailtest.Store{Separator: '/', Folders: []mailtest.Folder{f("INBOX", 4), f("Sent", 5, imap.MailboxAttrSent), f("Drafts", 2, imap.MailboxAttrDrafts), f("Entwürfe", 3), f("Trash", 2, imap.MailboxAttrTrash)}}
	gmailCaps := strings.Fields("IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS ENABLE MOVE CONDSTORE ESEARCH LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584 AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER SASL-IR")
	exchangeCaps := strings.Fields("IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+")
	oauthCaps := strings.Fields("IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2 AUTH=OAUTHBEARER SASL-IR ID")
	bye := func(text string) (tls, clear mailtest.Fault) {
		return mailtest.Fault{Script: "tls\n> * BYE " + text + "\nclose"}, mailtest.Fault{Script: "> * BYE " + text + "\nclose"}
	}
	exTLS, exClear := bye("Server Unavailable. 15")
	ccTLS, _ := bye("Clock skew detected. Check the clock on the file server")
	gmx := mailtest.Fault{Script: "> 554-smtp.runbox.com (mrgmx105) Nemesis ESMTP Service not available\n> 554-No SMTP service\n> 554-IP address is block listed.\n> 554 For explanation visit https://www.gmx.net/mail/senderguidelines?ip=192.0.2.50&c=bl\n< \n> 221 bye\nclose"}
	answer := func(lines ...string) mailtest.Fault { return imapSays(lines...) }
	bridge := both(at("bridge"), users("alice@bridge.example"), names(map[string]mailtest.NameFault{"localhost": {A: []string{"127.0.0.1"}, AAAA: []string{}}}))
	enveloped587 := func(pre, mail, rcpt string) mailtest.Fault {
		return mailtest.Fault{Script: "> 220 smtp.runbox.com ESMTP Postfix\n< EHLO\n> 250-smtp.runbox.com\n> 250 STARTTLS\nstarttls\n< EHLO\n> 250-smtp.runbox.com\n> 250 AUTH PLAIN\n" + pre +
			"\n< RSET\n> 250 ok\n< AUTH\n> 235 2.7.0 in\n< EHLO\n> 250 smtp.runbox.com\n< MAIL\n> " + mail + "\n< RCPT\n> " + rcpt + "\n< RSET\n> 250 ok\n< QUIT\n> 221 bye\nclose"}
	}
	return []world{
		{"healthy-v4-asked", "IPv4 alone is asked for, and IPv6 is broken", both(at("post"), ipv6, family("4")), dropIPv6},
		{"healthy-host-dot-capitals", "the host is typed with capitals and a dot at its end", both(at("post"), hosts("Mail.Post.Example.")), nil},
		{"healthy-bare-domain", "the provider's bare domain is typed as host; the certificate is for it too", both(at("post"), hosts("post.example"), adding(mailtest.Fault{CertNames: []string{"post.example", "mail.post.example"}}, post...), names(map[string]mailtest.NameFault{"post.example": {A: []string{"192.0.2.10"}}})), nil},
		{"healthy-bridge", "the servers are a program on this computer", bridge, nil},
		{"healthy-15-days", "every certificate ends in a fortnight and a day", both(at("firm"), adding(mailtest.Fault{CertAge: 76 * 24 * time.Hour}, firm...)), nil},
		{"healthy-postscreen-25", "port 25 greets in two parts, four seconds apart, to tell programs from spammers", adding(mailtest.Fault{Script: "> 220-smtp.runbox.com ESMTP\nwait 4s\n> 220 smtp.runbox.com ESMTP Postfix\nserve"}, "smtp-25"), nil},
		{"healthy-both-forms", "the server takes both forms of the name, and the whole address is typed", both(at("post"), login("alice@post.example"), users("alice", "alice@post.example")), nil},
		{"healthy-mx-servfail", "the look-up of the hosted domain's mail exchangers fails", both(func(_ *mailtest.Options, o *probe.Options) {
			o.Account = profile.Account{Address: "bob@example.org", Kind: profile.Hosted}
		}, names(map[string]mailtest.NameFault{"example.org": {RCode: mailtest.ServFail}})), nil},
		{"healthy-exchange", "Exchange, with its folders and words", both(at("firm"), store(exchange),
			adding(mailtest.Fault{Caps: exchangeCaps, Banner: "The Microsoft Exchange IMAP4 service is ready. [TABQADIAUAAxADIAMwBDAEEAMAAxADIAMwA=]"}, "imap-993", "imap-143"),
			adding(mailtest.Fault{Banner: "AM0PR04CA0035.outlook.office365.com Microsoft ESMTP MAIL Service ready at " + now.In(time.FixedZone("", 9*3600)).Format(time.RFC1123Z)}, "smtp-465", "smtp-587")), nil},
		{"healthy-german", "folders with German names, marked by their role; the user's paths fit", both(at("firm"), store(german), sent("Gesendet"), root("")), nil},
		{"healthy-inbox-only", "an account with INBOX alone, at a provider that asks for no Sent folder", both(at("firm"), store(mailtest.Store{Separator: '/', Folders: []mailtest.Folder{f("INBOX", 2)}})), nil},
		{"healthy-root-dot", "the root folder path is typed with its separator", root("INBOX."), nil},
		{"healthy-relay-denied", "before the login the server takes no mail, as it should", both(only("smtp-587"), enveloping, adding(enveloped587("< MAIL\n> 250 2.1.0 Ok\n< RCPT\n> 554 5.7.1 <alice@runbox.com>: Relay access denied", "250 2.1.0 Ok", "250 2.1.5 Ok"), "smtp-587")), nil},
		{"harmless-snakeoil-25", "port 25 of the provider's own server has a certificate of its own making and no login", both(at("post"), adding(mailtest.Fault{Certificate: mailtest.SelfSigned, CertNames: []string{"mx1.local"}, NoAuth: true}, "smtp-25")), nil},
		{"healthy-gmail", "Gmail, with its folders, words and a mailbox that is nearly full", both(at("firm"), store(gmail),
			adding(mailtest.Fault{Caps: gmailCaps, Quota: [2]int64{14 << 20, 15 << 20}, Banner: "Gimap ready for requests from 192.0.2.50 a1mb12345678lab"}, "imap-993", "imap-143"),
			adding(mailtest.Fault{Banner: "smtp.firm.example ESMTP 5b1f17b1804b1-477bf22df37sm1.7 - gsmtp"}, "smtp-465", "smtp-587")), nil},
		{"healthy-nat64", "a network with IPv6 alone", both(at("post"), ipv6), withoutIPv4},
		{"harmless-25-swallowed", "something accepts connections to port 25 and says nothing", both(at("post"), impatiently), answered(port25, mute)},
		{"healthy-one-path", "only 993 is tested, and sending is blocked", both(at("firm"), only("imap-993"), adding(dropped, "smtp-465", "smtp-587")), nil},
		{"healthy-alert-greeting", "greetings speak of maintenance and of a block list", both(at("post"),
			adding(mailtest.Fault{Banner: "[ALERT] Scheduled maintenance on Saturday: the service will be unavailable from 02:00 to 04:00"}, "imap-993", "imap-143"),
			adding(mailtest.Fault{Banner: "mail.post.example NO UCE ESMTP - hosts listed by zen.spamhaus.org are blocked"}, "smtp-465", "smtp-587", "smtp-25")), nil},
		{"healthy-vpn-proxy", "a VPN and a proxy are set, and the provider is 250 ms away", both(at("firm"), away(250*time.Millisecond), func(_ *mailtest.Options, o *probe.Options) {
			o.Link = &evidence.Link{Name: "wg0", Address: "10.66.0.2", Tunnel: evidence.Yes}
			o.Proxies = []string{"HTTPS_PROXY", "ALL_PROXY"}
		}), nil},
		{"clock-4-days-behind", "the computer's clock is four days behind; no password was given", both(at("post"), elsewhere(4*24*time.Hour), family("4"), noLogin), nil},
		{"ipv6-993-dropped", "IPv6 packets to port 993 alone vanish", both(at("post"), ipv6, impatiently, app("imap-993")), vanishing(func(a string) bool { return strings.HasPrefix(a, "[2001:db8:") && strings.HasSuffix(a, "]:993") })},
		{"ipv6-tunnel-mtu", "IPv6 connects, and what servers send over it in one piece of more than 1000 bytes vanishes", both(at("firm"), ipv6, impatiently, names(map[string]mailtest.NameFault{"imap.firm.example": {AAAA: []string{"2001:db8::71"}}, "smtp.firm.example": {AAAA: []string{"2001:db8::72"}}}), func(m *mailtest.Options, _ *probe.Options) {
			m.Twins = map[string]mailtest.Twin{
				"2001:db8::71": {Host: "imap.firm.example", Fault: mailtest.Fault{Loses: 1000}, Farther: 40 * time.Millisecond},
				"2001:db8::72": {Host: "smtp.firm.example", Fault: mailtest.Fault{Loses: 1000}, Farther: 40 * time.Millisecond},
			}
		}), nil},
		{"hotel-dns-portal", "the name server gives one private address for all names; a log-in page answers there on the web ports alone", both(at("post"), impatiently, names(map[string]mailtest.NameFault{"*": {A: []string{"172.16.0.1"}, AAAA: []string{}}}), func(m *mailtest.Options, _ *probe.Options) {
			m.Addresses = map[string]mailtest.Reach{"172.16.0.1": mailtest.RefusedNearby}
		}), answered(func(a string) bool { return webPort(a) && host("172.16.0.1")(a) }, logInPage)},
		{"office-proxy-blocked", "a proxy is set, and every mail port is dropped; the web server answers", both(at("firm"), on(dropped, firm...), func(_ *mailtest.Options, o *probe.Options) { o.Proxies = []string{"HTTPS_PROXY"} }), nil},
		{"slow-link-1200", "a round trip takes 1.2 seconds, and port 25 is dropped", both(at("post"), away(1200*time.Millisecond), adding(dropped, "smtp-25")), nil},
		{"tls-reset-implicit", "TLS hellos to the ports that begin with TLS are answered with a reset", both(at("post"), on(mailtest.Fault{Hello: mailtest.HelloReset}, "imap-993", "smtp-465")), nil},
		{"hosts-file-loopback", "the server's name leads to 127.0.0.1, where nothing listens; no password was given", both(at("post"), noLogin, names(map[string]mailtest.NameFault{"mail.post.example": {A: []string{"127.0.0.1"}, AAAA: []string{}}}), func(m *mailtest.Options, _ *probe.Options) {
			m.Addresses = map[string]mailtest.Reach{"127.0.0.1": mailtest.RefusedNearby}
		}), nil},
		{"servfail-and-password", "the name of the sending host gets SERVFAIL, and the password is wrong", both(at("firm"), names(map[string]mailtest.NameFault{"smtp.firm.example": {RCode: mailtest.ServFail}}), adding(mailtest.Fault{Login: mailtest.Rejected}, "imap-993", "imap-143")), nil},
		{"hetzner-25-465", "25 and 465 are dropped, as some hosting companies do; 587 works", both(at("post"), on(dropped, "smtp-465", "smtp-25")), nil},
		{"fail2ban-reject-imap", "three logins were rejected five minutes ago; now the server refuses the ports for receiving; the user cannot receive", both(at("post"), symptom("receive"), away(60*time.Millisecond), adding(refused, "imap-993", "imap-143"), ago(5*time.Minute, 3)), nil},
		{"two-ports-two-ways", "993 is dropped, and the server refuses 587; the user can neither receive nor send", both(at("firm"), symptom("both"), away(60*time.Millisecond), impatiently, adding(dropped, "imap-993"), adding(refused, "smtp-587")), nil},
		{"postfix-expired", "the certificate for sending has ended; IPv6 alone is asked for", both(at("post"), ipv6, family("6"), adding(mailtest.Fault{Certificate: mailtest.Expired}, "smtp-465", "smtp-587", "smtp-25")), nil},
		{"eset-implicit", "ESET, not trusted here, opens the connections to the ports that begin with TLS", both(at("post"), intercepted(mailtest.Intercept{Issuer: "ESET SSL Filter CA", Paths: []string{"imap-993", "smtp-465"}})), nil},
		{"bridge-self-signed", "the servers are a program on this computer with a certificate of its own making", both(bridge, adding(mailtest.Fault{Certificate: mailtest.SelfSigned}, "imap-1143", "smtp-1025")), nil},
		{"gmail-daily-limit", "Gmail says that the day's limit on sending is used up", both(only("smtp-587"), enveloping, adding(enveloped587("< MAIL\n> 530 5.7.0 Authentication Required", "550 5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to https://support.google.com/a/answer/166852 - gsmtp", "250 ok"), "smtp-587")), nil},
		{"expired-and-foreign-143", "the certificate of 143 is for another name and has ended; the user's program uses it", both(app("imap-143"), adding(mailtest.Fault{Certificate: mailtest.Expired, CertNames: []string{"localhost.localdomain"}}, "imap-143")), nil},
		{"exchange-bye-15", "Exchange says BYE Server Unavailable on the ports for receiving", both(at("firm"), adding(exTLS, "imap-993"), adding(exClear, "imap-143")), nil},
		{"courier-clock-skew", "Courier says BYE because of its file server's clock", both(at("post"), adding(ccTLS, "imap-993")), nil},
		{"ftp-on-587", "an FTP server answers on port 587", both(at("firm"), impatiently, adding(mailtest.Fault{Script: "> 220 (vsFTPd 3.0.5)\n< \n> 530 Please login with USER and PASS.\n< \n> 530 Please login with USER and PASS.\n< \n> 221 Goodbye.\nclose"}, "smtp-587")), nil},
		{"late-8s", "every server greets after eight seconds", both(at("post"), adding(mailtest.Fault{Late: 8 * time.Second}, post...)), nil},
		{"gmx-blocklist", "GMX refuses the computer's address in four lines", on(gmx, allOf("smtp")...), nil},
		{"login-tab", "a tab hangs on the login name", login("alice\t"), nil},
		{"login-fullwidth-at", "the login name has a full-width @", login("alice\uff20runbox.com"), nil},
		{"hmail-full-address", "hMailServer says that it wants the whole address", both(at("post"), adding(answer("> $tag NO Invalid user name or password. Please use full email address as user name."), "imap-993")), nil},
		{"yahoo-auth005", "Yahoo says that there were too many bad tries; the user cannot send", both(at("firm"), symptom("send"), adding(mailtest.Fault{Script: tlsSMTP("PLAIN LOGIN", "< AUTH", "> 535 5.7.0 (#AUTH005) Too many bad auth attempts.")}, "smtp-465")), nil},
		{"zoho-imap-off", "Zoho says that IMAP is not enabled", both(at("post"), adding(answer("> $tag NO [ALERT] You are yet to enable IMAP for your account. Please contact your administrator (Failure)"), "imap-993")), nil},
		{"mailru-app-password", "mail.ru wants an app password", both(at("firm"), adding(answer("> $tag NO [AUTHENTICATIONFAILED] Authentication failed. Application password is REQUIRED"), "imap-993"), adding(mailtest.Fault{Script: tlsSMTP("PLAIN LOGIN", "< AUTH", "> 535 5.7.0 NEOBHODIM parol prilozheniya https://help.mail.ru/mail/security/protection/external / Application password is REQUIRED")}, "smtp-465")), nil},
		{"outlook-basic", "Exchange takes no passwords any more for sending", both(at("firm"), adding(mailtest.Fault{Script: tlsSMTP("LOGIN XOAUTH2 PLAIN", "< AUTH", "> 535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [AM0PR04CA0035.eurprd04.prod.outlook.com 2026-11-24T10:00:00.000Z 08DD0C0A]")}, "smtp-465")), nil},
		{"stalwart-bye", "the server says BYE to the login because there were too many", both(at("post"), adding(mailtest.Fault{Script: "tls\n> * OK [CAPABILITY IMAP4rev2 IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=OAUTHBEARER] Stalwart IMAP4rev2 at your service.\n< AUTHENTICATE\n> * BYE Too many authentication requests from this IP address.\nclose"}, "imap-993")), nil},
		{"password-expired-words", "the server says that the password has expired, in words", both(at("post"), adding(answer("> $tag NO [AUTHENTICATIONFAILED] Your password has expired, please change it in webmail"), "imap-993")), nil},
		{"imap-logindisabled", "no port for receiving offers a login, after TLS either", both(at("firm"), adding(mailtest.Fault{NoAuth: true}, "imap-993", "imap-143")), nil},
		{"login-unanswered", "port 993 does not answer the login", both(at("post"), impatiently, adding(mailtest.Fault{Script: "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] Dovecot ready.\n< AUTHENTICATE\nstall"}, "imap-993")), nil},
		{"oauth-only", "every port offers OAuth alone", both(at("firm"), adding(mailtest.Fault{Caps: oauthCaps}, "imap-993", "imap-143"), adding(mailtest.Fault{Script: tlsSMTP("XOAUTH2 OAUTHBEARER")}, "smtp-465"), adding(mailtest.Fault{Script: smtpSays("XOAUTH2 OAUTHBEARER").Script}, "smtp-587")), nil},
		{"sent-path-apple", "the user's Sent path is that of another program", both(at("firm"), sent("Sent Messages")), nil},
		{"root-inbox-on-firm", "the root folder path INBOX is typed, and the server has no prefix", both(at("firm"), root("INBOX")), nil},
		{"drafts-twice", "Drafts and Entwürfe are both in use", both(at("firm"), store(twoDrafts)), nil},
		{"list-stalls", "port 993 does not answer LIST", on(mailtest.Fault{Script: "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\n< AUTHENTICATE\n> $tag OK [CAPABILITY IMAP4rev1] in\n< LIST\nstall"}, "imap-993"), nil},
		{"exim-relay", "Exim takes no mail for the user's own address after the login", both(at("firm"), only("smtp-465"), enveloping, adding(mailtest.Fault{Script: "tls\n> 220 smtp.firm.example ESMTP Exim 4.97\n< EHLO\n> 250-smtp.firm.example\n> 250 AUTH PLAIN LOGIN\n< MAIL\n> 530 5.7.0 Authentication required\n< RSET\n> 250 Reset OK\n< AUTH\n> 235 Authentication succeeded\n< EHLO\n> 250 smtp.firm.example\n< MAIL\n> 250 OK\n< RCPT\n> 550 relay not permitted\n< RSET\n> 250 Reset OK\n< QUIT\n> 221 bye\nclose"}, "smtp-465")), nil},
	}
}

// tlsSMTP is a server for sending that begins with TLS, offers some mechanisms and goes on
// as told.
func tlsSMTP(mechanisms string, steps ...string) string {
	return "tls\n> 220 smtp.firm.example ESMTP\n< EHLO\n> 250-smtp.firm.example\n> 250 AUTH " + mechanisms + "\n" + strings.Join(steps, "\n") + "\n< \n> 221 bye\nclose"
}

// withoutIPv4 is a network that has no way to IPv4 addresses, but for its own name server.
func withoutIPv4(dial probe.DialFunc) probe.DialFunc {
	none := noRoute(dial)
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if evidence.Family(address) == "4" && !strings.HasSuffix(address, ":53") {
			return none(ctx, network, address)
		}
		return dial(ctx, network, address)
	}
}
