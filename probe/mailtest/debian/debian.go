// Package debian runs the Dovecot and the Postfix of Debian for tests, each from
// a configuration of its own in a temporary folder and on loopback only. It is
// imported by tests and by nothing else.
package debian

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Where the Debian packages put the programs. The search path is not asked,
// because a test run often has none of the sbin folders in it.
const (
	dovecotProgram = "/usr/sbin/dovecot"
	imapProgram    = "/usr/lib/dovecot/imap"
	lmtpProgram    = "/usr/lib/dovecot/lmtp"
	masterProgram  = "/usr/lib/postfix/sbin/master"
)

// Certificate is what a server identifies itself with, in PEM. CertPEM is the
// chain as it is to be sent, leaf first.
type Certificate struct{ CertPEM, KeyPEM []byte }

// User is one account. The servers accept the name exactly as it is written here
// and no other form of it.
type User struct{ Name, Password string }

// Available returns "" when the servers can run here, else a sentence that says
// what is missing and how to get it.
func Available() string {
	if runtime.GOOS != "linux" {
		return "the real servers run on Linux only."
	}
	var missing []string
	for _, need := range []struct{ program, from string }{
		{dovecotProgram, "dovecot-imapd"},
		{imapProgram, "dovecot-imapd"},
		{masterProgram, "postfix"},
	} {
		if _, err := os.Stat(need.program); err != nil {
			missing = append(missing, fmt.Sprintf("%s is not there (apt-get install %s)", need.program, need.from))
		}
	}
	if os.Geteuid() != 0 {
		missing = append(missing, "the test does not run as root, which both servers need to start")
	}
	if missing == nil {
		return ""
	}
	return "the real servers cannot run here: " + strings.Join(missing, "; ") + "."
}

// Require skips the test when the servers are missing, or fails it when
// MAILMEDIC_REAL=1 is set.
func Require(t testing.TB) {
	t.Helper()
	why := Available()
	if why == "" {
		return
	}
	if os.Getenv("MAILMEDIC_REAL") == "1" {
		t.Fatalf("MAILMEDIC_REAL=1 is set, but %s", why)
	}
	t.Skipf("%s To run this test against Dovecot and Postfix: install dovecot-imapd and postfix, run as root, set MAILMEDIC_REAL=1.", why)
}

// RequirePrograms skips the test when a mail program is missing, or fails it when
// MAILMEDIC_REAL=1 is set. Each is one of those that .ci/run installs.
func RequirePrograms(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		from := name
		if name == "mbsync" {
			from = "isync"
		}
		require(t, filepath.Join("/usr/bin", name), "apt-get install --no-install-recommends "+from)
	}
}

// RequireTools skips the test when a program that needs no root is missing, or fails it
// when MAILMEDIC_REAL=1 is set. Each is in Debian's package of the same name, but promtool
// in that of prometheus.
func RequireTools(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err == nil {
			continue
		}
		from := name
		if name == "promtool" {
			from = "prometheus"
		}
		get := "apt-get install --no-install-recommends " + from
		if os.Getenv("MAILMEDIC_REAL") == "1" {
			t.Fatalf("MAILMEDIC_REAL=1 is set, but there is no %s (%s)", name, get)
		}
		t.Skipf("There is no %s. To run this test: %s.", name, get)
	}
}

// require skips the test when a program is missing, or fails it when MAILMEDIC_REAL=1 is
// set. The last text says how to get it.
func require(t testing.TB, program, get string) {
	t.Helper()
	if _, err := os.Stat(program); err == nil && os.Geteuid() == 0 {
		return
	}
	if os.Getenv("MAILMEDIC_REAL") == "1" {
		t.Fatalf("MAILMEDIC_REAL=1 is set, but %s is not there, or this is not root (%s)", program, get)
	}
	t.Skipf("%s is not there, or this is not root. To run this test: %s.", program, get)
}

// write puts the certificate and its key into the folder, readable by root alone,
// and returns the path of a file that holds the key followed by the chain.
func (c Certificate) write(folder, name string) (path string, err error) {
	if len(c.CertPEM) == 0 || len(c.KeyPEM) == 0 {
		return "", errors.New("the certificate or its key is empty")
	}
	path = filepath.Join(folder, name)
	text := strings.TrimRight(string(c.KeyPEM), "\n") + "\n" + string(c.CertPEM)
	return path, os.WriteFile(path, []byte(text), 0o600)
}
