package program_test

import (
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"testing"

	"mailmedic/checks/program"
	"mailmedic/probe/profile"
)

// wanted is which settings each file has to say, in their order, and no others.
func wanted(name string, s program.Settings) []string {
	var keys []string
	add := func(present bool, words string) {
		if present {
			keys = append(keys, strings.Fields(words)...)
		}
	}
	switch {
	case strings.HasSuffix(name, ".xml"):
		add(true, "clientConfig@version clientConfig/emailProvider@id")
		for _, leaf := range strings.Fields("domain displayName displayShortName incomingServer@type") {
			add(true, "clientConfig/emailProvider/"+leaf)
		}
		for _, server := range []string{"incomingServer", "outgoingServer"} {
			add(server == "outgoingServer", "clientConfig/emailProvider/outgoingServer@type")
			for _, leaf := range strings.Fields("hostname port socketType authentication username") {
				add(true, "clientConfig/emailProvider/"+server+"/"+leaf)
			}
		}
	case strings.HasSuffix(name, ".mobileconfig"):
		add(s.Provider != "", "EmailAccountDescription")
		add(s.Name != "", "EmailAccountName")
		add(true, "EmailAccountType EmailAddress IncomingMailServerAuthentication IncomingMailServerHostName")
		add(s.RootPath != "", "IncomingMailServerIMAPPathPrefix")
		add(true, "IncomingMailServerPortNumber IncomingMailServerUseSSL IncomingMailServerUsername")
		add(true, "OutgoingMailServerAuthentication OutgoingMailServerHostName OutgoingMailServerPortNumber OutgoingMailServerUseSSL OutgoingMailServerUsername OutgoingPasswordSameAsIncomingPassword")
		add(true, "PayloadDescription PayloadDisplayName PayloadIdentifier PayloadType PayloadUUID PayloadVersion")
		add(true, "PayloadDisplayName PayloadRemovalDisallowed PayloadIdentifier PayloadType PayloadUUID PayloadVersion")
	case name == "mbsyncrc":
		add(true, "IMAPAccount Host Port User PassCmd SSLType IMAPStore Account MaildirStore SubFolders Path Inbox Channel Far Near Patterns Create Expunge SyncState")
	case name == "msmtprc":
		add(true, "account host port from auth user passwordeval tls tls_starttls tls_certcheck account")
	case name == "muttrc":
		add(true, "from")
		add(s.Name != "", "realname")
		add(true, "use_from folder spoolfile")
		add(whole(s, s.SentPath) != "", "record")
		add(true, "postponed smtp_url ssl_starttls ssl_force_tls timeout mail_check imap_check_subscribed")
	case name == "accounts.conf":
		add(true, "[] source source-cred-cmd outgoing outgoing-cred-cmd from")
		add(whole(s, s.SentPath) != "", "copy-to")
		add(whole(s, s.DraftsPath) != "", "postpone")
		add(true, "smtp-starttls check-mail check-mail-include")
	}
	return keys
}

// check reads a file back and holds it against the settings.
func check(f program.File, s program.Settings) error {
	all, err := readAs(f.Name, f.Text)
	if err != nil {
		return err
	}
	var keys []string
	for _, e := range all {
		keys = append(keys, e.key)
	}
	if want := wanted(f.Name, s); !slices.Equal(keys, want) {
		return fmt.Errorf("got the settings %q, want %q", keys, want)
	}
	for _, want := range values(f.Name, s) {
		at := slices.Index(keys, want.key)
		if at < 0 && want.value == "" {
			continue
		}
		if at < 0 {
			return fmt.Errorf("%s is not there, want it to be %q", want.key, want.value)
		}
		if got := all[at].value; got != want.value {
			return fmt.Errorf("%s: got %q, want %q", want.key, got, want.value)
		}
	}
	return deeper(all, s)
}

