package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"mailmedic/checks/say"
)

// fallbackRows is how many lines a screen has that does not say it, as the first ones had.
const fallbackRows = 24

// draw puts a line for each path on the screen, over those that are there. Where the screen
// is too low for them it is one line for all.
func (b *progress) draw(now time.Time) {
	columns, rows := b.screen()
	lines := b.lines(now)
	if len(lines) >= rows {
		lines = lines[len(lines)-1:]
	}
	for i, line := range lines {
		// The last column stays free: a line that fills it wraps on some screens.
		short := []rune(line)
		lines[i] = string(short[:min(len(short), columns-1)])
	}
	if slices.Equal(lines, b.drawn) && columns == b.columns {
		return
	}
	fmt.Fprint(b.io.err, back(b.drawn, columns)+strings.Join(lines, eraseLine+"\n")+eraseLine+"\n"+eraseBelow)
	b.drawn, b.columns = lines, columns
}

// What clears a screen, ECMA-48 sections 8.3.41 and 8.3.39.
const (
	eraseLine  = "\x1b[K" // to its end
	eraseBelow = "\x1b[J"
)

// screen asks how large the screen is: it may have changed since the last time.
func (b *progress) screen() (columns, rows int) {
	columns, rows, err := term.GetSize(int(b.io.err.Fd()))
	if err != nil || columns < 1 || rows < 1 {
		columns, rows = fallbackWidth, fallbackRows
	}
	return max(2, min(columns, width(b.io.env, columns))), rows
}

// lines are what there is to tell: each path, and at last all together.
func (b *progress) lines(now time.Time) []string {
	var lines []string
	done := 0
	for _, o := range b.paths {
		if o.done {
			done++
		}
		lines = append(lines, "  "+b.speak.Say(b.doing(o, now)))
	}
	return append(lines, "  "+b.speak.Say("Tested %d of %d ports, %d s.", done, len(b.paths), int(now.Sub(b.began).Seconds())))
}

// doing says what a path is at, in words that need no knowledge of protocols.
func (b *progress) doing(o onPath, now time.Time) say.Text {
	switch {
	case o.done:
		return say.With("Port %d: tested.", o.port)
	case now.Sub(o.since) >= longWait:
		return say.With("Waiting for port %d, gives up at %d s.", o.port, int((o.since.Sub(b.began)+b.limit+time.Second/2)/time.Second))
	}
	switch o.stage {
	case "tcp":
		return say.With("Port %d: reaching the server.", o.port)
	case "greeting":
		return say.With("Port %d: waiting for the greeting.", o.port)
	case "tls":
		return say.With("Port %d: securing the connection.", o.port)
	case "capability":
		return say.With("Port %d: asking what the server offers.", o.port)
	case "login":
		return say.With("Port %d: logging in.", o.port)
	case "folders":
		return say.With("Port %d: looking at the folders.", o.port)
	}
	return say.With("Port %d: finding the server.", o.port)
}

// erase takes away what was drawn.
func (b *progress) erase() {
	if len(b.drawn) == 0 {
		return
	}
	columns, _ := b.screen()
	fmt.Fprint(b.io.err, back(b.drawn, columns)+eraseBelow)
	b.drawn = nil
}

// back goes up to the first of the lines that were drawn, ECMA-48 section 8.3.22. A screen
// that got narrower has broken those that no longer fit, so that they stand on more rows than
// they did.
func back(drawn []string, columns int) string {
	if len(drawn) == 0 {
		return ""
	}
	rows := 0
	for _, line := range drawn {
		rows += max(1, (len([]rune(line))+columns-1)/columns)
	}
	return fmt.Sprintf("\r\x1b[%dA", rows)
}
