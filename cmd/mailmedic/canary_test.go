package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/mailtest/leak"
	"mailmedic/probe/profile"
	"mailmedic/report"
)

// pathsOf picks paths of the built-in profile.
func pathsOf(t *testing.T, ids ...string) (p profile.Profile, paths []profile.Path) {
	t.Helper()
	p, err := profile.Load("runbox")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		path, ok := p.Path(id)
		if !ok {
			t.Fatalf("the profile has no path %s", id)
		}
		paths = append(paths, path)
	}
	return p, paths
}

// provide brings up the built-in provider for a user with the long password.
func provide(t *testing.T, o mailtest.Options) *mailtest.Provider {
	t.Helper()
	provider, err := mailtest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { provider.Close() })
	return provider
}

func theUser() []mailtest.User { return []mailtest.User{{Name: "alice", Password: leak.Password}} }

// scripts are those of servers that repeat the password wherever they say something: as it
// is, quoted, as it was sent, in hexadecimal and in a URL.
func scripts() map[string]map[string]string {
	pw, quoted := leak.Password, strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(leak.Password)
	sent := base64.StdEncoding.EncodeToString([]byte("\x00alice\x00" + pw))
	all := fmt.Sprintf("%s | %q | %s | %x | %s | %s | %s", pw, pw, sent, pw, url.QueryEscape(pw), url.PathEscape(pw), strings.ToUpper(pw))
	if strings.ContainsAny(all, "\r\n") {
		panic("a script has one step on a line")
	}
	login := "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\n< AUTHENTICATE\n> * OK " + all + "\n"
	bye := "< LOGOUT\n> * BYE " + all + "\n> $tag OK " + pw + "\nclose"
	submit := "> 220 hi\n< EHLO\n> 250-x\n> 250 STARTTLS\nstarttls\n< EHLO\n> 250-x\n> 250 AUTH PLAIN\n"
	return map[string]map[string]string{
		"echoed in refusals": {
			"imap-993": login + "> $tag NO [AUTHENTICATIONFAILED] " + all + "\n" + bye,
			"smtp-587": submit + "< MAIL\n> 530 " + all + "\n< RSET\n> 250 " + pw + "\n< AUTH\n> 535-5.7.8 " + sent + "\n> 535 5.7.8 " + all + "\n< QUIT\n> 221 " + all + "\nclose",
		},
		"echoed behind the login": {
			"imap-993": login + "> $tag OK [CAPABILITY IMAP4rev1 NAMESPACE QUOTA] " + all + "\n" +
				"< NAMESPACE\n> * NAMESPACE ((\"" + quoted + "\" \"/\")) ((\"" + quoted + "\" \"/\")) NIL\n> $tag OK " + all + "\n" +
				"< LIST\n> * LIST (\\HasNoChildren) \"/\" INBOX\n> * LIST (\\Sent) \"/\" \"" + quoted + "\"\n> * LIST (\\Sent) \"/\" \"Sent " + quoted + "\"\n> $tag OK [ALERT] " + all + "\n" +
				"< GETQUOTAROOT\n> * QUOTAROOT INBOX \"" + quoted + "\"\n> * QUOTA \"" + quoted + "\" (STORAGE 1 2)\n> $tag OK " + all + "\n" +
				"< STATUS\n> * STATUS INBOX (MESSAGES 1)\n> $tag NO " + all + "\n< EXAMINE\n> $tag NO [NOPERM] " + all + "\n" + bye,
			"smtp-587": submit + "< AUTH\n> 235 2.7.0 " + all + "\n< EHLO\n> 250-x\n> 250 " + pw + "\n< MAIL\n> 250 " + pw + "\n< RCPT\n> 550 5.1.1 " + all + "\n< RSET\n> 250 " + pw + "\n< QUIT\n> 221 " + all + "\nclose",
		},
		"echoed in what is no protocol": {
			"imap-993": login + "> $tag OK [" + pw + "] in\n< CAPABILITY\n> " + all + "\n" + bye,
			"imap-143": "> * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] " + all + "\n< STARTTLS\n> $tag NO " + all + "\n" + bye,
			"smtp-587": submit + "< AUTH\n> 999 " + all + "\nclose",
		},
		"echoed as a rest that cannot be read": {
			"imap-993": login + "> $tag OK in\n< CAPABILITY\n> * CAPABILITY IMAP4rev1 NAMESPACE\n> $tag OK done\n" +
				"< NAMESPACE\n> * NAMESPACE " + all + "\n> $tag BAD " + all + "\n< LIST\n> * LIST " + all + "\n> * LIST () \"/\" " + quoted + "\n> $tag OK done\n" + bye,
			"smtp-587": "> 220 " + all + "\n< EHLO\n> 250-" + all + "\n> 250 STARTTLS\n< STARTTLS\n> 454 " + all + "\n< QUIT\n> 221 " + all + "\nclose",
		},
		"no answer to the login": {
			"imap-993": "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\n< AUTHENTICATE\nstall",
		},
		"hung up on the login": {
			"imap-993": login + "close",
			"smtp-587": submit + "< AUTH\nreset",
		},
		"prompts again": {
			"imap-993": "tls\n> * OK [CAPABILITY IMAP4rev1 IDLE] hi\n< LOGIN\n> + " + pw + "\n< \n> + " + pw + "\nstall",
			"smtp-587": strings.Replace(submit, "AUTH PLAIN", "AUTH LOGIN", 1) + "< AUTH\n> 334 " + base64.StdEncoding.EncodeToString([]byte(pw)) + "\n< *\n> 501 " + all + "\n< QUIT\n> 221 bye\nclose",
		},
	}
}

