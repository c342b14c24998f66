package main

import (
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"mailmedic/checks/say"
	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/report"
	"mailmedic/report/messages"
)

// The ways to tell progress. What is live is drawn over and erased at the end, so that it
// never becomes part of what somebody copies; what is plain stays, line by line.
const (
	progressAuto  = "auto"
	progressLive  = "live"
	progressPlain = "plain"
	progressNone  = "none"
)

// progressStyles lists what --progress knows.
func progressStyles() []string {
	return []string{progressAuto, progressLive, progressPlain, progressNone}
}

const (
	countedOn = 500 * time.Millisecond // how often the seconds on a screen are counted on
	heartbeat = 15 * time.Second       // how often a line says that something is still waited for
	longWait  = 5 * time.Second        // how long a port may take until it is told when it is given up
)

// progressStyle decides how progress is told. A screen that cannot be drawn over gets none,
// nor does a build machine; somebody who has the screen read aloud gets lines.
func (p *program) progressStyle(choice string, accessible bool) string {
	terminal := p.io.terminal(p.io.err)
	switch {
	case choice == progressPlain, choice == progressNone, choice == progressLive && terminal:
		return choice
	case choice == progressLive:
		return progressPlain
	case !terminal, p.io.env("CI") != "":
		return progressNone
	case accessible:
		return progressPlain
	case p.io.env("TERM") == "dumb":
		return progressNone
	}
	return progressLive
}

// progress tells on standard error how far a run is. Events come from one goroutine of the
// probe, and its own counts the seconds; the lock guards the fields below it.
type progress struct {
	io    stdio
	speak *messages.Speaker
	style string
	limit time.Duration // of one step
	judge func(*evidence.Evidence) *report.Report
	began time.Time
	stop  chan struct{}
	ended sync.WaitGroup

	mu     sync.Mutex
	paths  []onPath
	hidden bool   // something else is on the screen
	soFar  string // what is certain while a port is silent, until it was told
	beat   time.Time

	drawn   []string // the lines that are on the screen
	columns int      // of the screen, when they were drawn
	told    time.Time

	goesOn <-chan os.Signal // the program stood still, and others may have used the screen
}

// onPath is how far one path is.
type onPath struct {
	id     string
	port   int
	stage  string // empty before the first
	since  time.Time
	done   bool
	over   time.Time // when it was done, which may be told later: somebody types
	opened bool      // a line said that it began
	closed bool      // and another that it ended
}

// newProgress begins to tell, or returns nil where nobody is told.
func (p *program) newProgress(j job, hidden bool) *progress {
	if j.output.quiet || j.progress == "" || j.progress == progressNone {
		return nil
	}
	plan, now := probe.NewPlan(j.profile, j.options), time.Now()
	b := &progress{
		io: p.io, speak: p.speak, style: j.progress, limit: plan.Budget.Step, began: now, beat: now, hidden: hidden,
		judge: func(e *evidence.Evidence) *report.Report { return judged(e, j.report) }, stop: make(chan struct{}),
	}
	for _, path := range j.profile.Paths {
		if slices.ContainsFunc(plan.Targets, func(t probe.Target) bool { return t.Path.ID() == path.ID() }) {
			b.paths = append(b.paths, onPath{id: path.ID(), port: path.Port, since: now})
		}
	}
	if len(b.paths) == 0 {
		return nil
	}
	var deaf func()
	b.goesOn, deaf = standstills()
	b.locked(b.tell)
	b.ended.Go(func() {
		defer deaf()
		b.keepCounting()
	})
	return b
}

// locked does something with the lock held. A nil progress does nothing.
func (b *progress) locked(do func(now time.Time)) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	do(time.Now())
}

// keepCounting counts the seconds on, and draws anew when the screen changes its size.
func (b *progress) keepCounting() {
	tick := time.NewTicker(countedOn)
	defer tick.Stop()
	resized, quiet := resizes()
	defer quiet()
	for {
		select {
		case <-tick.C:
		case <-resized:
		case <-b.goesOn:
			b.locked(func(time.Time) { b.forget() })
		case <-b.stop:
			return
		}
		b.locked(b.tell)
	}
}

