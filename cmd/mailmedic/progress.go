package main

import (
	"fmt"

	"golang.org/x/term"

	"mailmedic/checks"
	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/report"
)

// progress is one line on standard error that is drawn over and erased at the end, so
// that it never becomes part of what somebody copies.
type progress struct {
	io    stdio
	width int
	total int
	stage map[string]string // path id: the stage it is at
	done  int
	judge func(*evidence.Evidence) *report.Report
}

// newProgress starts the line, or returns nil where nobody would see it: a file, a
// terminal that cannot redraw, a build machine.
func newProgress(io stdio, paths int, judge func(*evidence.Evidence) *report.Report) *progress {
	fd := int(io.err.Fd())
	if !term.IsTerminal(fd) || io.env("TERM") == "dumb" || io.env("CI") != "" {
		return nil
	}
	columns, _, _ := term.GetSize(fd)
	p := &progress{io: io, width: width(io.env, columns), total: paths, stage: map[string]string{}, judge: judge}
	p.draw("Looking up the servers")
	return p
}

// event is probe's callback; probe calls it from one goroutine.
func (p *progress) event(e probe.Event) {
	if e.Known != nil {
		p.erase()
		p.io.tell(soFar(p.judge(e.Known), e.Silent))
		p.draw(fmt.Sprintf("Tested %d of %d ports", p.done, p.total))
		return
	}
	if e.Path == "" {
		return
	}
	if e.Stage == "done" {
		p.done++
		delete(p.stage, e.Path)
	} else {
		p.stage[e.Path] = e.Stage
	}
	text := fmt.Sprintf("Tested %d of %d ports", p.done, p.total)
	if stage, ok := p.stage[e.Path]; ok {
		text += fmt.Sprintf(", now %s: %s", e.Path, doing(stage))
	} else if len(p.stage) == 1 {
		for path, stage := range p.stage {
			text += fmt.Sprintf(", waiting for %s: %s", path, doing(stage))
		}
	}
	p.draw(text)
}

// soFar says what is certain while a port is silent, so that nobody has to wait for a port
// that they may not need. It stays on the screen, above the report.
func soFar(r *report.Report, silent []profile.Path) string {
	var numbers []string
	for _, path := range silent {
		numbers = append(numbers, fmt.Sprint(path.Port))
	}
	ports := "port "
	if len(numbers) > 1 {
		ports = "ports "
	}
	return "So far: " + r.Verdict.Headline + " Waiting for " + ports + checks.List(numbers) + "."
}

// doing says a stage in words that need no knowledge of protocols.
func doing(stage string) string {
	switch stage {
	case "dns":
		return "finding the server"
	case "tcp":
		return "reaching it"
	case "greeting":
		return "waiting for its greeting"
	case "tls":
		return "securing the connection"
	case "capability":
		return "asking what it offers"
	case "login":
		return "logging in"
	case "folders":
		return "looking at the folders"
	}
	return stage
}

const eraseLine = "\r\x1b[K" // ECMA-48 section 8.3.41: erase to the end of the line

func (p *progress) draw(text string) {
	if len(text) >= p.width {
		text = text[:p.width-1]
	}
	fmt.Fprint(p.io.err, eraseLine+text)
}

// erase takes the line away.
func (p *progress) erase() {
	if p != nil {
		fmt.Fprint(p.io.err, eraseLine)
	}
}
