//go:build linux

package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"mailmedic/probe/mailtest"
	"mailmedic/probe/mailtest/leak"
)

// TestCanaryOnATerminal types the password where the program asks for it, and begins to type
// it and presses Ctrl-C. The screen shows nothing of it, and shows what is typed afterwards.
func TestCanaryOnATerminal(t *testing.T) {
	for name, c := range map[string]struct {
		keys string
		code int
		ok   bool // a login is accepted
	}{
		"typed":         {leak.Password + "\n", 0, true},
		"and more":      {leak.Password + "\nsecond line\n", 0, true},
		"with an error": {leak.Password + "x\n", 2, false},
		"stopped":       {leak.Password + "\x03", 130, false},
		"quit":          {leak.Password + "\x1c", 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, paths := pathsOf(t, "imap-993", "smtp-587")
			provider := provide(t, mailtest.Options{Profile: p, Users: theUser()})
			s := sandboxed(t, provider, paths...)
			ctx, cancel := context.WithTimeout(t.Context(), longestRun)
			defer cancel()
			shown, code := typed(ctx, s, c.keys, append([]string{"check", "alice@runbox.com", "--write", "json=saved.json", "-vvv"}, s.doors...)...)
			s.look("the screen", shown)
			if code != c.code && !(c.ok && code < 3) {
				t.Errorf("got exit code %d, want %d; the screen showed %d bytes", code, c.code, len(shown))
			}
			if ok := slices.ContainsFunc(provider.Logins(), func(a mailtest.Attempt) bool { return a.OK }); ok != c.ok {
				t.Errorf("the servers saw %+v, want a login that was accepted: %t", provider.Logins(), c.ok)
			}
			s.search()
		})
	}
}

// TestCanaryIsStopped ends the process while a login is out, as Ctrl-C does and as Ctrl-\
// does, at which Go's runtime prints what every goroutine was called with.
func TestCanaryIsStopped(t *testing.T) {
	for _, c := range []struct {
		signal syscall.Signal
		code   int
		says   string
	}{{syscall.SIGINT, 130, "Stopped"}, {syscall.SIGTERM, 130, "Stopped"}, {syscall.SIGHUP, 130, "Stopped"}, {syscall.SIGQUIT, 2, "goroutine "}} {
		t.Run(c.signal.String(), func(t *testing.T) {
			t.Parallel()
			p, paths := pathsOf(t, "imap-993", "imap-143")
			provider := provide(t, mailtest.Options{Profile: p, Users: theUser(), Faults: map[string]mailtest.Fault{
				"imap-993": {Script: "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\n< AUTHENTICATE\n> * OK " + leak.Password + "\nstall"},
			}})
			s := sandboxed(t, provider, paths...)
			s.source("pw", leak.Password)
			ctx, cancel := context.WithTimeout(t.Context(), longestRun)
			defer cancel()
			cmd := s.command(ctx, append([]string{"check", "alice@runbox.com", "--password-file", "pw", "--write", "json=saved.json", "-vvv"}, s.doors...)...)
			var out, errors bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errors
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			for len(s.finder.In(string(provider.Heard("imap-993")))) == 0 && ctx.Err() == nil {
				runtime.Gosched() // nothing tells when the login arrives
			}
			if err := cmd.Process.Signal(c.signal); err != nil {
				t.Error(err)
			}
			_ = cmd.Wait() // the exit code tells
			if got := cmd.ProcessState.ExitCode(); got != c.code || !strings.Contains(errors.String(), c.says) {
				t.Errorf("got exit code %d and %.200q, want %d and %q", got, errors.String(), c.code, c.says)
			}
			s.look("standard output", out.String())
			s.look("standard error", errors.String())
			if halves, _ := filepath.Glob(filepath.Join(s.dir, ".saved*")); len(halves) > 0 && c.code == 130 {
				t.Errorf("got %q left behind, want nothing", halves)
			}
			s.search()
		})
	}
}

// typed runs the program on a terminal and types keys at its question, once the terminal has
// stopped to show what is typed. It returns what was on the screen.
func typed(ctx context.Context, s *sandbox, keys string, words ...string) (shown string, code int) {
	s.t.Helper()
	screen, terminal, err := pseudoterminal()
	if err != nil {
		s.t.Fatalf("open a terminal: %v", err)
	}
	defer screen.Close()
	cmd := s.command(ctx, words...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	err = cmd.Start()
	defer terminal.Close() // kept open, so that what was set on it can be asked in the end
	if err != nil {
		s.t.Fatal(err)
	}
	var all bytes.Buffer
	reading := make(chan struct{})
	asked := make(chan struct{})
	go func() {
		defer close(reading)
		buffer := make([]byte, 4096)
		for told := false; ; {
			n, err := screen.Read(buffer)
			all.Write(buffer[:n])
			if !told && bytes.Contains(all.Bytes(), []byte("skip the login test: ")) {
				told = true
				close(asked)
			}
			if err != nil {
				return
			}
		}
	}()
	select {
	case <-asked:
	case <-reading:
		s.t.Fatalf("the program asked for no password: %q", all.String())
	case <-ctx.Done():
		s.t.Fatal("the program did not ask in time")
	}
	for echoes(s.t, screen) && ctx.Err() == nil {
		runtime.Gosched() // the question comes a moment before
	}
	if _, err := screen.WriteString(keys); err != nil {
		s.t.Error(err)
	}
	_ = cmd.Wait() // the exit code tells
	if !echoes(s.t, screen) {
		s.t.Error("the terminal still hides what is typed")
	}
	terminal.Close()
	<-reading
	return strings.ReplaceAll(all.String(), "\x1b", ""), cmd.ProcessState.ExitCode()
}

// echoes tells whether a terminal shows what is typed.
func echoes(t *testing.T, screen *os.File) (shows bool) {
	t.Helper()
	raw, err := screen.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var settings *unix.Termios
	if failed := raw.Control(func(fd uintptr) { settings, err = unix.IoctlGetTermios(int(fd), unix.TCGETS) }); failed != nil || err != nil {
		t.Fatalf("ask the terminal: %v, %v", failed, err)
	}
	return settings.Lflag&unix.ECHO != 0
}