// canaryWorlds are the worlds in which the program is run with the long password. What is
// wrong is wrong on all paths but those with a script.
func canaryWorlds() map[string]mailtest.Options {
	worlds := map[string]mailtest.Options{}
	for name, f := range map[string]mailtest.Fault{
		"accepted": {}, "rejected": {Login: mailtest.Rejected}, "put off": {Login: mailtest.Unavailable}, "locked": {Login: mailtest.Limit},
		"another password is wanted": {Login: mailtest.AppPassword}, "expired": {Certificate: mailtest.Expired}, "no encryption": {NoSTARTTLS: true},
		"cut off": {CloseAfter: 2600}, "not reached": {Reach: mailtest.Refused},
	} {
		worlds[name] = mailtest.Options{Faults: map[string]mailtest.Fault{"imap-993": f, "imap-143": f, "smtp-587": f}}
	}
	for name, scripts := range scripts() {
		worlds[name] = mailtest.Options{Faults: map[string]mailtest.Fault{}}
		for path, script := range scripts {
			worlds[name].Faults[path] = mailtest.Fault{Script: script}
		}
	}
	store := mailtest.OldStore(time.Now())
	store.Folders = append(slices.Clone(store.Folders), mailtest.Folder{Name: "INBOX.Q"})
	store.Folders[0].Messages = append(slices.Clone(store.Folders[0].Messages), mailtest.Message{
		Received: time.Now().Add(-time.Hour), Text: "From: \"It's " + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(leak.Password) + "\" <carol@example.net>\r\n" +
			"Subject: it's " + leak.Password + "\r\nDate: " + time.Now().Add(-time.Hour).Format(time.RFC1123Z) + "\r\n\r\nhello\r\n",
	})
	worlds["stored in a message"] = mailtest.Options{Stores: map[string]mailtest.Store{"old": store}}
	return worlds
}

