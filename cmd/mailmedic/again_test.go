package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/urfave/cli/v2"

	"mailmedic/probe"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/mailtest/leak"
	"mailmedic/probe/profile"
	"mailmedic/report"
	"mailmedic/report/messages"
)

// TestCronIsAlone: a run that begins while another is active ends at once, tests nothing and
// says nothing; when the other has ended, however it did, the next one runs.
func TestCronIsAlone(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	line := []string{"mailmedic", "check", "--cron", "--demo", "network-down", "--confirm", "1"}
	file := watchFile(t, line)
	other, err := openWatch(os.Getenv, strings.TrimSuffix(filepath.Base(file), ".json"))
	if err != nil {
		t.Fatal(err)
	}
	if lock(other.lock) {
		t.Fatal("the lock is taken, want it free")
	}
	if got := invoke(t, line...); got.exit != exitOK || got.out != "" || got.err != "" {
		t.Errorf("beside an active run: got exit %d, %q and %q, want 0 and silence", got.exit, got.out, got.err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the second run has remembered something, want it to leave that to the first")
	}
	if err := other.lock.Close(); err != nil {
		t.Fatal(err)
	}
	if got := invoke(t, line...); got.exit != exitProblem || !strings.Contains(got.out, "MM101") {
		t.Errorf("when the lock is free: got exit %d and %q, want 2 and the report", got.exit, got.out)
	}
}

// watchFile runs a line once without a word, and gives the file in which it is remembered.
func watchFile(t *testing.T, line []string) string {
	t.Helper()
	invoke(t, append(slices.Clone(line), "--confirm", "9")...)
	files, err := filepath.Glob(filepath.Join(os.Getenv("XDG_STATE_HOME"), "mailmedic", "cron", "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("got the files %v, %v, want one", files, err)
	}
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	return files[0]
}

// TestCronKeepsLinesApart: lines that find something else keep a memory of their own. With a
// common one each would take the other's news for a change, and neither would confirm a fault.
func TestCronKeepsLinesApart(t *testing.T) {
	state := t.TempDir()
	t.Setenv("XDG_STATE_HOME", state)
	password := filepath.Join(t.TempDir(), "pw")
	if err := os.WriteFile(password, []byte("wrong"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, flags := range [][]string{
		nil, {"--password-file", password}, {"--timeout", "5s"}, {"--deadline", "50s"}, {"--messages", "7"}, {"--login-attempts", "1"},
	} {
		invoke(t, append([]string{"mailmedic", "check", "--cron", "--demo", "network-down"}, flags...)...)
		if got, err := filepath.Glob(filepath.Join(state, "mailmedic", "cron", "*.json")); err != nil || len(got) != i+1 {
			t.Errorf("%v: got %d memories, %v; want %d", flags, len(got), err, i+1)
		}
	}
}

// TestCronForgets: a memory for each set of flags that was ever tried must not pile up, and
// what is in use stays.
func TestCronForgets(t *testing.T) {
	state := t.TempDir()
	env := func(name string) string { return map[string]string{"XDG_STATE_HOME": state}[name] }
	now := time.Now()
	old, err := openWatch(env, "0123456789abcdef")
	if err != nil {
		t.Fatal(err)
	}
	defer old.lock.Close()
	bad := report.Watch{Bad: 1, Since: now}
	if err := old.write(bad, now); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{old.file, old.lock.Name()} {
		if err := os.Chtimes(name, now, now.Add(-watchAge-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	yearly, err := openWatch(env, "00000000fedcba98")
	if err != nil {
		t.Fatal(err)
	}
	defer yearly.lock.Close()
	if err := os.Chtimes(yearly.lock.Name(), now, now.AddDate(-1, 0, -1)); err != nil {
		t.Fatal(err)
	}
	w, err := openWatch(env, "fedcba9876543210")
	if err != nil {
		t.Fatal(err)
	}
	defer w.lock.Close()
	if err := w.write(bad, now); err != nil {
		t.Fatal(err)
	}
	if got := names(t, filepath.Dir(w.file)); !slices.Equal(got, []string{"00000000fedcba98.lock", "fedcba9876543210.json", "fedcba9876543210.lock"}) {
		t.Errorf("got %v, want the old one to be gone, and the new one and that of a year ago there", got)
	}
	if got := w.read(); got.Bad != 1 {
		t.Errorf("got %+v back, want what was written", got)
	}
	if err := w.write(report.Watch{}, now); err != nil {
		t.Fatal(err)
	}
	if got := names(t, filepath.Dir(w.file)); !slices.Equal(got, []string{"00000000fedcba98.lock", "fedcba9876543210.lock"}) {
		t.Errorf("got %v when mail works, want nothing to be kept", got)
	}
}

func names(t *testing.T, folder string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// TestCronKeepsToTheRejections starts the program again and again with an old password. The
// servers see no more rejected logins than without --cron, and the mail comes once: logins
// that rest are no news for who was told of the rejected ones.
func TestCronKeepsToTheRejections(t *testing.T) {
	t.Parallel()
	provider, err := mailtest.Start(mailtest.Options{Profile: load(t, "runbox"), Users: []mailtest.User{{Name: "alice", Password: "another"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { provider.Close() })
	s := sandboxed(t, provider, two(t)...)
	s.source("pw", leak.Password)
	told := 0
	for i := range 7 {
		e := s.run("", append([]string{"check", "alice@runbox.com", "--password-file", "pw", "--cron"}, s.doors...)...)
		if e.code != int(exitProblem) || e.err != "" {
			t.Errorf("run %d: got exit %d and %q on standard error, want 2 and nothing", i+1, e.code, e.err)
		}
		if e.out != "" {
			told++
		}
		if (e.out != "") != (i == 1) {
			t.Errorf("run %d: got %d bytes, want the report of the second run and no other", i+1, len(e.out))
		}
	}
	if got := len(provider.Logins()); got != mostInAnHour {
		t.Errorf("the servers rejected %d logins, want %d", got, mostInAnHour)
	}
	if told != 1 {
		t.Errorf("got %d reports, want 1", told)
	}
	s.search()
}

// TestEvery runs a job again and again: a line for each run as it ends, the sum of them, and
// the exit code of the worst. Ctrl-C, while it waits, ends with what is known.
func TestEvery(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		about string
		at    pace
		stop  int // Ctrl-C behind so many runs, 0 for never
		runs  int
	}{
		{"three runs", pace{time.Millisecond, 3, 2}, 0, 3},
		{"stopped behind the first", pace{time.Hour, 0, 2}, 1, 1},
	} {
		for _, lines := range []bool{false, true} {
			out, end := series(t, tt.at, tt.stop, lines)
			runs, sum := strings.Count(out, "FAIL    no       no"), fmt.Sprintf("  MM101   %d run", tt.runs)
			if lines {
				runs, sum = strings.Count(out, `"schema":"mailmedic/run",`), fmt.Sprintf(`"runs":%d}]}`, tt.runs)
			}
			if runs != tt.runs || end != exitProblem || !strings.Contains(out, sum) {
				t.Errorf("%s: got exit %d and\n%s\nwant 2, %d runs and %q", tt.about, end, out, tt.runs, sum)
			}
		}
	}
}

// series runs a job on a computer without a network at a pace, and stops it when so many
// lines of runs were read.
func series(t *testing.T, at pace, stop int, lines bool) (text string, end exit) {
	t.Helper()
	s, err := scenarioNamed("network-down")
	if err != nil {
		t.Fatal(err)
	}
	j := job{profile: load(t, s.Profile), options: probe.Options{Account: s.Account, Simulated: s.Name}}
	provider, err := j.enter(s)
	if err != nil {
		t.Fatal(err)
	}
	defer provider.Close()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	p := &program{io: stdio{in: os.Stdin, out: w, err: os.Stderr}}
	out := &seriesOutput{p: p, series: report.NewSeries(), lines: lines}
	done := make(chan error, 1)
	go func() {
		defer w.Close()
		done <- errors.Join(p.again(ctx, j, out, at), out.end())
	}()
	var b strings.Builder
	runs := 0
	for scan := bufio.NewScanner(r); scan.Scan(); {
		b.WriteString(scan.Text() + "\n")
		if strings.Contains(scan.Text(), "MM101") && runs < stop {
			if runs++; runs == stop {
				cancel()
			}
		}
	}
	if err := <-done; err != nil {
		t.Errorf("got %v, want no error", err)
	}
	return b.String(), exit(out.series.ExitCode)
}

// Between runs, what the one before it cost is counted: the logins of the next are bounded by
// what is left.
func TestEveryKeepsToTheRejections(t *testing.T) {
	now := time.Now()
	r := beside(filepath.Join(t.TempDir(), "runs.json"))
	p := load(t, "runbox")
	j := job{profile: p, rejections: r, options: probe.Options{ID: "before", Account: profile.Account{Address: "alice@runbox.com", Login: "alice"}}}
	path, _ := p.Path("imap-993")
	for want := mostInAnHour - 1; want >= 0; want-- {
		err := r.change(now, func(lines []byte) []byte {
			return fmt.Appendf(lines, "%s %d 1\n", word("alice", path.Host, path.Protocol), now.Unix())
		})
		if err != nil {
			t.Fatal(err)
		}
		j.anew(4)
		if j.options.LoginAttempts != want || (j.options.Withheld != nil) != (want == 0) {
			t.Errorf("got %d attempts, withheld: %v; want %d", j.options.LoginAttempts, j.options.Withheld, want)
		}
	}
	if j.options.ID == "before" {
		t.Error("two runs have the same id")
	}
}

// TestCronCannotRemember: where what was told cannot be written down, or taken back, each run
// would tell it anew. So there is no run where that is known before, and a failure where it
// turns out behind it.
func TestCronCannotRemember(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	w, err := openWatch(os.Getenv, "0123456789abcdef")
	if err != nil {
		t.Fatal(err)
	}
	defer w.lock.Close()
	if err := os.MkdirAll(filepath.Join(w.file, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	for about, after := range map[string]report.Watch{"nothing to remember": {}, "a fault": {Bad: 1}} {
		var f *failure
		err := w.write(after, time.Now())
		if !errors.As(err, &f) || f.code != exitOutput {
			t.Errorf("%s: got %v, want a failure with exit code 73", about, err)
		}
	}
	if other, err := openWatch(os.Getenv, "0123456789abcdef"); err == nil {
		other.lock.Close()
		t.Error("got a memory that cannot be written, want a failure before the run")
	}
}

// read reads a command line as the command would, and does something else with it.
func read(t *testing.T, do func(*program, *cli.Context) error, words ...string) {
	t.Helper()
	p := &program{io: stdio{in: os.Stdin, out: os.Stdout, err: os.Stderr}, speak: messages.In(messages.English)}
	p.app = p.commands()
	p.app.Command(words[0]).Action = func(c *cli.Context) error { return do(p, c) }
	if err := p.dispatch(t.Context(), words); err != nil {
		t.Fatal(err)
	}
}

// TestEveryLogsInAgain: who begins while logins rest has the password for the run behind that.
// Without one, that run would find that all is well, and has not even tried.
func TestEveryLogsInAgain(t *testing.T) {
	state := t.TempDir()
	t.Setenv("XDG_STATE_HOME", state)
	runbox := load(t, "runbox")
	path, _ := runbox.Path("imap-993")
	r := beside(filepath.Join(state, "mailmedic", "runs.json"))
	reject := func(ago time.Duration) {
		t.Helper()
		line := fmt.Sprintf("%s %d %d\n", word("alice", path.Host, path.Protocol), time.Now().Add(-ago).Unix(), mostInAnHour)
		if err := r.change(time.Now(), func([]byte) []byte { return []byte(line) }); err != nil {
			t.Fatal(err)
		}
	}
	reject(time.Minute)
	password := filepath.Join(t.TempDir(), "pw")
	if err := os.WriteFile(password, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	var j job
	read(t, func(p *program, c *cli.Context) (err error) {
		j, err = p.checkJob(c)
		return err
	}, "check", "alice@runbox.com", "--password-file", password, "--every", "20m")
	if j.options.Withheld == nil {
		t.Error("the first run is to log in, want its login withheld")
	}
	reject(2 * time.Hour)
	j.anew(2)
	if j.options.Withheld != nil || j.options.NoLogin != "" || j.creds.Password.Empty() {
		t.Errorf("when the rest is over: got withheld %+v, no login %q, no password: %v; want a login", j.options.Withheld, j.options.NoLogin, j.creds.Password.Empty())
	}
}
