package main

import (
	"golang.org/x/sys/windows"
	"golang.org/x/term"
)

// hiddenLine is a question that is open on a console: nothing of what is typed appears.
type hiddenLine struct {
	fd     int
	before uint32 // the console's mode
}

// hide switches the echo off before the question is there to be read, and drops what was
// typed until then. A console is never taken away from a program, so that nothing has to be
// asked again.
func hide(fd int, _ func()) (*hiddenLine, error) {
	h := &hiddenLine{fd: fd}
	if err := windows.GetConsoleMode(windows.Handle(fd), &h.before); err != nil {
		return nil, err
	}
	_ = windows.FlushConsoleInputBuffer(windows.Handle(fd)) // without it a question may be answered too early, no more
	return h, windows.SetConsoleMode(windows.Handle(fd), h.before&^windows.ENABLE_ECHO_INPUT)
}

// show ends the question: the console is as it was.
func (h *hiddenLine) show() { _ = windows.SetConsoleMode(windows.Handle(h.fd), h.before) }

// read reads a line.
func (h *hiddenLine) read() ([]byte, error) { return term.ReadPassword(h.fd) }
