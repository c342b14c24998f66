package profile

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func mustLoad(t *testing.T, name string) Profile {
	t.Helper()
	p, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestBuiltInNamesEveryEmbeddedFile(t *testing.T) {
	files, err := fs.Glob(providers, "providers/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, file := range files {
		got = append(got, strings.TrimSuffix(strings.TrimPrefix(file, "providers/"), ".yaml"))
	}
	want := slices.Sorted(slices.Values(BuiltIn()))
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("files %q, BuiltIn %q", got, want)
	}
	for _, name := range BuiltIn() {
		if p := mustLoad(t, name); p.Name != name {
			t.Errorf("profile %s calls itself %q", name, p.Name)
		}
	}
}

func TestEveryBuiltInFactHasASource(t *testing.T) {
	for _, name := range BuiltIn() {
		for _, fact := range facts(mustLoad(t, name)) {
			if name == "runbox-2015" && fact.place == "checking" {
				continue // its pages give no interval
			}
			if fact.Source == "" {
				t.Errorf("%s: %s has no source", name, fact.place)
			}
		}
	}
}

// TestRunboxHoldsThePage goes through the provider's help page from top to bottom.
func TestRunboxHoldsThePage(t *testing.T) {
	p := mustLoad(t, "runbox")
	old := Origin{Source: "imap-help", Years: "-2015"}
	trial := Origin{Source: "imap-help", Years: "-2012"}
	page := Origin{Source: "imap-help"}
	wantPaths := []Path{
		{IMAP, 993, "secure.runbox.com", TLS, Recommended, "old", old},
		{IMAP, 143, "imap.runbox.com", STARTTLS, Alternate, "old", old},
		{IMAP, 1143, "imap.runbox.com", STARTTLS, Trial, "new", trial},
		{SMTP, 587, "smtp.runbox.com", STARTTLS, Recommended, "", old},
		{SMTP, 26, "smtp.runbox.com", STARTTLS, Alternate, "", old},
		{SMTP, 25, "smtp.runbox.com", STARTTLS, Optional, "", old},
	}
	if diff := cmp.Diff(wantPaths, p.Paths); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
	wantLogin := []LoginRule{
		{Own, []string{"{user}"}, page},
		{Hosted, []string{"{user}%{domain}"}, page},
	}
	if diff := cmp.Diff(wantLogin, p.Login); diff != "" {
		t.Errorf("login (-want +got):\n%s", diff)
	}
	wantFolders := Folders{
		Root:   Folder{Name: "INBOX", Origin: old},
		Sent:   Folder{Name: "Sent", Optional: true, Origin: page},
		Drafts: Folder{Unsupported: true, Origin: Origin{Source: "imap-help", Years: "-2009"}},
	}
	if diff := cmp.Diff(wantFolders, p.Folders); diff != "" {
		t.Errorf("folders (-want +got):\n%s", diff)
	}
	if want := (Checking{10, page}); p.Checking != want {
		t.Errorf("checking: got %+v, want %+v", p.Checking, want)
	}
	if p.Successor != "runbox-2015" {
		t.Errorf("successor: got %q, want runbox-2015", p.Successor)
	}
	if want := []string{"runbox.com"}; !slices.Equal(p.MX, want) {
		t.Errorf("mx: got %q, want %q", p.MX, want)
	}
}

func TestRunboxIssues(t *testing.T) {
	tests := []struct {
		code   string
		says   []string // words that carry the fact
		apps   []string
		absent []string
	}{
		{"MM951", []string{"import", "To address", "From address", "Webmail"}, nil, []string{"imap-1143"}},
		{"MM952", []string{"import", "subject", "'", "Webmail"}, nil, []string{"imap-1143"}},
		{"MM953", []string{"Thunderbird", "sent", "time", "Webmail"}, []string{"thunderbird"}, []string{"imap-1143"}},
		{"MM954", []string{"imap.runbox.com", "1143", "143"}, nil, nil},
		{"MM955", []string{"Outlook 2000", "sent", "rule"}, []string{"outlook"}, nil},
		{"MM956", []string{"Outlook 2000", "delete", "folder"}, []string{"outlook"}, nil},
		{"MM957", []string{"Apple Mail", "Keep copies of messages for offline viewing", "Only messages I've read"}, []string{"apple-mail"}, nil},
		{"MM958", []string{"10 minutes", "slow"}, nil, nil},
		{"MM959", []string{"all folders and messages", "search"}, nil, nil},
	}
	issues := mustLoad(t, "runbox").Issues
	if len(issues) != len(tests) {
		t.Fatalf("got %d issues, want %d", len(issues), len(tests))
	}
	for i, tt := range tests {
		got := issues[i]
		if got.Code != tt.code || !slices.Equal(got.Apps, tt.apps) || !slices.Equal(got.Absent, tt.absent) {
			t.Errorf("issue %d: got %s apps %q absent %q, want %s %q %q", i, got.Code, got.Apps, got.Absent, tt.code, tt.apps, tt.absent)
		}
		for _, word := range tt.says {
			if !strings.Contains(got.Text, word) {
				t.Errorf("%s does not say %q: %s", tt.code, word, got.Text)
			}
		}
	}
}

