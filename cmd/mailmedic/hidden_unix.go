//go:build !windows

package main

import (
	"io"
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// hiddenLine is a question that is open on a terminal: nothing of what is typed appears.
type hiddenLine struct {
	fd      int
	before  *unix.Termios
	callOff func()
}

// hide switches the echo off. It has to be before the question is there to be read: a
// password that is pasted, or sent by a program, comes right behind it. What was typed before
// it was meant for something else, as a second Enter is, and is dropped.
func hide(fd int) (*hiddenLine, error) {
	before, err := unix.IoctlGetTermios(fd, getTerminal)
	if err != nil {
		return nil, err
	}
	h := &hiddenLine{fd: fd, before: before}
	h.callOff = beforeQuit(h.restore)
	quiet := *before
	quiet.Lflag = quiet.Lflag&^unix.ECHO | unix.ICANON | unix.ISIG
	quiet.Iflag |= unix.ICRNL
	if err := unix.IoctlSetTermios(fd, setAfresh, &quiet); err != nil {
		h.callOff()
		return nil, err
	}
	return h, nil
}

// show ends the question: the terminal is as it was.
func (h *hiddenLine) show() {
	h.callOff()
	h.restore()
}

func (h *hiddenLine) restore() { _ = unix.IoctlSetTermios(h.fd, setTerminal, h.before) }

// read reads a line. It changes nothing on the terminal, because it may be left behind and
// get its turn when the question is long over. That of package term goes on for ever at the
// end of the input, which is a Ctrl-D away.
func (h *hiddenLine) read() ([]byte, error) {
	line := make([]byte, 0, longestPassword) // of its last size, so that no copy is left behind
	for {
		var key [1]byte
		n, err := unix.Read(h.fd, key[:])
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
