//go:build linux

package main

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// talk is the program on a terminal, and somebody in front of it.
type talk struct {
	t        *testing.T
	ctx      context.Context
	cmd      *exec.Cmd
	screen   *os.File // the person's side
	terminal *os.File // the program's side, kept to ask in the end what was set on it
	chunks   chan string
	shown    string // everything, with what moves the cursor
	from     int    // of shown, what nothing was typed at yet
	display  *display
}

// talkTo runs the program in a sandbox on a terminal of 80 columns.
func talkTo(s *sandbox, rows int, words ...string) *talk {
	s.t.Helper()
	return talkThrough(s, "", rows, words...)
}

// talkThrough does so in a shell, whose script finds the program and its words in "$0" "$@".
func talkThrough(s *sandbox, script string, rows int, words ...string) *talk {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), longestRun)
	s.t.Cleanup(cancel)
	screen, terminal, err := pseudoterminal()
	if err != nil {
		s.t.Fatalf("open a terminal: %v", err)
	}
	k := &talk{t: s.t, ctx: ctx, screen: screen, terminal: terminal, chunks: make(chan string), display: &display{width: 80}}
	s.t.Cleanup(func() { screen.Close(); terminal.Close() })
	k.resize(80, rows)
	k.cmd = s.command(ctx, words...)
	if script != "" {
		k.cmd.Path, k.cmd.Args = "/bin/sh", append([]string{"sh", "-c", script}, k.cmd.Args...)
	}
	k.cmd.Stdin, k.cmd.Stdout, k.cmd.Stderr = terminal, terminal, terminal
	k.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := k.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() {
		defer close(k.chunks)
		buffer := make([]byte, 4096)
		for {
			n, err := screen.Read(buffer)
			if n > 0 {
				select {
				case k.chunks <- string(buffer[:n]):
				case <-ctx.Done():
				}
			}
			if err != nil {
				return
			}
		}
	}()
	return k
}

// see waits for the text to come up behind what was typed last.
func (k *talk) see(text string) {
	k.t.Helper()
	for {
		if at := strings.Index(k.shown[k.from:], text); at >= 0 {
			k.from += at + len(text)
			return
		}
		select {
		case chunk, more := <-k.chunks:
			if !more {
				k.t.Fatalf("it ended before %q came up; it showed\n%s", text, k.shown)
			}
			k.take(chunk)
		case <-k.ctx.Done():
			k.t.Fatalf("%q did not come up; it showed\n%s", text, k.shown)
		}
	}
}

func (k *talk) take(chunk string) {
	k.shown += chunk
	k.display.write(chunk)
}

// say waits for a question and types an answer.
func (k *talk) say(question, answer string) {
	k.t.Helper()
	k.see(question)
	if _, err := k.screen.WriteString(answer); err != nil {
		k.t.Error(err)
	}
}

// resize makes the terminal another one, of which the kernel tells the program.
func (k *talk) resize(columns, rows int) {
	k.t.Helper()
	raw, err := k.screen.SyscallConn()
	if err != nil {
		k.t.Fatal(err)
	}
	size := &unix.Winsize{Row: uint16(rows), Col: uint16(columns)}
	if failed := raw.Control(func(fd uintptr) { err = unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, size) }); failed != nil || err != nil {
		k.t.Fatalf("resize the terminal: %v, %v", failed, err)
	}
	k.display.width = columns
}

// end waits for the program to end and returns what is left on the screen then.
func (k *talk) end(code int) (left string) {
	k.t.Helper()
	left = k.over()
	if got := k.cmd.ProcessState.ExitCode(); got != code {
		k.t.Errorf("got exit code %d, want %d; it showed\n%s", got, code, left)
	}
	return left
}

// over is end whatever the exit code is.
func (k *talk) over() (left string) {
	k.t.Helper()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = k.cmd.Wait() // the exit code tells
	}()
	for running := true; running; {
		select {
		case chunk := <-k.chunks:
			k.take(chunk)
		case <-ended:
			running = false
		}
	}
	if !echoes(k.t, k.screen) {
		k.t.Error("the terminal still hides what is typed")
	}
	k.terminal.Close()
	for chunk := range k.chunks {
		k.take(chunk)
	}
	return k.display.String()
}

// echoes tells whether a terminal shows what is typed.
func echoes(t *testing.T, screen *os.File) (shows bool) {
	t.Helper()
	raw, err := screen.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var settings *unix.Termios
	if failed := raw.Control(func(fd uintptr) { settings, err = unix.IoctlGetTermios(int(fd), unix.TCGETS) }); failed != nil || err != nil {
		t.Fatalf("ask the terminal: %v, %v", failed, err)
	}
	return settings.Lflag&unix.ECHO != 0
}

// display is what is on a screen: as much of ECMA-48 as mailmedic uses, on a terminal that
// breaks its lines anew when its width changes. It never scrolls anything away.
type display struct {
	width    int
	lines    [][]rune
	row, col int // the cursor, in lines that are not broken
	rest     string
}

var control = regexp.MustCompile(`^\x1b\[([0-9;]*)([A-Za-z])`)

func (d *display) write(text string) {
	text = d.rest + text
	d.rest = ""
	for text != "" {
		if d.row >= len(d.lines) {
			d.lines = append(d.lines, nil)
			continue
		}
		if text[0] == '\x1b' {
			found := control.FindStringSubmatch(text)
			if found == nil {
				d.rest = text // the rest has not come yet
				return
			}
			d.obey(found[1], found[2])
			text = text[len(found[0]):]
			continue
		}
		if !utf8.FullRuneInString(text) {
			d.rest = text
			return
		}
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		switch r {
		case '\r':
			d.col -= d.col % d.width
		case '\n':
			d.row, d.col = d.row+1, 0
		default:
			line := d.lines[d.row]
			for len(line) <= d.col {
				line = append(line, ' ')
			}
			line[d.col] = r
			d.lines[d.row] = line
			d.col++
		}
	}
}

func (d *display) obey(number, letter string) {
	line := d.lines[d.row]
	switch letter {
	case "A":
		n, _ := strconv.Atoi(number)
		for range max(1, n) {
			d.up()
		}
	case "J":
		d.lines = d.lines[:d.row+1]
		fallthrough
	case "K":
		d.lines[d.row] = line[:min(len(line), d.col)]
	}
}

// up goes up by one row of the screen.
func (d *display) up() {
	switch {
	case d.col >= d.width:
		d.col -= d.width
	case d.row > 0:
		d.row--
		d.col += max(0, len(d.lines[d.row])-1) / d.width * d.width
	}
}

func (d *display) String() string {
	var b strings.Builder
	for _, line := range d.lines {
		b.WriteString(strings.TrimRight(string(line), " ") + "\n")
	}
	return b.String()
}

// unspoilt complains about lines that were to be drawn over.
func unspoilt(t *testing.T, left string) {
	t.Helper()
	if found := regexp.MustCompile(`(?m)^ *(Port \d+: .*|Waiting for port.*|Tested \d.*)$`).FindString(left); found != "" {
		t.Errorf("%q remains on the screen:\n%s", found, left)
	}
}
