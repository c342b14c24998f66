//go:build !windows

package main

import (
	"io"
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// readHidden reads a line of a terminal while nothing of what is typed appears. That of
// package term goes on for ever at the end of the input, which is a Ctrl-D away.
func readHidden(fd int) ([]byte, error) {
	before, err := unix.IoctlGetTermios(fd, getTerminal)
	if err != nil {
		return nil, err
	}
	quiet := *before
	quiet.Lflag = quiet.Lflag&^unix.ECHO | unix.ICANON | unix.ISIG
	quiet.Iflag |= unix.ICRNL
	if err := unix.IoctlSetTermios(fd, setTerminal, &quiet); err != nil {
		return nil, err
	}
	defer unix.IoctlSetTermios(fd, setTerminal, before)
	defer beforeQuit(func() { unix.IoctlSetTermios(fd, setTerminal, before) })()
	line := make([]byte, 0, longestPassword) // of its last size, so that no copy is left behind
	for {
		var key [1]byte
		n, err := unix.Read(fd, key[:])
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return line, err
		case n == 0:
			return line, io.EOF
		case key[0] == '\n':
			return line, nil
		case len(line) < cap(line):
			line = append(line, key[0])
		}
	}
}

// beforeQuit puts things in order when somebody presses Ctrl-\, at which Go's runtime ends
// the process without a word to anybody. The function that it returns calls it off.
func beforeQuit(restore func()) (off func()) {
	quits, over := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(quits, unix.SIGQUIT)
	go func() {
		select {
		case <-quits:
			restore()
			signal.Reset(unix.SIGQUIT)
			_ = unix.Kill(unix.Getpid(), unix.SIGQUIT)
		case <-over:
		}
	}()
	return func() {
		signal.Stop(quits)
		close(over)
	}
}
