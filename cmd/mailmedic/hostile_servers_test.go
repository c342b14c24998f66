package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"go.uber.org/goleak"

	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// The hostile servers: each does one thing that no mail server should, and the whole program
// runs against it in a process of its own. Whatever a server does, the run ends, stays
// small, leaves nothing behind, names what happened by a code that is right, and prints
// nothing of the server's as the server sent it.

// behaviour is what one server does.
type behaviour struct {
	name   string
	path   string               // id of one of paths
	script string               // what the server does; see mailtest.ParseScript
	fault  mailtest.Fault       // or this, with a healthy server around it
	serve  func(spot, net.Conn) // or this
	want   string               // the codes that are right; the verdict has one of them at least, and no other
	shows  string               // what the report must show, so that it is known to have come so far
	flags  []string             // of check, beside those of every run
	busy   bool                 // keeps a processor busy, so that two run at a time
	bulky  bool                 // and does so for seconds; left out by -short
}

// spot is what a behaviour's own function has to know of the place where it is.
type spot struct {
	path string
	ca   *mailtest.CA
}

// The limits of every run.
const (
	// A step has the time of some hundred handshakes on a machine that has nothing else to
	// do. This one may have.
	stepLimit = 2 * time.Second
	runLimit  = 8 * time.Second
	// grace is for what is outside of the run: the start of the process, the checks, the
	// report. What hangs, hangs longer.
	grace = 30 * time.Second
	// mostMemory is what the whole process may have had in memory at once. About 26 MiB of
	// it are the program itself.
	mostMemory = 64 << 20
)

// limits are those of a run. The race detector makes everything several times slower.
func limits() (step, run time.Duration) {
	if underRace() {
		return 2 * stepLimit, 2 * runLimit
	}
	return stepLimit, runLimit
}

// hostPaths are the paths that a behaviour can be on, as --path takes them.
func hostPaths() map[string]string {
	return map[string]string{
		"imap-143": "imap:143:starttls:mail.example.org",
		"imap-993": "imap:993:tls:mail.example.org",
		"smtp-587": "smtp:587:starttls:mail.example.org",
		"smtp-465": "smtp:465:tls:mail.example.org",
	}
}

// ending is what came of a run.
type ending struct {
	err            error // the run did not end as a run does
	text, warnings string
	json, short    []byte
	saved          string // the file of json
	left           remains
	took           time.Duration
}

// remains is what a witnessed run says of itself when it is over.
type remains struct {
	Memory int    // the most that it had in memory, in bytes; 0 where the system does not tell
	Leaks  string // goroutines that did not end
}

// witnessed is mailmedic that tells at its end what it left, in the file that
// MAILMEDIC_REMAINS names. The kernel's account of a child begins with what its parent had
// in memory when it started it, and so does not tell how much the child had itself.
func witnessed() {
	end := run(context.Background(), os.Args, stdio{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	var left remains
	if err := goleak.Find(); err != nil {
		left.Leaks = err.Error()
	}
	left.Memory = mostResident()
	text, err := json.Marshal(left)
	if err == nil {
		err = os.WriteFile(os.Getenv("MAILMEDIC_REMAINS"), text, 0o600)
	}
	if err != nil {
		panic(err)
	}
	os.Exit(int(end))
}

// mostResident reads the high-water mark of the process, proc_pid_status(5).
func mostResident() int {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		var kib int
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kib); err == nil {
			return kib << 10
		}
	}
	return 0
}

