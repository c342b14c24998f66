package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/urfave/cli/v2"

	"mailmedic/checks/say"
	"mailmedic/probe"
)

// The limits of a password source: long enough for a key manager that asks its own
// question, and for any password that a server would take.
const (
	commandTime     = 10 * time.Second
	longestPassword = 4096 // bytes
	lineEnds        = 8    // more than what is cut off a line
)

// Why a run without a login is one; the report repeats it.
const (
	noLoginAsked = "--no-login was given"
	noPassword   = "no password was given"
)

// passwordFlags are the sources of every command that logs in; at most one may be used.
func passwordFlags() []string {
	return []string{"password-file", "password-stdin", "password-command"}
}

// password gets the password from the source on the command line, or asks for it if
// nobody named one and there is somebody to ask. The second result says why there is
// to be no login, and is empty when there is a password.
func (p *program) password(c *cli.Context, who string, stored held) (probe.Secret, string, error) {
	named, err := passwordSources(c)
	if err != nil {
		return probe.Secret{}, "", err
	}
	if c.Bool("no-login") {
		return probe.Secret{}, noLoginAsked, nil // a source beside it is not even read
	}
	if c.Bool("dry-run") {
		if len(named) == 0 && !p.interactive(c) {
			return probe.Secret{}, noPassword, nil
		}
		return probe.Secret{}, "", nil
	}
	secret, err := p.readPassword(c, who, stored)
	if err == nil && secret.Empty() {
		return secret, noPassword, nil
	}
	return secret, "", err
}

// passwordSources lists the sources that are named on the command line: none, or one.
func passwordSources(c *cli.Context) ([]string, error) {
	var named []string
	for _, flag := range append(passwordFlags(), "use-client-password") {
		if c.IsSet(flag) {
			named = append(named, "--"+flag)
		}
	}
	if len(named) > 1 {
		return nil, usage("Give one of them.", "%s are two sources for one password.", say.List(named))
	}
	return named, nil
}

// readPassword reads from the one source that was named.
func (p *program) readPassword(c *cli.Context, who string, stored held) (probe.Secret, error) {
	switch {
	case c.IsSet("password-file"):
		name := c.String("password-file")
		return patiently(c.Context, say.With("the file %s", visible(name)), func() (probe.Secret, error) { return passwordFile(name) })
	case c.Bool("password-stdin") && !p.io.terminal(p.io.in):
		return patiently(c.Context, "standard input", func() (probe.Secret, error) { return firstLine(p.io.in, "standard input") })
	case c.Bool("use-client-password"):
		return p.clientPassword(c.Context, stored)
	case c.IsSet("password-command"):
		return passwordCommand(c.Context, c.String("password-command"))
	case c.Bool("password-stdin"), p.interactive(c):
		return p.askPassword(c.Context, who)
	}
	return probe.Secret{}, nil
}

// patiently reads from a source that may be a pipe to which nobody writes, until Ctrl-C or,
// for a monitor, the end of its time.
func patiently(ctx context.Context, source say.Text, read func() (probe.Secret, error)) (probe.Secret, error) {
	secret, err := wait(ctx, read)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return probe.Secret{}, fail(exitPassword, "Put the password alone on the first line.", "The password cannot be read from %s.", source)
	case ctx.Err() != nil:
		return probe.Secret{}, stopped()
	}
	return secret, err
}

// passwordFile reads the first line of a file.
func passwordFile(name string) (probe.Secret, error) {
	f, err := os.Open(name)
	if err != nil {
		return probe.Secret{}, unreadable(name, err)
	}
	defer f.Close()
	return firstLine(f, say.With("the file %s", visible(name)))
}

// unreadable tells which file cannot be read. What is no file is not repeated: people write
// the password itself there.
func unreadable(name string, err error) error {
	if _, wrong := os.Stat(name); wrong != nil {
		return fail(exitPassword, "Put the password alone on the first line of a file, and the file's name behind the flag.", "The file that --password-file names is not there.")
	}
	return fail(exitPassword, "Put the password alone on its first line.", "The password file %s cannot be read: %s.", visible(name), plain(err))
}

