package mailtest

import (
	"strings"
	"testing"
)

// loggedIn is an IMAP session over 993 with the old store, where not said otherwise.
func loggedIn(t *testing.T, f Fault, s Store) *client {
	t.Helper()
	o := options()
	o.Faults, o.Stores = map[string]Fault{"imap-993": f}, map[string]Store{"old": s}
	c := open(t, start(t, o), "imap-993")
	c.want(c.ask("a LOGIN "+aliceName+" "+aliceWord), "a OK")
	return c
}

func TestQuota(t *testing.T) {
	c := loggedIn(t, Fault{Quota: [2]int64{512, 1024}}, OldStore(noon()))
	c.want(c.ask("b CAPABILITY"), " QUOTA ")
	c.want(c.ask("c GETQUOTAROOT INBOX"), "* QUOTA \"\" (STORAGE 512 1024)\nc OK")
	c.want(c.ask("d NOOP"), "d OK")

	c = loggedIn(t, Fault{}, OldStore(noon()))
	if got := c.ask("b CAPABILITY"); strings.Contains(got, "QUOTA") {
		t.Errorf("CAPABILITY = %q, want no QUOTA", got)
	}
	c.want(c.ask("c GETQUOTAROOT INBOX"), "c BAD")
}

func TestOddFolders(t *testing.T) {
	s := OldStore(noon())
	s.Odd = []string{`() "." "INBOX.Entw&ulrfe"`}
	c := loggedIn(t, Fault{}, s)
	got := c.ask(`b LIST "" *`)
	c.want(got, "* LIST () \".\" \"INBOX.Entw&ulrfe\"\nb OK")
	if n := strings.Count(got, "* LIST"); n != 4 {
		t.Errorf("LIST = %d rows, want the three healthy ones and the odd one:\n%s", n, got)
	}
}

func TestOtherCapabilities(t *testing.T) {
	c := loggedIn(t, Fault{Caps: []string{"IMAP4rev2", "AUTH=PLAIN"}}, OldStore(noon()))
	c.want(c.ask("b CAPABILITY"), "* CAPABILITY IMAP4rev2 AUTH=PLAIN\nb OK")
}

func TestUnsubscribed(t *testing.T) {
	s := OldStore(noon())
	for i := range s.Folders {
		s.Folders[i].Unsubscribed = s.Folders[i].Name == "INBOX.Sent"
	}
	got := loggedIn(t, Fault{}, s).ask(`b LIST "" * RETURN (SUBSCRIBED)`)
	for line := range strings.Lines(got) {
		if !strings.HasPrefix(line, "* LIST") {
			continue
		}
		if is, want := strings.Contains(line, `\Subscribed`), !strings.Contains(line, "INBOX.Sent"); is != want {
			t.Errorf("%s: subscribed %t, want %t", strings.TrimSpace(line), is, want)
		}
	}
}

func TestOtherNamespace(t *testing.T) {
	s := Store{Prefix: "INBOX/", Others: "user/", Separator: '/', Folders: []Folder{{Name: "INBOX"}}}
	c := loggedIn(t, Fault{}, s)
	c.want(c.ask("b NAMESPACE"), `* NAMESPACE (("INBOX/" "/")) (("user/" "/")) NIL`)
}

// A client that never ends its line fills no memory.
func TestEditKeepsLittle(t *testing.T) {
	e := &edited{server: &server{}}
	for range 10 {
		e.take(make([]byte, maxLine))
		if len(e.line) > 2*maxLine {
			t.Fatalf("%d bytes wait for the line's end, more than %d", len(e.line), 2*maxLine)
		}
	}
	if len(e.ready) == 0 {
		t.Error("nothing of a long line went on")
	}
}
