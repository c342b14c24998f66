package main

import (
	"context"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"mailmedic/probe"
	"mailmedic/report"
)

// The limits of --every. Servers count connections too, so runs are 10 seconds apart at least.
// A provider that says nothing about it is taken to want no more logins than others do.
const (
	leastPause    = 10 * time.Second
	mostRuns      = 100000
	usualMinutes  = 10
	noLoginOften  = "runs of --every follow too closely for a login each"
	formatOfLines = "jsonl"
)

const everyHelp = `mailmedic check --every 30s --count 20 tests again and again, for a line that fails now and then. It prints a line for each run as it ends, and at last how many runs were fine, which codes came how often, and which run was the slowest. Without --count, Ctrl-C ends it; the summary comes all the same.

The exit code is that of the worst run: 2 before 3 before 1 before 0. --format jsonl gives an object for each run and one with the summary; none of them says whose account it is.

Runs begin 10 seconds apart or more, and never two at once. Providers limit how often a program may log in; Runbox asks for more than 10 minutes between two checks. So with a shorter time no login is tried and no password is asked for, and what is tested is the way to the server.
`

// every tests again and again.
func (p *program) every(c *cli.Context) error {
	pause, count, err := paceOf(c)
	if err != nil {
		return err
	}
	lines := c.String("format") == formatOfLines
	if err := c.Set("format", "text"); err != nil {
		return err
	}
	j, end, err := p.ready(c)
	defer end()
	if err != nil {
		return err
	}
	if j.options.NoLogin == noLoginOften {
		p.io.tell(p.speak.Say("No login is tried: two of them should be more than %d minutes apart.", leastMinutes(j)))
	}
	s := p.io.stdout(c.String("color"))
	out := &seriesOutput{p: p, series: report.NewSeries(), lines: lines, quiet: j.output.quiet, text: report.TextOptions{
		Color: s.color, Width: s.width, ASCII: s.ascii, Theme: j.output.theme, Spoken: j.output.spoken,
	}}
	wanted := probe.DefaultBudget().Logins
	if c.IsSet("login-attempts") {
		wanted, _ = strconv.Atoi(c.String("login-attempts")) // ready has read it
	}
	if err := p.again(c.Context, j, out, pace{pause, count, wanted}); err != nil {
		return err
	}
	p.end = exit(out.series.ExitCode)
	return out.end()
}

// pace is how often to test.
type pace struct {
	pause  time.Duration
	count  int // 0 for no end
	logins int // rejected ones that a run may cost
}

// again runs a job so many times, or until Ctrl-C. A run that was cut off by
// it is not counted.
func (p *program) again(ctx context.Context, j job, out *seriesOutput, at pace) error {
	j.output.quiet = true // lines come as they are, without one that is drawn over
	for i := 0; at.count == 0 || i < at.count; i++ {
		next := time.After(at.pause)
		if i > 0 {
			j.anew(at.logins)
		}
		r, err := p.examine(ctx, j)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		if out.add(r); out.closed || i+1 == at.count {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// anew makes a job ready for the next run: what the one before it left is remembered by now.
func (j *job) anew(wanted int) {
	j.options.ID = runID()
	if j.memory != "" {
		j.options.Earlier = recall(j.memory, time.Now())[keptAs(j.profile.Name)]
	}
	if j.rejections.own != nil {
		j.options.LoginAttempts, j.options.Withheld = j.rejections.allow(j.options.Account, j.profile, wanted, time.Now())
	}
}

// spares tells whether the runs of --every are too close to each other for logins, and leaves
// them out then.
func spares(c *cli.Context, j *job) bool {
	pause, err := time.ParseDuration(c.String("every"))
	if err != nil || c.Bool("no-login") || pause > time.Duration(leastMinutes(*j))*time.Minute {
		return false
	}
	j.options.NoLogin = noLoginOften
	return true
}

// leastMinutes is how far apart two logins have to be at least, or rather more.
func leastMinutes(j job) int {
	if n := j.profile.Checking.MinMinutes; n > 0 {
		return n
	}
	return usualMinutes
}

// notWithEvery are the flags that are about one run, or one report.
func notWithEvery() []string {
	return []string{"accounts", "json", "output", "write", "dry-run", "confirm", "remind"}
}

// paceOf reads how often to test, and how many times; 0 is without an end.
func paceOf(c *cli.Context) (pause time.Duration, count int, err error) {
	for _, flag := range notWithEvery() {
		if c.IsSet(flag) {
			return 0, 0, usage("See:  mailmedic help every", "--%s does not go with --every.", flag)
		}
	}
	if err := oneOf("--format", c.String("format"), "text", formatOfLines); err != nil {
		return 0, 0, err
	}
	if pause, err = duration("--every", c.String("every")); err != nil {
		return 0, 0, err
	}
	if pause < leastPause {
		return 0, 0, usage("Give 10s or more.", "%s is too short a time for --every.", quoted(c.String("every")))
	}
	if c.IsSet("count") {
		count, err = number("--count", c.String("count"), 1, mostRuns)
	}
	return pause, count, err
}

// seriesOutput writes what runs came to as they end.
type seriesOutput struct {
	p      *program
	series *report.Series
	lines  bool // of JSON
	quiet  bool // no line for a run that finds that mail works
	text   report.TextOptions
	closed bool  // nothing more can be written
	failed error // why, unless the reader has gone
}

func (o *seriesOutput) print(text string) {
	if o.closed {
		return
	}
	if _, err := o.p.io.out.WriteString(text); err != nil {
		o.closed, o.failed = true, writeFailure(err)
	}
}

// add counts a run and writes its line.
func (o *seriesOutput) add(r *report.Report) {
	first := o.series.Runs == 0
	o.series.Add(r)
	if o.lines {
		o.print(jsonLine(report.RoundOf(r)) + "\n")
		return
	}
	if first {
		o.print(report.RoundHead(r, o.text))
	}
	if !o.quiet || r.Verdict.Status != report.OK {
		o.print(report.RoundLine(r, o.text))
	}
}

// end writes the summary.
func (o *seriesOutput) end() error {
	if o.lines {
		o.print(jsonLine(o.series) + "\n")
	} else {
		o.print(report.SeriesText(o.series, o.p.speak, o.text))
	}
	return o.failed
}
