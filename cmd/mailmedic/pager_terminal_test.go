//go:build linux

package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestPagerOnATerminal: what is longer than the screen goes through the pager, whole and
// once; what is not, and what goes elsewhere, does not. The pager here leaves a mark, and
// what the terminal shows is the text and nothing else.
func TestPagerOnATerminal(t *testing.T) {
	for name, c := range map[string]struct {
		rows   uint16
		pager  string
		words  string
		paged  bool
		shown  string // is on the screen
		hidden string // is not
		env    []string
	}{
		"a long page":               {20, "touch paged; cat", "explain MM303", true, "SOURCES", "", nil},
		"in Norwegian":              {20, "touch paged; cat", "explain MM303 --lang nb", true, "FOR BRUKERSTØTTEN", "", nil},
		"several pages":             {150, "touch paged; cat", "explain MM303 MM404", true, "MM404  ", "", nil},
		"the list":                  {50, "touch paged; cat", "explain --list", true, "MM960  ", "", nil},
		"a page that fits":          {200, "touch paged; cat", "explain MM303", false, "SOURCES", "", nil},
		"JSON":                      {20, "touch paged; cat", "explain MM303 --json", false, `"sections"`, "", nil},
		"an error":                  {1, "touch paged; cat", "explain MM999", false, "MM999", "IN SHORT", nil},
		"quit on the first screen":  {20, "touch paged; head -n 3", "explain MM303", true, "IN SHORT", "SOURCES", nil},
		"a pager that fails":        {20, "touch paged; cat; exit 3", "explain MM303", true, "SOURCES", "", nil},
		"a pager that is not there": {20, "no-such-pager -R", "explain MM303", false, "SOURCES", "", nil},
		"a file that is no program": {20, "./home", "explain MM303", false, "SOURCES", "", nil},
		"cat":                       {20, "cat", "explain MM303", false, "SOURCES", "", nil},
		"its flags":                 {20, `touch paged; echo "flags:$LESS"; cat`, "explain MM303", true, "flags:FRX", "", nil},
		"the user's own flags":      {20, `touch paged; echo "flags:$LESS"; cat`, "explain MM303", true, "flags:-i", "FRX", []string{"LESS=-i"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sandboxed(t, nil)
			s.env = append(c.env, "PAGER="+c.pager)
			shown := onScreen(t, s, c.rows, strings.Fields(c.words)...)
			if _, err := os.Stat(filepath.Join(s.dir, "paged")); (err == nil) != c.paged {
				t.Errorf("it went through the pager: %t, want %t", err == nil, c.paged)
			}
			if strings.Count(shown, c.shown) != 1 {
				t.Errorf("got %q %d times, want it once in\n%s", c.shown, strings.Count(shown, c.shown), shown)
			}
			if c.hidden != "" && strings.Contains(shown, c.hidden) {
				t.Errorf("got %q, which the pager did not show, in\n%s", c.hidden, shown)
			}
		})
	}
}

// TestPagerHasTheKeys: Ctrl-C is the pager's, and mailmedic ends when the pager does.
func TestPagerHasTheKeys(t *testing.T) {
	t.Parallel()
	s := sandboxed(t, nil)
	s.env = []string{`PAGER=trap 'echo stopped a search' INT; cat >/dev/null; echo ready; while read key </dev/tty; [ "$key" != q ]; do :; done; echo "the pager got $key"`}
	shown := onScreen(t, s, 20, "explain", "MM303")
	for _, want := range []string{"stopped a search", "the pager got q"} {
		if !strings.Contains(shown, want) {
			t.Errorf("got\n%s\nwant it to show %q", shown, want)
		}
	}
}

// onScreen runs the program on a terminal of so many rows to its end and returns what was
// shown. At "ready" it presses Ctrl-C twice, and then q.
func onScreen(t *testing.T, s *sandbox, rows uint16, words ...string) string {
	t.Helper()
	screen, terminal, err := pseudoterminal()
	if err != nil {
		t.Fatalf("open a terminal: %v", err)
	}
	defer screen.Close()
	if err := unix.IoctlSetWinsize(int(terminal.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: rows, Col: 80}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), longestRun)
	defer cancel()
	cmd := s.command(ctx, words...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	err = cmd.Start()
	terminal.Close()
	if err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer
	buffer := make([]byte, 4096)
	keys := []struct{ cue, keys string }{{"ready", "\x03"}, {"stopped", "\x03"}, {"stopped", "q\n"}}
	from := 0
	for {
		n, err := screen.Read(buffer)
		shown.Write(buffer[:n])
		if len(keys) > 0 && bytes.Contains(shown.Bytes()[from:], []byte(keys[0].cue)) {
			from = shown.Len()
			if _, err := screen.WriteString(keys[0].keys); err != nil {
				t.Error(err)
			}
			keys = keys[1:]
		}
		if err != nil {
			break // the program has ended and closed the terminal
		}
	}
	if err := cmd.Wait(); err != nil && words[1] != "MM999" {
		t.Errorf("%q: %v", words, err)
	}
	return shown.String()
}
