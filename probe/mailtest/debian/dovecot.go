package debian

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"text/template"
)

// dovecotHost is where Dovecot listens. It treats a session whose two ends have
// the same address as secured, and then allows a login in clear text. A client
// that dials 127.0.0.2 comes from 127.0.0.1, so it is treated like a remote one.
const dovecotHost = "127.0.0.2"

// dovecotReady is logged after the last port is bound.
const dovecotReady = "starting up for imap"

// DovecotOptions is what a Dovecot serves. The zero value of a field leaves the
// thing out; Certificate and Users are needed.
type DovecotOptions struct {
	Certificate Certificate
	Users       []User
	Prefix      string   // of the personal namespace: "INBOX." or ""
	Separator   string   // "." (as an empty one) or "/"; with "/" Sent, Drafts and Trash have a special use (RFC 6154)
	Folders     []string // made for every user beside INBOX, named as the server names them: "INBOX.Sent"
	Subscribed  bool     // whether the users have subscribed to the folders, as most mail programs do for what they make
	Settings    string   // lines for the end of dovecot.conf
	AuthSocket  bool     // whether to offer logins to Postfix
	LMTP        bool     // whether Deliver works, which needs the package dovecot-lmtpd
}

// Dovecot is a running IMAP server.
type Dovecot struct {
	Plain      string // "IP:PORT" that begins in clear text and offers STARTTLS
	TLS        string // "IP:PORT" with TLS from the first byte
	AuthSocket string // path for PostfixOptions.AuthSocket, "" without DovecotOptions.AuthSocket

	certificate Certificate
	server      *server
}

// Attempt is one decision about a user name and a password, asked for by IMAP or,
// through the socket, by Postfix.
type Attempt struct {
	User     string // as the client sent it
	Accepted bool
}

// StartDovecot runs Dovecot until the test ends, and shows its log if the test fails.
func StartDovecot(t testing.TB, o DovecotOptions) *Dovecot {
	t.Helper()
	if o.LMTP {
		require(t, lmtpProgram, "apt-get install dovecot-lmtpd")
	}
	prepare := func(folder string, addresses []string) (*exec.Cmd, error) {
		return o.write(folder, addresses[0], addresses[1])
	}
	s, addresses, err := launch(dovecotHost, 2, dovecotReady, prepare)
	if err != nil {
		t.Fatalf("start dovecot: %v", err)
	}
	d := &Dovecot{Plain: addresses[0], TLS: addresses[1], certificate: o.Certificate, server: s}
	if o.AuthSocket {
		d.AuthSocket = authSocket(s.folder)
	}
	t.Cleanup(func() {
		d.Stop()
		if t.Failed() {
			t.Logf("dovecot's log:\n%s", d.Log())
		}
	})
	return d
}

// Log returns the server's log so far. It is complete after Stop.
func (d *Dovecot) Log() string { return d.server.journal.String() }

// Attempts lists the logins that the log shows, in the order they were decided. It
// is complete after Stop. A login that was refused unheard, for lack of TLS, is not
// in it.
func (d *Dovecot) Attempts() []Attempt {
	var attempts []Attempt
	for line := range strings.Lines(d.Log()) {
		_, reply, found := strings.Cut(line, "client passdb out: ")
		if !found {
			continue
		}
		fields := strings.Split(strings.TrimSpace(reply), "\t")
		for _, field := range fields {
			if user, found := strings.CutPrefix(field, "user="); found {
				attempts = append(attempts, Attempt{User: user, Accepted: fields[0] == "OK"})
			}
		}
	}
	return attempts
}

// Stop ends the server. It may be called more than once.
func (d *Dovecot) Stop() { d.server.stop() }

func authSocket(folder string) string { return filepath.Join(folder, "auth") }

func lmtpSocket(folder string) string { return filepath.Join(folder, "lmtp") }

// Notes on the settings. The log tells every login attempt, never a password
// (auth_debug). A login name has no part that is cut off, translated or lower-cased
// (auth_username_*). A rejection is as quick as Dovecot can, which is half a second
// (auth_failure_delay), and the tenth one as quick as the first (anvil-auth-penalty).
const dovecotConf = `base_dir = {{.Folder}}/run
state_dir = {{.Folder}}/state
log_path = /dev/stderr
protocols = imap{{if .LMTP}} lmtp{{end}}
listen = {{.Host}}
ssl = yes
ssl_cert = <{{.Certificate}}
ssl_key = <{{.Certificate}}
disable_plaintext_auth = yes
auth_mechanisms = plain login
auth_username_chars =
auth_username_format = %u
auth_failure_delay = 0
auth_debug = yes
auth_verbose = yes
mail_location = maildir:~/Maildir{{if .Slash}}:LAYOUT=fs{{end}}
mail_max_userip_connections = 1000
passdb {
  driver = passwd-file
  args = username_format=%u {{.Folder}}/passwd
}
userdb {
  driver = passwd-file
  args = username_format=%u {{.Folder}}/passwd
}
namespace inbox {
  inbox = yes
  prefix = {{.Prefix}}
  separator = {{.Separator}}
{{- if .Slash}}
  mailbox Sent {
    special_use = \Sent
  }
  mailbox Drafts {
    special_use = \Drafts
  }
  mailbox Trash {
    special_use = \Trash
  }
{{- end}}
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service auth {
  user = root
{{- if .Socket}}
  unix_listener {{.Socket}} {
    mode = 0666
  }
{{- end}}
}
{{- if .LMTP}}
service lmtp {
  unix_listener {{.LMTP}} {
    mode = 0600
  }
}
{{- end}}
service imap-login {
  inet_listener imap {
    port = {{.PlainPort}}
  }
  inet_listener imaps {
    port = {{.TLSPort}}
    ssl = yes
  }
}
{{.Settings}}
`