// meet lets the program meet each server. Most of a run is waiting, so many run side by
// side. What keeps a processor busy would make the others' steps longer than they may be.
func meet(t *testing.T, servers []behaviour) {
	t.Helper()
	t.Parallel()
	if testing.Short() {
		servers = brief(servers)
	}
	many, few := make(chan bool, 8), make(chan bool, 2)
	ends := make([]chan ending, len(servers))
	for i, b := range servers {
		ends[i] = make(chan ending, 1)
		folder, slots := t.TempDir(), many
		if b.busy || b.bulky {
			slots = few
		}
		go func() {
			slots <- true
			defer func() { <-slots }()
			ends[i] <- b.run(folder)
		}()
	}
	for i, b := range servers {
		t.Run(b.path+" "+b.name, func(t *testing.T) {
			e := <-ends[i]
			t.Logf("took %s and %d MiB", e.took.Round(time.Millisecond), e.left.Memory>>20)
			b.judge(t, e)
			if t.Failed() {
				t.Logf("the report:\n%.4000s%.1000s", e.text, e.warnings)
			}
		})
	}
}

// brief has every third behaviour, on the first of its paths, and none that is bulky: which
// goroutines meet hardly depends on what a server says.
func brief(servers []behaviour) (kept []behaviour) {
	seen := map[string]bool{}
	for _, b := range servers {
		if b.bulky || seen[b.name] {
			continue
		}
		if len(seen)%3 == 0 {
			kept = append(kept, b)
		}
		seen[b.name] = true
	}
	return kept
}

// run runs the program against the server.
func (b behaviour) run(folder string) (e ending) {
	address, ca, stop, err := b.start()
	if err != nil {
		return ending{err: err}
	}
	defer stop()
	file := func(name string) string { return filepath.Join(folder, name) }
	for name, text := range map[string][]byte{"ca.pem": ca.RootPEM(), "password": []byte(canary)} {
		if err := os.WriteFile(file(name), text, 0o600); err != nil {
			return ending{err: err}
		}
	}
	_, limit := limits()
	ctx, cancel := context.WithTimeout(context.Background(), limit+grace)
	defer cancel()
	self, err := os.Executable()
	if err != nil {
		return ending{err: err}
	}
	var out, warnings strings.Builder
	cmd := exec.CommandContext(ctx, self)
	cmd.Args = append([]string{"witnessed"}, b.words(address, file)...)
	cmd.Env = []string{"HOME=" + folder, "TMPDIR=" + folder, "XDG_STATE_HOME=" + folder, "MAILMEDIC_REMAINS=" + file("remains"), raceOptions()}
	cmd.Stdout, cmd.Stderr = &out, &warnings
	began := time.Now()
	err = cmd.Run()
	e = ending{text: out.String(), warnings: warnings.String(), saved: file("json"), took: time.Since(began)}
	if exit := new(exec.ExitError); err != nil && (!errors.As(err, &exit) || exit.ExitCode() < 0 || exit.ExitCode() > int(exitUnknown)) {
		e.err = fmt.Errorf("after %s: %w", e.took, err)
		return e
	}
	left, err := os.ReadFile(file("remains"))
	if err == nil {
		err = json.Unmarshal(left, &e.left)
	}
	var unread, unwritten error
	e.json, unread = os.ReadFile(file("json"))
	e.short, unwritten = os.ReadFile(file("short"))
	e.err = errors.Join(err, unread, unwritten)
	return e
}

// words is the command line.
func (b behaviour) words(address string, file func(string) string) []string {
	step, limit := limits()
	return append([]string{
		"check", "jdoe@runbox.com", "--login", "jdoe", "--provider", "runbox", "--no-memory", "--no-input",
		"--path", hostPaths()[b.path], "--connect", b.path + "=" + address,
		"--ca-file", file("ca.pem"), "--password-file", file("password"),
		"--resolver", "127.0.0.1:1", // nobody is asked for a name
		"--timeout", step.String(), "--deadline", limit.String(),
		"-vvv", "--write", "json=" + file("json"), "--write", "short=" + file("short"),
	}, b.flags...)
}

// start brings the server up. Stop ends it, with everything that it began.
func (b behaviour) start() (address string, ca *mailtest.CA, stop func(), err error) {
	if b.serve != nil {
		return b.listen()
	}
	path, err := parsedPath(hostPaths()[b.path])
	if err != nil {
		return "", nil, nil, err
	}
	fault := b.fault
	fault.Script = b.script
	p, err := mailtest.Start(mailtest.Options{
		Profile: path,
		Users:   []mailtest.User{{Name: "jdoe", Password: canary}},
		Faults:  map[string]mailtest.Fault{b.path: fault},
	})
	if err != nil {
		return "", nil, nil, err
	}
	return p.Listening(b.path), p.CA(), func() { p.Close() }, nil
}

