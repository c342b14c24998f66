package main

import (
	"errors"
	"syscall"
)

// errorNoData is ERROR_NO_DATA of winerror.h: the pipe is being closed.
const errorNoData syscall.Errno = 232

// readerGone tells whether nobody reads the other end of a pipe any more.
func readerGone(err error) bool {
	return errors.Is(err, syscall.ERROR_BROKEN_PIPE) || errors.Is(err, errorNoData)
}