// values are those that stand in a file as they are.
func values(name string, s program.Settings) []set {
	const in, out = "clientConfig/emailProvider/incomingServer/", "clientConfig/emailProvider/outgoingServer/"
	domain := s.Address[strings.LastIndexByte(s.Address, '@')+1:]
	switch {
	case strings.HasSuffix(name, ".xml"):
		return []set{
			{"clientConfig/emailProvider@id", domain}, {"clientConfig/emailProvider/domain", domain}, {"clientConfig/emailProvider/displayName", s.Provider},
			{in + "hostname", s.Receiving.Host}, {in + "port", fmt.Sprint(s.Receiving.Port)}, {in + "username", s.Receiving.Login}, {in + "socketType", "SSL"},
			{out + "hostname", s.Sending.Host}, {out + "port", fmt.Sprint(s.Sending.Port)}, {out + "username", s.Sending.Login}, {out + "socketType", "STARTTLS"},
		}
	case strings.HasSuffix(name, ".mobileconfig"):
		return []set{
			{"EmailAddress", s.Address}, {"EmailAccountName", s.Name}, {"EmailAccountDescription", s.Provider}, {"EmailAccountType", "EmailTypeIMAP"},
			{"IncomingMailServerHostName", s.Receiving.Host}, {"IncomingMailServerPortNumber", fmt.Sprint(s.Receiving.Port)}, {"IncomingMailServerUsername", s.Receiving.Login},
			{"IncomingMailServerIMAPPathPrefix", s.RootPath}, {"IncomingMailServerUseSSL", "true"}, {"OutgoingMailServerUseSSL", "true"},
			{"OutgoingMailServerHostName", s.Sending.Host}, {"OutgoingMailServerPortNumber", fmt.Sprint(s.Sending.Port)}, {"OutgoingMailServerUsername", s.Sending.Login},
			{"IncomingPassword", ""}, {"OutgoingPassword", ""}, {"OutgoingPasswordSameAsIncomingPassword", "true"},
		}
	case name == "mbsyncrc":
		return []set{{"Host", s.Receiving.Host}, {"Port", fmt.Sprint(s.Receiving.Port)}, {"User", s.Receiving.Login}, {"SSLType", "IMAPS"}, {"Expunge", "None"}}
	case name == "msmtprc":
		return []set{{"host", s.Sending.Host}, {"port", fmt.Sprint(s.Sending.Port)}, {"user", s.Sending.Login}, {"from", s.Address}, {"tls", "on"}, {"tls_starttls", "on"}, {"tls_certcheck", "on"}}
	case name == "muttrc":
		return []set{{"from", s.Address}, {"realname", s.Name}, {"ssl_force_tls", "yes"}}
	case name == "accounts.conf":
		return []set{{"copy-to", whole(s, s.SentPath)}, {"postpone", whole(s, s.DraftsPath)}}
	}
	return nil
}

func whole(s program.Settings, path string) string {
	switch {
	case path == "" || s.RootPath == "":
		return path
	case s.Delimiter == "":
		return ""
	}
	return s.RootPath + s.Delimiter + path
}

// deeper takes values apart that hold others: commands and URLs.
func deeper(all []set, s program.Settings) error {
	folder := ""
	for _, e := range all {
		switch e.key {
		case "PassCmd", "passwordeval", "source-cred-cmd", "outgoing-cred-cmd":
			words, err := readShell(e.value)
			if want := []string{"secret-tool", "lookup", "mail", s.Address}; err != nil || !slices.Equal(words, want) {
				return fmt.Errorf("%s: got the words %q and %v, want %q", e.key, words, err, want)
			}
		case "source", "folder", "spoolfile":
			login, path, server, err := readURL(e.value)
			want := fmt.Sprintf("imaps://%s:%d", s.Receiving.Host, s.Receiving.Port)
			if err != nil || login != s.Receiving.Login || server != want {
				return fmt.Errorf("%s: got %q at %q and %v, want %q at %q", e.key, login, server, err, s.Receiving.Login, want)
			}
			if e.key == "folder" && path != "" || e.key == "spoolfile" && path != "INBOX" {
				return fmt.Errorf("%s: got the path %q, want none or INBOX", e.key, path)
			}
			folder = e.value
		case "outgoing", "smtp_url":
			login, path, server, err := readURL(e.value)
			want := fmt.Sprintf("smtp://%s:%d", s.Sending.Host, s.Sending.Port)
			if err != nil || login != s.Sending.Login || server != want || path != "" {
				return fmt.Errorf("%s: got %q at %q%q and %v, want %q at %q", e.key, login, server, path, err, s.Sending.Login, want)
			}
		case "record":
			rest, ok := strings.CutPrefix(e.value, "=")
			got, err := url.PathUnescape(rest)
			if !ok || err != nil || got != whole(s, s.SentPath) {
				return fmt.Errorf("record below %s: got %q and %v, want %q", folder, got, err, whole(s, s.SentPath))
			}
		}
	}
	return nil
}