// firstLine takes the first line without its end, and without the mark that some
// editors put at the start of a file. Blanks belong to the password.
func firstLine(r io.Reader, source say.Text) (probe.Secret, error) {
	line, err := bufio.NewReader(io.LimitReader(r, longestPassword+lineEnds)).ReadBytes('\n')
	defer clear(line)
	if err != nil && err != io.EOF {
		return probe.Secret{}, fail(exitPassword, "Put the password alone on the first line.", "The password cannot be read from %s.", source)
	}
	password := bytes.TrimPrefix(bytes.TrimRight(line, "\r\n"), []byte("\ufeff"))
	if len(password) > longestPassword {
		return probe.Secret{}, fail(exitPassword, "Put the password alone on the first line.", "The first line of %s is too long for a password.", source)
	}
	if len(password) == 0 {
		return probe.Secret{}, fail(exitPassword, "Put the password alone on the first line.", "No password stands on the first line of %s.", source)
	}
	return probe.NewSecret(password), nil
}

// passwordCommand runs a command and takes the first line that it prints. What it
// prints is never shown, not even when it fails: it may be half of a password. It finds
// what is given in its environment, beside what is there.
func passwordCommand(ctx context.Context, command string, environment ...string) (probe.Secret, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	shell, option := "sh", "-c"
	if runtime.GOOS == "windows" {
		shell, option = "cmd", "/C"
	}
	cmd := exec.CommandContext(ctx, shell, option, command)
	cmd.Env = append(os.Environ(), environment...)
	cmd.WaitDelay = time.Second // a child that outlives the shell must not hold the pipe open
	out, err := cmd.Output()
	defer clear(out)
	var status *exec.ExitError
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return probe.Secret{}, fail(exitPassword, "It must not ask questions; its input is closed.", "The password command did not end within %s.", commandTime)
	case ctx.Err() != nil:
		return probe.Secret{}, stopped()
	case errors.As(err, &status):
		return probe.Secret{}, fail(exitPassword, "Run it by itself to see why.", "The password command failed with exit code %d.", status.ExitCode())
	case err != nil:
		return probe.Secret{}, fail(exitPassword, "Run it by itself to see why.", "The password command cannot be run.")
	}
	return firstLine(bytes.NewReader(out), "the password command's output")
}

// askPassword asks on the terminal. Nothing appears while it is typed; Enter skips.
func (p *program) askPassword(ctx context.Context, who string) (probe.Secret, error) {
	return p.hiddenAnswer(ctx, p.speak.Say("Password for %s (nothing appears while you type).\nPress Enter to skip the login test:", visible(who)))
}

// hiddenAnswer asks for what nobody may see.
func (p *program) hiddenAnswer(ctx context.Context, question string) (probe.Secret, error) {
	typed, err := p.typeHidden(ctx, question)
	if ctx.Err() != nil {
		return probe.Secret{}, stopped()
	}
	defer clear(typed)
	return probe.NewSecret(typed), err
}

// typeHidden reads a line while the echo is off. Whatever ends it, the terminal is as it was
// before the next thing happens.
func (p *program) typeHidden(ctx context.Context, question string) ([]byte, error) {
	defer holdStops()()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	ask := func() { p.io.ask(question) }
	h, err := hide(int(p.io.in.Fd()), ask)
	if err != nil {
		return nil, fail(exitPassword, "Use --password-file or --password-command.", "The terminal cannot be asked for a password.")
	}
	defer fmt.Fprintln(p.io.err)
	defer h.show()
	ask()
	typed, err := wait(ctx, h.read)
	if err != nil && err != io.EOF && ctx.Err() == nil {
		clear(typed)
		return nil, fail(exitPassword, "Use --password-file or --password-command.", "The password cannot be read from the terminal.")
	}
	return typed, nil
}

// askAddress asks for the address on the terminal.
func (p *program) askAddress(ctx context.Context) (string, error) {
	p.io.ask(p.speak.Say("Your email address:"))
	line, err := wait(ctx, func() (string, error) { return bufio.NewReader(p.io.in).ReadString('\n') })
	if ctx.Err() != nil {
		fmt.Fprintln(p.io.err)
		return "", stopped()
	}
	if err != nil && err != io.EOF {
		return "", fail(exitUsage, addressExample, "The address cannot be read from the terminal.")
	}
	return line, nil
}

// wait reads from a terminal until Ctrl-C: such a read cannot be interrupted, so it
// is left behind, and the process ends soon after.
func wait[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		value, err := read()
		answers <- answer{value, err}
	}()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// stopNotice is what somebody who pressed Ctrl-C wants to know.
const stopNotice = "Stopped. Nothing was changed."

func stopped() error { return fail(exitStopped, "", stopNotice) }