// TestCanaryIsNeverSeen runs the program in many worlds and saves, reads back, judges anew
// and uses what it found, in every format, as talkative as it can be. No stream and no file
// may hold the password, in whatever form.
func TestCanaryIsNeverSeen(t *testing.T) {
	worlds := canaryWorlds()
	for _, name := range slices.Sorted(maps.Keys(worlds)) {
		if testing.Short() && !slices.Contains([]string{"accepted", "rejected", "echoed in refusals", "echoed behind the login"}, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, paths := pathsOf(t, "imap-993", "imap-143", "smtp-587")
			world := worlds[name]
			world.Profile, world.Users = p, theUser()
			provider := provide(t, world)
			s := sandboxed(t, provider, paths...)
			s.source("pw", leak.Password+"\nsecond line\n")
			given := append([]string{"alice@runbox.com", "--password-file", "pw", "--timeout", "1s", "--deadline", "4s"}, s.doors...)
			check := append([]string{"check", "--envelope", "--show-messages", "-vvv"}, given...)
			for _, format := range formats() {
				check = append(check, "--write", format+"=saved."+format)
			}
			said := s.run("", append(check, "-f", "jsonl")...)
			if said.code > 3 {
				t.Fatalf("got exit code %d: %s", said.code, said.err)
			}
			saved, err := os.ReadFile(filepath.Join(s.dir, "saved.json"))
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(name, "echoed") && !strings.Contains(string(saved), "(secret)") {
				t.Error("the echo did not come so far")
			}
			if name == "stored in a message" && !regexp.MustCompile(`"hidden": \{[^}]*"message": [1-9]`).Match(saved) {
				t.Error("the message did not come so far")
			}
			readAgain(s)
			if name == "accepted" || name == "rejected" {
				s.run("", append(check, "-o", "only.txt")...)
				s.run("", append([]string{"settings", "--app", "thunderbird", "--test", "--files", "made"}, given...)...)
			}
			if name == "accepted" || name == "rejected" || name == "echoed in refusals" {
				account := append([]string{"alice@runbox.com", "--password-file", "pw"}, s.doors...)
				s.run("", append([]string{"monitor", "-vvv", "-t", "4", "--no-memory"}, account...)...)
				s.run("", append([]string{"check", "--cron", "--confirm", "1", "-vvv", "--deadline", "4s"}, account...)...)
				s.run("", append([]string{"check", "--every", "11m", "--count", "1", "--deadline", "4s"}, account...)...)
			}
			s.run("", "settings", "alice@runbox.com", "--app", "mbsync", "--report", "saved.json", "--files", "-")
			if n := s.search(); n < 5 {
				t.Errorf("got %d files to search, want the reports and what is remembered", n)
			}
			if name != "expired" && name != "no encryption" && name != "not reached" && len(leak.NewFinder(leak.Password).In(string(provider.Heard("imap-993")))) == 0 {
				t.Error("the password was never sent, so nothing could repeat it")
			}
		})
	}
}

// readAgain shows a saved report in every way.
func readAgain(s *sandbox) {
	s.t.Helper()
	ways := [][]string{{"-vvv"}, {"--diagnose", "-vvv"}, {"--json"}}
	if !testing.Short() {
		ways = append(ways, []string{"-q"}, []string{}, []string{"-v"}, []string{"-vv"}, []string{"--format", "short"}, []string{"--diagnose", "--json"},
			[]string{"--diagnose", "--format", "short"}, []string{"--color", "always", "-vvv"}, []string{"-vvv", "-o", "again.txt"})
	}
	for _, way := range ways {
		if got := s.run("", append([]string{"report", "read", "saved.json"}, way...)...); got.code > 3 {
			s.t.Errorf("report read %q: got exit code %d: %s", way, got.code, got.err)
		}
	}
	s.bundled()
	s.env = append(s.env, "COLUMNS=40")
	s.run("", "report", "read", "saved.json", "-vvv")
}

// bundled packs a saved report and looks into each file of the archive.
func (s *sandbox) bundled() {
	s.t.Helper()
	if got := s.run("", "report", "bundle", "saved.json", "--yes", "-o", "bundle.zip"); got.code != 0 {
		s.t.Errorf("report bundle: got exit code %d: %s", got.code, got.err)
		return
	}
	archive, err := os.ReadFile(filepath.Join(s.dir, "bundle.zip"))
	if err != nil {
		s.t.Fatal(err)
	}
	files, err := report.Unpack(archive)
	if err != nil || len(files) != 5 {
		s.t.Errorf("the bundle has %d files, %v", len(files), err)
	}
	for _, f := range files {
		s.look(f.Name, string(f.Text))
	}
}

