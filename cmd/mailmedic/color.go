package main

import (
	"runtime"
	"strconv"
	"strings"
)

// lookup reads one environment variable; empty means not set.
type lookup func(name string) string

// colored decides for one stream whether it gets colour. The first rule that speaks
// wins: --color, NO_COLOR (https://no-color.org), CLICOLOR_FORCE and FORCE_COLOR,
// TERM=dumb, CLICOLOR=0, and at last whether the stream is a terminal.
func colored(choice string, env lookup, terminal bool) bool {
	switch {
	case choice == "always":
		return true
	case choice == "never", env("NO_COLOR") != "":
		return false
	case forces(env("CLICOLOR_FORCE")), forces(env("FORCE_COLOR")):
		return true
	case env("TERM") == "dumb", env("CLICOLOR") == "0":
		return false
	}
	return terminal
}

func forces(value string) bool {
	return value != "" && value != "0" && !strings.EqualFold(value, "false")
}

// ascii tells whether a stream gets plain ASCII: always when the locale is not UTF-8.
// Windows has no locale variables; its console takes UTF-8, what reads a pipe there
// often does not.
func ascii(env lookup, system string, terminal bool) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := env(name); locale != "" {
			locale = strings.ToLower(locale)
			return !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8")
		}
	}
	return system != "windows" || !terminal
}

// fallbackWidth is the width of a stream that has none.
const fallbackWidth = 80

// width is how many columns a stream has: COLUMNS, then the terminal's own answer
// (0 where there is none).
func width(env lookup, columns int) int {
	if n, err := strconv.Atoi(env("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if columns > 0 {
		return columns
	}
	return fallbackWidth
}

// stream is what a renderer must know about the place it writes to.
type stream struct {
	color bool
	ascii bool
	width int

	terminal bool   // it is the user's screen
	before   []byte // what a file held until now
}

// stdout describes standard output for the flag --color.
func (io stdio) stdout(choice string) stream {
	terminal := io.terminal(io.out)
	return stream{
		color: colored(choice, io.env, terminal),
		ascii: ascii(io.env, runtime.GOOS, terminal),
		width: io.columns(io.out),

		terminal: terminal,
	}
}

// file describes a file: UTF-8, and no colour unless it was asked for.
func (io stdio) file(choice string) stream {
	return stream{color: choice == "always", width: fallbackWidth}
}
