package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	commands := map[string]func(){"mailmedic": main, pluginName: main, "witnessed": witnessed}
	if commands[filepath.Base(os.Args[0])] == nil {
		// What runs inside the tests remember goes where the tests' files go. A command
		// that a test starts has a place of its own.
		state, err := os.MkdirTemp("", "mailmedic-state")
		if err != nil {
			panic(err)
		}
		os.Setenv("XDG_STATE_HOME", state)
	}
	testscript.Main(m, commands)
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, "state"))
			e.Vars = append(e.Vars, raceOptions())
			return nil
		},
		RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     exits,
			"fits":      fits,
			"json":      isJSON,
			"codes":     codes,
			"screens":   screens,
			"unread":    unread,
			"interrupt": interrupt,
		},
	})
}

// canary is the password of the scripts. It must never be seen again.
const canary = "Canary-7xQ"

// exits runs a command and checks its exit code: "exits 64 mailmedic check --nonsense".
// Whatever was run, the canary must not be in what it printed.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := exitCode(ts, ts.Exec(args[1], args[2:]...))
	if got != want {
		ts.Fatalf("%s\ngot exit code %d, want %d", strings.Join(args[1:], " "), got, want)
	}
	for _, output := range []string{"stdout", "stderr"} {
		if leaks(ts.ReadFile(output)) {
			ts.Fatalf("the password is on %s", output)
		}
	}
}

func exitCode(ts *testscript.TestScript, err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	ts.Fatalf("run: %v", err)
	return -1
}

// leaks looks for the canary as it is, and as a login would encode it.
func leaks(text string) bool {
	for _, name := range []string{"", "\x00jdoe\x00", "\x00jdoe@runbox.com\x00"} {
		// What base64 makes of the canary's middle does not depend on what stands before it
		// but for the alignment, which the three names cover.
		encoded := base64.StdEncoding.EncodeToString([]byte(name + canary))
		if strings.Contains(text, encoded) {
			return true
		}
	}
	return strings.Contains(text, canary)
}

// fits checks that no line of a file is longer than so many characters, but for commands
// to type, and that it has at most so many lines: "fits stdout 80 24".
func fits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: fits FILE COLUMNS [LINES]")
	}
	columns, err := strconv.Atoi(args[1])
	ts.Check(err)
	text := ts.ReadFile(args[0])
	for i, line := range strings.Split(text, "\n") {
		if n := len([]rune(line)); n > columns && !strings.HasPrefix(strings.TrimSpace(line), "mailmedic ") {
			ts.Fatalf("line %d has %d characters, want at most %d: %s", i+1, n, columns, line)
		}
	}
	if len(args) > 2 {
		most, err := strconv.Atoi(args[2])
		ts.Check(err)
		if n := strings.Count(text, "\n"); n > most {
			ts.Fatalf("got %d lines, want at most %d", n, most)
		}
	}
}

// isJSON checks that a file holds exactly one JSON document, and a value in it:
// "json stdout verdict.exit_code 64".
func isJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 && len(args) != 3 {
		ts.Fatalf("usage: json FILE [FIELD VALUE]")
	}
	var doc any
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc); err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
	if len(args) == 1 {
		return
	}
	for key := range strings.SplitSeq(args[1], ".") {
		switch at := doc.(type) {
		case map[string]any:
			doc = at[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(at) {
				ts.Fatalf("%s: no element %s", args[1], key)
			}
			doc = at[i]
		default:
			ts.Fatalf("%s: nothing at %s", args[1], key)
		}
	}
	if got := fmt.Sprint(doc); got != args[2] {
		ts.Fatalf("%s: got %s, want %s", args[1], got, args[2])
	}
}

// unread runs a command whose standard output nobody reads any more, checks its exit
// code, and that it says nothing about it: "unread 0 mailmedic explain --list".
func unread(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: unread CODE COMMAND [ARGUMENT...]")
	}
	r, w, err := os.Pipe()
	ts.Check(err)
	ts.Check(r.Close())
	defer w.Close()
	cmd := process(ts, args[1:])
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = w, &stderr
	got := exitCode(ts, cmd.Run())
	if strconv.Itoa(got) != args[0] || stderr.Len() > 0 {
		ts.Fatalf("got exit code %d and %q on standard error, want %s and nothing", got, &stderr, args[0])
	}
}

// interrupt runs a command with --resolver set to a name server that never answers, and
// sends Ctrl-C when it was asked: "interrupt 130 mailmedic check jdoe@runbox.com". What
// the command printed is then in the files stopped.out and stopped.err.
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: interrupt CODE COMMAND [ARGUMENT...]")
	}
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	ts.Check(err)
	defer server.Close()
	cmd := process(ts, append(args[1:], "--resolver", server.LocalAddr().String()))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	ts.Check(cmd.Start())
	_, _, err = server.ReadFrom(make([]byte, 512))
	ts.Check(err)
	ts.Check(cmd.Process.Signal(os.Interrupt))
	got := exitCode(ts, cmd.Wait())
	ts.Check(os.WriteFile(ts.MkAbs("stopped.out"), stdout.Bytes(), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("stopped.err"), stderr.Bytes(), 0o600))
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("got exit code %d, want %s\n%s%s", got, args[0], &stdout, &stderr)
	}
}

// process prepares a command as the script would run it.
func process(ts *testscript.TestScript, args []string) *exec.Cmd {
	name := args[0]
	for _, folder := range filepath.SplitList(ts.Getenv("PATH")) {
		path := filepath.Join(folder, args[0])
		if _, err := os.Stat(path); err == nil {
			name = path
			break
		}
	}
	cmd := exec.Command(name, args[1:]...)
	cmd.Dir = ts.MkAbs(".")
	for _, variable := range []string{"PATH", "HOME", "TMPDIR"} {
		cmd.Env = append(cmd.Env, variable+"="+ts.Getenv(variable))
	}
	cmd.Env = append(cmd.Env, raceOptions())
	return cmd
}
