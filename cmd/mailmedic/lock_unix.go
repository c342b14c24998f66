//go:build !windows

package main

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// lock takes a file for this process, and tells whether another one has it. The system gives
// it back when the process ends, however it ends. Where a file system has no locks, nobody
// has it.
func lock(f *os.File) (taken bool) {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	return errors.Is(err, unix.EWOULDBLOCK)
}