// TestCanaryFromEachSource has the password come from everywhere it may come from. Each has
// to bring about a login, or nothing was tested.
func TestCanaryFromEachSource(t *testing.T) {
	p, paths := pathsOf(t, "imap-993", "smtp-587")
	shell := "'" + strings.ReplaceAll(leak.Password, "'", `'\''`) + "'"
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(leak.Password)
	server := "host = \"secure.runbox.com\"\nport = 993\nlogin = \"alice\"\nencryption.type = \"tls\"\n"
	for name, c := range map[string]struct {
		file, text string // a file with the password in it
		input      string
		flags      []string
	}{
		"a file":                  {"pw", leak.Password + "\n", "", []string{"--password-file", "pw"}},
		"a file with more lines":  {"pw", leak.Password + "\r\n" + leak.Password + "\n", "", []string{"--password-file", "pw"}},
		"a file from an editor":   {"pw", "\ufeff" + leak.Password, "", []string{"--password-file", "pw"}},
		"standard input":          {"", "", leak.Password + "\n", []string{"--password-stdin"}},
		"a command":               {"pw", leak.Password + "\n", "", []string{"--password-command", "cat pw; cat pw >&2"}},
		"a command that holds it": {"", "", "", []string{"--password-command", "printf '%s' " + shell}},
		"mbsync":                  {"home/.mbsyncrc", "IMAPAccount box\nHost secure.runbox.com\nUser alice\nPass \"" + quoted + "\"\nTLSType IMAPS\n", "", []string{"--client", "home/.mbsyncrc", "--use-client-password"}},
		"the command of mbsync":   {"home/.mbsyncrc", "IMAPAccount box\nHost secure.runbox.com\nUser alice\nPassCmd \"+cat pw2\"\nTLSType IMAPS\n", "", []string{"--client", "auto", "--use-client-password"}},
		"msmtp":                   {"home/.msmtprc", "account box\nhost smtp.runbox.com\nport 587\ntls on\nauth on\nfrom alice@runbox.com\nuser alice\npassword \"" + leak.Password + "\"\n", "", []string{"--client", "home/.msmtprc", "--use-client-password"}},
		"himalaya":                {"config.toml", "[accounts.box]\nemail = \"alice@runbox.com\"\nbackend.type = \"imap\"\n" + "backend." + strings.ReplaceAll(strings.TrimSpace(server), "\n", "\nbackend.") + "\nbackend.auth.type = \"password\"\nbackend.auth.raw = \"" + quoted + "\"\n", "", []string{"--client", "config.toml", "--use-client-password"}},
		"offlineimap":             {"home/.offlineimaprc", "[general]\naccounts = a\n[Account a]\nlocalrepository = l\nremoterepository = r\n[Repository l]\ntype = Maildir\n[Repository r]\ntype = IMAP\nremotehost = secure.runbox.com\nremoteuser = alice\nssl = yes\nremotepass = " + strings.ReplaceAll(leak.Password, "%", "%%") + "\n", "", []string{"--client", "home/.offlineimaprc", "--use-client-password"}},
		"aerc":                    {"accounts.conf", "[Box]\nfrom = alice@runbox.com\nsource = " + "imaps://alice:%" + strings.ReplaceAll(fmt.Sprintf("% x", leak.Password), " ", "%") + "@secure.runbox.com:993" + "\n", "", []string{"--client", "accounts.conf", "--use-client-password"}},
		"mutt":                    {"home/.muttrc", "set from = alice@runbox.com\nset folder = imaps://alice@secure.runbox.com/\nset imap_pass = '" + strings.ReplaceAll(leak.Password, "'", `'"'"'`) + "'\n", "", []string{"--client", "home/.muttrc", "--use-client-password"}},
	} {
		if testing.Short() && !slices.Contains([]string{"a file", "standard input", "mbsync"}, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			provider := provide(t, mailtest.Options{Profile: p, Users: theUser()})
			s := sandboxed(t, provider, paths...)
			s.source("pw2", leak.Password+"\n")
			if c.file != "" {
				s.source(c.file, c.text)
			}
			line := append(append([]string{"check", "alice@runbox.com"}, c.flags...), s.doors...)
			s.run(c.input, append(line, "--dry-run")...)
			s.run(c.input, append(line, "--dry-run", "--json")...)
			got := s.run(c.input, append(line, "-vvv", "--write", "json=saved.json")...)
			if logins := provider.Logins(); !slices.ContainsFunc(logins, func(a mailtest.Attempt) bool { return a.OK }) {
				t.Errorf("the servers saw %+v, want a login that was accepted; exit code %d: %s", logins, got.code, got.err)
			}
			if c.file != "" {
				for _, words := range [][]string{{"client", c.file, "-v"}, {"client", c.file, "--json"}, {"client", "-v"}} {
					s.run("", words...)
				}
			}
			s.search()
		})
	}
}

