//go:build !windows

package main

import (
	"errors"
	"syscall"
)

// readerGone tells whether nobody reads the other end of a pipe any more.
func readerGone(err error) bool { return errors.Is(err, syscall.EPIPE) }
