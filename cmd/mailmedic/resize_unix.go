//go:build !windows

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// resizes tells when the screen changes its size, until stop is called.
func resizes() (changed <-chan os.Signal, stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGWINCH)
	return signals, func() { signal.Stop(signals) }
}

// standstills tells when the program goes on after it stood still, as with Ctrl-Z and fg,
// until stop is called.
func standstills() (over <-chan os.Signal, stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGCONT)
	return signals, func() { signal.Stop(signals) }
}
