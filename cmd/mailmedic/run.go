package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"mailmedic/checks"
	"mailmedic/checks/cause"
	"mailmedic/checks/say"
	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/report"
	"mailmedic/report/messages"
)

// stdio is the process's three streams.
type stdio struct{ in, out, err *os.File }

// env reads the environment.
func (stdio) env(name string) string { return os.Getenv(name) }

func (stdio) terminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// program is one invocation. A command that reached a verdict leaves it in end; one
// that could not work returns an error instead.
type program struct {
	io    stdio
	app   *cli.App
	end   exit
	speak *messages.Speaker // the user's language
}

// run does what the command line asks and tells how it ended.
func run(ctx context.Context, argv []string, io stdio) (end exit) {
	words, plugin := asPlugin(argv)
	defer func() {
		if p := recover(); p != nil {
			end = crashed(io, words, debug.Stack())
		}
	}()
	p := &program{io: io, speak: messages.In(language(words, io.env))}
	if len(words) == 0 && ownConsole() {
		words = []string{"check"}
		defer p.holdWindow()
	}
	p.app = p.commands()
	if plugin {
		return p.plugin(ctx, words)
	}
	if io.env("MAILMEDIC_PASSWORD") != "" && !asksForCron(words) {
		p.tell("MAILMEDIC_PASSWORD is ignored: other programs can read it.")
	}
	if err := p.dispatch(ctx, words); err != nil {
		return complain(io, p.speak, words, err)
	}
	return p.end
}

// holdWindow keeps a window that closes with the program until its reader has read.
func (p *program) holdWindow() {
	fmt.Fprint(p.io.err, "\n"+p.speak.Say("Press Enter to close this window.")+" ")
	bufio.NewReader(p.io.in).ReadString('\n')
}

// dispatch hands the line to the command that it names.
func (p *program) dispatch(ctx context.Context, words []string) error {
	l, err := arrange(words, p.app.Commands)
	if err == nil {
		err = spoken(words)
	}
	switch {
	case err != nil:
		return err
	case l.version:
		return p.version(nil)
	case l.help && l.command != nil:
		return p.io.say(helpText(l.command, p.speak))
	case l.command == nil:
		return p.io.say(chapter(overview, p.speak))
	}
	return p.app.RunContext(ctx, l.argv(p.app.Name))
}

// job is one diagnosis, ready to run.
type job struct {
	profile profile.Profile
	options probe.Options
	creds   probe.Credentials
	report  report.Options
	output  output
	stored  held   // a mail program's password that is to be used, the zero value for none
	memory  string // file in which runs are remembered, "" for none

	progress   string     // how it is told, "" for not at all
	rejections rejections // of earlier runs
	live       *lines     // written while the run is under way, nil for none
}

// diagnose is mailmedic in five calls: a profile becomes a plan, the plan evidence, the
// evidence findings, the findings causes, and all of it a report. Nothing flows back.
func diagnose(ctx context.Context, j job) (*evidence.Evidence, *report.Report, error) {
	plan := probe.NewPlan(j.profile, j.options)
	e, err := probe.Run(ctx, plan, j.creds)
	if err != nil {
		return nil, nil, fmt.Errorf("test %s: %w", j.profile.Name, err)
	}
	return e, judged(e, j.report), nil
}

// judged is the half of the five calls that needs no network: report read begins here.
func judged(e *evidence.Evidence, o report.Options) *report.Report {
	found := checks.Run(e, checks.All())
	why, rest := cause.Infer(cause.Case{Evidence: e, Findings: found}, cause.All())
	return report.New(e, found, why, rest, o)
}

// watch runs a job and tells how far it is. What it may cost in rejected logins is reserved
// before, and counted behind it.
func (p *program) watch(ctx context.Context, j job) (*evidence.Evidence, *report.Report, error) {
	taken, lost := j.reserve(ctx)
	if lost != nil && j.rejections.strict {
		return nil, nil, withoutMemory(lost)
	}
	if lost != nil {
		p.tell(unremembered(lost))
	}
	var bar *progress
	if j.live == nil {
		bar = p.newProgress(j, false)
	}
	if bar != nil {
		j.options.Progress = bar.event
	}
	if j.live != nil {
		j.options.Progress = j.live.event
	}
	defer bar.close()
	e, r, err := diagnose(ctx, j)
	if err == nil {
		j.rejections.note(taken.run, e)
	}
	return e, r, err
}

// reserve takes the rejected logins that a run may cost, unless it is to have no login. Where
// that cannot be written down it tells why, and counts on what is known.
func (j *job) reserve(ctx context.Context) (taken reservation, lost error) {
	if j.rejections.own == nil || j.options.NoLogin != "" || j.options.Withheld != nil {
		return taken, nil
	}
	if taken, lost = j.claim(ctx); lost != nil && !j.rejections.strict {
		j.rejections = j.rejections.alone(time.Now())
		taken, _ = j.claim(ctx) // without a file nothing can fail
	}
	return taken, lost
}