// event is probe's callback; probe calls it from one goroutine.
func (b *progress) event(e probe.Event) {
	if e.Known != nil {
		soFar := said(b.speak, b.judge(e.Known), e.Silent)
		b.locked(func(now time.Time) { b.soFar = soFar; b.tell(now) })
		return
	}
	b.locked(func(now time.Time) {
		for i := range b.paths {
			if o := &b.paths[i]; o.id == e.Path && e.Stage == "done" {
				o.done, o.over = true, now
			} else if o.id == e.Path && o.stage != e.Stage {
				o.stage, o.since = e.Stage, now
			}
		}
		b.tell(now)
	})
}

// show goes on where something else was on the screen.
func (b *progress) show() {
	b.locked(func(now time.Time) { b.hidden = false; b.tell(now) })
}

// hide makes room for something else.
func (b *progress) hide() {
	b.locked(func(time.Time) { b.erase(); b.hidden = true })
}

// close ends it. Nothing of what is drawn over remains.
func (b *progress) close() {
	if b == nil {
		return
	}
	close(b.stop)
	b.ended.Wait()
	b.hide()
}

// forget leaves what was drawn where it is: a shell has written below it by now, over which
// nothing may be drawn.
func (b *progress) forget() { b.drawn = nil }

// late tells whether nobody has counted the seconds on for so long that the program may have
// stood still. The news that it goes on can come a moment behind the next thing to tell.
func (b *progress) late(now time.Time) bool {
	before := b.told
	b.told = now
	if before.IsZero() || now.Sub(before) < 2*countedOn {
		return false
	}
	select {
	case <-b.goesOn:
		return true
	case <-time.After(countedOn / 10):
		return false
	}
}

// tell brings what is told up to date.
func (b *progress) tell(now time.Time) {
	if b.late(now) {
		b.forget()
	}
	if b.hidden {
		return
	}
	waits := slices.ContainsFunc(b.paths, func(o onPath) bool { return !o.done })
	if b.soFar != "" && waits {
		b.erase()
		b.io.tell(b.soFar)
		b.soFar = ""
	}
	if b.style == progressLive {
		b.draw(now)
		return
	}
	b.line(now)
}

// line says what has happened since the last time, a line for each event, in plain.
func (b *progress) line(now time.Time) {
	var waiting []string
	for i := range b.paths {
		o := &b.paths[i]
		if !o.opened && (o.stage != "" || o.done) {
			o.opened = true
			b.io.tell(b.speak.Say("Port %d: started.", o.port))
		}
		if o.done && !o.closed {
			o.closed = true
			b.io.tell(b.speak.Say("Port %d: ended, %.1f s.", o.port, o.over.Sub(b.began).Seconds()))
		}
		if !o.done {
			waiting = append(waiting, strconv.Itoa(o.port))
		}
	}
	if len(waiting) == 0 || now.Sub(b.beat) < heartbeat {
		return
	}
	b.beat = now
	text := say.Text("Still waiting for ports %s, %d s. Tested %d of %d.")
	if len(waiting) == 1 {
		text = "Still waiting for port %s, %d s. Tested %d of %d."
	}
	b.io.tell(b.speak.Say(text, say.List(waiting), int(now.Sub(b.began).Seconds()), len(b.paths)-len(waiting), len(b.paths)))
}

// said is what is certain while ports are silent, so that nobody has to wait for a port that
// they may not need. It stays on the screen, above the report.
func said(speak *messages.Speaker, r *report.Report, silent []profile.Path) string {
	var ports []string
	for _, path := range silent {
		ports = append(ports, strconv.Itoa(path.Port))
	}
	if len(ports) == 1 {
		return speak.Say("So far: %s Waiting for port %s.", r.Verdict.Headline, ports[0])
	}
	return speak.Say("So far: %s Waiting for ports %s.", r.Verdict.Headline, say.List(ports))
}
