package checks

import (
	"strings"
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// twoStores is a mailbox on an old and a new server that hold the same mail, with messages
// that the known issues concern.
func twoStores() *evidence.Evidence {
	n := func(n uint32) *uint32 { return &n }
	session := func(port int, name, prefix, delimiter string, folders ...evidence.Folder) evidence.Session {
		s := evidence.Session{Path: profile.Path{Protocol: profile.IMAP, Port: port, Host: "imap.example.net", Encryption: profile.STARTTLS, Server: name}, Address: "192.0.2.1:1"}
		s.Secure.Step.State, s.Secure.Judged.Verified = evidence.Done, true
		s.Capability.Step.State, s.Capability.Final = evidence.Done, []string{"IMAP4rev1", "AUTH=PLAIN"}
		s.Folders.Step.State, s.Folders.Namespace, s.Folders.Prefix, s.Folders.Delimiter = evidence.Done, evidence.Yes, prefix, delimiter
		s.Folders.Inbox = evidence.Step{State: evidence.Done, Took: 40}
		for _, f := range folders {
			f.Delimiter = delimiter
			s.Folders.List = append(s.Folders.List, f)
		}
		return s
	}
	e := &evidence.Evidence{Sessions: []evidence.Session{
		session(143, "old", "INBOX.", ".", evidence.Folder{Name: "INBOX", Messages: n(9)}, evidence.Folder{Name: "INBOX.Sent", Messages: n(4), Attributes: []string{`\Sent`}}),
		session(1143, "new", "", "/", evidence.Folder{Name: "INBOX", Messages: n(9)}, evidence.Folder{Name: "Sent", Messages: n(4)}),
	}}
	e.Sessions[1].Capability.Final = append(e.Sessions[1].Capability.Final, "QRESYNC")
	e.Sessions[0].Messages = []evidence.Messages{{Folder: "INBOX", Examined: 9, Imported: evidence.Example{Count: 2, UID: 3}}}
	e.Profile.Issues = []profile.Issue{{Code: "MM951", Text: "Webmail shows To.", Absent: []string{"imap-1143"}}}
	return e
}

// TestCompare puts two servers side by side and says whether to change.
func TestCompare(t *testing.T) {
	for about, c := range map[string]struct {
		change func(old, new *evidence.Session, e *evidence.Evidence)
		advice string            // words of it
		rows   map[string]string // what: "old | new", with " !" where it differs
	}{
		"the same mail, and a known issue that is met": {func(_, _ *evidence.Session, _ *evidence.Evidence) {}, "To change, set incoming mail (IMAP) to: server imap.example.net, port 1143, security STARTTLS, and the root folder path to: nothing, an empty field",
			map[string]string{"prefix": "INBOX. | none !", "separator": ". | / !", "marked folders": "Sent | none !", "folders": "2 | 2", "folders only here": "none | none", "folders with equal counts": "2 | 2",
				"known issues": "MM951 | none !", "offered only here": "none | QRESYNC", "time to open INBOX": "40 ms | 40 ms"}},
		"no known issue is met":                      {func(old, _ *evidence.Session, _ *evidence.Evidence) { old.Messages = nil }, "There is no reason to change", nil},
		"the new server does not answer well enough": {func(_, s *evidence.Session, _ *evidence.Evidence) { s.Secure.Judged.Verified = false }, "There is no reason to change", nil},
		"the new one lacks a message": {func(old, _ *evidence.Session, _ *evidence.Evidence) { *old.Folders.List[0].Messages = 10 }, "do not hold the same mail (INBOX). Stay on port 143",
			map[string]string{"messages in INBOX": "10 | 9 !", "folders with equal counts": "1 | 1"}},
		"the new one lacks a folder": {func(old, _ *evidence.Session, _ *evidence.Evidence) {
			old.Folders.List = append(old.Folders.List, evidence.Folder{Name: "INBOX.Lists.go", Delimiter: "."})
		}, "do not hold the same mail (Lists/go)", map[string]string{"folders only here": "Lists/go | none !"}},
		"the new one has a folder more": {func(_, s *evidence.Session, _ *evidence.Evidence) {
			s.Folders.List = append(s.Folders.List, evidence.Folder{Name: "Drafts", Delimiter: "/"})
		}, "Both hold the same folders and as many messages", map[string]string{"folders only here": "none | Drafts !"}},
		"a folder that was not counted": {func(old, _ *evidence.Session, _ *evidence.Evidence) { old.Folders.List[1].Messages = nil }, "as many messages where they were counted", map[string]string{"folders with equal counts": "1 | 1"}},
		"nothing was counted on the new server": {func(_, s *evidence.Session, _ *evidence.Evidence) {
			s.Folders.List[0].Messages, s.Folders.List[1].Messages = nil, nil
		}, "is not known: the messages were not counted on both", nil},
		"mail came in between": {func(_, s *evidence.Session, _ *evidence.Evidence) { *s.Folders.List[0].Messages = 10 }, "Both hold the same folders", map[string]string{"messages in INBOX": "9 | 10 !"}},
		"the inbox of the new server does not open": {func(_, s *evidence.Session, _ *evidence.Evidence) {
			s.Folders.Inbox = evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Rejected}}
		}, "could not be opened on port 1143. Stay on port 143", nil},
		"another user's folders are named differently": {func(old, s *evidence.Session, _ *evidence.Evidence) {
			old.Folders.Others, s.Folders.Others = []string{"user."}, []string{"Other Users/"}
			old.Folders.List = append(old.Folders.List, evidence.Folder{Name: "user.bob.Sent", Delimiter: "."})
			s.Folders.List = append(s.Folders.List, evidence.Folder{Name: "Other Users/bob/Sent", Delimiter: "/"})
		}, "Both hold the same folders", map[string]string{"folders only here": "none | none"}},
		"a doubled folder is another matter": {func(old, _ *evidence.Session, _ *evidence.Evidence) {
			old.Folders.List = append(old.Folders.List, evidence.Folder{Name: "INBOX.INBOX.Sent", Delimiter: "."})
		}, "Both hold the same folders", map[string]string{"folders only here": "none | none"}},
		"slower is no difference": {func(old, _ *evidence.Session, _ *evidence.Evidence) { old.Folders.ListTook = 900 }, "Both hold the same folders and as many messages", map[string]string{"time to list": "900 ms | 0 ms"}},
	} {
		e := twoStores()
		c.change(&e.Sessions[0], &e.Sessions[1], e)
		got, ok := Compare(e)
		if !ok || !strings.Contains(got.Advice.String(), c.advice) {
			t.Errorf("%s: got %q, want %q in it", about, got.Advice, c.advice)
		}
		for what, want := range c.rows {
			seen := "no row"
			for _, r := range got.Rows {
				if r.What.String() == what {
					seen = r.Old.String() + " | " + r.New.String()
					if r.Differs {
						seen += " !"
					}
				}
			}
			if seen != want {
				t.Errorf("%s, %s: got %q, want %q", about, what, seen, want)
			}
		}
	}
	one := twoStores()
	one.Sessions = one.Sessions[:1]
	if got, ok := Compare(one); ok {
		t.Errorf("one server: got %+v, want nothing to compare", got)
	}
	unread := twoStores()
	unread.Sessions[1].Folders.Step.State = evidence.Failed
	if got, ok := Compare(unread); ok {
		t.Errorf("folders of one were not read: got %+v, want nothing to compare", got)
	}
}

// TestNewServerAdvice: the trial server is advised by what the comparison saw, and not at all
// where its inbox does not open.
func TestNewServerAdvice(t *testing.T) {
	e := twoStores()
	if c, _ := Compare(e); len(newServerAvailable.Run(e)) != 1 || newServerAvailable.Run(e)[0].Advice[0] != c.Advice {
		t.Errorf("got %+v, want the advice %q", newServerAvailable.Run(e), c.Advice)
	}
	e.Sessions[1].Folders.Inbox = evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Rejected}}
	if got := newServerAvailable.Run(e); len(got) != 0 {
		t.Errorf("its inbox does not open: got %+v, want nothing", got)
	}
}
