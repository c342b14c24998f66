//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailmedic/probe"
)

// TestProgressLive changes the size of the screen while a port is waited for. Nothing of what
// was drawn remains, and nothing that was there before is missing.
func TestProgressLive(t *testing.T) {
	t.Parallel()
	k := talkTo(sandboxed(t, nil), 30, "demo", "port-25-blocked", "--timeout", "6s")
	k.see("Port 993: ")
	k.see("Port 25: reaching the server.")
	k.see("Tested 5 of 6 ports")
	k.resize(24, 30)
	k.see("Port 25: reaching the\x1b[K")
	k.resize(50, 4) // too low for a line each
	k.see("A  Tested 5 of 6 ports")
	k.resize(80, 30)
	k.see("So far: ")
	k.see("port 25.")
	k.see("Waiting for port 25, gives up at 6 s.")
	left := k.end(1)
	unspoilt(t, left)
	if !strings.HasPrefix(left, "So far: ") || strings.Count(left, "So far: ") != 1 {
		t.Errorf("want what is known early above the report, once:\n%s", left)
	}
}

// TestProgressInTheBackground presses Ctrl-Z while a port is waited for. What stands on the
// screen then, and what the shell adds, is not drawn over when the program goes on.
func TestProgressInTheBackground(t *testing.T) {
	t.Parallel()
	k := talkThrough(sandboxed(t, nil), `set -m; "$0" "$@"; read x; sleep 1.2; fg`, 30, "demo", "port-25-blocked", "--timeout", "6s")
	k.see("Tested 5 of 6 ports")
	k.say("", "\x1a")
	k.say("^Z", "first typed to the shell\n")
	k.see("first typed to the shell")
	k.see("Waiting for port 25, gives up at 6 s.")
	left := k.end(1)
	if !strings.Contains(left, "first typed to the shell") || !strings.Contains(left, "MM303") {
		t.Errorf("want what the shell wrote, and the report:\n%s", left)
	}
}

// TestProgressStops presses Ctrl-C while a port is waited for.
func TestProgressStops(t *testing.T) {
	t.Parallel()
	k := talkTo(sandboxed(t, nil), 30, "demo", "port-25-blocked")
	k.say("Tested 5 of 6 ports", "\x03")
	left := k.end(130)
	unspoilt(t, left)
	for _, want := range []string{"UNSURE  You stopped the test.", "Stopped. Nothing was changed."} {
		if !strings.Contains(left, want) {
			t.Errorf("the screen lacks %q:\n%s", want, left)
		}
	}
}

// TestProgressStyle decides by what standard error is and by what the environment says.
func TestProgressStyle(t *testing.T) {
	s := sandboxed(t, nil)
	for name, c := range map[string]struct {
		words   []string
		env     []string
		drawn   bool
		started bool
	}{
		"auto":                     {nil, nil, true, false},
		"none":                     {[]string{"--progress", "none"}, nil, false, false},
		"plain":                    {[]string{"--progress=plain"}, nil, false, true},
		"live on a build machine":  {[]string{"--progress", "live"}, []string{"CI=1"}, true, false},
		"a build machine":          {nil, []string{"CI=1"}, false, false},
		"a dumb terminal":          {nil, []string{"TERM=dumb"}, false, false},
		"a screen that is read":    {nil, []string{"ACCESSIBLE=1"}, false, true},
		"quiet":                    {[]string{"-q"}, nil, false, false},
		"quiet, whatever was said": {[]string{"-q", "--progress", "live"}, nil, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			one := *s
			one.t, one.env = t, c.env
			k := talkTo(&one, 30, append([]string{"demo"}, c.words...)...)
			left := k.end(0)
			if drawn := strings.Contains(k.shown, "\x1b[J"); drawn != c.drawn {
				t.Errorf("something was drawn over: %t, want %t: %q", drawn, c.drawn, k.shown)
			}
			if started := strings.Contains(left, "Port 993: started.\n"); started != c.started {
				t.Errorf("a line for a port that was begun: %t, want %t:\n%s", started, c.started, left)
			}
		})
	}
}

// TestProgressPlain reads the lines as a pipe gets them.
func TestProgressPlain(t *testing.T) {
	t.Parallel()
	s := sandboxed(t, nil)
	got := s.run("", "demo", "port-25-blocked", "--progress", "plain")
	for _, want := range []string{"Port 25: started.\n", "Port 993: ended, 0.", "Port 25: ended, 3."} {
		if strings.Count(got.err, want) != 1 {
			t.Errorf("want %q once in\n%s", want, got.err)
		}
	}
	if strings.ContainsAny(got.err, "\r\x1b") || got.code != 1 {
		t.Errorf("got exit code %d and %q, want 1 and nothing that moves a cursor", got.code, got.err)
	}
	if silent := s.run("", "demo"); silent.err != "" {
		t.Errorf("got %q on standard error that nobody looks at, want nothing", silent.err)
	}
	if wrong := s.run("", "demo", "--progress", "lvie"); wrong.code != 64 || !strings.Contains(wrong.err, "Did you mean live?") {
		t.Errorf("got exit code %d and %q, want 64 and the nearest word", wrong.code, wrong.err)
	}
}

// TestProgressBeats says every 15 seconds what is still waited for.
func TestProgressBeats(t *testing.T) {
	name := filepath.Join(t.TempDir(), "err")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	began := time.Now()
	b := &progress{io: stdio{err: f}, style: progressPlain, began: began, beat: began, paths: []onPath{
		{id: "imap-993", port: 993, stage: "tls"}, {id: "smtp-587", port: 587, stage: "done", done: true, over: began.Add(time.Second)}, {id: "smtp-25", port: 25, stage: "tcp"},
	}}
	for _, at := range []int{1, 14, 15, 16, 29, 31} {
		b.line(began.Add(time.Duration(at) * time.Second))
	}
	b.paths[0].done, b.paths[0].over = true, began.Add(40*time.Second)
	b.line(began.Add(47 * time.Second))
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	const want = `Port 993: started.
Port 587: started.
Port 587: ended, 1.0 s.
Port 25: started.
Still waiting for ports 993 and 25, 15 s. Tested 1 of 3.
Still waiting for ports 993 and 25, 31 s. Tested 1 of 3.
Port 993: ended, 40.0 s.
Still waiting for port 25, 47 s. Tested 2 of 3.
`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestProgressWhileTyping tells of a port that ended while somebody typed the time that it took,
// and not theirs.
func TestProgressWhileTyping(t *testing.T) {
	name := filepath.Join(t.TempDir(), "err")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := &progress{io: stdio{err: f}, style: progressPlain, hidden: true, began: time.Now(), paths: []onPath{{id: "imap-993", port: 993}}}
	b.event(probe.Event{Path: "imap-993", Stage: "done"})
	b.began, b.paths[0].over = b.began.Add(-time.Minute), b.paths[0].over.Add(-time.Minute) // they type for a minute
	b.show()
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(got), "Port 993: ended, 0.") {
		t.Errorf("got %q, want the time that the port took, less than a second", got)
	}
}