// TestCanaryInTheWrongPlace has people give the password where it is not to be given, and
// sources go wrong that have it. Nothing is repeated, in words or in JSON.
func TestCanaryInTheWrongPlace(t *testing.T) {
	pw := leak.Password
	const who = "alice@runbox.com"
	here := []string{"--paths", "imap:993", "--connect", "imap-993=127.0.0.1:1"}
	for name, c := range map[string]struct {
		words []string
		env   string
		input string
		code  int
	}{
		"--password":                      {[]string{"check", who, "--password", pw}, "", "", 64},
		"--password=":                     {[]string{"check", who, "--password=" + pw}, "", "", 64},
		"-p":                              {[]string{"check", who, "-p", pw}, "", "", 64},
		"-p without a blank":              {[]string{"check", who, "-p" + pw}, "", "", 64},
		"before the command":              {[]string{"--password", pw, "check", who}, "", "", 64},
		"of another command":              {[]string{"settings", who, "--app", "mutt", "--test", "--password", pw}, "", "", 64},
		"of a monitor":                    {[]string{"monitor", who, "--password", pw}, "", "", 3},
		"in place of a monitor's address": {[]string{"monitor", "--password-stdin", pw}, "", "", 3},
		"a flag that is mistyped":         {[]string{"check", who, "--pasword", pw}, "", "", 64},
		"a flag that is mistyped, =":      {[]string{"check", who, "--pasword=" + pw}, "", "", 64},
		"a flag without a dash":           {[]string{"check", who, "-password", pw}, "", "", 64},
		"a flag that takes no value":      {[]string{"check", who, "--password-stdin=" + pw}, "", "", 64},
		"behind a flag without a value":   {[]string{"check", who, "--password-stdin", pw}, "", "", 64},
		"and without an address":          {[]string{"check", "--password-stdin", pw}, "", "", 64},
		"behind --use-client-password":    {[]string{"check", "--client", "auto", "--use-client-password", pw}, "", "", 64},
		"and in settings":                 {[]string{"settings", "--app", "mutt", "--test", "--password-stdin", pw}, "", "", 64},
		"in place of the file":            {append([]string{"check", who, "--password-file", pw}, here...), "", "", 77},
		"in place of the command":         {append([]string{"check", who, "--password-command", pw}, here...), "", "", 77},
		"in the environment":              {append([]string{"check", who}, here...), "MAILMEDIC_PASSWORD=" + pw, "", 2},
		"in the environment, for a proxy": {append([]string{"check", who, "-vvv"}, here...), "HTTPS_PROXY=http://alice:" + url.QueryEscape(pw) + "@proxy.example:3128", "", 2},
		"a command that prints and fails": {append([]string{"check", who, "--password-command", "cat pw; cat pw >&2; exit 3"}, here...), "", "", 77},
		"a command that prints elsewhere": {append([]string{"check", who, "--password-command", "cat pw >&2"}, here...), "", "", 77},
		"a command that is none":          {append([]string{"check", who, "--password-command", "'" + pw}, here...), "", "", 77},
		"an empty line before it":         {append([]string{"check", who, "--password-file", "below"}, here...), "", "", 77},
		"too long":                        {append([]string{"check", who, "--password-file", "long"}, here...), "", "", 77},
		"on standard input, unasked":      {append([]string{"check", who}, here...), "", pw + "\n", 2},
		"as a report":                     {[]string{"report", "read", "-"}, "", pw + "\n", 65},
		"two sources":                     {append([]string{"check", who, "--password-file", "pw", "--password-command", "echo " + pw}, here...), "", "", 64},
		"a file of settings that is none": {append([]string{"check", who, "--client", "pw", "--use-client-password"}, here...), "", "", 65},
		"a file of settings by itself":    {[]string{"client", "pw"}, "", "", 65},
		"a profile":                       {append([]string{"check", who, "--provider", "./pw"}, here...), "", "", 78},
		"a list of authorities":           {append([]string{"check", who, "--ca-file", "pw"}, here...), "", "", 65},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sandboxed(t, nil)
			s.source("pw", pw+"\n")
			s.source("below", "\n"+pw+"\n")
			s.source("long", strings.Repeat(pw, 30))
			if c.env != "" {
				s.env = append(s.env, c.env)
			}
			got := s.run(c.input, c.words...)
			if got.code != c.code {
				t.Errorf("got exit code %d, want %d: %s", got.code, c.code, strings.ReplaceAll(got.err, pw, "(canary)"))
			}
			s.run(c.input, append(slices.Clone(c.words), "--json")...)
			s.search()
		})
	}
}

// TestDemoKeepsItsPassword: what the demo shows is what a check of a real account shows.
func TestDemoKeepsItsPassword(t *testing.T) {
	for _, scenario := range mailtest.Scenarios() {
		if testing.Short() && scenario.Name != "healthy" && scenario.Name != "wrong-password" {
			continue
		}
		t.Run(scenario.Name, func(t *testing.T) {
			t.Parallel()
			s := sandboxed(t, nil)
			s.finder = leak.NewFinder(scenario.Password)
			demo := []string{"demo", scenario.Name, "--timeout", "500ms"}
			if got := s.run("", append(demo, "-vvv", "--write", "json=saved.json", "--write", "short=saved.short")...); got.code > 3 {
				t.Fatalf("got exit code %d: %s", got.code, got.err)
			}
			s.run("", "report", "read", "saved.json", "--diagnose", "-vvv")
			s.run("", "settings", "alice@runbox.com", "--app", "thunderbird", "--report", "saved.json", "--files", "made")
			if s.search() < 2 {
				t.Error("got nothing to search, want the reports")
			}
		})
	}
}

