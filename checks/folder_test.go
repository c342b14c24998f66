package checks

import (
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

func TestToType(t *testing.T) {
	p := profile.Profile{Folders: profile.Folders{Sent: profile.Folder{Name: "Sent"}, Drafts: profile.Folder{Unsupported: true}}}
	for _, c := range []struct {
		about             string
		prefix, delimiter string
		list              []evidence.Folder
		want              FolderPaths
	}{
		{"names below INBOX", "INBOX.", ".", []evidence.Folder{{Name: "INBOX"}, {Name: "INBOX.Sent"}}, FolderPaths{"INBOX", "Sent", ""}},
		{"INBOX in another case", "INBOX.", ".", []evidence.Folder{{Name: "Inbox.Sent"}}, FolderPaths{"INBOX", "Sent", ""}},
		{"the server's mark before a name", "", "/", []evidence.Folder{{Name: "Sent"}, {Name: "Post", Attributes: []string{`\HasNoChildren`, `\sent`}}, {Name: "Entwürfe"}}, FolderPaths{"", "Post", "Entwürfe"}},
		{"marked, below INBOX", "INBOX.", ".", []evidence.Folder{{Name: "INBOX.Sent Items", Attributes: []string{`\Sent`}}}, FolderPaths{"INBOX", "Sent Items", ""}},
		{"the profile's name before another language's", "INBOX.", ".", []evidence.Folder{{Name: "INBOX.Gesendet"}, {Name: "INBOX.Sent"}}, FolderPaths{"INBOX", "Sent", ""}},
		{"marked but no real folder", "", "/", []evidence.Folder{{Name: "Mail", Attributes: []string{`\Sent`, `\Noselect`}}, {Name: "Sent"}}, FolderPaths{"", "Sent", ""}},
		{"below INBOX on a server without a prefix", "", ".", []evidence.Folder{{Name: "INBOX.Sent"}}, FolderPaths{"", "INBOX.Sent", ""}},
		{"a doubled folder is never advised", "INBOX.", ".", []evidence.Folder{{Name: "INBOX.INBOX.Sent"}}, FolderPaths{"INBOX", "", ""}},
		{"nothing there", "", "/", nil, FolderPaths{}},
	} {
		s := &evidence.Session{Folders: evidence.Folders{Prefix: c.prefix, Delimiter: c.delimiter}}
		for _, f := range c.list {
			f.Delimiter = c.delimiter
			s.Folders.List = append(s.Folders.List, f)
		}
		if got := ToType(s, p); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.about, got, c.want)
		}
	}
}

// TestPanic keeps a check that breaks from taking the report with it.
func TestPanic(t *testing.T) {
	broken := Check{Code: "MM999", Stage: StageTLS, Severity: Fault, Run: func(*evidence.Evidence) []Finding { panic("index out of range") }}
	sound := Check{Code: "MM998", Stage: StageTLS, Severity: Note, Run: func(*evidence.Evidence) []Finding { return []Finding{{Text: "stands"}} }}
	got := Run(&evidence.Evidence{}, []Check{broken, sound})
	if len(got) != 2 || got[0].Code != "MM001" || got[1].Code != "MM998" || got[1].Sure != Certain {
		t.Errorf("got %+v, want MM001 for the broken check and MM998 as it is", got)
	}
}
