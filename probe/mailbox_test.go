package probe

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// offering is a scripted server that offers the capabilities after the login.
func offering(capabilities string) string {
	return greets + "> $tag OK [CAPABILITY " + capabilities + "] in\n"
}

const (
	uncounted = "< STATUS\n> $tag NO not now\n"
	leaves    = "< LOGOUT\n> * BYE bye\n> $tag OK out\nclose"
)

// rows is a LIST answer.
func rows(list ...string) string {
	return "< LIST\n> " + strings.Join(list, "\n> ") + "\n> $tag OK done\n"
}

// seenFolders writes folders in short: name, subscribed, "odd" for a misspelt one.
func seenFolders(list []evidence.Folder) []string {
	var short []string
	for _, f := range list {
		odd := ""
		if f.Misspelt {
			odd = " odd"
		}
		short = append(short, strings.TrimSpace(fmt.Sprint(f.Name, " ", f.Subscribed))+odd)
	}
	return short
}

// TestSubscribed learns which folders are subscribed in the way that the server has, and
// what it does not tell stays unknown.
func TestSubscribed(t *testing.T) {
	plain := rows(`* LIST () "." INBOX`, `* LIST () "." "B&APw-cher"`, `* LIST () "." Lists`)
	for name, c := range map[string]struct {
		script string
		want   []string
	}{
		"LIST-EXTENDED": {offering("IMAP4rev1 LIST-EXTENDED") + rows(`* LIST (\subscribed) "." INBOX`, `* LIST () "." Lists`) + uncounted + leaves,
			[]string{"INBOX yes", "Lists no"}},
		"IMAP4rev2 alone": {offering("IMAP4rev2") + "< NAMESPACE\n> $tag NO no\n" + rows(`* LIST (\Subscribed) "." INBOX`, `* LIST (\Subscribed) "." "R&D"`) + uncounted + leaves,
			[]string{"INBOX yes", "R&D yes"}},
		"LSUB": {offering("IMAP4rev1") + plain + "< LSUB\n> * LSUB () \".\" inbox\n> * LSUB () \".\" {10}\n> B&APw-cher\n> * LSUB () \".\" Gone\n> $tag OK done\n" + uncounted + leaves,
			[]string{"INBOX yes", "Bücher yes", "Lists no"}},
		"LSUB refused":                    {offering("IMAP4rev1") + plain + "< LSUB\n> $tag BAD what\n" + uncounted + leaves, []string{"INBOX", "Bücher", "Lists"}},
		"LSUB never answered":             {offering("IMAP4rev1") + plain + uncounted + leaves, []string{"INBOX", "Bücher", "Lists"}},
		"LSUB answered behind everything": {offering("IMAP4rev1") + plain + uncounted + "> * LSUB () \".\" Lists\n> m2 OK done\n" + leaves, []string{"INBOX no", "Bücher no", "Lists yes"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, plan := hostile(t, "imap-993", c.script)
			s := ends(t, plan).Session("imap-993")
			if diff := cmp.Diff(c.want, seenFolders(s.Folders.List)); diff != "" || !s.Folders.Step.Done() || !s.Farewell.Done() {
				t.Errorf("folders %+v, farewell %+v, -want +got:\n%s", s.Folders.Step, s.Farewell, diff)
			}
		})
	}
}

// TestOddRows keeps every folder of which the name can be read, each once, whatever else
// is odd about its row.
func TestOddRows(t *testing.T) {
	for name, c := range map[string]struct {
		capabilities string
		rows         []string
		want         []string
	}{
		"modified UTF-7 with a letter too many": {"IMAP4rev1 LIST-EXTENDED", []string{`* LIST () "." "INBOX.Entw&ulrfe"`, `* LIST () "." INBOX`}, []string{"INBOX no", "INBOX.Entw&ulrfe no odd"}},
		"an ampersand as it stands":             {"IMAP4rev1 LIST-EXTENDED", []string{`* LIST () "." "R&D"`}, []string{"R&D no odd"}},
		"a name that is sent twice":             {"IMAP4rev1 LIST-EXTENDED", []string{`* LIST () "." Sent`, `* LIST (\Subscribed) "." Sent`, `* LIST () "." "R&D"`, `* LIST () "." "R&D"`}, []string{"Sent yes", "R&D no odd"}},
		"no delimiter, in lower case":           {"IMAP4rev1 LIST-EXTENDED", []string{`* LIST (\Subscribed) nil Sent`}, []string{"Sent yes"}},
		"a delimiter of two characters":         {"IMAP4rev1 LIST-EXTENDED", []string{`* LIST () "//" Sent`}, []string{"Sent no"}},
		"a name that does not end":              {"IMAP4rev1 LIST-EXTENDED", []string{`* LIST () "." Sent Mail`, `* LIST () "." "Lists`}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, plan := hostile(t, "imap-993", offering(c.capabilities)+rows(c.rows...)+"< LOGOUT\n> $tag OK out\nclose")
			plan.Options.Messages = 0
			s := ends(t, plan).Session("imap-993")
			if diff := cmp.Diff(c.want, seenFolders(s.Folders.List)); diff != "" {
				t.Errorf("folders %+v, -want +got:\n%s", s.Folders.Step, diff)
			}
		})
	}
}