// meddled is a connection on which something happens when the answer to a login is there.
type meddled struct {
	net.Conn
	provider *mailtest.Provider
	then     func()
}

func (m *meddled) Read(p []byte) (int, error) {
	before := len(m.provider.Logins())
	n, err := m.Conn.Read(p)
	if len(m.provider.Logins()) > before {
		m.then()
	}
	return n, err
}

// TestCanaryInTheMiddle ends a run while a login is out: by a panic whose words hold the
// password, by Ctrl-C, and by the end of its time. What is delivered all the same does not
// hold it.
func TestCanaryInTheMiddle(t *testing.T) {
	for name, then := range map[string]func(stop func()) func(){
		"a panic":  func(func()) func() { return func() { panic(errors.New("cannot read behind " + leak.Password)) } },
		"another":  func(func()) func() { return func() { panic([]byte(leak.Password)) } },
		"stopped":  func(stop func()) func() { return stop },
		"too late": func(func()) func() { return func() {} },
	} {
		for _, format := range formats() {
			t.Run(name+", "+format, func(t *testing.T) {
				t.Parallel()
				p, _ := pathsOf(t)
				provider := provide(t, mailtest.Options{Profile: p, Users: theUser()})
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				act := then(stop)
				o := probe.Options{
					Account: profile.Account{Address: "alice@runbox.com", Kind: profile.Own}, ProfileBecause: evidence.ByDomain, Messages: newest,
					Resolver: provider.Resolver(), Roots: provider.Roots(),
					Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
						c, err := provider.Dial(ctx, network, address)
						if err != nil || network != "tcp" {
							return c, err
						}
						return &meddled{c, provider, act}, nil
					},
				}
				if name == "too late" {
					o.Deadline = 50 * time.Millisecond
				}
				io, read := streams(t)
				s := sandboxed(t, nil)
				file, err := openTarget("json", filepath.Join(s.dir, "saved.json"))
				if err != nil {
					t.Fatal(err)
				}
				prog := &program{io: io}
				prog.app = prog.commands()
				err = prog.deliver(ctx, job{
					profile: p, options: o, creds: probe.Credentials{Password: probe.NewSecret([]byte(leak.Password))},
					output: output{format: format, choice: "never", verbose: 3, targets: []target{file}}, memory: filepath.Join(s.dir, "state", "runs.json"),
				})
				if err != nil {
					t.Fatal(err)
				}
				out := read(io.out)
				s.look("standard output", out)
				s.look("standard error", read(io.err))
				if s.search() == 0 || len(out) == 0 {
					t.Error("got nothing to search, want a report")
				}
			})
		}
	}
}

// TestCanaryInACrash breaks the program itself with the password in every argument.
func TestCanaryInACrash(t *testing.T) {
	s := sandboxed(t, nil)
	for _, line := range [][]string{{"check", "--password", leak.Password, "-vvv"}, {"check", "--password-command", leak.Password, "-vvv", "--json"}} {
		io, read := streams(t)
		func() {
			defer func() {
				recover()
				crashed(io, line, debug.Stack())
			}()
			breaks(leak.Password, []byte(leak.Password), probe.NewSecret([]byte(leak.Password)))
		}()
		s.look("standard output", read(io.out))
		s.look("standard error", read(io.err))
	}
}

func breaks(password string, raw []byte, secret probe.Secret) {
	panic(fmt.Sprint(password, raw, secret))
}

// TestJobShowsNoPassword prints what is handed from one part of the program to the next.
func TestJobShowsNoPassword(t *testing.T) {
	s := sandboxed(t, nil)
	p, _ := pathsOf(t)
	j := job{profile: p, creds: probe.Credentials{Password: probe.NewSecret([]byte(leak.Password))}}
	for _, v := range []any{j, &j, []job{j}, map[string]any{"job": j}, probe.NewPlan(j.profile, j.options)} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t"} {
			s.look(fmt.Sprintf("%T as %s", v, verb), fmt.Sprintf(verb, v))
		}
	}
}
