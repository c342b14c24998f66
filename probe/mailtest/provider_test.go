package mailtest

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"mailmedic/probe/profile"
)

func TestEveryPathTakesALogin(t *testing.T) {
	p := start(t, options())
	blob := base64.StdEncoding.EncodeToString([]byte("\x00" + aliceName + "\x00" + aliceWord))
	for _, path := range seed().Paths {
		t.Run(path.ID(), func(t *testing.T) {
			c := open(t, p, path.ID())
			if path.Protocol == profile.SMTP {
				c.want(c.ask("AUTH PLAIN "+blob), "235 2.0.0")
				c.want(c.ask("QUIT"), "221")
			} else {
				c.want(c.ask("b AUTHENTICATE PLAIN "+blob), "b OK")
				c.want(c.ask("c LOGOUT"), "c OK")
			}
			if received := p.Received(path.ID()); bytes.Contains(received, []byte(blob)) || bytes.Contains(received, []byte(aliceWord)) {
				t.Error("the password came in clear text")
			}
			if !bytes.Contains(p.Heard(path.ID()), []byte(blob)) {
				t.Error("Heard does not have the login")
			}
			if !slices.Contains(p.Logins(), Attempt{path.ID(), aliceName, true}) {
				t.Errorf("Logins() = %v", p.Logins())
			}
			if got := p.Connections()[path.ID()]; got != 1 {
				t.Errorf("Connections()[%s] = %d, want 1", path.ID(), got)
			}
		})
	}
}

func TestCommandsWithoutSecrets(t *testing.T) {
	p := start(t, options())
	blob := base64.StdEncoding.EncodeToString([]byte("\x00" + aliceName + "\x00" + aliceWord))

	c := open(t, p, "imap-143")
	c.want(c.ask("b LOGIN alice wrong-canary"), "b NO [AUTHENTICATIONFAILED]")
	c.want(c.ask("c AUTHENTICATE PLAIN"), "+ ")
	c.say(blob)
	c.want(c.line(), "c OK")
	c.want(c.ask("d NOOP"), "d OK")

	c = open(t, p, "smtp-587")
	c.want(c.ask("AUTH LOGIN"), "334 VXNlcm5hbWU6")
	c.want(c.ask(base64.StdEncoding.EncodeToString([]byte(aliceName))), "334 UGFzc3dvcmQ6")
	c.want(c.ask(base64.StdEncoding.EncodeToString([]byte(aliceWord))), "235")
	c.want(c.ask("NOOP"), "250")

	want := []string{"a STARTTLS", "b LOGIN", "c AUTHENTICATE PLAIN", "d NOOP"}
	if diff := cmp.Diff(want, p.Commands("imap-143")); diff != "" {
		t.Errorf("Commands(imap-143) (-want +got):\n%s", diff)
	}
	want = []string{"EHLO client.example", "STARTTLS", "EHLO client.example", "AUTH LOGIN", "NOOP"}
	if diff := cmp.Diff(want, p.Commands("smtp-587")); diff != "" {
		t.Errorf("Commands(smtp-587) (-want +got):\n%s", diff)
	}
	logins := []Attempt{{"imap-143", "alice", false}, {"imap-143", "alice", true}, {"smtp-587", "alice", true}}
	if diff := cmp.Diff(logins, p.Logins()); diff != "" {
		t.Errorf("Logins() (-want +got):\n%s", diff)
	}
}

func TestNamesAreExact(t *testing.T) {
	p := start(t, options())
	for name, want := range map[string]string{
		"alice": "OK", "bob%example.org": "OK",
		"Alice": "NO", "alice@example.com": "NO", "bob@example.org": "NO", "bob": "NO",
	} {
		password := aliceWord
		if strings.HasPrefix(name, "bob") {
			password = "other-canary"
		}
		c := open(t, p, "imap-993")
		c.want(c.ask(fmt.Sprintf("b LOGIN %q %q", name, password)), "b "+want)
	}
}

// session logs in with the client of go-imap.
func session(t *testing.T, p *Provider, id string) *imapclient.Client {
	t.Helper()
	opened := open(t, p, id)
	greeting := strings.NewReader("* OK [CAPABILITY IMAP4rev1 SASL-IR] opened by hand\r\n")
	c := imapclient.New(retold{opened.conn, io.MultiReader(greeting, opened.in)}, nil)
	t.Cleanup(func() { _ = c.Close() })
	if err := c.Login(aliceName, aliceWord).Wait(); err != nil {
		t.Fatalf("Login() = %v", err)
	}
	return c
}