func TestFiles(t *testing.T) {
	made := map[string]string{}
	for _, p := range program.All() {
		files, err := p.Files(example())
		if err != nil || (len(files) == 0) != !p.HasFiles() {
			t.Errorf("%s: got %d files and %v, want some: %t", p.Name, len(files), err, p.HasFiles())
		}
		for _, f := range files {
			made[p.Name] += f.Name
			if err := check(f, example()); err != nil {
				t.Errorf("%s, %s: %v in\n%s", p.Name, f.Name, err, f.Text)
			}
			if f.Mode != 0o600 && f.Name != "config-v1.1.xml" {
				t.Errorf("%s: got the mode %o, want 600", f.Name, f.Mode)
			}
		}
	}
	want := map[string]string{
		"thunderbird": "config-v1.1.xml", "apple-mail": "bob-example-org.mobileconfig", "ios": "bob-example-org.mobileconfig",
		"mbsync": "mbsyncrc", "msmtp": "msmtprc", "mutt": "muttrc", "aerc": "accounts.conf",
	}
	if len(made) != len(want) {
		t.Errorf("got the files %v, want %v", made, want)
	}
	for name, file := range want {
		if made[name] != file {
			t.Errorf("%s: got the file %q, want %q", name, made[name], file)
		}
	}
}

// TestFrom: an address is written as a From field needs it (RFC 5322 section 3.4.1).
func TestFrom(t *testing.T) {
	for _, c := range []struct{ name, address, want string }{
		{"", "bob@example.org", "bob@example.org"},
		{"Bob", "bob+x@example.org", "Bob <bob+x@example.org>"},
		{`B. "\" Example`, "o'neil@example.org", `"B. \"\\\" Example" <o'neil@example.org>`},
		{"", "a b@example.org", `"a b"@example.org`},
		{"", "a..b@example.org", `"a..b"@example.org`},
		{"", `a"\b@example.org`, `"a\"\\b"@example.org`},
		{"", "bob@b\u00fccher.example", "bob@b\u00fccher.example"},
	} {
		s := example()
		s.Name, s.Address = c.name, c.address
		p, _ := program.Find("aerc")
		files, err := p.Files(s)
		if err != nil {
			t.Fatal(err)
		}
		all, err := readAs(files[0].Name, files[0].Text)
		at := slices.IndexFunc(all, func(e set) bool { return e.key == "from" })
		if err != nil || at < 0 {
			t.Fatalf("%s: got %v and no from", c.address, err)
		}
		parsed, err := mail.ParseAddress(all[at].value)
		if err != nil || parsed.Address != c.want && parsed.Address != c.address || parsed.Name != c.name {
			t.Errorf("got %q, read as %v and %v, want %q of %q", all[at].value, parsed, err, c.address, c.name)
		}
	}
}

// TestLoginInURL: what has a meaning in a URL has none in a login name.
func TestLoginInURL(t *testing.T) {
	s := example()
	s.Receiving.Login = "bob@example.org:x/y?z#"
	p, _ := program.Find("aerc")
	files, err := p.Files(s)
	if want := "imaps://bob%40example.org%3Ax%2Fy%3Fz%23@imap.example.net:993`"; err != nil || !strings.Contains(files[0].Text, want) {
		t.Errorf("got %v and %v, want %s", files, err, want)
	}
}

