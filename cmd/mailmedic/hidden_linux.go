package main

import "golang.org/x/sys/unix"

// The requests that ask a terminal for its settings and change them, ioctl_tty(2).
const (
	getTerminal = unix.TCGETS
	setTerminal = unix.TCSETS
	setAfresh   = unix.TCSETSF // and drops what was typed so far
)