// retold is a connection whose greeting is told again to a library.
type retold struct {
	net.Conn
	from io.Reader
}

func (r retold) Read(b []byte) (int, error) { return r.from.Read(b) }

type row struct {
	Name       string
	Attributes []imap.MailboxAttr
	Messages   uint32
}

func TestStores(t *testing.T) {
	p := start(t, options())
	no, yes := imap.MailboxAttrHasNoChildren, imap.MailboxAttrHasChildren
	for _, tt := range []struct {
		path      string
		namespace imap.NamespaceDescriptor
		rows      []row
	}{
		{"imap-993", imap.NamespaceDescriptor{Prefix: "INBOX.", Delim: '.'}, []row{
			{"INBOX", []imap.MailboxAttr{yes}, 5},
			{"INBOX.Sent", []imap.MailboxAttr{no, imap.MailboxAttrSent}, 2},
			{"INBOX.Trash", []imap.MailboxAttr{no, imap.MailboxAttrTrash}, 0},
		}},
		{"imap-1143", imap.NamespaceDescriptor{Delim: '/'}, []row{
			{"INBOX", []imap.MailboxAttr{no}, 5},
			{"Sent", []imap.MailboxAttr{no, imap.MailboxAttrSent}, 2},
			{"Drafts", []imap.MailboxAttr{no, imap.MailboxAttrDrafts}, 0},
			{"Trash", []imap.MailboxAttr{no, imap.MailboxAttrTrash}, 0},
		}},
	} {
		t.Run(tt.path, func(t *testing.T) {
			c := session(t, p, tt.path)
			space, err := c.Namespace().Wait()
			if err != nil {
				t.Fatalf("Namespace() = %v", err)
			}
			if diff := cmp.Diff([]imap.NamespaceDescriptor{tt.namespace}, space.Personal); diff != "" {
				t.Errorf("Namespace() (-want +got):\n%s", diff)
			}
			list, err := c.List("", "*", &imap.ListOptions{ReturnStatus: &imap.StatusOptions{NumMessages: true}}).Collect()
			if err != nil {
				t.Fatalf("List() = %v", err)
			}
			var rows []row
			for _, l := range list {
				rows = append(rows, row{l.Mailbox, l.Attrs, *l.Status.NumMessages})
			}
			if diff := cmp.Diff(tt.rows, rows); diff != "" {
				t.Errorf("List() (-want +got):\n%s", diff)
			}
			for _, r := range tt.rows {
				selected, err := c.Select(r.Name, &imap.SelectOptions{ReadOnly: true}).Wait()
				if err != nil || selected.NumMessages != r.Messages {
					t.Errorf("Select(%s) = %+v, %v; want %d messages", r.Name, selected, err, r.Messages)
				}
			}
		})
	}
}

func TestListByLevel(t *testing.T) {
	p := start(t, options())
	c := session(t, p, "imap-143")
	for pattern, want := range map[string]int{"%": 1, "INBOX.%": 2, "INBOX*": 3, "Sent": 0} {
		list, err := c.List("", pattern, nil).Collect()
		if err != nil {
			t.Fatalf("List(%s) = %v", pattern, err)
		}
		if len(list) != want {
			t.Errorf("List(%s) = %d rows, want %d", pattern, len(list), want)
		}
	}
	list, err := c.List("", "", nil).Collect()
	if err != nil || len(list) != 1 || list[0].Delim != '.' {
		t.Errorf("List of nothing = %v, %v; want the separator", list, err)
	}
}