// write is the setup of one Dovecot.
func (o DovecotOptions) write(folder, plain, tls string) (*exec.Cmd, error) {
	if o.Separator == "" {
		o.Separator = "."
	}
	certificate, err := o.Certificate.write(folder, "certificate.pem")
	if err != nil {
		return nil, err
	}
	if err := o.writeUsers(folder); err != nil {
		return nil, err
	}
	if err := o.writeConf(folder, certificate, plain, tls); err != nil {
		return nil, err
	}
	return exec.Command(dovecotProgram, "-F", "-c", filepath.Join(folder, "dovecot.conf")), nil
}

func (o DovecotOptions) writeConf(folder, certificate, plain, tls string) error {
	_, plainPort, err := net.SplitHostPort(plain)
	if err != nil {
		return err
	}
	_, tlsPort, err := net.SplitHostPort(tls)
	if err != nil {
		return err
	}
	conf, err := os.Create(filepath.Join(folder, "dovecot.conf"))
	if err != nil {
		return err
	}
	defer conf.Close()
	values := map[string]any{
		"Folder": folder, "Host": dovecotHost, "PlainPort": plainPort, "TLSPort": tlsPort,
		"Certificate": certificate, "Prefix": o.Prefix, "Separator": o.Separator,
		"Slash": o.Separator == "/", "Settings": o.Settings, "Socket": "", "LMTP": "",
	}
	if o.AuthSocket {
		values["Socket"] = authSocket(folder)
	}
	if o.LMTP {
		values["LMTP"] = lmtpSocket(folder)
	}
	return template.Must(template.New("dovecot.conf").Parse(dovecotConf)).Execute(conf, values)
}

// writeUsers writes the password file and every user's folders. A home is a number,
// because Dovecot would expand the "%" of a login name in a path.
func (o DovecotOptions) writeUsers(folder string) error {
	uid, gid, err := mailOwner()
	if err != nil {
		return err
	}
	var passwd strings.Builder
	for i, user := range o.Users {
		if user.Name == "" || strings.ContainsAny(user.Name, ":\n") {
			return fmt.Errorf("user %q: a password file cannot hold this name", user.Name)
		}
		home := filepath.Join(folder, "mail", strconv.Itoa(i))
		if err := o.writeFolders(home); err != nil {
			return fmt.Errorf("user %q: %w", user.Name, err)
		}
		password := base64.StdEncoding.EncodeToString([]byte(user.Password))
		fmt.Fprintf(&passwd, "%s:{PLAIN.b64}%s:%d:%d::%s::\n", user.Name, password, uid, gid, home)
	}
	if err := os.WriteFile(filepath.Join(folder, "passwd"), []byte(passwd.String()), 0o600); err != nil {
		return err
	}
	return chownAll(filepath.Join(folder, "mail"), uid, gid)
}

// writeFolders makes the folders as Dovecot's maildir storage lays them out: in the
// file system's own tree for the separator "/", else as Maildir++ with a leading dot.
func (o DovecotOptions) writeFolders(home string) error {
	maildir := filepath.Join(home, "Maildir")
	if err := makeMaildir(maildir); err != nil {
		return err
	}
	var subscriptions strings.Builder
	for _, name := range o.Folders {
		inside, found := strings.CutPrefix(name, o.Prefix)
		if !found || inside == "" {
			return fmt.Errorf("folder %q is not below the prefix %q", name, o.Prefix)
		}
		path := filepath.Join(maildir, filepath.FromSlash(inside))
		if o.Separator != "/" {
			path = filepath.Join(maildir, "."+strings.ReplaceAll(inside, o.Separator, "."))
		}
		if err := makeMaildir(path); err != nil {
			return err
		}
		fmt.Fprintln(&subscriptions, inside)
	}
	if !o.Subscribed {
		return nil
	}
	return os.WriteFile(filepath.Join(maildir, "subscriptions"), []byte(subscriptions.String()), 0o600)
}

func makeMaildir(path string) error {
	return errors.Join(
		os.MkdirAll(filepath.Join(path, "cur"), 0o700),
		os.MkdirAll(filepath.Join(path, "new"), 0o700),
		os.MkdirAll(filepath.Join(path, "tmp"), 0o700),
	)
}
