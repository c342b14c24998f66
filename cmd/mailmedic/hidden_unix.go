//go:build !windows

package main

import (
	"io"
	"os"
	"os/signal"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// hiddenLine is a question that is open on a terminal: nothing of what is typed appears.
type hiddenLine struct {
	fd     int
	before unix.Termios // the settings that the terminal is to have afterwards
	over   chan struct{}
	guard  sync.WaitGroup
}

// hide switches the echo off. It has to be before the question is there to be read: a
// password that is pasted, or sent by a program, comes right behind it. What was typed before
// it was meant for something else, as a second Enter is, and is dropped. Where the echo has to
// be switched off once more, because a shell had the terminal in between, ask asks again.
func hide(fd int, ask func()) (*hiddenLine, error) {
	before, err := unix.IoctlGetTermios(fd, getTerminal)
	if err != nil {
		return nil, err
	}
	h := &hiddenLine{fd: fd, before: *before, over: make(chan struct{})}
	s := newJobSignals()
	if err := h.quiet(); err != nil {
		s.off()
		return nil, err
	}
	h.guard.Go(func() { h.watch(s, ask) })
	return h, nil
}

// quiet switches the echo off. A shell may have changed the settings while the program stood
// still; one that hands the terminal back as it was leaves the echo off.
func (h *hiddenLine) quiet() error {
	now, err := unix.IoctlGetTermios(h.fd, getTerminal)
	if err != nil {
		return err
	}
	if now.Lflag&unix.ECHO != 0 {
		h.before = *now
	}
	now.Lflag = now.Lflag&^unix.ECHO | unix.ICANON | unix.ISIG
	now.Iflag |= unix.ICRNL
	return unix.IoctlSetTermios(h.fd, setAfresh, now)
}

// show ends the question: the terminal is as it was.
func (h *hiddenLine) show() {
	close(h.over)
	h.guard.Wait()
	h.restore()
}

func (h *hiddenLine) restore() { _ = unix.IoctlSetTermios(h.fd, setTerminal, &h.before) }

// watch puts the terminal in order before the process ends or stands still without asking
// anybody, and asks again when it goes on.
func (h *hiddenLine) watch(s *jobSignals, ask func()) {
	defer s.off()
	for {
		select {
		case <-s.quits: // Ctrl-\, at which Go's runtime ends the process without a word to anybody
			h.restore()
			signal.Reset(unix.SIGQUIT)
			_ = unix.Kill(unix.Getpid(), unix.SIGQUIT)
		case <-s.stops: // Ctrl-Z
			h.restore()
			s.stop()
			h.again(ask)
		case <-s.goesOn:
			h.again(ask)
		case <-h.over:
			return
		}
	}
}

func (h *hiddenLine) again(ask func()) {
	if h.quiet() == nil {
		ask()
	}
}

// jobSignals are those with which somebody in front of a shell handles a program.
type jobSignals struct{ quits, stops, goesOn chan os.Signal }

func newJobSignals() *jobSignals {
	s := &jobSignals{make(chan os.Signal, 1), make(chan os.Signal, 1), make(chan os.Signal, 1)}
	notifyUnlessIgnored(s.quits, unix.SIGQUIT)
	notifyUnlessIgnored(s.stops, unix.SIGTSTP)
	signal.Notify(s.goesOn, unix.SIGCONT)
	return s
}

func (s *jobSignals) off() {
	for _, c := range []chan os.Signal{s.quits, s.stops, s.goesOn} {
		signal.Stop(c)
	}
}

// stop lets the process stand still until it is told to go on. Go's runtime does not give
// SIGTSTP back, and SIGSTOP would stop also what nobody could bring back; SIGTTIN, which a
// program gets that reads in the background, does neither. It waits twice, because the first
// time may have passed while the process stood still, when the news that it goes on is still
// under way.
func (s *jobSignals) stop() {
	_ = unix.Kill(unix.Getpid(), unix.SIGTTIN)
	for range 2 {
		select {
		case <-s.goesOn:
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// notifyUnlessIgnored leaves a signal alone that the program was started without.
func notifyUnlessIgnored(c chan<- os.Signal, s os.Signal) {
	if !signal.Ignored(s) {
		signal.Notify(c, s)
	}
}

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