func TestRunbox2015(t *testing.T) {
	p := mustLoad(t, "runbox-2015")
	since := Origin{Source: "settings", Years: "2015-"}
	wantPaths := []Path{
		{IMAP, 993, "mail.runbox.com", TLS, Recommended, "", since},
		{SMTP, 465, "mail.runbox.com", TLS, Recommended, "", since},
		{SMTP, 587, "mail.runbox.com", STARTTLS, Alternate, "", since},
	}
	if diff := cmp.Diff(wantPaths, p.Paths); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
	if got := p.Folders.Root.Name; got != "" {
		t.Errorf("root folder path: got %q, want none", got)
	}
	if got := p.Folders.Sent; got.Name != "Sent" || got.Optional {
		t.Errorf("sent: got %+v", got)
	}
	if got := p.Folders.Drafts; got.Name != "Drafts" || got.Unsupported {
		t.Errorf("drafts: got %+v", got)
	}
	if p.Successor != "" || len(p.Issues) != 0 {
		t.Errorf("got successor %q and %d issues, want neither", p.Successor, len(p.Issues))
	}
}

func TestLoginNames(t *testing.T) {
	tests := []struct {
		profile, address string
		want             []string
	}{
		{"runbox", "anna@runbox.com", []string{"anna"}},
		{"runbox", "anna@RUNBOX.NO", []string{"anna"}},
		{"runbox", "anna@rbx.run", []string{"anna"}},
		{"runbox", "anna@example.org", []string{"anna%example.org"}},
		{"runbox", "Anna@Example.ORG", []string{"Anna%example.org"}},
		{"runbox", "anna@mail.runbox.com", []string{"anna%mail.runbox.com"}},
		{"runbox", "odd@name@example.org", []string{"odd@name%example.org"}},
		{"runbox", "{domain}@example.org", []string{"{domain}%example.org"}},
		{"runbox", "anna", nil},
		{"runbox-2015", "anna@runbox.com", []string{"anna@runbox.com", "anna"}},
		{"runbox-2015", "anna@example.org", []string{"anna@example.org", "anna%example.org"}},
	}
	for _, tt := range tests {
		p := mustLoad(t, tt.profile)
		if got := p.LoginNames(tt.address); !slices.Equal(got, tt.want) {
			t.Errorf("%s: LoginNames(%q): got %q, want %q", tt.profile, tt.address, got, tt.want)
		}
	}
}

func TestKind(t *testing.T) {
	p := mustLoad(t, "runbox")
	tests := map[string]Kind{
		"a@runbox.com":          Own,
		"a@runbox.us":           Own,
		"a@runbox.eu":           Own,
		"a@Rbx.Email":           Own,
		"a@offshore.rocks":      Own,
		"a@mailhouse.biz":       Own,
		"a@example.org":         Hosted,
		"a@notrunbox.com":       Hosted,
		"a@sub.runbox.com":      Hosted,
		"a@runbox.com.evil.org": Hosted,
		"":                      Unknown,
		"a":                     Unknown,
		"@runbox.com":           Unknown,
		"a@":                    Unknown,
	}
	for address, want := range tests {
		if got := p.Kind(address); got != want {
			t.Errorf("Kind(%q): got %q, want %q", address, got, want)
		}
	}
}

func TestSplit(t *testing.T) {
	tests := []struct {
		address, user, domain string
		ok                    bool
	}{
		{"anna@runbox.com", "anna", "runbox.com", true},
		{"Anna@RunBox.Com", "Anna", "runbox.com", true},
		{`"a@b"@example.org`, `"a@b"`, "example.org", true},
		{"anna%example.org", "", "", false},
		{"anna@", "", "", false},
		{"@runbox.com", "", "", false},
		{"@", "", "", false},
		{"", "", "", false},
	}
	for _, tt := range tests {
		user, domain, ok := Split(tt.address)
		if user != tt.user || domain != tt.domain || ok != tt.ok {
			t.Errorf("Split(%q): got %q %q %v, want %q %q %v", tt.address, user, domain, ok, tt.user, tt.domain, tt.ok)
		}
	}
}

func TestForAddress(t *testing.T) {
	tests := []struct{ address, name string }{
		{"anna@runbox.com", "runbox"},
		{"anna@RBX.RUN", "runbox"},
		{"anna@example.org", ""},
		{"anna", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got := ForAddress(tt.address); got != tt.name {
			t.Errorf("ForAddress(%q): got %q, want %q", tt.address, got, tt.name)
		}
	}
}

func TestPathFindsByID(t *testing.T) {
	p := mustLoad(t, "runbox")
	if got, ok := p.Path("imap-1143"); !ok || got.Role != Trial {
		t.Errorf(`Path("imap-1143"): got %+v %v, want the trial path`, got, ok)
	}
	if got, ok := p.Path("smtp-465"); ok {
		t.Errorf(`Path("smtp-465"): got %+v, want none`, got)
	}
}
