package debian

import (
	"crypto/tls"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
	"time"
)

// cyrusFolder is where .ci/run unpacks Cyrus: its package and Dovecot's exclude each other.
const cyrusFolder = "/var/lib/mailmedic-tests/cyrus"

const (
	cyrusPrograms = cyrusFolder + "/usr/lib/cyrus/bin"
	cyrusProgram  = cyrusPrograms + "/master"
	cyrusHost     = "127.0.0.3"       // nothing else here listens on it, so that no port is taken by another
	cyrusRealm    = "imap.runbox.com" // of its users
	cyrusUser     = "cyrus"           // compiled in
)

// Cyrus is a running IMAP server with the prefix "INBOX.", whose users have the folders
// Sent and Trash.
type Cyrus struct {
	Plain string // "IP:PORT" that begins in clear text and offers STARTTLS
	TLS   string // "IP:PORT" with TLS from the first byte

	server *server
}

// StartCyrus runs Cyrus until the test ends.
func StartCyrus(t testing.TB, c Certificate, users ...User) *Cyrus {
	t.Helper()
	require(t, cyrusProgram, ".ci/run, which unpacks it")
	s, addresses, err := launch(cyrusHost, 2, "", func(folder string, addresses []string) (*exec.Cmd, error) {
		return writeCyrus(folder, addresses, c, users)
	})
	if err != nil {
		t.Fatalf("start cyrus: %v", err)
	}
	x := &Cyrus{Plain: addresses[0], TLS: addresses[1], server: s}
	t.Cleanup(x.Stop)
	for _, u := range users {
		if err := x.furnish(u); err != nil {
			t.Fatalf("first login of %s: %v", u.Name, err)
		}
	}
	return x
}

// Stop ends the server. It may be called more than once.
func (x *Cyrus) Stop() { x.server.stop() }

// furnish logs the user in once. A mailbox comes to be at its first login, and a second
// login at the same time would find it half made.
func (x *Cyrus) furnish(user User) error {
	c, err := tls.Dial("tcp", x.TLS, &tls.Config{InsecureSkipVerify: true}) // our own server, on loopback
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(startLimit))
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(user.Password) // RFC 3501 section 4.3
	fmt.Fprintf(c, "a LOGIN \"%s\" \"%s\"\r\nb LOGOUT\r\n", user.Name, quoted)
	answer, err := io.ReadAll(c)
	if !strings.Contains(string(answer), "\na OK ") {
		return fmt.Errorf("log in: %v, answer %q", err, answer)
	}
	return nil
}

// imapdConf is imapd.conf(5).
const imapdConf = `configdirectory: {{.Folder}}/conf
partition-default: {{.Folder}}/spool
defaultpartition: default
servername: {{.Realm}}
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {{.Folder}}/users
sasl_mech_list: PLAIN LOGIN
allowplaintext: no
virtdomains: off
altnamespace: no
unixhierarchysep: no
autocreate_quota: 0
autocreate_inbox_folders: Sent|Trash
autocreate_subscribe_folders: Sent|Trash
tls_server_cert: {{.Folder}}/certificate.pem
tls_server_key: {{.Folder}}/certificate.pem
idlesocket: {{.Folder}}/idle
`

// cyrusConf is cyrus.conf(5).
const cyrusConf = `START {
  recover cmd="{{.Programs}}/ctl_cyrusdb -C {{.Folder}}/imapd.conf -r"
}
SERVICES {
  imap cmd="{{.Programs}}/imapd -C {{.Folder}}/imapd.conf -U 30" listen="{{.Plain}}" prefork=0
  imaps cmd="{{.Programs}}/imapd -C {{.Folder}}/imapd.conf -s -U 30" listen="{{.TLS}}" prefork=0
}
EVENTS {
}
`

// writeCyrus is the setup of one Cyrus.
func writeCyrus(folder string, addresses []string, c Certificate, users []User) (*exec.Cmd, error) {
	uid, gid, err := lookup(cyrusUser)
	if err != nil {
		return nil, err
	}
	if _, err := c.write(folder, "certificate.pem"); err != nil {
		return nil, err
	}
	for _, name := range []string{"conf", "spool"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o755); err != nil {
			return nil, err
		}
	}
	values := map[string]string{
		"Folder": folder, "Programs": cyrusPrograms, "Realm": cyrusRealm, "Plain": addresses[0], "TLS": addresses[1],
	}
	for name, text := range map[string]string{"imapd.conf": imapdConf, "cyrus.conf": cyrusConf} {
		var filled strings.Builder
		if err := template.Must(template.New(name).Parse(text)).Execute(&filled, values); err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(filled.String()), 0o644); err != nil {
			return nil, err
		}
	}
	for _, user := range users {
		if err := addSASL(filepath.Join(folder, "users"), user); err != nil {
			return nil, err
		}
	}
	if err := chownAll(folder, uid, gid); err != nil {
		return nil, err
	}
	cmd := exec.Command(cyrusProgram, "-C", filepath.Join(folder, "imapd.conf"), "-M", filepath.Join(folder, "cyrus.conf"), "-p", filepath.Join(folder, "pid"), "-D")
	// Its own libraries are below a folder that is named after the processor.
	libraries, err := filepath.Glob(cyrusFolder + "/usr/lib/*-linux-gnu")
	if err != nil {
		return nil, err
	}
	cmd.Env = []string{"LD_LIBRARY_PATH=" + strings.Join(libraries, ":")}
	runAs(cmd, uid, gid)
	return cmd, nil
}

// addSASL adds a user to a password database of the SASL library.
func addSASL(file string, user User) error {
	cmd := exec.Command("/usr/sbin/saslpasswd2", "-p", "-c", "-f", file, "-u", cyrusRealm, user.Name)
	cmd.Stdin = strings.NewReader(user.Password)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("add user %s: %w\n%s", user.Name, err, out)
	}
	return nil
}
