package clientconf

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// sparse makes a file of 100 MB that takes no room.
func sparse(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 100<<20); err != nil {
		t.Fatal(err)
	}
}

// at makes a home folder out of files.
func at(t *testing.T, files map[string]string) Place {
	t.Helper()
	home := t.TempDir()
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o600}
	}
	if err := os.CopyFS(home, tree); err != nil {
		t.Fatal(err)
	}
	return Place{OS: "linux", Home: home, AppData: filepath.Join(home, "AppData")}
}

// seen writes what was found as "program file: accounts".
func seen(all []Found) []string {
	var out []string
	for _, f := range all {
		text := f.Program + " " + filepath.ToSlash(f.File) + ":"
		for _, c := range f.Accounts {
			text += " " + c.Account
		}
		if f.Err != nil {
			text += " (" + f.Err.Error() + ")"
		}
		out = append(out, text)
	}
	return out
}

const oneThunderbird = `user_pref("mail.accountmanager.accounts", "account1");
user_pref("mail.account.account1.server", "server1");
user_pref("mail.server.server1.hostname", "mail.example.com");
user_pref("mail.server.server1.type", "imap");
user_pref("mail.server.server1.name", "NAME");
`

func TestFind(t *testing.T) {
	named := func(name string) string { return strings.Replace(oneThunderbird, "NAME", name, 1) }
	tests := []struct {
		name  string
		files map[string]string
		edit  func(*Place)
		want  []string
	}{
		{"nothing", nil, nil, nil},
		{"Linux", map[string]string{
			".thunderbird/profiles.ini":                                "[Profile0]\nName=default\nIsRelative=1\nPath=a.default\n\n[General]\nStartWithLastProfile=1\n[Profile1]\nPath=gone\n",
			".thunderbird/a.default/prefs.js":                          named("A"),
			".thunderbird/old/prefs.js":                                named("Old"),
			"snap/thunderbird/common/.thunderbird/x/prefs.js":          named("Snap"),
			".var/app/org.mozilla.Thunderbird/.thunderbird/y/prefs.js": named("Flatpak"),
			".var/app/org.mozilla.Thunderbird/.thunderbird/y/user.js":  `user_pref("mail.server.server1.name", "Mine");`,
			".mbsyncrc":                  "IMAPAccount m\nHost h\n",
			".msmtprc":                   "account s\nhost h\n",
			".config/offlineimap/config": "[Account o]\nremoterepository=r\n[Repository r]\ntype=IMAP\nremotehost=h\n",
			".mutt/muttrc":               "set folder=imaps://u\n",
			".config/neomutt/neomuttrc":  "set folder=~/Mail\n",
		}, nil, []string{
			"thunderbird ~/.thunderbird/a.default/prefs.js: A",
			"thunderbird ~/snap/thunderbird/common/.thunderbird/x/prefs.js: Snap",
			"thunderbird ~/.var/app/org.mozilla.Thunderbird/.thunderbird/y/prefs.js: Mine",
			"mbsync ~/.mbsyncrc: m",
			"msmtp ~/.msmtprc: s",
			"offlineimap ~/.config/offlineimap/config: o",
			"mutt ~/.mutt/muttrc: u",
			"mutt ~/.config/neomutt/neomuttrc:",
		}},
		{"macOS", map[string]string{"Library/Thunderbird/Profiles/a b/prefs.js": named("A"), ".thunderbird/x/prefs.js": named("X")},
			func(p *Place) { p.OS = "darwin" }, []string{"thunderbird ~/Library/Thunderbird/Profiles/a b/prefs.js: A"}},
		{"Windows", map[string]string{"AppData/Thunderbird/profiles.ini": "[Profile0]\r\nIsRelative=1\r\nPath=Profiles/a\r\n", "AppData/Thunderbird/Profiles/a/prefs.js": named("A")},
			func(p *Place) { p.OS = "windows" }, []string{"thunderbird ~/AppData/Thunderbird/Profiles/a/prefs.js: A"}},
		{"settings in a folder of the user's choice", map[string]string{"xdg/isyncrc": "IMAPAccount m\nHost h\n", ".config/isyncrc": "IMAPAccount n\nHost h\n"},
			func(p *Place) { p.Config = filepath.Join(p.Home, "xdg") }, []string{"mbsync ~/xdg/isyncrc: m"}},
		{"a file where others have a folder", map[string]string{".mutt": "set folder=imaps://u\n", ".mbsyncrc/x": "", ".thunderbird": ""}, nil, nil},
		{"two files of one profile are broken", map[string]string{".thunderbird/x/prefs.js": strings.Replace(oneThunderbird, "NAME", "A", 1) + "user_pref(", ".thunderbird/x/user.js/y": ""}, nil, []string{
			"thunderbird ~/.thunderbird/x/prefs.js: A (prefs.js line 6: this is not a whole setting; user.js beside it was not read: this is a folder, not a file)"}},
		{"no home folder", map[string]string{".mbsyncrc": "IMAPAccount m\nHost h\n"}, func(p *Place) { *p = Place{OS: "linux"} }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := at(t, tt.files)
			if tt.edit != nil {
				tt.edit(&p)
			}
			if diff := cmp.Diff(tt.want, seen(Find(p))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFindNamesOneFileOnce(t *testing.T) {
	p := at(t, map[string]string{".muttrc": "set folder=imaps://u\n"})
	if err := os.MkdirAll(filepath.Join(p.Home, ".mutt"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(filepath.Join(p.Home, ".muttrc"), filepath.Join(p.Home, ".mutt", "muttrc")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"mutt ~/.muttrc: u"}, seen(Find(p))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRead(t *testing.T) {
	const mbsyncrc = "IMAPAccount m\nHost h\n"
	profile := strings.Replace(oneThunderbird, "NAME", "A", 1)
	p := at(t, map[string]string{
		"isyncrc": mbsyncrc, "by content": "# set folder = x\n\n" + mbsyncrc, "mail.rc": "set smtp_url = smtp://h\n", "work.muttrc": "IMAPAccount m\nHost h\n",
		"smtp": "account s\nhost h\ntls on\n", "o": "[Account o]\nremoterepository=r\n[Repository r]\ntype=IMAP\nremotehost=h\n",
		"prof/prefs.js": profile, "prof/user.js": `user_pref("mail.server.server1.name", "Mine");`, "copy.js": profile,
		"lone/user.js": profile, "folder/x": "", "letter": "Dear Bert,\nhost and account are yours.\n", "empty": "", "binary": "\x00\xff\xfe\x01",
		"latin": "IMAPAccount B\xfcro\nHost h\nUser \xe4\n", "utf16": "\xff\xfeI\x00M\x00A\x00P\x00A\x00c\x00c\x00o\x00u\x00n\x00t\x00 \x00m\x00\n\x00H\x00o\x00s\x00t\x00 \x00h\x00\n\x00", "mark": "\xef\xbb\xbfIMAPAccount m\nHost h\n",
	})
	const other = "this is no settings file of a mail program that can be read: thunderbird, mbsync, msmtp, offlineimap, mutt, aerc, himalaya, evolution, apple-mail, outlook, k9"
	for name, want := range map[string]string{
		"isyncrc":       "mbsync ~/isyncrc: m",
		"by content":    "mbsync ~/by content: m",
		"mail.rc":       "mutt ~/mail.rc: h",
		"work.muttrc":   "mutt ~/work.muttrc:", // the name goes before
		"smtp":          "msmtp ~/smtp: s",
		"o":             "offlineimap ~/o: o",
		"prof":          "thunderbird ~/prof/prefs.js: Mine",
		"prof/user.js":  "thunderbird ~/prof/user.js: Mine",
		"copy.js":       "thunderbird ~/copy.js: A",
		"lone/user.js":  "thunderbird ~/lone/user.js: A",
		"folder":        " ~/folder: (this folder is no Thunderbird profile: it has no prefs.js)",
		"letter":        " ~/letter: (" + other + ")",
		"empty":         " ~/empty: (" + other + ")",
		"binary":        " ~/binary: (" + other + ")",
		"latin":         "mbsync ~/latin: B\u00fcro",
		"utf16":         "mbsync ~/utf16: m",
		"mark":          "mbsync ~/mark: m",
		"not/there":     " ~/not/there: (stat: no such file or directory)",
		"../etc/passwd": " " + filepath.Join(filepath.Dir(p.Home), "etc", "passwd") + ": (stat: no such file or directory)",
	} {
		if got := seen([]Found{Read(filepath.Join(p.Home, filepath.FromSlash(name)), p)})[0]; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	p := at(t, map[string]string{"sealed": "IMAPAccount m\nHost h\n"})
	sparse(t, filepath.Join(p.Home, ".mbsyncrc"))
	if err := os.Symlink(".mbsyncrc", filepath.Join(p.Home, "link")); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		".mbsyncrc": "the file is larger than 8 MiB, which no settings file is",
		"link":      "the file is larger than 8 MiB, which no settings file is",
	}
	if runtime.GOOS != "windows" {
		want[filepath.Join("..", "..", "..", "..", "..", "dev", "zero")] = "this is not a regular file"
	}
	before := memory()
	for name, text := range want {
		if got := Read(filepath.Join(p.Home, name), p); message(got.Err) != text {
			t.Errorf("%s: got error %v, want %q", name, got.Err, text)
		}
	}
	if used := memory() - before; used > 1<<20 {
		t.Errorf("refusing took %d bytes of memory, want next to none", used)
	}
	found := Find(p)
	if len(found) != 1 || found[0].Program != "mbsync" || message(found[0].Err) != want[".mbsyncrc"] {
		t.Errorf("Find: got %+v, want the refused file", found)
	}
}

func memory() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func TestReadUnreadable(t *testing.T) {
	// The tests can run as root, who may read everything, so a link to itself stands in
	// for a file that the system does not open.
	p := at(t, nil)
	loop := filepath.Join(p.Home, ".mbsyncrc")
	if err := os.Symlink(".mbsyncrc", loop); err != nil {
		t.Fatal(err)
	}
	if got := Read(loop, p); got.Err == nil || strings.Contains(got.Err.Error(), p.Home) || got.File != "~"+string(filepath.Separator)+".mbsyncrc" {
		t.Errorf("got %+v, want an error without the path", got)
	}
	if got := Find(p); len(got) != 1 || got[0].Err == nil {
		t.Errorf("Find: got %+v, want the error", got)
	}
	if err := bare(&fs.PathError{Op: "open", Path: "/home/anna", Err: fs.ErrPermission}); err.Error() != "open: permission denied" {
		t.Errorf("got %v", err)
	}
}
