package main

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"

	"golang.org/x/term"
)

// defaultPager is the pager where PAGER is not set.
const defaultPager = "less"

// page shows a text to somebody who reads it from its beginning: in a pager if standard
// output is a terminal that it is too long for, else as say does.
func (io stdio) page(text string) error {
	text = fold(text, io.columns(io.out))
	command := pager(os.LookupEnv, io.env("TERM") == "dumb")
	if command == "" || !io.tooLong(text) || !io.through(command, text) {
		return io.print([]byte(text))
	}
	return nil
}

// tooLong tells whether a text would roll off the terminal, on which the prompt comes to
// stand below it. Nothing is too long for a file or a pipe.
func (io stdio) tooLong(text string) bool {
	_, rows, err := term.GetSize(int(io.out.Fd()))
	return err == nil && io.terminal(io.out) && strings.Count(text, "\n") >= rows
}

// pager is the command that shows long texts, or empty for none: that is what an empty
// PAGER and "cat" ask for, and what a terminal needs that can only print.
func pager(env func(string) (string, bool), dumb bool) string {
	command, set := env("PAGER")
	command = strings.TrimSpace(command)
	switch {
	case dumb, command == "cat":
		return ""
	case set:
		return command
	}
	if _, err := exec.LookPath(defaultPager); err != nil {
		return "" // nobody asked for it, so nobody need hear that it is not there
	}
	return defaultPager
}

// through sends a text through a pager and tells whether that could be started. Somebody
// who quits it in the middle has read enough. PAGER is a line for the shell, as it is for
// git and man: "less -i" is common, and the variable is as much the user's own as the
// command line.
func (io stdio) through(command, text string) bool {
	// Ctrl-C is for the pager, which stops a search with it. This process must outlive it,
	// or the shell and the pager would both read the keys.
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)

	cmd := exec.Command("sh", "-c", command)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(text), io.out, io.err
	// Of two values of a variable the last one counts, which is the user's own: without it,
	// less ends at once on a text that fits after all, leaves what was read on the screen,
	// and knows that æ is a letter where the locale says nothing about it.
	cmd.Env = append([]string{"LESS=FRX", "LESSCHARSET=utf-8"}, os.Environ()...)
	err := cmd.Run()
	var ended *exec.ExitError
	if !errors.As(err, &ended) {
		return err == nil
	}
	// What a shell answers for a command that is not there, or is none (POSIX, 2.8.2).
	return !slices.Contains([]int{126, 127}, ended.ExitCode())
}