// The old store's mail shows the provider's three known issues.
func TestKnownIssuesInTheOldStore(t *testing.T) {
	p := start(t, options())
	c := session(t, p, "imap-993")
	find := func(folder string, field imap.SearchCriteriaHeaderField) (with, without int) {
		t.Helper()
		if _, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
			t.Fatalf("Select(%s) = %v", folder, err)
		}
		has := imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{field}}
		found, err := c.Search(&has, nil).Wait()
		if err != nil {
			t.Fatalf("Search() = %v", err)
		}
		missing, err := c.Search(&imap.SearchCriteria{Not: []imap.SearchCriteria{has}}, nil).Wait()
		if err != nil {
			t.Fatalf("Search() = %v", err)
		}
		return len(found.AllSeqNums()), len(missing.AllSeqNums())
	}
	if with, without := find("INBOX", imap.SearchCriteriaHeaderField{Key: "Received"}); with != 3 || without != 2 {
		t.Errorf("messages with Received = %d, without = %d; want 3 and 2", with, without)
	}
	if with, _ := find("INBOX", imap.SearchCriteriaHeaderField{Key: "Subject", Value: "'"}); with != 1 {
		t.Errorf("subjects with an apostrophe = %d, want 1", with)
	}
	if with, _ := find("INBOX.Sent", imap.SearchCriteriaHeaderField{Key: "User-Agent", Value: "Thunderbird"}); with != 1 {
		t.Errorf("sent by Thunderbird = %d, want 1", with)
	}
}

func TestFoldersMissingAndDoubled(t *testing.T) {
	now := noon()
	for _, tt := range []struct {
		name  string
		store Store
		want  []string
	}{
		{"missing", OldStore(now).Without("INBOX.Sent"), []string{"INBOX", "INBOX.Trash"}},
		{"doubled", OldStore(now).SentDoubled(now), []string{"INBOX", "INBOX.Sent", "INBOX.Trash", "INBOX.INBOX.Sent"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := options()
			o.Stores = map[string]Store{"old": tt.store}
			list, err := session(t, start(t, o), "imap-143").List("", "*", nil).Collect()
			if err != nil {
				t.Fatalf("List() = %v", err)
			}
			var got []string
			for _, l := range list {
				got = append(got, l.Mailbox)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("folders (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEnvelopeButNoMessage(t *testing.T) {
	p := start(t, options())
	c := open(t, p, "smtp-587")
	c.want(c.ask("MAIL FROM:<alice@example.com>"), "530 5.7.0")

	secured := tls.Client(dial(t, p, "smtp-465"), &tls.Config{ServerName: "smtp.example.com", RootCAs: p.Roots()})
	client := smtp.NewClient(secured)
	defer client.Close()
	if err := client.Auth(sasl.NewPlainClient("", aliceName, aliceWord)); err != nil {
		t.Fatalf("Auth() = %v", err)
	}
	if err := client.Mail("alice@example.com", nil); err != nil {
		t.Errorf("Mail() = %v", err)
	}
	if err := client.Rcpt("alice@example.com", nil); err != nil {
		t.Errorf("Rcpt() = %v", err)
	}
	data, err := client.Data()
	if err != nil {
		t.Fatalf("Data() = %v", err)
	}
	if err := data.Close(); err == nil {
		t.Error("the message was accepted")
	}
	if err := client.Quit(); err != nil {
		t.Errorf("Quit() = %v", err)
	}
}

func TestStartRefuses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*Options)
		want   string
	}{
		{"fault elsewhere", func(o *Options) { o.Faults = map[string]Fault{"imap-1": {}} },
			"start provider test: fault for imap-1, which is no path of the profile"},
		{"path twice", func(o *Options) { o.Profile.Paths = append(o.Profile.Paths, o.Profile.Paths[0]) },
			"start provider test: path imap-993 appears twice"},
		{"script", func(o *Options) { o.Faults = map[string]Fault{"imap-143": {Script: "shout"}} },
			`start provider test: path imap-143: read script: line 1: unknown step "shout"`},
		{"address", func(o *Options) { o.Addresses = map[string]Reach{"mail": Dropped} },
			`start provider test: address that fails: ParseAddr("mail"): unable to parse IP`},
		{"twin of nobody", func(o *Options) { o.Twins = map[string]Twin{"192.0.2.71": {Host: "pop.example.com"}} },
			"start provider test: twin 192.0.2.71 of pop.example.com, which is no host of the profile"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := options()
			tt.change(&o)
			p, err := Start(o)
			if err == nil {
				_ = p.Close()
				t.Fatal("Start() = nil, want an error")
			}
			if err.Error() != tt.want {
				t.Errorf("Start() = %q, want %q", err, tt.want)
			}
		})
	}
}

func TestCloseTwice(t *testing.T) {
	p := start(t, options())
	open(t, p, "imap-993")
	open(t, p, "smtp-587")
	for range 2 {
		if err := p.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	}
	if _, err := p.Dial(t.Context(), "tcp", address(t, p, "imap-993")); err == nil {
		t.Error("Dial() after Close() = nil")
	}
}
