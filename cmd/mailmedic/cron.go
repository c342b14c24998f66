package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"

	"mailmedic/report"
)

const groupAgain = "Again and again"

// The usual patience of --cron: a second bad run in a row is a fault, and one that stays is
// told once a day.
const (
	usualConfirm = 2
	mostConfirm  = 100
	usualRemind  = 24 * time.Hour
	leastRemind  = time.Minute

	watchAge = 400 * 24 * time.Hour // what is remembered of a line that comes once a year stays
)

func againFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "cron", Category: groupAgain, Usage: "say something only when mail breaks, when the fault changes, and when mail works again; see: mailmedic help cron"},
		&cli.StringFlag{Name: "confirm", Category: groupAgain, Usage: "`N` bad runs in a row until --cron speaks (default 2)"},
		&cli.StringFlag{Name: "remind", Category: groupAgain, Usage: "`TIME` until --cron tells a fault again that has not changed (default 24h)"},
		&cli.StringFlag{Name: "every", Category: groupAgain, Usage: "`TIME` test again and again, a line each, for a line that fails now and then; 10s or more"},
		&cli.StringFlag{Name: "count", Category: groupAgain, Usage: "`N` end --every after so many runs; otherwise Ctrl-C does"},
	}
}

const cronHelp = `mailmedic check --cron is for a line in a crontab: it asks nothing, draws nothing, and prints only what somebody should read. It remembers how the runs before it ended, in the folder $XDG_STATE_HOME/mailmedic/cron, in a file for each account and set of flags; neither address nor name is in it.

  works, then works      nothing
  works, then bad        nothing, until the next bad run confirms it
  bad, confirmed         the report
  bad, the same codes    nothing; the report again after 24 hours
  bad, other codes       the report, and what has changed
  bad, then works        three lines
  cannot run             one line on standard error; exit code 64 or above

--confirm says how many bad runs in a row make a fault, 2 unless you say otherwise, and --remind when one that stays as it is is told again. What counts as bad is up to --fail-on and --ignore. A fault that comes and goes with another is told at most once an hour.

A run that could not be finished, exit code 3, is no fault and no recovery: it prints nothing and changes nothing. Only when no run has come to its end for as long as --remind says, that is told, and later that one has again.

The exit code always says how mail is now, also when nothing is printed. A run that begins while another is active ends at once, with 0. Files of --write are written each time.

    @hourly mailmedic check you@example.net --password-file ~/pw --cron
    */15 * * * * mailmedic check you@example.net --cron --no-login
`

// neverWithCron are the flags that make no sense without somebody who reads along, or ask for another
// form than the text that a mail has.
func neverWithCron() []string {
	return []string{"accounts", "json", "output", "dry-run", "no-memory", "every", "count"}
}

// cron tests, and prints only what is news after the runs before.
func (p *program) cron(c *cli.Context) error {
	patience, err := patience(c)
	if err != nil {
		return err
	}
	for flag, value := range map[string]string{"no-input": "true", "color": "never"} {
		if err := c.Set(flag, value); err != nil {
			return fmt.Errorf("set --%s: %w", flag, err)
		}
	}
	w, err := openWatch(p.io.env, watchKey(c))
	if err != nil {
		return err
	}
	defer w.lock.Close()
	if lock(w.lock) {
		return nil
	}
	j, end, err := p.ready(c)
	defer end()
	if err != nil {
		return err
	}
	return p.keepWatch(c, j, w, patience)
}

// keepWatch runs a job and tells its news. They are remembered when they are told: who is
// interrupted between the two hears them twice rather than never. A file that cannot be written
// keeps nobody from them.
func (p *program) keepWatch(c *cli.Context, j job, w cronMemory, patience report.Patience) error {
	silent := j
	silent.output.quiet = true // no line that tells how far it is
	r, err := p.examine(c.Context, silent)
	if err != nil {
		return err
	}
	now := time.Now()
	news, after := report.Watched(w.read(), r, now, patience)
	files := j.output
	files.silent = true
	unwritten := files.write(p.io, func(format string, s stream) ([]byte, error) { return j.output.render(r, format, s) })
	s := p.io.stdout("never")
	text := report.NewsText(news, r, now, report.TextOptions{Width: s.width, ASCII: s.ascii, Verbose: j.output.verbose, Quiet: j.output.quiet})
	if err := p.io.print([]byte(text)); err != nil {
		return err
	}
	p.end = exit(r.ExitCode())
	if p.end == exitStopped {
		p.tell(stopNotice)
	}
	forgotten := w.write(after, now)
	return cmp.Or(unwritten, forgotten)
}

// patience reads when --cron speaks, and refuses what does not go with it.
func patience(c *cli.Context) (report.Patience, error) {
	patience := report.Patience{Confirm: usualConfirm, Remind: usualRemind}
	for _, flag := range neverWithCron() {
		if c.IsSet(flag) {
			return patience, usage("Leave one of them out; files are written with --write.", "--%s does not go with --cron.", flag)
		}
	}
	if format := c.String("format"); format != "text" {
		return patience, usage("Write it to a file as well, with --write.", "--cron prints text, not %s.", quoted(format))
	}
	var err error
	if c.IsSet("confirm") {
		if patience.Confirm, err = number("--confirm", c.String("confirm"), 1, mostConfirm); err != nil {
			return patience, err
		}
	}
	if c.IsSet("remind") {
		if patience.Remind, err = duration("--remind", c.String("remind")); err != nil {
			return patience, err
		}
		if patience.Remind < leastRemind {
			return patience, usage("Give a minute or more.", "%s is too short a time for --remind.", quoted(c.String("remind")))
		}
	}
	return patience, nil
}

