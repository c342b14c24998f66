package debian

import (
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	postfixHost  = "127.0.0.1"
	postfixReady = "daemon started" // logged after the last port is bound
)

// PostfixOptions is what a Postfix serves. Ports are counted from 0.
type PostfixOptions struct {
	Certificate  Certificate
	Certificates map[int]Certificate // other than Certificate, by port
	AuthSocket   string              // Dovecot.AuthSocket; "" offers AUTH nowhere
	Ports        int                 // 0 for three
	NoAuth       []int               // ports without AUTH
	NoTLS        []int               // ports without STARTTLS, which offer no AUTH either
	Takes        bool                // messages, which it keeps in its queue; else it refuses DATA
	Settings     map[string]string   // for main.cf, over the package's own
}

// Postfix is a running submission server that delivers nothing, for it has no queue
// manager.
type Postfix struct {
	Addresses []string // "IP:PORT", by port

	server *server
}

// StartPostfix runs Postfix until the test ends, and shows its log if the test fails.
func StartPostfix(t testing.TB, o PostfixOptions) *Postfix {
	t.Helper()
	if o.Ports == 0 {
		o.Ports = 3
	}
	s, addresses, err := launch(postfixHost, o.Ports, postfixReady, o.write)
	if err != nil {
		t.Fatalf("start postfix: %v", err)
	}
	p := &Postfix{Addresses: addresses, server: s}
	t.Cleanup(func() {
		p.Stop()
		if t.Failed() {
			t.Logf("postfix's log:\n%s", p.Log())
		}
	})
	return p
}

// Log returns the server's log so far. After Stop it has every line that was
// written before Stop was called.
func (p *Postfix) Log() string { return p.server.journal.String() }

// Stop ends the server. It may be called more than once.
func (p *Postfix) Stop() {
	p.flush()
	p.server.stop()
}

// flush waits until the log has what the server's processes wrote before. They send
// it to a log process that ends with the others without reading on; a line of our
// own in the same socket comes out after all of theirs.
func (p *Postfix) flush() {
	const last = "mailmedic: end of the log"
	c, err := net.Dial("unixgram", logSocket(p.server.folder))
	if err != nil {
		return // It does not run any more, so there is nothing to wait for.
	}
	defer c.Close()
	if _, err := fmt.Fprintln(c, last); err == nil {
		p.server.journal.await(last, 5*time.Second)
	}
}

// logSocket is where Postfix's processes send their log lines.
func logSocket(folder string) string { return filepath.Join(folder, "spool/public/postlog") }

// write is the setup of one Postfix.
func (o PostfixOptions) write(folder string, addresses []string) (*exec.Cmd, error) {
	if err := makeQueue(folder); err != nil {
		return nil, err
	}
	certificate, err := o.Certificate.write(folder, "certificate.pem")
	if err != nil {
		return nil, err
	}
	master, err := o.master(folder, addresses)
	if err != nil {
		return nil, err
	}
	for name, text := range map[string]string{"main.cf": o.main(folder, certificate), "master.cf": master} {
		if err := writeAged(filepath.Join(folder, name), text); err != nil {
			return nil, err
		}
	}
	cmd := exec.Command(masterProgram, "-s", "-c", folder)
	// The postfix command sets these for the master. Without them, what goes wrong
	// before the log process runs is told to syslog only.
	cmd.Env = []string{"POSTLOG_SERVICE=" + logSocket(folder), "POSTLOG_HOSTNAME=localhost"}
	return cmd, nil
}

// writeAged writes a file that looks a minute old. Every process of Postfix waits
// until the configuration that it reads has not changed for a second.
func writeAged(path, text string) error {
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return err
	}
	then := time.Now().Add(-time.Minute)
	return os.Chtimes(path, then, then)
}

// makeQueue makes the folders that "postfix check" would.
func makeQueue(folder string) error {
	uid, gid, err := queueOwner()
	if err != nil {
		return err
	}
	for _, name := range []string{"data", "spool/incoming", "spool/private", "spool/public", "spool/pid"} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(path, 0o755); err != nil {
			return err
		}
		if name == "spool/pid" {
			continue // It stays root's: Postfix refuses it otherwise.
		}
		if err := os.Chown(path, uid, gid); err != nil {
			return err
		}
	}
	return nil
}

// main is the text of main.cf. The user's own address gets a 250 after the login,
// because every address resolves to a transport that throws mail away, and nothing gets
// that far. Nothing is looked up in DNS, and no answer is delayed.
func (o PostfixOptions) main(folder, certificate string) string {
	settings := map[string]string{
		"compatibility_level":      "3.6",
		"queue_directory":          filepath.Join(folder, "spool"),
		"data_directory":           filepath.Join(folder, "data"),
		"maillog_file":             "/dev/stdout",
		"myhostname":               "smtp.mailmedic.test",
		"mydestination":            "",
		"mynetworks":               "",
		"alias_maps":               "",
		"inet_interfaces":          "loopback-only",
		"inet_protocols":           "ipv4",
		"default_transport":        "discard",
		"relay_transport":          "discard",
		"disable_dns_lookups":      "yes",
		"smtpd_peername_lookup":    "no",
		"smtpd_relay_restrictions": "permit_sasl_authenticated, reject",
		"smtpd_data_restrictions":  "reject",
		"smtpd_error_sleep_time":   "0",
		"smtpd_hard_error_limit":   "1000",
		"smtpd_sasl_auth_enable":   "no",
		"smtpd_tls_security_level": "may",
		"smtpd_tls_auth_only":      "yes",
		"smtpd_tls_chain_files":    certificate,
	}
	if o.AuthSocket != "" {
		settings["smtpd_sasl_auth_enable"] = "yes"
		settings["smtpd_sasl_type"] = "dovecot"
		settings["smtpd_sasl_path"] = o.AuthSocket
	}
	if o.Takes {
		settings["smtpd_data_restrictions"] = ""
		settings["in_flow_delay"] = "0" // It would wait for the queue manager to keep up.
	}
	maps.Copy(settings, o.Settings)
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&text, "%s = %s\n", name, settings[name])
	}
	return text.String()
}

// master is the text of master.cf: the ports, and the services that a session needs
// up to RCPT. No chroot, because the folder holds no libraries.
func (o PostfixOptions) master(folder string, addresses []string) (string, error) {
	var text strings.Builder
	for i, address := range addresses {
		fmt.Fprintf(&text, "%s inet n - n - - smtpd", address)
		if slices.Contains(o.NoAuth, i) {
			text.WriteString(" -o smtpd_sasl_auth_enable=no")
		}
		if slices.Contains(o.NoTLS, i) {
			text.WriteString(" -o smtpd_tls_security_level=none")
		}
		if certificate, found := o.Certificates[i]; found {
			path, err := certificate.write(folder, fmt.Sprintf("certificate-%d.pem", i))
			if err != nil {
				return "", fmt.Errorf("port %d: %w", i, err)
			}
			fmt.Fprintf(&text, " -o smtpd_tls_chain_files=%s", path)
		}
		text.WriteByte('\n')
	}
	text.WriteString(`tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`)
	return text.String(), nil
}