// TestDelimiterUnknown: without a look at the folders nobody knows whether the whole name is
// INBOX.Sent or INBOX/Sent, so none is written.
func TestDelimiterUnknown(t *testing.T) {
	s := example()
	s.Delimiter = ""
	p, _ := program.Find("aerc")
	files, err := p.Files(s)
	if err != nil || strings.Contains(files[0].Text, "copy-to =") || strings.Contains(files[0].Text, "postpone") {
		t.Errorf("got %v and %v, want no folders", files, err)
	}
	for _, step := range p.Guide(s) {
		if step.Field == program.SentPath && step.Value.String() != "Sent Items below INBOX" {
			t.Errorf("got %q, want it to be left open", step.Value)
		}
	}
}

// TestFilesAreTheSame: the same values make the same file, other values another UUID.
func TestFilesAreTheSame(t *testing.T) {
	p, _ := program.Find("ios")
	uuids := func(s program.Settings) string {
		files, err := p.Files(s)
		if err != nil {
			t.Fatal(err)
		}
		all, err := readPlist(files[0].Text)
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, e := range all {
			if e.key == "PayloadUUID" {
				found = append(found, e.value)
			}
		}
		if len(found) != 2 || found[0] == found[1] || len(found[0]) != 36 || found[0][14] != '5' {
			t.Fatalf("got the UUIDs %q, want two of version 5", found)
		}
		return strings.Join(found, " ")
	}
	other := example()
	other.Receiving.Port = 1993
	if first, again := uuids(example()), uuids(example()); first != again {
		t.Errorf("got %s and then %s, want the same", first, again)
	}
	if first, changed := uuids(example()), uuids(other); first == changed {
		t.Errorf("got %s for two ports, want another", first)
	}
}

// TestFilesSayWhatWasSeen: a file says what it rests on.
func TestFilesSayWhatWasSeen(t *testing.T) {
	tested, untested := example(), example()
	untested.Receiving.Tested, untested.Sending.Tested = program.NotTested, program.NotTested
	for _, p := range program.All() {
		for _, c := range []struct {
			s    program.Settings
			want string
		}{{tested, "M7L-765-Y of 22 Nov 2026 23:48 UTC"}, {untested, "Not tested."}} {
			files, err := p.Files(c.s)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				if !strings.Contains(f.Text, c.want) {
					t.Errorf("%s: got no %q in\n%s", f.Name, c.want, f.Text)
				}
			}
		}
	}
}

// TestFilesRefuse: what could begin a line of its own is written nowhere.
func TestFilesRefuse(t *testing.T) {
	for _, bad := range []string{"a\nb", "a\rb", "a\x00b", "a\x1bb", "a\u2028b", "a\u2029b", "a\u202eb", "a\u0085b", "a\xffb", "a\ufeffb", strings.Repeat("a", 255)} {
		for _, place := range []func(*program.Settings){
			func(s *program.Settings) { s.Address = bad + "@example.org" },
			func(s *program.Settings) { s.Name = bad },
			func(s *program.Settings) { s.Provider = bad },
			func(s *program.Settings) { s.Receiving.Login = bad },
			func(s *program.Settings) { s.Sending.Login = bad },
			func(s *program.Settings) { s.Receiving.Host = bad },
			func(s *program.Settings) { s.Sending.Host = bad },
			func(s *program.Settings) { s.RootPath = bad },
			func(s *program.Settings) { s.SentPath = bad },
			func(s *program.Settings) { s.DraftsPath = bad },
			func(s *program.Settings) { s.Delimiter = bad },
			func(s *program.Settings) { s.Seen.Report = bad },
		} {
			refused(t, place)
		}
	}
	for _, place := range []func(*program.Settings){
		func(s *program.Settings) { s.Address = "" },
		func(s *program.Settings) { s.Address = "nobody" },
		func(s *program.Settings) { s.Address = "bob@example.org>, eve" },
		func(s *program.Settings) { s.Sending.Host = "" },
		func(s *program.Settings) { s.Sending.Host = "smtp.example.net/x" },
		func(s *program.Settings) { s.Receiving.Host = "a b" },
		func(s *program.Settings) { s.Receiving.Login = "" },
		func(s *program.Settings) { s.Receiving.Port = 0 },
		func(s *program.Settings) { s.Sending.Port = 65536 },
		func(s *program.Settings) { s.Sending.Encryption = profile.None },
		func(s *program.Settings) { s.Receiving.Encryption = "" },
	} {
		refused(t, place)
	}
}

