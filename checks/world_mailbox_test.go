package checks_test

import (
	"time"

	"mailmedic/probe"
	"mailmedic/probe/mailtest"
)

func greetingWorlds() []world {
	smtp := []string{"smtp-587", "smtp-26", "smtp-25"}
	listed := "554 5.7.1 Service unavailable; Client host [192.0.2.50] blocked using zen.spamhaus.org"
	return []world{
		{"inspected-25", "a firewall covers port 25 with stars; the user cannot send", both(on(mailtest.Fault{Masked: true}, "smtp-25"), symptom("send")), nil},
		{"inspected-everywhere", "a firewall covers every SMTP port with stars", on(mailtest.Fault{Masked: true}, smtp...), nil},
		{"starry-banner", "port 587 greets with a few stars for decoration", on(mailtest.Fault{Banner: "*** smtp.runbox.com *** ESMTP"}, "smtp-587"), nil},
		{"blocklisted-25", "port 25 refuses the computer's address because of a list; the user cannot send", both(on(mailtest.Fault{Script: "> " + listed + "\n< QUIT\n> 221 bye\nclose"}, "smtp-25"), symptom("send")), nil},
		{"blocklisted-recipient", "RCPT TO is refused because a list names the computer's address", func(m *mailtest.Options, o *probe.Options) {
			o.Only, o.Envelope = []string{"smtp-587"}, true
			m.Faults = map[string]mailtest.Fault{"smtp-587": {Script: enveloped("250 ok", "554 5.7.1 Client host [192.0.2.50] blocked using dnsbl.example")}}
		}, nil},
	}
}

func mailboxWorlds() []world {
	old := func(change func(mailtest.Store) mailtest.Store) setting {
		return func(m *mailtest.Options, _ *probe.Options) {
			m.Stores = map[string]mailtest.Store{"old": change(mailtest.OldStore(time.Now()))}
		}
	}
	only587 := func(_ *mailtest.Options, o *probe.Options) { o.Only, o.Envelope = []string{"smtp-587"}, true }
	alice := func(name string) []mailtest.User { return []mailtest.User{{Name: name, Password: alicePassword}} }
	folders := func(names ...string) setting {
		return old(func(s mailtest.Store) mailtest.Store {
			for _, n := range names {
				s = s.With(mailtest.Folder{Name: n})
			}
			return s
		})
	}
	return []world{
		{"names-differ", "receiving accepts alice@runbox.com only, as typed; sending accepts alice only", func(m *mailtest.Options, o *probe.Options) {
			o.Account.Login = "alice@runbox.com"
			m.Faults = map[string]mailtest.Fault{}
			for _, id := range []string{"imap-993", "imap-143", "imap-1143"} {
				m.Faults[id] = mailtest.Fault{Users: alice("alice@runbox.com")}
			}
		}, nil},
		{"over-quota", "the quota of INBOX on 993 is used up", on(mailtest.Fault{Quota: [2]int64{1 << 20, 1 << 20}}, "imap-993"), nil},
		{"over-quota-code", "the answer to the login on 993 says OVERQUOTA", func(m *mailtest.Options, o *probe.Options) {
			o.Only = []string{"imap-993"}
			m.Faults = map[string]mailtest.Fault{"imap-993": {Script: "tls\n> * OK [CAPABILITY IMAP4rev1 LIST-EXTENDED SASL-IR AUTH=PLAIN] hello\n< AUTHENTICATE\n> $tag OK [OVERQUOTA] in, and full\n< CAPABILITY\n> * CAPABILITY IMAP4rev1 LIST-EXTENDED\n> $tag OK done\n< LIST\n> * LIST () \".\" INBOX\n> * LIST (\\Sent) \".\" INBOX.Sent\n> $tag OK done\n< STATUS\n> * STATUS INBOX (MESSAGES 0)\n> $tag OK done\n< STATUS\n> * STATUS INBOX.Sent (MESSAGES 0)\n> $tag OK done\n< EXAMINE\n> $tag OK [READ-ONLY] done\n< LOGOUT\n> $tag OK bye\nclose"}}
		}, nil},
		{"nearly-half-full", "half of the quota of INBOX on 993 is used", on(mailtest.Fault{Quota: [2]int64{1 << 19, 1 << 20}}, "imap-993"), nil},
		{"many-folders", "the old server has 1,500 folders", folders(many(1500)...), nil},
		{"healthy-deep-tree", "the old server has 300 folders, five levels deep", folders(many(300)...), nil},
		{"sent-not-subscribed", "the Sent folder of the old server is not subscribed, the others are", old(func(s mailtest.Store) mailtest.Store {
			for i := range s.Folders {
				s.Folders[i].Unsubscribed = s.Folders[i].Name == "INBOX.Sent"
			}
			return s
		}), nil},
		{"folder-misspelt", "the old server lists a name that is no modified UTF-7", old(func(s mailtest.Store) mailtest.Store {
			s.Odd = []string{`(\HasNoChildren) "." "INBOX.Entw&ulrfe"`}
			return s
		}), nil},
		{"healthy-folders-utf8", "folders have Norwegian, Japanese and other names", folders("INBOX.Åse og Bjørn", "INBOX.日本語", "INBOX.✉ brev"), nil},
		{"healthy-new-server-only", "only the new server is tested, and it is healthy", func(_ *mailtest.Options, o *probe.Options) { o.Only = []string{"imap-1143"} }, nil},
		{"servers-differ", "old and new server show another number of sent messages", old(func(s mailtest.Store) mailtest.Store {
			return s.With(mailtest.Folder{Name: "INBOX.Archive"})
		}), nil},
		{"open-for-all", "port 587 takes mail without a login", both(on(mailtest.Fault{Open: true}, "smtp-587"), only587), nil},
		{"closed-to-strangers", "port 587 takes mail only after the login", only587, nil},
		{"healthy-rev2", "the receiving servers offer IMAP4rev2 only", on(mailtest.Fault{Caps: []string{"IMAP4rev2", "SASL-IR", "AUTH=PLAIN", "LITERAL-"}}, "imap-993", "imap-143", "imap-1143"), nil},
		{"healthy-other-capabilities", "the receiving servers offer little: no NAMESPACE, no LIST-EXTENDED", on(mailtest.Fault{Caps: []string{"IMAP4rev1", "AUTH=PLAIN", "UIDPLUS"}}, "imap-993", "imap-143", "imap-1143"), nil},
	}
}

// many makes folder names, five levels deep.
func many(n int) []string {
	var names []string
	parents := []string{"INBOX"}
	for len(names) < n {
		parent := parents[0]
		parents = parents[1:]
		for i := range 6 {
			name := parent + "." + string(rune('a'+i))
			names = append(names, name)
			parents = append(parents, name)
		}
	}
	return names[:n]
}
