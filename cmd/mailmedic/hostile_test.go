package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
	"mailmedic/report"
)

// TestReadWhatHostileServersLeft saves what servers left that say far too much, or what no
// document can hold, and reads it back: mailmedic may not refuse its own file, as it did
// with a chain of more than a hundred certificates, or fail to write it.
func TestReadWhatHostileServersLeft(t *testing.T) {
	long := strings.Repeat("x", 60000)
	opens := "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\n< AUTHENTICATE\n> $tag OK [CAPABILITY IMAP4rev1] in\n"
	rows := func(row string, n int) string {
		var list strings.Builder
		for i := range n {
			fmt.Fprintf(&list, ">> %q\n", fmt.Sprintf(row+"\r\n", i))
		}
		return opens + "< LIST\n" + list.String() + "> $tag OK done\n"
	}
	for name, c := range map[string]struct{ path, script string }{
		"a date in the year 10000": {"smtp-25", "> 220 x ESMTP Fri, 31 Dec 9999 23:59:59 -1200\nclose"},
		"a capability":             {"smtp-587", "> 220 hi\n< EHLO\n" + strings.Repeat(`>> "250-`+strings.Repeat(`\x01`, 60000)+`\r\n"`+"\n", 60) + "> 250 OK\nstall"},
		"a greeting":               {"imap-143", "> " + long + "\nstall"},
		"names of folders":         {"imap-993", rows("* LIST () \"/\" \""+long[:3000]+"%d\"", 1000)},
		"control characters":       {"imap-993", rows("* LIST () \"/\" \""+strings.Repeat("\x01", 1000)+"%d\"", 2000)},
		"attributes":               {"imap-993", rows(`* LIST (`+strings.Repeat(`\x `, 9000)+`\y%d) "/" INBOX`, 60)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := profile.Load("runbox")
			if err != nil {
				t.Fatal(err)
			}
			server, err := mailtest.Start(mailtest.Options{
				Profile: p, Users: []mailtest.User{{Name: "alice", Password: canary}},
				Faults: map[string]mailtest.Fault{c.path: {Script: c.script}},
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { server.Close() })
			readBack(t, job{profile: p, creds: probe.Credentials{Password: probe.NewSecret([]byte(canary))}, options: probe.Options{
				Account: profile.Account{Address: "alice@runbox.com", Kind: profile.Own}, ProfileBecause: evidence.ByDomain, Only: []string{c.path},
				Dial: server.Dial, Resolver: server.Resolver(), Roots: server.Roots(), Timeout: time.Second, Deadline: 5 * time.Second,
			}})
		})
	}
	t.Run("certificates", func(t *testing.T) {
		t.Parallel()
		readBack(t, job{profile: profile.Profile{Name: "one", Paths: []profile.Path{{
			Protocol: profile.IMAP, Port: 993, Host: "mail.example.org", Encryption: profile.TLS, Role: profile.Recommended,
		}}}, options: probe.Options{
			NoLogin: "not wanted", Connect: map[string]string{"imap-993": manyCertificates(t)}, Timeout: time.Second,
		}})
	})
}

// readBack runs a job and reads its saved report, as it is and judged anew.
func readBack(t *testing.T, j job) {
	t.Helper()
	e, r, err := diagnose(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Whole(); err != nil {
		t.Errorf("no run could have written the record: %v", err)
	}
	file := filepath.Join(t.TempDir(), "saved.json")
	saved, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer saved.Close()
	if err := report.JSON(saved, r); err != nil {
		t.Fatalf("the report cannot be written: %v", err)
	}
	for _, words := range [][]string{{file}, {"--diagnose", file}} {
		io, read := streams(t)
		got := run(t.Context(), append([]string{"mailmedic", "report", "read"}, words...), io)
		if got != exit(r.ExitCode()) {
			t.Errorf("report read %s: got exit %d, want %d: %.300s", words[0], got, r.ExitCode(), read(io.err))
		}
	}
}

// manyCertificates is a server with TLS that shows one certificate over and over.
func manyCertificates(t *testing.T) (address string) {
	t.Helper()
	ca, err := mailtest.NewCA("Test CA")
	if err != nil {
		t.Fatal(err)
	}
	shown, err := ca.Issue(mailtest.Order{Names: []string{"mail.example.org"}})
	if err != nil {
		t.Fatal(err)
	}
	for range 150 {
		shown.Certificate = append(shown.Certificate, shown.Certificate[0])
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			tls.Server(c, &tls.Config{Certificates: []tls.Certificate{shown}}).Handshake()
			c.Close()
		}
	}()
	return l.Addr().String()
}
