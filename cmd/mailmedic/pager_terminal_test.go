//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPagerOnATerminal: what is longer than the screen goes through the pager, whole and
// once; what is not, and what goes elsewhere, does not. The pager here leaves a mark, and
// what the terminal shows is the text and nothing else.
func TestPagerOnATerminal(t *testing.T) {
	for name, c := range map[string]struct {
		rows   int
		pager  string
		words  string
		paged  bool
		shown  string // is on the screen
		hidden string // is not
		env    []string
		code   int
	}{
		"a long page":               {20, "touch paged; cat", "explain MM303", true, "SOURCES", "", nil, 0},
		"in Norwegian":              {20, "touch paged; cat", "explain MM303 --lang nb", true, "FOR BRUKERSTØTTEN", "", nil, 0},
		"several pages":             {150, "touch paged; cat", "explain MM303 MM404", true, "MM404  ", "", nil, 0},
		"the list":                  {50, "touch paged; cat", "explain --list", true, "MM960  ", "", nil, 0},
		"a page that fits":          {200, "touch paged; cat", "explain MM303", false, "SOURCES", "", nil, 0},
		"JSON":                      {20, "touch paged; cat", "explain MM303 --json", false, `"sections"`, "", nil, 0},
		"an error":                  {1, "touch paged; cat", "explain MM999", false, "MM999", "IN SHORT", nil, 65},
		"quit on the first screen":  {20, "touch paged; head -n 3", "explain MM303", true, "IN SHORT", "SOURCES", nil, 0},
		"a pager that fails":        {20, "touch paged; cat; exit 3", "explain MM303", true, "SOURCES", "", nil, 0},
		"a pager that is not there": {20, "no-such-pager -R", "explain MM303", false, "SOURCES", "", nil, 0},
		"a file that is no program": {20, "./home", "explain MM303", false, "SOURCES", "", nil, 0},
		"cat":                       {20, "cat", "explain MM303", false, "SOURCES", "", nil, 0},
		"its flags":                 {20, `touch paged; echo "flags:$LESS"; cat`, "explain MM303", true, "flags:FRX", "", nil, 0},
		"the user's own flags":      {20, `touch paged; echo "flags:$LESS"; cat`, "explain MM303", true, "flags:-i", "FRX", []string{"LESS=-i"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sandboxed(t, nil)
			s.env = append(c.env, "PAGER="+c.pager)
			k := talkTo(s, c.rows, strings.Fields(c.words)...)
			k.end(c.code)
			shown := k.shown
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
	// It waits in sleeps, for a shell that is just about to read sees a signal only behind it.
	s.env = []string{`PAGER=trap 'n=$((n+1)); echo stopped search $n' INT; cat >/dev/null; echo ready; while [ "$((n))" != 2 ]; do sleep 0.01; done; read key </dev/tty; echo "the pager got $key"`}
	k := talkTo(s, 20, "explain", "MM303")
	k.say("ready", "\x03")
	k.say("stopped search 1", "\x03")
	k.say("stopped search 2", "q\n")
	k.see("the pager got q")
	k.end(0)
}
