package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/user"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/report"
)

const (
	offMeans    say.Text = "Your address, login name and folders will stand in the report as they are. People paste from the screen; whoever helps you needs none of it."
	offAsks     say.Text = "Show them? [y/N]"
	bareHint    say.Text = "Ask for a report that was made with --redact, or for one with its evidence."
	hiddenStill say.Text = "They stay hidden."
)

// hiding is what of a person a report shows.
type hiding struct {
	level report.Level
	who   report.Who
}

// hiding reads --redact. What is not hidden is for the eyes of the user alone, who is asked
// first: such a report goes to a terminal and nowhere else.
func (p *program) hiding(c *cli.Context) (hiding, error) {
	h := hiding{level: report.Share, who: p.who()}
	if !c.IsSet("redact") {
		return h, nil
	}
	h.level = report.Level(c.String("redact"))
	if err := oneOf("--redact", c.String("redact"), report.Levels()...); err != nil || h.level != report.Off {
		return h, err
	}
	if name := c.String("output"); name != "" && name != "-" || len(c.StringSlice("write")) > 0 {
		return h, usage("Leave one of them out.", "--redact off is for your own screen, and never for a file.")
	}
	if !p.io.terminal(p.io.out) || !p.interactive(c) {
		return h, usage("Leave it out: a report that is passed on hides who you are.", "--redact off is for your own screen, where I can ask you first.")
	}
	yes, err := p.confirmed(c.Context)
	if err == nil && !yes {
		h.level = report.Share
		p.io.tell(p.speak.Say(hiddenStill))
	}
	return h, err
}

// confirmed asks whether nothing shall be hidden. It is hidden unless somebody says so.
func (p *program) confirmed(ctx context.Context) (bool, error) {
	p.io.tell(p.speak.Say(offMeans))
	p.io.ask(p.speak.Say(offAsks))
	line, err := wait(ctx, func() (string, error) { return bufio.NewReader(p.io.in).ReadString('\n') })
	if ctx.Err() != nil {
		fmt.Fprintln(p.io.err)
		return false, stopped()
	}
	if err != nil && err != io.EOF {
		return false, usage("Leave --redact off out.", "The answer cannot be read from the terminal.")
	}
	return slices.Contains([]string{"y", "yes", "j", "ja"}, strings.ToLower(strings.TrimSpace(line))), nil
}

// who asks the system what this computer and its user are called. What it does not say is
// not looked for.
func (p *program) who() report.Who {
	var w report.Who
	w.Computer, _ = os.Hostname()
	w.Home, _ = os.UserHomeDir()
	if u, err := user.Current(); err == nil {
		w.User = u.Username[strings.LastIndexByte(u.Username, '\\')+1:] // Windows puts the domain in front
	}
	return w
}

// at is what is hidden in one place. What is for the user's own screen goes nowhere else.
func (h hiding) at(s stream) hiding {
	if h.level == report.Off && !s.terminal {
		h.level = report.Share
	}
	return h
}

// of is a report as one place may have it. It is judged anew on evidence in which everything
// is hidden that is to be: so no sentence can hold what the evidence does not. A saved report
// that hides enough stays what it is.
func (h hiding) of(r *report.Report, o report.Options, s stream) *report.Report {
	e, done := h.evidence(r, s)
	if e == r.Evidence {
		return r
	}
	o.Redaction = done
	return judged(e, o)
}

// saved is the same for a report that somebody saved, which comes to what it came to.
func (h hiding) saved(s saved, to stream) (*report.Report, error) {
	if s.report.Evidence == nil {
		return h.bare(s, to)
	}
	e, done := h.evidence(s.report, to)
	if e == s.report.Evidence {
		return s.report, nil
	}
	return judged(e, s.report.Again(done)), nil
}

// bare is a saved report that has no evidence. Its sentences may say anything of anybody, so
// no more can be hidden in it; but for one that is not whole, and one of a run that could not
// start, which say little.
func (h hiding) bare(s saved, to stream) (*report.Report, error) {
	h = h.at(to)
	was := report.Level(s.report.Redaction.Level)
	part := s.part.Kind != report.Document || s.fault != nil
	switch {
	case h.level == report.Off, !part && was.Hides(h.level):
		return s.report, nil
	case s.report.Error != nil, part && h.level != report.Strict:
		return report.Scrub(s.report, h.level), nil
	}
	return nil, fail(exitData, bareHint, "The report holds no evidence, so no more can be hidden in it.")
}

// evidence is that of a report as one place may have it, which is its own if that hides enough.
func (h hiding) evidence(r *report.Report, s stream) (*evidence.Evidence, report.Redaction) {
	h = h.at(s)
	if r.Evidence == nil {
		return nil, r.Redaction
	}
	was := report.Level(r.Redaction.Level)
	if was.Hides(h.level) {
		if s.terminal || !report.Quotes(r.Evidence) {
			return r.Evidence, r.Redaction
		}
		h.level = was // whatever is hidden stays so, and the subjects are for the user's own screen
	}
	return report.RedactMore(r.Evidence, h.who, was, h.level, s.terminal)
}