func refused(t *testing.T, change func(*program.Settings)) {
	t.Helper()
	s := example()
	change(&s)
	for _, p := range program.All() {
		if files, err := p.Files(s); p.HasFiles() && (err == nil || len(files) > 0) {
			t.Errorf("%s: got %d files of %+v, want an error", p.Name, len(files), s)
		}
	}
}

// TestFilesRefuseWhatOneProgramReplaces: a value that means something else in one format is
// refused there, and stands in the others.
func TestFilesRefuseWhatOneProgramReplaces(t *testing.T) {
	for _, c := range []struct {
		programs string
		change   func(*program.Settings)
	}{
		{"msmtp", func(s *program.Settings) { s.Address = strings.Repeat("'", 120) + "@example.org" }}, // a line of more than msmtp reads
		{"msmtp mbsync", func(s *program.Settings) { s.Address = strings.Repeat("'", 240) + "@example.org" }},
		{"thunderbird", func(s *program.Settings) { s.Receiving.Login = "x%EMAILDOMAIN%" }},
		{"msmtp", func(s *program.Settings) { s.Address = "a*b@example.org" }},
		{"msmtp", func(s *program.Settings) { s.Address = "a%Ub@example.org" }},
		{"mutt", func(s *program.Settings) { s.Address = "a b@example.org" }},
		{"mutt", func(s *program.Settings) { s.Address = `a"b@example.org` }},
		{"aerc", func(s *program.Settings) { s.SentPath = "%(source)s" }},
		{"aerc", func(s *program.Settings) { s.SentPath = "Sent, old" }},
	} {
		s := example()
		c.change(&s)
		for _, p := range program.All() {
			files, err := p.Files(s)
			if refuses := slices.Contains(strings.Fields(c.programs), p.Name); refuses != (err != nil) {
				t.Errorf("%s: got the error %v for %+v, want one: %t", p.Name, err, s, refuses)
			}
			for _, f := range files {
				if err := check(f, s); err != nil {
					t.Errorf("%s: %v in\n%s", f.Name, err, f.Text)
				}
			}
		}
	}
}

// FuzzFiles: whatever the values are, each file either says just them or is not made.
func FuzzFiles(f *testing.F) {
	for _, seed := range []string{
		"bob%example.org", "a b", `a"b`, `a\`, `\`, `"`, "'", "`id`", "$(id)", "${x}", "a#b", "a;b", "#a", "a & b < c > d", "]]>", "-->", "--", "Entwürfe", "已发送", "+a", "=a", "~/a", "!", "a%(source)s",
		"%EMAILADDRESS%", "a\nHost evil", " a", "a ", "'\"'\"'", `a"#b`, "a\\\"; set x", "[x]", `"""a`, "[Gmail]/Sent Mail", strings.Repeat(`"`, 254), strings.Repeat("'", 240), "a\tb", "\u202e", "",
	} {
		f.Add("bob@example.org", seed, "INBOX", "Sent", "Example")
		f.Add("bob@example.org", "bob", seed, seed, seed)
		f.Add(seed+"@example.org", "bob", "", "Sent", "Example")
		f.Add("bob@"+seed, "bob", "", "Sent", "Example")
	}
	f.Fuzz(func(t *testing.T, address, login, root, sent, title string) {
		s := example()
		s.Address, s.Receiving.Login, s.Sending.Login, s.RootPath, s.SentPath, s.DraftsPath, s.Provider, s.Name = address, login, login, root, sent, sent, title, title
		for _, p := range program.All() {
			p.Guide(s)
			files, err := p.Files(s)
			if err != nil && len(files) > 0 {
				t.Errorf("%s: got files and %v", p.Name, err)
			}
			for _, f := range files {
				if err := check(f, s); err != nil {
					t.Errorf("%s: %v in\n%s", p.Name, err, f.Text)
				}
			}
		}
	})
}
