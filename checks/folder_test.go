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
		s := &evidence.Session{Folders: evidence.Folders{Namespace: evidence.Yes, Prefix: c.prefix, Delimiter: c.delimiter}}
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

// serving is a session whose folders have these names, without an answer to NAMESPACE.
func serving(delimiter string, names ...string) *evidence.Session {
	s := &evidence.Session{Folders: evidence.Folders{Delimiter: delimiter}}
	for _, n := range names {
		s.Folders.List = append(s.Folders.List, evidence.Folder{Name: n, Delimiter: delimiter})
	}
	return s
}

// TestPrefix reads the prefix off the list where the server does not tell it.
func TestPrefix(t *testing.T) {
	told := serving("/", "INBOX", "Sent")
	told.Folders.Namespace, told.Folders.Prefix = evidence.Yes, "INBOX/"
	cut := serving(".", "INBOX", "INBOX.Sent", "INBOX.Trash")
	cut.Folders.Cut = true
	level := serving(".", "INBOX", "INBOX.Sent", "INBOX.Trash", "user")
	level.Folders.List[3].Attributes = []string{`\Noselect`}
	for about, c := range map[string]struct {
		s    *evidence.Session
		want string
		sure Sure
	}{
		"the server's word counts":               {told, "INBOX/", Certain},
		"all below INBOX":                        {serving(".", "INBOX", "INBOX.Sent", "INBOX.Trash"), "INBOX.", Likely},
		"all below INBOX, another separator":     {serving("^", "INBOX", "inbox^Sent", "INBOX^Trash"), "INBOX^", Likely},
		"one beside INBOX":                       {serving(".", "INBOX", "INBOX.Sent", "Trash"), "", Likely},
		"others' folders are only a level above": {level, "INBOX.", Likely},
		"one below INBOX may be anything":        {serving("/", "INBOX", "INBOX/2024"), "", ""},
		"nothing but INBOX":                      {serving("/", "INBOX"), "", ""},
		"no separator":                           {serving("", "INBOX", "INBOX.Sent", "INBOX.Trash"), "", ""},
		"not the whole list":                     {cut, "", ""},
	} {
		if got, sure := Prefix(c.s); got != c.want || sure != c.sure {
			t.Errorf("%s: got %q (%s), want %q (%s)", about, got, sure, c.want, c.sure)
		}
	}
}

// TestOpens asks which folder a program opens, as it is set up.
func TestOpens(t *testing.T) {
	old := serving(".", "INBOX", "INBOX.Sent", "INBOX.Sent Items", "INBOX.Trash")
	top := serving("/", "INBOX", "Sent", "Mail/Sent", "Trash")
	caret := serving("^", "INBOX", "Sent", "Trash")
	slash := serving(".", "INBOX", "Sent/2024", "Trash")
	empty, none := "", (*string)(nil)
	set := func(s string) *string { return &s }
	for about, c := range map[string]struct {
		s          *evidence.Session
		root, path *string
		want       string
		there      bool
	}{
		"root and path":                                {old, set("INBOX"), set("Sent"), "INBOX.Sent", true},
		"root with its separator":                      {old, set("INBOX."), set("Sent"), "INBOX.Sent", true},
		"root with blanks around it":                   {old, set(" INBOX "), set(" Sent "), "INBOX.Sent", true},
		"a blank within":                               {old, set("INBOX"), set("Sent Items"), "INBOX.Sent Items", true},
		"a separator at the end":                       {old, set("INBOX"), set("Sent/"), "INBOX.Sent", true},
		"root in the path too":                         {old, set("INBOX"), set("INBOX.Sent"), "INBOX.INBOX.Sent", false},
		"no root said, the server is asked":            {old, none, set("Sent"), "INBOX.Sent", true},
		"no root said, the whole name":                 {old, none, set("INBOX.Sent"), "INBOX.Sent", true},
		"an empty root, the whole name":                {old, &empty, set("INBOX.Sent"), "INBOX.Sent", true},
		"another separator":                            {old, set("INBOX"), set("Lists/go"), "INBOX.Lists/go", false},
		"an old root on the new server":                {top, set("INBOX"), set("Sent"), "INBOX/Sent", false},
		"no root on the new server":                    {top, none, set("Sent"), "Sent", true},
		"another root":                                 {top, set("Mail"), set("Sent"), "Mail/Sent", true},
		"a caret":                                      {caret, set("INBOX"), set("Sent"), "INBOX^Sent", false},
		"a name with the other separator in it":        {slash, none, set("Sent/2024"), "Sent/2024", true},
		"another case is another name":                 {top, none, set("sent"), "sent", false},
		"INBOX in any case":                            {top, none, set("Inbox"), "Inbox", true},
		"a name that is not there, below the prefix's": {old, none, set("Kopien"), "INBOX.Kopien", false},
	} {
		o := Opens(c.s, c.root, c.path)
		if o == nil || o.Name != c.want || o.There != c.there {
			t.Errorf("%s: got %+v, want %q, there %t", about, o, c.want, c.there)
		}
	}
	for _, path := range []*string{nil, &empty, set(" "), set("/")} {
		if o := Opens(old, nil, path); o != nil {
			t.Errorf("no path: got %+v, want nothing", o)
		}
	}
}
