package checks_test

import (
	"time"

	"mailmedic/probe"
	"mailmedic/probe/mailtest"
)

// healthyWorlds are those in which nothing is wrong and something looks unusual, and the
// neighbours of faults that are none.
func healthyWorlds() []world {
	days := func(n int) mailtest.Fault { return mailtest.Fault{CertAge: time.Duration(n) * 24 * time.Hour} }
	return []world{
		{"healthy-certs-per-host", "each host has a certificate of its own, of another age", func(m *mailtest.Options, _ *probe.Options) {
			m.Faults = map[string]mailtest.Fault{
				"imap-993": days(3), "imap-143": days(30), "imap-1143": days(30),
				"smtp-587": days(55), "smtp-26": days(55), "smtp-25": days(55),
			}
		}, nil},
		{"healthy-own-words", "the servers speak as Exim and Cyrus do, with folders of other users below user/", ownWords, nil},
		{"client-certificate-asked", "port 993 asks for a client certificate and goes on without one", on(mailtest.Fault{WantCert: mailtest.CertAsked}, "imap-993"), nil},
		{"other-name-foreign", "port 993 shows a certificate for hosting.example.net, which leads elsewhere", both(
			on(mailtest.Fault{Certificate: mailtest.OtherName}, "imap-993"),
			answers(map[string]mailtest.NameFault{"hosting.example.net": {A: []string{"203.0.113.9"}}}),
		), nil},
	}
}

func ownWords(m *mailtest.Options, _ *probe.Options) {
	caps := []string{"IMAP4rev1", "LITERAL+", "ID", "ENABLE", "SASL-IR", "AUTH=PLAIN", "ACL", "QUOTA", "NAMESPACE", "UIDPLUS", "CHILDREN", "LIST-EXTENDED", "SPECIAL-USE", "LIST-STATUS"}
	cyrus := mailtest.Fault{Caps: caps, Quota: [2]int64{1 << 10, 1 << 20}, Banner: "mail.runbox.com Cyrus IMAP 3.6.1 server ready"}
	exim := mailtest.Fault{Banner: "smtp.runbox.com ESMTP Exim 4.96 " + time.Now().Format(time.RFC1123Z)}
	m.Faults = map[string]mailtest.Fault{
		"imap-993": cyrus, "imap-143": cyrus, "imap-1143": cyrus,
		"smtp-587": exim, "smtp-26": exim, "smtp-25": exim,
	}
	store := mailtest.OldStore(time.Now())
	store.Prefix, store.Others, store.Separator = "INBOX/", "user/", '/'
	for i, name := range []string{"INBOX", "INBOX/Sent", "INBOX/Trash"} {
		store.Folders[i].Name = name
	}
	m.Stores = map[string]mailtest.Store{"old": store}
}
