package clientconf

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFilesOfOthers holds every file against every reader: who takes one of another program
// reads nonsense out of it.
func TestFilesOfOthers(t *testing.T) {
	takes := map[string]func(string, string) bool{
		"aerc": isAerc, "himalaya": isHimalaya, "mobileconfig": isMobileconfig,
		"outlook": isOutlook, "evolution": isEvolution, "k9": isK9,
	}
	for _, c := range []struct{ of, name, text string }{
		{"aerc", "accounts.conf", aercFile},
		{"aerc", "backup", aercFile},
		{"himalaya", "config.toml", himalaya1},
		{"himalaya", "config.toml", himalayaBeta},
		{"himalaya", "mail", himalaya0},
		{"himalaya", "config.toml", himalaya2},
		{"mobileconfig", "Example.mobileconfig", mobileconfigFile},
		{"mobileconfig", "Example.mobileconfig", "\x30\x82"},
		{"mobileconfig", "download", mobileconfigFile},
		{"outlook", "office.PRF", outlookFile},
		{"outlook", "office.txt", outlookFile},
		{"evolution", "a1.source", evolutionFiles()["a1.source"]},
		{"evolution", "a2.source", evolutionFiles()["a2.source"]},
		{"evolution", "a3.source", evolutionFiles()["a3.source"]},
		{"k9", "k9_settings_export.k9s", k9File},
		{"k9", "settings.xml", k9File},

		{"", "calendar.source", evolutionFiles()["calendar.source"]},
		{"", "accounts.conf", "[server]\nsource = rsync://example.org/a\n"},
		{"", "config.toml", "[accounts.ann]\nemail = \"ann@example.org\"\nroot_mailbox = \"INBOX\"\nformat = \"imap\"\n"},
		{"", "Cargo.toml", "[package]\nname = \"himalaya\"\n[dependencies.imap]\nversion = \"1\"\n"},
		{"", "com.apple.dock.plist", "<plist><dict><key>a</key></dict></plist>"},
		{"", "config-v1.1.xml", "<clientConfig version=\"1.1\"><emailProvider/></clientConfig>"},
		{"", "prefs.js", "user_pref(\"mail.server.server1.hostname\", \"imap.example.org\");\n"},
		{"", ".mbsyncrc", "IMAPAccount ann\nHost imap.example.org\nPass x\n"},
		{"", ".msmtprc", "account ann\nhost smtp.example.org\n"},
		{"", ".offlineimaprc", "[general]\naccounts = ann\n[Repository ann]\ntype = IMAP\nremotehost = imap.example.org\n"},
		{"", ".muttrc", "set folder = imaps://ann@imap.example.org/\nset smtp_url = smtp://ann@smtp.example.org\n"},
		{"", "empty", ""},
	} {
		if got := recognise(c.name, c.text); c.of != "" && (got == nil || got.program != strings.ReplaceAll(c.of, "mobileconfig", "apple-mail")) {
			t.Errorf("%s of %q: recognised as %+v", c.name, c.of, got)
		}
		for program, is := range takes {
			if got, want := is(filepath.Join("/home/ann", c.name), c.text), program == c.of; got != want {
				t.Errorf("%s of %q: taken for one of %s: got %v, want %v", c.name, c.of, program, got, want)
			}
		}
	}
}

func TestPlacesOfReaders(t *testing.T) {
	linux := Place{OS: "linux", Home: "/home/ann"}
	for _, c := range []struct {
		got  []string
		want string
	}{
		{aercPlaces(linux), "/home/ann/.config/aerc/accounts.conf"},
		{aercPlaces(Place{OS: "linux", Home: "/home/ann", Config: "/etc/ann"}), "/etc/ann/aerc/accounts.conf"},
		{aercPlaces(Place{OS: "darwin", Home: "/Users/ann"}), "/Users/ann/Library/Preferences/aerc/accounts.conf"},
		{himalayaPlaces(linux), "/home/ann/.config/himalaya/config.toml"},
		{himalayaPlaces(Place{OS: "windows", Home: "C:", AppData: "/A"}), "/A/himalaya/config.toml"},
		{mobileconfigPlaces(Place{OS: "darwin", Home: "/Users/ann"}), "/Users/ann/Downloads/*.mobileconfig"},
		{outlookPlaces(Place{OS: "windows", AppData: "/A"}), "/A/Microsoft/Outlook/*.prf"},
		{evolutionPlaces(linux), "/home/ann/.var/app/org.gnome.Evolution/config/evolution/sources"},
		{k9Places(linux), "/home/ann/Downloads/*.k9s"},
	} {
		if !slices.Contains(c.got, filepath.FromSlash(c.want)) {
			t.Errorf("got %q, want %q among them", c.got, c.want)
		}
	}
	for name, got := range map[string][]string{
		"aerc on Windows": aercPlaces(Place{OS: "windows"}), "profiles on Linux": mobileconfigPlaces(linux),
		"Outlook on Linux": outlookPlaces(linux), "Evolution on macOS": evolutionPlaces(Place{OS: "darwin"}),
	} {
		if len(got) > 0 {
			t.Errorf("%s: got %q, want nothing", name, got)
		}
	}
}

// TestRecognise tells every program's file by what stands in it, whatever it is called.
func TestRecognise(t *testing.T) {
	files := manyAccounts(3)
	files["mutt"] = "set realname='Ann'\n" + files["mutt"]
	for program, text := range files {
		if got := recognise("backup.txt", text); got == nil || got.program != program {
			t.Errorf("%s: got %+v", program, got)
		}
	}
}

// TestEvolutionFolder reads the accounts of a folder of sources, each by any of its files, and
// what is broken there spoils none of the others.
func TestEvolutionFolder(t *testing.T) {
	home := t.TempDir()
	dir := filepath.Join(home, ".config", "evolution", "sources")
	if err := os.MkdirAll(filepath.Join(dir, "folder.source"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range evolutionFiles() {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	place := Place{OS: "linux", Home: home}
	want, _ := evolution(evolutionFiles(), Origin{Shown: "~/.config/evolution/sources"})
	all := Find(place)
	if len(all) != 1 || len(all[0].Accounts) != len(want) || all[0].Err == nil || !strings.Contains(all[0].Err.Error(), "folder.source") {
		t.Errorf("got %+v, want %d accounts and a word about the folder", all, len(want))
	}
	for path, accounts := range map[string]int{dir: len(want), filepath.Join(dir, "a1.source"): 1, filepath.Join(dir, "a3.source"): len(want)} {
		if got := Read(path, place); got.Program != "evolution" || len(got.Accounts) != accounts {
			t.Errorf("%s: got %+v, want %d accounts", path, got, accounts)
		}
	}
	if got := Read(filepath.Join(dir, "calendar.source"), place); got.Err == nil || len(got.Accounts) != 0 {
		t.Errorf("a calendar: got %+v, want an error", got)
	}
}
