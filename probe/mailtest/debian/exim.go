package debian

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
)

// eximFolder is where .ci/run unpacks Exim: its package and Postfix's exclude each other,
// so that it cannot be installed beside it.
const eximFolder = "/var/lib/mailmedic-tests/exim"

const (
	eximProgram = eximFolder + "/usr/sbin/exim4"
	eximHost    = "127.0.0.1"
	eximReady   = "daemon started" // logged after the last port is bound
	eximUser    = "Debian-exim"    // compiled in: nobody else but root may run it as a daemon
)

// EximOptions is what an Exim serves. The zero value of a field leaves the thing out;
// Name and Certificate are needed.
type EximOptions struct {
	Name        string // what it calls itself
	Certificate Certificate
	Users       []User // none: it offers no AUTH
	Ports       int    // 0 for one
}

// Exim is a running submission server that delivers nothing: it has no routers, refuses
// every recipient but of those who are logged in, and refuses DATA.
type Exim struct {
	Addresses []string // "IP:PORT", by port

	server *server
}

// StartExim runs Exim until the test ends, and shows its log if the test fails.
func StartExim(t testing.TB, o EximOptions) *Exim {
	t.Helper()
	require(t, eximProgram, ".ci/run, which unpacks it")
	s, addresses, err := launch(eximHost, max(1, o.Ports), eximReady, o.write)
	if err != nil {
		t.Fatalf("start exim: %v", err)
	}
	x := &Exim{Addresses: addresses, server: s}
	t.Cleanup(func() {
		x.Stop()
		if t.Failed() {
			t.Logf("exim's log:\n%s", x.Log())
		}
	})
	return x
}

// Log returns the server's log so far. It is complete after Stop.
func (x *Exim) Log() string { return x.server.journal.String() }

// Stop ends the server. It may be called more than once.
func (x *Exim) Stop() { x.server.stop() }

// Notes on the settings. A port that is taken ends the program instead of making it wait
// (daemon_startup_retries). The socket for notices has one name for all Exims of
// a machine (notifier_socket). No client is looked up or asked who it is (host_lookup,
// rfc1413_query_timeout), and logins are offered behind TLS only (auth_advertise_hosts).
const eximConf = `primary_hostname = {{.Name}}
local_interfaces = <; {{.Interfaces}}
spool_directory = {{.Folder}}/spool
log_file_path = {{.Folder}}/log/%s
pid_file_path =
notifier_socket =
keep_environment =
daemon_startup_retries = 0
host_lookup =
rfc1413_query_timeout = 0s
tls_advertise_hosts = *
tls_certificate = {{.Certificate}}
tls_privatekey = {{.Certificate}}
auth_advertise_hosts = ${if def:tls_in_cipher {*}{}}
acl_smtp_rcpt = recipient
acl_smtp_predata = data
begin acl
recipient:
  accept authenticated = *
  deny message = relay not permitted
data:
  deny message = this server delivers nothing
begin authenticators
{{- if .Users}}
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = ${if eq{$auth3}{${lookup{$auth2}lsearch{{"{"}}{{.Users}}}{$value}fail}}}
  server_set_id = $auth2
{{- end}}
`

// write is the setup of one Exim.
func (o EximOptions) write(folder string, addresses []string) (*exec.Cmd, error) {
	uid, gid, err := lookup(eximUser)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"spool", "log"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o755); err != nil {
			return nil, err
		}
	}
	if err := o.writeConf(folder, addresses); err != nil {
		return nil, err
	}
	if err := chownAll(folder, uid, gid); err != nil {
		return nil, err
	}
	// With -v the log goes to standard error too.
	cmd := exec.Command(eximProgram, "-bdf", "-v", "-C", filepath.Join(folder, "exim.conf"))
	runAs(cmd, uid, gid)
	return cmd, nil
}

func (o EximOptions) writeConf(folder string, addresses []string) error {
	certificate, err := o.Certificate.write(folder, "certificate.pem")
	if err != nil {
		return err
	}
	users, err := o.writeUsers(folder)
	if err != nil {
		return err
	}
	var interfaces []string
	for _, address := range addresses {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return err
		}
		interfaces = append(interfaces, fmt.Sprintf("[%s]:%s", host, port))
	}
	conf, err := os.Create(filepath.Join(folder, "exim.conf"))
	if err != nil {
		return err
	}
	defer conf.Close()
	return template.Must(template.New("exim.conf").Parse(eximConf)).Execute(conf, map[string]string{
		"Name": o.Name, "Folder": folder, "Certificate": certificate, "Users": users,
		"Interfaces": strings.Join(interfaces, " ; "),
	})
}

// writeUsers writes the users with their passwords to a file of their own, because Exim
// would expand the "$" of a password in its configuration. It returns "" without users.
func (o EximOptions) writeUsers(folder string) (path string, err error) {
	if o.Users == nil {
		return "", nil
	}
	var text strings.Builder
	for _, user := range o.Users {
		fmt.Fprintf(&text, "%q: %s\n", user.Name, user.Password)
	}
	path = filepath.Join(folder, "users")
	return path, os.WriteFile(path, []byte(text.String()), 0o600)
}
