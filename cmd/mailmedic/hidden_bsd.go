//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package main

import "golang.org/x/sys/unix"

// The requests that ask a terminal for its settings and change them, termios(4).
const (
	getTerminal = unix.TIOCGETA
	setTerminal = unix.TIOCSETA
	setAfresh   = unix.TIOCSETAF // and drops what was typed so far
)