// parsedPath is a profile of one path.
func parsedPath(path string) (profile.Profile, error) {
	return profile.Profile{Name: "hostile"}.Override(profile.Override{Paths: []string{path}})
}

// listen serves each connection by the behaviour's own function, and closes it then.
func (b behaviour) listen() (address string, ca *mailtest.CA, stop func(), err error) {
	if ca, err = mailtest.NewCA("Hostile CA"); err != nil {
		return "", nil, nil, err
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return "", nil, nil, err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				c.SetDeadline(time.Now().Add(2*runLimit + grace)) // however it is served, that ends
				b.serve(spot{b.path, ca}, c)
			}()
		}
	}()
	return l.Addr().String(), ca, func() { l.Close() }, nil
}

// judge holds the ending of a run against all that must be true of every run.
func (b behaviour) judge(t *testing.T, e ending) {
	t.Helper()
	if e.err != nil {
		t.Fatalf("the run did not end as it should: %v", e.err)
	}
	if _, limit := limits(); e.took > limit+grace {
		t.Errorf("took %s, want at most %s", e.took, limit+grace)
	}
	if e.left.Leaks != "" {
		t.Errorf("goroutines are left: %s", e.left.Leaks)
	}
	if e.left.Memory > mostMemory && !underRace() {
		t.Errorf("had %d MiB in memory, want at most %d", e.left.Memory>>20, mostMemory>>20)
	}
	b.judgeCodes(t, e)
	for where, text := range map[string]string{
		"the report": e.text, "standard error": e.warnings, "the short report": string(e.short), "the JSON document": string(e.json),
		"the saved report, read again": reread(t, e.saved),
	} {
		if leaks(text) {
			t.Errorf("%s holds the password", where)
		}
		if at := raw(text); at >= 0 {
			t.Errorf("%s holds %q as the server sent it: …%q…", where, []rune(text[at:])[0], text[max(0, at-60):min(len(text), at+60)])
		}
	}
	if !strings.Contains(e.text, b.shows) {
		t.Errorf("the report does not show %q", b.shows)
	}
}

// judgeCodes holds the verdict against what the server did.
func (b behaviour) judgeCodes(t *testing.T, e ending) {
	t.Helper()
	var doc struct {
		Verdict  struct{ Codes []string }
		Findings []struct{ Code string }
	}
	if err := json.Unmarshal(e.json, &doc); err != nil {
		t.Fatalf("the JSON document does not parse: %v", err)
	}
	for _, f := range doc.Findings {
		if f.Code == "MM001" {
			t.Error("mailmedic broke: got MM001")
		}
	}
	fits := func(code string) bool { return slices.Contains(strings.Fields(b.want), code) }
	if got := doc.Verdict.Codes; !slices.ContainsFunc(got, fits) || slices.ContainsFunc(got, func(code string) bool { return !fits(code) }) {
		t.Errorf("got the codes %q, want one or more of %s", got, b.want)
	}
}

// reread prints a saved report as text.
func reread(t *testing.T, file string) string {
	t.Helper()
	io, read := streams(t)
	if end := run(t.Context(), []string{"mailmedic", "report", "read", file, "-vvv"}, io); end > exitUnknown {
		t.Errorf("report read: got exit %d: %.300s", end, read(io.err))
	}
	return read(io.out) + read(io.err)
}

// raw finds the first byte of a text that a terminal would obey or hide, or that is no
// character; negative: there is none.
func raw(text string) int {
	for at, r := range text {
		_, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case r == '\n':
		case r == utf8.RuneError && size == 1, !unicode.IsPrint(r), unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
			return at
		}
	}
	return -1
}
