//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"mailmedic/probe/mailtest"
	"mailmedic/probe/mailtest/netlab"
)

// programLimit bounds one run of a mail program. Each takes a second or two, Thunderbird five.
const programLimit = 2 * time.Minute

// seat is a computer in a net, at which somebody runs mail programs with a home folder of
// their own. Its name server and its trusted authorities are the net's.
type seat struct {
	*site
	home string
}

// sit starts the servers of a net and takes a seat in it.
func sit(t testing.TB, s *site) seat {
	t.Helper()
	s.start()
	at := seat{site: s, home: t.TempDir()}
	at.trust(t, s.ca)
	for _, name := range []string{"bin", "tmp", "run"} {
		if err := os.Mkdir(filepath.Join(at.home, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return at
}

// trust makes one authority the only one that the seat's programs trust.
func (s seat) trust(t testing.TB, ca *mailtest.CA) {
	t.Helper()
	s.Etc(t, netlab.Client, map[string][]byte{
		"resolv.conf": []byte("nameserver " + netlab.Resolver + "\n"),
		// The file of OpenSSL, GnuTLS and Go, as Debian builds them.
		"ssl/certs/ca-certificates.crt": ca.RootPEM(),
		"ssl/openssl.cnf":               nil,
	})
}

// write puts a file into the home folder, readable by its owner alone.
func (s seat) write(t testing.TB, name, text string, mode os.FileMode) {
	t.Helper()
	path := filepath.Join(s.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// keeper puts password stores into the search path that know one password and tell it
// whatever they are asked.
func (s seat) keeper(t *testing.T, password string) {
	t.Helper()
	s.write(t, "password", password, 0o600)
	for _, name := range []string{"secret-tool", "pass"} {
		s.write(t, "bin/"+name, "#!/bin/sh\nexec cat "+filepath.Join(s.home, "password")+"\n", 0o700)
	}
}

// command is a program at the seat, in a process group of its own that ends with the
// context or with this thread's test run.
func (s seat) command(ctx context.Context, argv ...string) *exec.Cmd {
	inside := s.Command(netlab.Client, argv...)
	cmd := exec.CommandContext(ctx, inside.Path, inside.Args[1:]...)
	cmd.Dir = s.home
	cmd.Env = []string{
		"HOME=" + s.home, "PATH=" + s.home + "/bin:/usr/bin:/bin", "TMPDIR=" + s.home + "/tmp", "XDG_RUNTIME_DIR=" + s.home + "/run",
		"LANG=C.UTF-8", "EDITOR=editor", "TERM=xterm", "USER=somebody", "MOZ_CRASHREPORTER_DISABLE=1",
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// run runs a program to its end, which must be a good one, and returns what it printed.
func (s seat) run(t testing.TB, input string, argv ...string) string {
	t.Helper()
	out, err := s.try(t, input, argv...)
	if err != nil {
		t.Errorf("%s: %v\n%s", argv[0], err, out)
	}
	return out
}

// try runs a program to its end, whatever that is.
func (s seat) try(t testing.TB, input string, argv ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), programLimit)
	defer cancel()
	cmd := s.command(ctx, argv...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		t.Fatalf("%s did not end within %s:\n%s", argv[0], programLimit, out)
	}
	return string(out), err
}

// act types keys into a program on a terminal: each when its text has come up on the
// screen. The program has to end by itself after the last.
func (s seat) act(t *testing.T, cues []cue, argv ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), programLimit)
	defer cancel()
	screen, terminal, err := pseudoterminal()
	if err != nil {
		t.Fatalf("open a terminal: %v", err)
	}
	defer screen.Close()
	cmd := s.command(ctx, argv...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
	cmd.SysProcAttr.Setctty = true
	err = cmd.Start()
	terminal.Close()
	if err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer
	from := 0 // what was shown before the last keys does not count for the next
	buffer := make([]byte, 4096)
	for {
		n, wrong := screen.Read(buffer)
		shown.Write(buffer[:n])
		if len(cues) > 0 && bytes.Contains(shown.Bytes()[from:], []byte(cues[0].shown)) {
			from = shown.Len()
			screen.WriteString(cues[0].keys)
			cues = cues[1:]
		}
		if wrong != nil {
			break // The program has closed the terminal, or was stopped.
		}
	}
	err = cmd.Wait()
	if len(cues) > 0 {
		t.Errorf("%s: %v; %q did not come up in what it showed:\n%q", argv[0], err, cues[0].shown, shown.String())
	} else if err != nil {
		t.Errorf("%s: %v; it showed\n%q", argv[0], err, shown.String())
	}
}

// cue is what to wait for on the screen, and what to type then.
type cue struct{ shown, keys string }

// pseudoterminal opens both ends of a terminal of 100 columns and 30 rows (pty(7)).
func pseudoterminal() (screen, terminal *os.File, err error) {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	screen = os.NewFile(uintptr(fd), "screen")
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = errors.Join(
			unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0),
			unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 30, Col: 100}),
		)
	}
	if err != nil {
		screen.Close()
		return nil, nil, err
	}
	terminal, err = os.OpenFile(filepath.Join("/dev/pts", strconv.Itoa(number)), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		screen.Close()
		return nil, nil, err
	}
	return screen, terminal, nil
}