// TestLatin1Name shows a name that is no UTF-8 as well as a record in UTF-8 can.
func TestLatin1Name(t *testing.T) {
	script := offering("IMAP4rev1 LIST-EXTENDED") + "< LIST\n>> \"* LIST () \\\".\\\" \\\"b\\xfcro\\\"\\r\\n\"\n> $tag OK done\n" + leaves
	_, plan := hostile(t, "imap-993", script)
	got := seenFolders(ends(t, plan).Session("imap-993").Folders.List)
	if want := []string{"b\uFFFDro no odd"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestQuota reads how full the mailbox is, where the server tells.
func TestQuota(t *testing.T) {
	inbox := rows(`* LIST () "." INBOX`)
	const asked = "< GETQUOTAROOT INBOX\n"
	for name, c := range map[string]struct {
		capabilities, answer string
		want                 []evidence.Quota
	}{
		"two resources": {"QUOTA", asked + "> * QUOTAROOT INBOX user.alice\n> * QUOTA user.alice (STORAGE 900 1000 MESSAGE 5 100)\n> $tag OK done\n",
			[]evidence.Quota{{Root: "user.alice", Resource: "STORAGE", Used: 900, Limit: 1000}, {Root: "user.alice", Resource: "MESSAGE", Used: 5, Limit: 100}}},
		"no limit":       {"QUOTA", asked + "> * QUOTAROOT INBOX\n> $tag OK done\n", nil},
		"refused":        {"QUOTA", asked + "> $tag NO not for you\n", nil},
		"not offered":    {"", "", nil},
		"not asked for":  {"", "> * QUOTA user.alice (STORAGE 900 1000)\n", nil},
		"not as numbers": {"QUOTA", asked + "> * QUOTA x (STORAGE much 1000)\n> $tag OK done\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, plan := hostile(t, "imap-993", offering("IMAP4rev1 LIST-EXTENDED "+c.capabilities)+inbox+c.answer+uncounted+leaves)
			s := ends(t, plan).Session("imap-993")
			if diff := cmp.Diff(c.want, s.Folders.Quota); diff != "" || !s.Folders.Step.Done() {
				t.Errorf("folders %+v, -want +got:\n%s", s.Folders.Step, diff)
			}
		})
	}
}

// TestOverQuotaLogin keeps what a login that succeeds says besides.
func TestOverQuotaLogin(t *testing.T) {
	_, plan := hostile(t, "imap-993", greets+"> $tag OK [OVERQUOTA] in, and full\n< CAPABILITY\n> * CAPABILITY IMAP4rev1 LIST-EXTENDED\n> $tag OK done\n"+
		rows(`* LIST () "." INBOX`)+uncounted+leaves)
	e := ends(t, plan)
	if len(e.Logins) != 1 || e.Logins[0].Result != evidence.Accepted || e.Logins[0].Reply.Code != "OVERQUOTA" {
		t.Errorf("logins: got %+v, want one accepted with OVERQUOTA", e.Logins)
	}
}

// TestNewestArrival takes a date for a clock only where the server set it: of a message
// that was delivered, not of one that a program stored.
func TestNewestArrival(t *testing.T) {
	now := time.Now().UTC().Truncate(time.Second)
	delivered := mailtest.Message{Received: now.Add(-48 * time.Hour), Text: "Received: from a by b\r\nSubject: x\r\n\r\nx\r\n"}
	ahead := mailtest.Message{Received: now.Add(900 * time.Hour), Text: "Subject: y\r\n\r\ny\r\n"}
	store := mailtest.Store{Prefix: "INBOX.", Separator: '.', Folders: []mailtest.Folder{
		{Name: "INBOX", Messages: []mailtest.Message{delivered, ahead}},
		{Name: "INBOX.Sent", Messages: []mailtest.Message{ahead}},
	}}
	_, plan := start(t, func(m *mailtest.Options, o *Options) {
		m.Stores = map[string]mailtest.Store{"old": store}
		o.Only = []string{"imap-993"}
	})
	var got []time.Time
	for _, c := range gather(t, plan).Clocks {
		if c.Source == evidence.ClockMessage {
			got = append(got, c.Theirs)
		}
	}
	if diff := cmp.Diff([]time.Time{delivered.Received}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestAnonymous asks each port whether it takes mail before the login: only where it is
// wanted, never on port 25, never DATA, and the login goes on behind it.
func TestAnonymous(t *testing.T) {
	for name, c := range map[string]struct {
		wanted bool
		fault  mailtest.Fault
		asked  []string // of smtp-587, ahead of AUTH
		mail   string   // the answer to MAIL
		logins int
	}{
		"not wanted": {false, mailtest.Fault{Open: true}, nil, "", 3},
		"open":       {true, mailtest.Fault{Open: true}, []string{"MAIL", "RCPT", "RSET"}, "250", 3},
		"closed":     {true, mailtest.Fault{}, []string{"MAIL", "RSET"}, "530", 3},
		"unproven":   {true, mailtest.Fault{Open: true, Certificate: mailtest.SelfSigned}, nil, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			provider, plan := start(t, func(m *mailtest.Options, o *Options) {
				o.Envelope, o.Only = c.wanted, []string{"smtp-587", "smtp-26", "smtp-25"}
				m.Faults = map[string]mailtest.Fault{"smtp-587": c.fault, "smtp-26": c.fault, "smtp-25": c.fault}
			})
			e := gather(t, plan)
			asked := func(path string) (before []string) {
				for _, line := range provider.Commands(path) {
					switch word := strings.ToUpper(strings.Fields(line)[0]); word {
					case "AUTH":
						return before
					case "MAIL", "RCPT", "RSET", "DATA":
						before = append(before, word)
					}
				}
				return before
			}
			if got := asked("smtp-587"); !slices.Equal(got, c.asked) {
				t.Errorf("smtp-587: asked %q before the login, want %q", got, c.asked)
			}
			if got := asked("smtp-25"); got != nil {
				t.Errorf("smtp-25: asked %q before the login, want nothing", got)
			}
			a := e.Session("smtp-587").Anonymous
			if (a == nil) != (c.mail == "") || a != nil && a.MailFrom.Status != c.mail {
				t.Errorf("got %+v, want the answer %q to MAIL", a, c.mail)
			}
			if len(e.Logins) != c.logins {
				t.Errorf("got %d logins, want %d: %+v", len(e.Logins), c.logins, e.Logins)
			}
		})
	}
}

// TestAnonymousBreaksOff has servers that do not go on after the question. No login is
// sent into that: it could count as a rejected one.
func TestAnonymousBreaksOff(t *testing.T) {
	opening := strings.TrimSuffix(submits, "< AUTH\n") + "< MAIL FROM:<alice@runbox.com>\n"
	for name, script := range map[string]string{
		"closes":       opening + "close",
		"421":          opening + "> 421 4.7.0 bye\nclose",
		"RSET refused": opening + "> 530 5.7.0 login first\n< RSET\n> 503 no\n< QUIT\n> 221 bye\nclose",
	} {
		t.Run(name, func(t *testing.T) {
			provider, plan := hostile(t, "smtp-587", script)
			plan.Options.Envelope = true
			e := ends(t, plan)
			if s := e.Session("smtp-587"); len(e.Logins) != 0 || s.Login.State != evidence.Skipped {
				t.Errorf("logins %+v, login step %+v; want none", e.Logins, s.Login)
			}
			for _, line := range provider.Commands("smtp-587") {
				if strings.HasPrefix(line, "AUTH") || strings.HasPrefix(line, "DATA") {
					t.Errorf("the server received %q", line)
				}
			}
		})
	}
}

func TestMailable(t *testing.T) {
	for own, want := range map[string]bool{
		"alice@runbox.com": true, "o'hara+x@example.org": true, "alice": false, "a b@example.org": false,
		"a@example.org>\r\nDATA": false, "<a@example.org>": false, "ålice@example.org": false,
	} {
		if got := mailable(own); got != want {
			t.Errorf("%q: got %t, want %t", own, got, want)
		}
	}
}

// TestSubmission names the ports on which the profile's sending paths want a login.
func TestSubmission(t *testing.T) {
	for port, want := range map[int]bool{587: true, 465: true, 26: true, 25: false} {
		if got := submission(profile.Path{Protocol: profile.SMTP, Port: port}); got != want {
			t.Errorf("port %d: got %t, want %t", port, got, want)
		}
	}
}
