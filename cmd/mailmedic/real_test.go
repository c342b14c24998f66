package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/checks"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/mailtest/debian"
	"mailmedic/report"
)

// The passwords of the users on the real servers.
const (
	alice = "Orchid-17-Lantern"
	bob   = `Granite "52" \heron`
)

// lab is the seed provider made of real servers: an old Dovecot with the prefix
// "INBOX.", a new one without, and a Postfix on three ports that asks the old one for
// its logins.
type lab struct {
	old, new *debian.Dovecot
	postfix  *debian.Postfix
	ca       string // file with the authority's root

	authority *mailtest.CA
}

// setup is what a test changes about the lab before it starts.
type setup struct {
	old, new debian.DovecotOptions
	postfix  debian.PostfixOptions
}

func startLab(t testing.TB, change func(*setup, *mailtest.CA)) lab {
	t.Helper()
	debian.Require(t)
	ca, err := mailtest.NewCA("Test CA")
	if err != nil {
		t.Fatal(err)
	}
	users := []debian.User{{Name: "alice", Password: alice}, {Name: "bob%example.org", Password: bob}}
	good := identity(t, ca, mailtest.Order{Names: hosts()})
	s := setup{
		old:     debian.DovecotOptions{Certificate: good, Users: users, Prefix: "INBOX.", Separator: ".", Folders: []string{"INBOX.Sent", "INBOX.Trash"}, AuthSocket: true},
		new:     debian.DovecotOptions{Certificate: good, Users: users, Separator: "/", Folders: []string{"Sent", "Drafts", "Trash"}},
		postfix: debian.PostfixOptions{Certificate: good},
	}
	if change != nil {
		change(&s, ca)
	}
	l := lab{authority: ca, ca: filepath.Join(t.TempDir(), "root.pem")}
	if err := os.WriteFile(l.ca, ca.RootPEM(), 0o644); err != nil {
		t.Fatal(err)
	}
	l.old, l.new = debian.StartDovecot(t, s.old), debian.StartDovecot(t, s.new)
	s.postfix.AuthSocket = l.old.AuthSocket
	l.postfix = debian.StartPostfix(t, s.postfix)
	return l
}

func hosts() []string { return []string{"secure.runbox.com", "imap.runbox.com", "smtp.runbox.com"} }

func identity(t testing.TB, ca *mailtest.CA, o mailtest.Order) debian.Certificate {
	t.Helper()
	made, err := ca.Issue(o)
	if err != nil {
		t.Fatal(err)
	}
	cert, key, err := mailtest.PEM(made)
	if err != nil {
		t.Fatal(err)
	}
	return debian.Certificate{CertPEM: cert, KeyPEM: key}
}

// outcome is one run of the program as its caller sees it.
type outcome struct {
	exit   exit
	out    string
	err    string
	report report.Report
}

// check runs "mailmedic check" against the lab and reads its JSON.
func (l lab) check(t *testing.T, password string, args ...string) outcome {
	t.Helper()
	argv := append([]string{"mailmedic", "check"}, args...)
	argv = append(argv, "--json", "--no-input")
	o := invoke(t, append(argv, l.flags(t, password)...)...)
	if err := json.Unmarshal([]byte(o.out), &o.report); err != nil {
		t.Fatalf("standard output is no report: %v\n%s\n%s", err, o.out, o.err)
	}
	if strings.Contains(o.out+o.err, password) {
		t.Errorf("the password is in the output")
	}
	return o
}

// flags lead a run to the lab, with a password.
func (l lab) flags(t *testing.T, password string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return append([]string{"--password-file", file}, l.places()...)
}

// places lead a run to the lab.
func (l lab) places() []string {
	flags := []string{"--ca-file", l.ca}
	for path, address := range map[string]string{
		"imap-993": l.old.TLS, "imap-143": l.old.Plain, "imap-1143": l.new.Plain,
		"smtp-587": l.postfix.Addresses[0], "smtp-26": l.postfix.Addresses[1], "smtp-25": l.postfix.Addresses[2],
	} {
		flags = append(flags, "--connect", path+"="+address)
	}
	return flags
}