// onlyAgain refuses the flags that say something about --cron or --every where neither stands.
func onlyAgain(c *cli.Context) error {
	for _, flag := range []string{"confirm", "remind"} {
		if c.IsSet(flag) {
			return usage("See:  mailmedic help cron", "--%s is for --cron.", flag)
		}
	}
	if c.IsSet("count") {
		return usage("Write it like this:  --every 30s --count 10", "--count is for --every.")
	}
	return nil
}

// watchKey is the word under which a watch is kept. Whoever asks something else, of another
// account or with other flags, has a memory of their own. From the word nothing can be read.
func watchKey(c *cli.Context) string {
	sum := sha256.New()
	add := func(words ...string) {
		for _, w := range words {
			fmt.Fprintf(sum, "%q ", w)
		}
		fmt.Fprintln(sum)
	}
	add(strings.ToLower(strings.TrimSpace(c.Args().First())))
	for _, flag := range []string{"login", "provider", "imap-host", "smtp-host", "client", "paths", "app", "app-port", "symptom", "resolver", "ca-file", "fail-on", "root-path", "sent-path", "drafts-path", "timeout", "deadline", "messages", "login-attempts"} {
		add(flag, c.String(flag))
	}
	for _, flag := range []string{"path", "connect", "allow-unverified", "control", "ignore"} {
		add(append([]string{flag}, c.StringSlice(flag)...)...)
	}
	for _, flag := range []string{"no-login", "envelope", "4", "6"} {
		add(flag, fmt.Sprint(c.Bool(flag)))
	}
	logsIn := slices.ContainsFunc(append(passwordFlags(), "use-client-password"), c.IsSet)
	add("password", fmt.Sprint(logsIn))      // what it finds is not what one without a login does
	add("demo", fmt.Sprint(c.IsSet("demo"))) // a simulation never answers for the real account
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// cronMemory is what is remembered of the runs of --cron with the same flags.
type cronMemory struct {
	file string
	lock *os.File // which a run that is active holds
}

// openWatch finds the memory of --cron. Without one, a fault would be new each time and wait
// for its confirmation for ever, so that is a failure.
func openWatch(env func(string) string, key string) (cronMemory, error) {
	memory := memoryFile(env)
	if memory == "" {
		return cronMemory{}, fail(exitOutput, placeHint, "--cron has no place to remember the runs before.")
	}
	w := cronMemory{file: filepath.Join(filepath.Dir(memory), "cron", key+".json")}
	err := os.MkdirAll(filepath.Dir(w.file), 0o700)
	if err == nil {
		w.lock, err = os.OpenFile(strings.TrimSuffix(w.file, ".json")+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	}
	if err == nil {
		err = os.Chtimes(w.lock.Name(), time.Time{}, time.Now()) // see forget
	}
	if err == nil {
		err = w.takesFiles()
	}
	if err != nil {
		w.lock.Close()
		return cronMemory{}, fail(exitOutput, placeHint, "--cron cannot remember this run: %s.", plain(err))
	}
	return w, nil
}

// takesFiles tells why the memory could not be written behind a run, or nothing: its news
// would be told by each run anew.
func (w cronMemory) takesFiles() error {
	if at, err := os.Lstat(w.file); err == nil && at.IsDir() {
		return &fs.PathError{Op: "write", Path: w.file, Err: syscall.EISDIR}
	}
	t, err := os.CreateTemp(filepath.Dir(w.file), "."+filepath.Base(w.file)+".*")
	if err != nil {
		return err
	}
	return errors.Join(t.Close(), os.Remove(t.Name()))
}

// read gives what is remembered. A file that is missing or damaged holds nothing.
func (w cronMemory) read() report.Watch {
	at, err := os.Stat(w.file)
	if err != nil || at.Size() > memorySize {
		return report.Watch{}
	}
	var known report.Watch
	data, err := os.ReadFile(w.file)
	if err != nil || json.Unmarshal(data, &known) != nil {
		return report.Watch{}
	}
	return known
}

// write remembers, and forgets what no run has asked for in a long time.
func (w cronMemory) write(after report.Watch, now time.Time) error {
	w.forget(now)
	if err := w.put(after); err != nil {
		return fail(exitOutput, "Make room, or set XDG_STATE_HOME to another folder.", "--cron cannot remember this run: %s.", plain(err))
	}
	return nil
}

// put writes what there is to remember, and leaves no file where that is nothing.
func (w cronMemory) put(after report.Watch) error {
	if after.Empty() {
		if err := os.Remove(w.file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	data, err := json.Marshal(after)
	if err != nil {
		return err
	}
	return replace(w.file, data)
}

// forget removes the files of watches that have ended: there is one for each set of flags that
// was ever tried. A file that is in use is younger.
func (w cronMemory) forget(now time.Time) {
	entries, err := os.ReadDir(filepath.Dir(w.file))
	if err != nil {
		return
	}
	for _, e := range entries {
		if at, err := e.Info(); err == nil && now.Sub(at.ModTime()) > watchAge {
			_ = os.Remove(filepath.Join(filepath.Dir(w.file), e.Name()))
		}
	}
}