// claim is reserve where it can be written down. The wait for other runs of the account is a
// part of the time that the run has.
func (j *job) claim(ctx context.Context) (reservation, error) {
	o, began, budget := &j.options, time.Now(), probe.DefaultBudget()
	wants := claim{o.Account, j.profile, o.Only, cmp.Or(o.LoginAttempts, budget.Logins)}
	taken, err := j.rejections.reserve(ctx, wants, min(cmp.Or(o.Deadline, budget.Run)/3, underWay))
	if err != nil {
		return taken, err
	}
	o.LoginAttempts, o.Withheld = taken.left, taken.held
	if waited := time.Since(began); o.Deadline > 0 && waited >= askAgain {
		o.Deadline -= waited
	}
	return taken, nil
}

// deliver runs a job, prints its report and leaves the verdict as the exit code.
func (p *program) deliver(ctx context.Context, j job) error {
	if j.live = newLines(p.io, j); j.live != nil {
		j.output.silent = true // it is being written there
	}
	e, r, err := p.watch(ctx, j)
	if err != nil {
		return err
	}
	return p.hand(j, e, r)
}

// hand prints a report, leaves the verdict as the exit code and remembers the run, also one
// whose report could not be printed.
func (p *program) hand(j job, e *evidence.Evidence, r *report.Report) error {
	unwritten := p.show(j, r)
	p.end = exit(r.ExitCode())
	remember(j.memory, e, r)
	if e.Run.Ended == evidence.Stopped {
		p.tell(stopNotice)
	}
	return unwritten
}

// show prints a report to where it goes, each place with what it may see of the user.
func (p *program) show(j job, r *report.Report) error {
	unended := j.live.end(j.output.hide.of(r, j.report, p.io.stdout(j.output.choice)))
	unwritten := j.output.write(p.io, func(format string, s stream) ([]byte, error) {
		return j.output.render(j.output.hide.of(r, j.report, s), format, s)
	})
	return cmp.Or(unended, unwritten)
}

// tell says something on standard error.
func (p *program) tell(message say.Text, values ...any) { p.io.tell(p.speak.Say(message, values...)) }

// examine runs a job whose report is not delivered as it is, and remembers what every run
// does. What becomes of the report is not known here, so it hides who the user is, or more.
func (p *program) examine(ctx context.Context, j job) (*report.Report, error) {
	e, r, err := p.watch(ctx, j)
	if err != nil {
		return nil, err
	}
	remember(j.memory, e, r)
	return hiding{level: cmp.Or(j.output.hide.level, report.Share), who: p.who()}.of(r, j.report, stream{}), nil
}

// tell writes on standard error: one line to a file or a pipe, whose reader may count
// lines, and as wide as there is room on a screen, or as COLUMNS says.
func (io stdio) tell(text string) {
	if !io.terminal(io.err) && io.env("COLUMNS") == "" {
		fmt.Fprintln(io.err, text)
		return
	}
	fmt.Fprint(io.err, fold(text+"\n", io.columns(io.err)))
}

// ask writes a question. The answer is typed behind it, on the same line.
func (io stdio) ask(question string) {
	fmt.Fprint(io.err, strings.TrimSuffix(fold(question, io.columns(io.err)), "\n")+" ")
}

// complain reports an error: on standard error what is wrong and then what to do, or,
// when a machine's format was asked for, as a document on standard output.
func complain(io stdio, speak *messages.Speaker, words []string, err error) exit {
	f := asFailure(err)
	if failed(io, speak, words, f) {
		return f.code
	}
	if asksForCron(words) {
		fmt.Fprintln(io.err, strings.TrimSpace(report.Clean(speak.Say(say.Join(f.message, f.hint)), 0))) // one line is one mail
		return f.code
	}
	io.tell(report.Clean(speak.Say(f.message), 0))
	if f.hint != "" {
		io.tell(report.Clean(speak.Say(f.hint), 0))
	}
	return f.code
}

// asFailure gives every error its exit code. One that nobody gave a code is our fault.
func asFailure(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	return &failure{code: exitBug, message: say.With("mailmedic failed: %s", visible(err.Error())), hint: bugHint}
}

const bugHint = "This is a fault of mailmedic, not of your mail. Please report it with the output of:  mailmedic version"

// crashed reports a panic. What was panicked with may hold anything, so it is not
// shown; the stack has addresses only, and is for those who asked with -vvv.
func crashed(io stdio, words []string, stack []byte) exit {
	complain(io, messages.In(language(words, io.env)), words, fail(exitBug, bugHint, "mailmedic itself broke and could not go on."))
	if verbosity(words) >= 3 {
		fmt.Fprintf(io.err, "\n%s", stack)
	}
	return exitBug
}

// verbosity counts the -v of a line that may not have been understood.
func verbosity(words []string) int {
	if end := slices.Index(words, "--"); end >= 0 {
		words = words[:end]
	}
	n := 0
	for _, word := range words {
		switch {
		case word == "--verbose":
			n++
		case isVerbose(word):
			n += strings.Count(word, "v")
		}
	}
	return n
}