// invoke runs the program in this process with files for its streams.
func invoke(t *testing.T, argv ...string) outcome {
	t.Helper()
	open := func(name string) *os.File {
		f, err := os.Create(filepath.Join(t.TempDir(), name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	io := stdio{in: open("in"), out: open("out"), err: open("err")}
	o := outcome{exit: run(t.Context(), argv, io)}
	for name, text := range map[*os.File]*string{io.out: &o.out, io.err: &o.err} {
		data, err := os.ReadFile(name.Name())
		if err != nil {
			t.Fatal(err)
		}
		*text = string(data)
	}
	return o
}

// codes checks the verdict: exactly these root causes, none of the look-alikes
// anywhere, and the exit code.
func (o outcome) codes(t *testing.T, exit exit, want, never string) {
	t.Helper()
	var got []string
	for _, c := range o.report.Verdict.Codes {
		got = append(got, string(c))
	}
	if !slices.Equal(got, strings.Fields(want)) {
		t.Errorf("verdict.codes: got %v, want [%s]: %s", got, want, o.report.Verdict.Headline)
		for _, f := range o.report.Findings {
			t.Logf("%s %s %v: %s", f.Code, f.Severity, f.Paths, f.Message)
		}
	}
	for _, f := range o.report.Findings {
		if f.Root && slices.Contains(strings.Fields(never), string(f.Code)) {
			t.Errorf("%s on %v is a look-alike that must not be named: %s", f.Code, f.Paths, f.Message)
		}
	}
	if o.exit != exit || o.report.Verdict.ExitCode != int(exit) {
		t.Errorf("exit code: got %d, in the document %d, want %d", o.exit, o.report.Verdict.ExitCode, exit)
	}
}

func TestRealHealthy(t *testing.T) {
	l := startLab(t, nil)
	for _, c := range []struct{ about, password, address, login string }{
		{"alice by her login name", alice, "alice@runbox.com", "alice"},
		{"alice without a login name", alice, "alice@runbox.com", ""},
		{"bob of a hosted domain", bob, "bob@example.org", "bob%example.org"},
		{"bob without a login name", bob, "bob@example.org", ""},
	} {
		t.Run(c.about, func(t *testing.T) {
			args := []string{c.address, "--envelope"}
			if c.login != "" {
				args = append(args, "--login", c.login)
			}
			o := l.check(t, c.password, args...)
			o.codes(t, 0, "", "MM601 MM603 MM701 MM802 MM901 MM902")
			for _, p := range o.report.Paths {
				if p.Status != "ok" || p.Steps.Login != "ok" {
					t.Errorf("%s: got status %s, login %s, want ok", p.ID, p.Status, p.Steps.Login)
				}
			}
			for _, f := range o.report.Findings {
				if f.Severity != "note" {
					t.Errorf("%s is a %s in a healthy run: %s", f.Code, f.Severity, f.Message)
				}
			}
			if o.report.Verdict.CanReceive != "yes" || o.report.Verdict.CanSend != "yes" {
				t.Errorf("can receive %s, can send %s, want yes and yes", o.report.Verdict.CanReceive, o.report.Verdict.CanSend)
			}
			folders(t, o)
		})
	}
}

// folders checks the paths to type: they differ between the servers in the prefix.
func folders(t *testing.T, o outcome) {
	t.Helper()
	for id, want := range map[string]checks.FolderPaths{
		"imap-993": {Root: "INBOX", Sent: "Sent"}, "imap-143": {Root: "INBOX", Sent: "Sent"}, "imap-1143": {Sent: "Sent", Drafts: "Drafts"},
	} {
		if got := checks.ToType(o.report.Evidence.Session(id), o.report.Evidence.Profile); got != want {
			t.Errorf("%s: paths to type: got %+v, want %+v", id, got, want)
		}
	}
}

func TestRealLoginNames(t *testing.T) {
	l := startLab(t, nil)
	for _, c := range []struct{ password, address, login, given string }{
		{alice, "alice@runbox.com", "alice@runbox.com", "a***@runbox.com"},
		{bob, "bob@example.org", "bob@example.org", "b***@example.org"},
	} {
		t.Run(c.login, func(t *testing.T) {
			o := l.check(t, c.password, c.address, "--login", c.login)
			o.codes(t, 2, "MM601", "MM701 MM602 MM603")
			f := o.report.Findings[0]
			if f.Confidence != "certain" || f.Params["given"] != c.given {
				t.Errorf("MM601: got confidence %s, params %v", f.Confidence, f.Params)
			}
			if got := rejected(o); got != 1 {
				t.Errorf("rejected logins: got %d, want 1", got)
			}
		})
	}
}

func rejected(o outcome) int {
	n := 0
	for _, l := range o.report.Evidence.Logins {
		if l.Result == "rejected" {
			n++
		}
	}
	return n
}

func TestRealWrongPassword(t *testing.T) {
	l := startLab(t, nil)
	o := l.check(t, "not-the-password", "alice@runbox.com")
	o.codes(t, 2, "MM701", "MM601 MM602 MM702 MM704 MM705 MM706 MM708 MM709 MM713")
	l.postfix.Stop()
	l.old.Stop()
	l.new.Stop()
	// The servers' own count: one rejection in all, on no second port.
	refused := 0
	for _, a := range append(l.old.Attempts(), l.new.Attempts()...) {
		if !a.Accepted {
			refused++
		}
	}
	if refused != 1 {
		t.Errorf("logins that the servers rejected: got %d, want 1", refused)
	}
}

func TestRealServerFaults(t *testing.T) {
	for _, c := range []struct {
		about       string
		change      func(t *testing.T, s *setup, ca *mailtest.CA)
		exit        exit
		want, never string
	}{
		{"every certificate expired", everyCertificate(mailtest.Order{Names: hosts(), NotBefore: time.Now().Add(-90 * 24 * time.Hour), NotAfter: time.Now().Add(-24 * time.Hour)}),
			2, "MM403", "MM404 MM409 MM410 MM411 MM412 MM701"},
		{"every certificate for another name", everyCertificate(mailtest.Order{Names: []string{"hosting.example.net"}}),
			2, "MM404", "MM403 MM409 MM410 MM411 MM412 MM701"},
		{"every certificate self-signed", everyCertificate(mailtest.Order{Names: hosts(), SelfSigned: true}),
			2, "MM410", "MM403 MM404 MM409 MM411 MM412 MM701"},
		{"no intermediate sent", everyCertificate(mailtest.Order{Names: hosts(), OmitIntermediate: true}),
			2, "MM411", "MM403 MM404 MM409 MM410 MM412 MM701"},
		{"the old server alone sends no intermediate", func(t *testing.T, s *setup, ca *mailtest.CA) {
			s.old.Certificate = identity(t, ca, mailtest.Order{Names: hosts(), OmitIntermediate: true})
		}, 1, "MM411", "MM403 MM404 MM410 MM412 MM701"},
		{"the sending server alone has expired", func(t *testing.T, s *setup, ca *mailtest.CA) {
			s.postfix.Certificate = identity(t, ca, mailtest.Order{Names: hosts(), NotBefore: time.Now().Add(-90 * 24 * time.Hour), NotAfter: time.Now().Add(-24 * time.Hour)})
		}, 2, "MM403", "MM404 MM409 MM410 MM411 MM412 MM701 MM706"},
		{"no Sent folder", func(t *testing.T, s *setup, ca *mailtest.CA) { s.old.Folders = []string{"INBOX.Trash"} },
			1, "MM802", "MM801 MM803 MM804"},
		{"a doubled Sent folder", func(t *testing.T, s *setup, ca *mailtest.CA) {
			s.old.Folders = []string{"INBOX.Sent", "INBOX.INBOX.Sent"}
		}, 1, "MM801", "MM802 MM803 MM804"},
		{"only a doubled Sent folder", func(t *testing.T, s *setup, ca *mailtest.CA) { s.old.Folders = []string{"INBOX.INBOX.Sent"} },
			1, "MM801", "MM802 MM803 MM804"},
		{"no AUTH on 587", func(t *testing.T, s *setup, ca *mailtest.CA) { s.postfix.NoAuth = []int{0} },
			1, "MM707", "MM701 MM706 MM711"},
	} {
		t.Run(c.about, func(t *testing.T) {
			l := startLab(t, func(s *setup, ca *mailtest.CA) { c.change(t, s, ca) })
			l.check(t, alice, "alice@runbox.com").codes(t, c.exit, c.want, c.never)
		})
	}
}

// everyCertificate puts one certificate on all servers.
func everyCertificate(o mailtest.Order) func(*testing.T, *setup, *mailtest.CA) {
	return func(t *testing.T, s *setup, ca *mailtest.CA) {
		c := identity(t, ca, o)
		s.old.Certificate, s.new.Certificate, s.postfix.Certificate = c, c, c
	}
}

// TestRealTrialServerDown stops the server on 1143. It is on trial: the verdict stays
// ok, with a note.
func TestRealTrialServerDown(t *testing.T) {
	l := startLab(t, nil)
	l.new.Stop()
	o := l.check(t, alice, "alice@runbox.com")
	o.codes(t, 0, "", "MM306 MM301 MM701")
	if !slices.Contains(o.report.Verdict.Notes, "MM302") {
		t.Errorf("notes: got %v, want MM302 among them", o.report.Verdict.Notes)
	}
}
