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
		"twice":         {leak.Password + "\x03\x03", 130, false},
		"quit":          {leak.Password + "\x1c", 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, paths := pathsOf(t, "imap-993", "smtp-587")
			provider := provide(t, mailtest.Options{Profile: p, Users: theUser()})
			s := sandboxed(t, provider, paths...)
			k := talkTo(s, 30, append([]string{"check", "alice@runbox.com", "--write", "json=saved.json", "-vvv"}, s.doors...)...)
			k.say("skip the login test: ", c.keys)
			k.over()
			if got := k.cmd.ProcessState; got.ExitCode() != c.code && !(name == "quit" && fellOver(syscall.SIGQUIT, got)) {
				t.Errorf("got exit code %d (%s), want %d; the screen shows %d bytes", got.ExitCode(), got, c.code, len(k.shown))
			}
			s.look("the screen", strings.ReplaceAll(k.shown, "\x1b", ""))
			if ok := slices.ContainsFunc(provider.Logins(), func(a mailtest.Attempt) bool { return a.OK }); ok != c.ok {
				t.Errorf("the servers saw %+v, want a login that was accepted: %t", provider.Logins(), c.ok)
			}
			s.search()
		})
	}
}

// TestCanaryInTheBackground presses Ctrl-Z at the question for the password. The shell has a
// terminal that shows what is typed, and the program one that does not when it goes on.
func TestCanaryInTheBackground(t *testing.T) {
	for name, c := range map[string]struct{ script, between string }{
		"a shell":                 {`set -m; "$0" "$@"; echo "stopped with $?"; read x; fg`, "stopped with 1"},
		"a shell with settings":   {`set -m; "$0" "$@"; echo "stopped with $?"; read x; stty sane; fg`, "stopped with 1"},
		"nobody to bring it back": {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, paths := pathsOf(t, "imap-993", "smtp-587")
			provider := provide(t, mailtest.Options{Profile: p, Users: theUser()})
			s := sandboxed(t, provider, paths...)
			k := talkThrough(s, c.script, 30, append([]string{"check", "alice@runbox.com"}, s.doors...)...)
			k.say("skip the login test: ", "half\x1a")
			if c.between != "" {
				k.see(c.between)
				k.say("", "typed to the shell\n")
				k.see("typed to the shell")
			}
			k.say("skip the login test: ", leak.Password+"\n")
			k.end(0)
			if strings.Contains(k.shown, "half") {
				t.Errorf("the password appeared where it was typed:\n%s", k.shown)
			}
			s.look("the screen", strings.ReplaceAll(k.shown, "\x1b", ""))
			if !slices.ContainsFunc(provider.Logins(), func(a mailtest.Attempt) bool { return a.OK }) {
				t.Errorf("the servers saw %+v, want a login that was accepted", provider.Logins())
			}
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
			if got := cmd.ProcessState.ExitCode(); got != c.code && !fellOver(c.signal, cmd.ProcessState) || !strings.Contains(errors.String(), c.says) {
				t.Errorf("got exit code %d (%s) and %.200q, want %d and %q", got, cmd.ProcessState, errors.String(), c.code, c.says)
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

// fellOver tells whether Go's runtime died of what it did at Ctrl-\: it looks at the stacks of
// goroutines that go on meanwhile, and of some hundred times one ends in a segmentation fault.
func fellOver(sent syscall.Signal, state *os.ProcessState) bool {
	status, ok := state.Sys().(syscall.WaitStatus)
	return ok && sent == syscall.SIGQUIT && status.Signaled() && status.Signal() == syscall.SIGSEGV
}
