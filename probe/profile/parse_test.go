package profile

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// good is the smallest useful profile; the tests break it one line at a time.
const good = `name: example
sources:
  help: Example help
domains: [example.org]
mx: [mx.example.org]
paths:
  - protocol: imap
    port: 993
    host: mail.example.org
    encryption: tls
    role: recommended
    source: help
login:
  - kind: own
    forms: ["{user}"]
issues:
  - code: MM951
    title: A title
    text: A text.
    absent: [imap-993]
`

func TestParseGood(t *testing.T) {
	for name, text := range map[string]string{
		"as it is":   good,
		"CRLF":       strings.ReplaceAll(good, "\n", "\r\n"),
		"BOM":        "\ufeff" + good,
		"header":     "---\n" + good,
		"signs":      good + "title: \"R&D *mail* <<x>> 100% !\"\n",
		"plain sign": good + "title: R&D *mail* !\n",
	} {
		p, err := Parse("example", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if p.Name != "example" || len(p.Paths) != 1 || p.Paths[0].Source != "help" {
			t.Errorf("%s: got %+v", name, p)
		}
	}
}

func TestParseLeavesNoNullInJSON(t *testing.T) {
	p, err := Parse("x", []byte("paths: [{protocol: imap, port: 1, host: h, encryption: tls, role: trial}]\nissues: [{code: MM951, title: t}]"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "null") {
		t.Errorf("got %s, want no null", text)
	}
}

func TestParseNamesANamelessProfile(t *testing.T) {
	for name, want := range map[string]string{"dir/mine.yaml": "mine", `c:\dir\mine.yml`: "mine", "mine": "mine"} {
		p, err := Parse(name, []byte(strings.Replace(good, "name: example\n", "", 1)))
		if err != nil {
			t.Fatal(err)
		}
		if p.Name != want || p.Title != want {
			t.Errorf("%s: got name %q title %q, want %q", name, p.Name, p.Title, want)
		}
	}
}

func TestParseComparesNamesInLowerCase(t *testing.T) {
	p, err := Parse("x", []byte(strings.Replace(good, "mx.example.org", "MX.Example.org.", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if p.MX[0] != "mx.example.org" || !p.Serves([]string{"a.MX.example.org."}) {
		t.Errorf("got mx %q, want it to serve a.mx.example.org", p.MX)
	}
}

func TestParseRefuses(t *testing.T) {
	edit := func(from, to string) string {
		if !strings.Contains(good, from) {
			t.Fatalf("the good profile has no %q", from)
		}
		return strings.Replace(good, from, to, 1)
	}
	tests := []struct{ name, text, want string }{
		// The shape.
		{"unknown key", edit("port:", "prot:"), `line 8: unknown key "prot" (did you mean "port"?)`},
		{"unknown key at the top", edit("mx:", "smtp:"), `line 5: unknown key "smtp"`},
		{"key in other case", edit("host:", "Host:"), `line 9: unknown key "Host" (did you mean "host"?)`},
		{"key twice", edit("    port: 993", "    port: 993\n    port: 994"), `line 9: key "port" is given twice; the first is in line 8`},
		{"source twice", edit("  help: Example help", "  help: a\n  help: b"), `line 4: key "help" is given twice; the first is in line 3`},
		{"number key", edit("  help: Example help", "  5: a"), `line 3: key "5" must be text`},
		{"text for number", edit("993", `"993"`), `line 8: port must be a whole number, not text`},
		{"fraction for number", edit("993", "993.5"), `line 8: port must be a whole number, not a fraction`},
		{"number for text", edit("name: example", "name: 5"), `line 1: name must be text, not a number; put it in quotes`},
		{"boolean for text", edit("name: example", "name: true"), `line 1: name must be text, not true or false; put it in quotes`},
		{"years as number", edit("source: help", "years: 2015"), `line 12: years must be text, not a number; put it in quotes`},
		{"text for boolean", good + "folders:\n  sent:\n    optional: yes\n", `line 23: optional must be true or false, not text`},
		{"nothing for text", edit("name: example", "name:"), `line 1: name must be text, not nothing`},
		{"text for list", edit("[example.org]", "example.org"), `line 4: domains must be a list, not text`},
		{"group for list", edit("[example.org]", "{a: b}"), `line 4: domains must be a list, not a group of keys`},
		{"list for group", good + "folders: [a]\n", `line 21: folders must be a group of keys, not a list`},
		{"wrong list entry", edit("[example.org]", "[example.org, 5]"), `line 4: an entry of domains must be text, not a number; put it in quotes`},
		{"list at the top", "- a\n", `line 1: a profile must be a group of keys, not a list`},
		{"text at the top", "hello\n", `line 1: a profile must be a group of keys, not text`},
		{"empty", "", `empty`},
		{"only a comment", "# nothing\n", `empty`},
		{"two documents", good + "---\nname: b\n", `line 22: a second document; a profile is one`},
		{"escape character", edit("A title", `"\e[31mred"`), `line 18: title holds a character that cannot be shown (U+001B)`},
		{"right-to-left override", edit("A title", `"\u202Egnp"`), `line 18: title holds a character that cannot be shown (U+202E)`},
		{"control character in a key", edit("mx:", `"\e[31m":`), `line 5: key "\x1b[31m" holds a character that cannot be shown`},
		{"control character in a source", edit("help: Example", `"\b": Example`), `line 3: key "\b" holds a character that cannot be shown`},
		{"not UTF-8", "name: \xff\n", `not text in UTF-8`},
		{"tab", edit("    port:", "\tport:"), `line 8: the line begins with a tab; YAML wants blanks there`},
		{"tab behind blanks", edit("    port:", "  \tport:"), `line 8: the line begins with a tab; YAML wants blanks there`},
		{"tab before a list", edit("  - protocol:", "\t- protocol:"), `line 7: the line begins with a tab; YAML wants blanks there`},
		{"tab at the top", "\tname: x\n", `line 1: the line begins with a tab; YAML wants blanks there`},
		{"open quote", good + `title: "example`, `line 21: not readable as YAML: could not find end character of double-quoted text`},

		// What the YAML library cannot bear.
		{"too large", good + strings.Repeat("#", maxBytes), `larger than 64 KiB`},
		{"anchor", edit("name: example", "name: &n example"), `line 1: anchors and aliases (& * <<) are not used in profiles; write the value out, in quotes if it begins with such a sign`},
		{"alias", edit("A text.", "*n"), `line 19: anchors and aliases (& * <<) are not used in profiles; write the value out, in quotes if it begins with such a sign`},
		{"merge key", edit("name: example", "<<: {}"), `line 1: anchors and aliases (& * <<) are not used in profiles; write the value out, in quotes if it begins with such a sign`},
		{"tag", edit("993", "!!int 993"), `line 8: tags, directives and explicit keys (! % ?) are not used in profiles; put a value that begins with such a sign in quotes`},
		{"brackets", "paths: " + strings.Repeat("[", 20000), `more than 8192 words and signs`},
		{"nested brackets", "name: x\npaths: " + strings.Repeat("[", 33), `line 2: more than 32 brackets or lists inside each other`},
		{"stray brackets first", "name: x\npaths: " + strings.Repeat("[]]", 40) + strings.Repeat("[", 33), `line 2: more than 32 brackets or lists inside each other`},
		{"nested dashes", "paths:\n  " + strings.Repeat("- ", 33) + "a\n", `line 2: more than 32 brackets or lists inside each other`},

		// The rules.
		{"no paths", "name: x\n", `no paths; a profile needs at least one`},
		{"empty paths", "name: x\npaths: []\n", `line 2: no paths; a profile needs at least one`},
		{"protocol", edit("protocol: imap", "protocol: imaps"), `line 7: protocol is "imaps", must be imap or smtp (did you mean "imap"?)`},
		{"no protocol", edit("  - protocol: imap\n    port", "  - port"), `line 7: protocol is empty, must be imap or smtp`},
		{"encryption", edit("encryption: tls", "encryption: startls"), `line 10: encryption is "startls", must be tls, starttls or none (did you mean "starttls"?)`},
		{"encryption far off", edit("encryption: tls", "encryption: plain"), `line 10: encryption is "plain", must be tls, starttls or none`},
		{"role", edit("role: recommended", "role: recomended"), `line 11: role is "recomended", must be recommended, alternate, optional or trial (did you mean "recommended"?)`},
		{"port 0", edit("993", "0"), `line 8: port is 0, must be 1 to 65535`},
		{"port too high", edit("993", "65536"), `line 8: port is 65536, must be 1 to 65535`},
		{"negative port", edit("993", "-1"), `line 8: port is -1, must be 1 to 65535`},
		{"no host", edit("    host: mail.example.org\n", ""), `line 7: host is empty`},
		{"URL for host", edit("mail.example.org", "https://mail.example.org"), `line 9: host "https://mail.example.org" is not a host name: write it without https://, port or spaces`},
		{"port in host", edit("mail.example.org", "mail.example.org:993"), `line 9: host "mail.example.org:993" is not a host name: write it without https://, port or spaces`},
		{"empty label", edit("mail.example.org", "mail..org"), `line 9: host "mail..org" is not a host name: write it without https://, port or spaces`},
		{"path twice", edit("login:", "  - {protocol: imap, port: 993, host: b, encryption: tls, role: trial}\nlogin:"), `line 13: path imap-993 is given twice`},
		{"source", edit("source: help", "source: hlep"), `line 12: source "hlep" is not listed under sources (did you mean "help"?)`},
		{"source of an issue", good + "    source: page\n", `line 21: source "page" is not listed under sources`},
		{"years", edit("source: help", "years: long ago"), `line 12: years is "long ago", must be like 2015, 2015-, -2012 or 2000-2011`},
		{"kind", edit("kind: own", "kind: won"), `line 14: kind is "won", must be own or hosted (did you mean "own"?)`},
		{"no forms", edit(`    forms: ["{user}"]`+"\n", ""), `line 14: forms is empty, needs at least one such as {user}@{domain}`},
		{"form without user", edit(`"{user}"`, `"{domain}"`), `line 15: form "{domain}" has no {user} in it`},
		{"form with another brace", edit(`"{user}"`, `"{user}@{host}"`), `line 15: form "{user}@{host}" may hold {user} and {domain}, no other braces`},
		{"code", edit("MM951", "951x"), `line 17: code "951x" must be MM and three digits`},
		{"no title", edit("    title: A title\n", ""), `line 17: issue MM951 has no title`},
		{"absent", edit("[imap-993]", "[imap-994]"), `line 20: absent names path "imap-994", which the profile does not have (did you mean "imap-993"?)`},
		{"domain", edit("[example.org]", "[\"@example.org\"]"), `line 4: domain "@example.org" is not a domain name`},
		{"mx", edit("[mx.example.org]", "[\"mx example\"]"), `line 5: mx "mx example" is not a host name`},
		{"minutes", good + "checking:\n  min_minutes: -5\n", `line 22: min_minutes is -5, must be 0 or more`},
		{"successor", good + "successor: runbox-2051\n", `line 21: successor "runbox-2051" is no built-in profile (did you mean "runbox-2015"?)`},
		{"own successor", edit("name: example", "name: runbox\nsuccessor: runbox"), `line 2: a profile cannot be its own successor`},
	}
	for _, tt := range tests {
		_, err := Parse("test", []byte(tt.text))
		var got *Error
		if !errors.As(err, &got) {
			t.Errorf("%s: got %v, want an *Error", tt.name, err)
			continue
		}
		if want := "read profile test: " + tt.want; got.Error() != want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, want)
		}
	}
}

func TestLoadFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.yaml")
	if err := os.WriteFile(file, []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := Load(file)
	if err != nil || p.Name != "example" {
		t.Errorf("got %q, %v; want the profile example", p.Name, err)
	}
}

func TestLoadErrors(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large.yaml")
	if err := os.WriteFile(large, make([]byte, maxBytes+1), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, want string }{
		{"rumbox", `read profile rumbox: no such built-in profile (did you mean "runbox"?)`},
		{"gmail", `read profile gmail: no such built-in profile`},
		{"", `read profile "": no such built-in profile`},
		{"\x1b[31m", `read profile "\x1b[31m": no such built-in profile`},
		{large, "read profile " + large + ": larger than 64 KiB"},
	}
	for _, tt := range tests {
		_, err := Load(tt.name)
		var got *Error
		if !errors.As(err, &got) || got.Error() != tt.want {
			t.Errorf("Load(%q):\n got %v\nwant %s", tt.name, err, tt.want)
		}
	}
	if _, err := Load(dir + "/"); !errors.As(err, new(*Error)) {
		t.Errorf("a folder: got %v, want an *Error", err)
	}
}

func TestLoadMissingFile(t *testing.T) {
	for _, name := range []string{"nowhere.yaml", "nowhere.yml", "./nowhere"} {
		_, err := Load(name)
		if !errors.Is(err, fs.ErrNotExist) || errors.As(err, new(*Error)) {
			t.Errorf("Load(%q): got %v, want fs.ErrNotExist and no *Error", name, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "read profile "+name+": ") {
			t.Errorf("Load(%q): got %q, want the name once at the start", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	for _, name := range BuiltIn() {
		data, err := providers.ReadFile("providers/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, seed := range []string{
		"", "\"", "- - - a", "? a\n: b", "{a: b}: c", "a: |\n", "a: >-\n  b\n c", "%YAML 1.2\n---\n", "&a *a", "[[[[",
		"a:\r\n  b\r", "\t", "name: ~", "---\n---\n", "<<: {}", "name: !!str x", "a: 'b\n\n c'", "\xff", "{", "}", ": :", "paths:\n- \n- {",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse("fuzz", data)
		if err != nil {
			if !errors.As(err, new(*Error)) {
				t.Errorf("got %T %v, want an *Error", err, err)
			}
			for _, r := range err.Error() {
				if r < ' ' {
					t.Errorf("the error text %q holds a control character", err)
				}
			}
			return
		}
		if len(p.Paths) == 0 || p.Name == "" {
			t.Errorf("accepted a profile with %d paths and the name %q", len(p.Paths), p.Name)
		}
		p.LoginNames("anna@example.org")
	})
}
