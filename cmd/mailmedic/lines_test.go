package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mailmedic/probe/mailtest"
)

// itself is this test's own program as mailmedic, in a folder of the test.
func itself(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &exec.Cmd{Path: program, Args: append([]string{"mailmedic"}, args...), Dir: t.TempDir(), Env: append(os.Environ(), raceOptions())}
}

// typesOf is what each of the lines says it is.
func typesOf(t *testing.T, lines []string) (types []string) {
	t.Helper()
	for _, line := range lines {
		var l struct{ Type string }
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		types = append(types, l.Type)
	}
	return types
}

// TestLines: what is written while a run is under way is what the whole report says when it
// is over, but for the order of the paths.
func TestLines(t *testing.T) {
	for _, s := range mailtest.Scenarios() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			cmd := itself(t, "demo", s.Name, "-f", "jsonl", "--timeout", "1s", "--write", "jsonl=whole")
			out, _ := cmd.Output() // the exit code is the verdict's
			whole, err := os.ReadFile(filepath.Join(cmd.Dir, "whole"))
			if err != nil {
				t.Fatal(err)
			}
			got, want := strings.Split(strings.TrimSpace(string(out)), "\n"), strings.Split(strings.TrimSpace(string(whole)), "\n")
			types := typesOf(t, got)
			if diff := cmp.Diff(typesOf(t, want), types); diff != "" {
				t.Errorf("types (-file +standard output):\n%s", diff)
			}
			if types[0] != "start" || types[len(types)-1] != "verdict" {
				t.Errorf("got %v, want start first and verdict last", types)
			}
			slices.Sort(got)
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("lines (-file +standard output):\n%s", diff)
			}
			if code := cmd.ProcessState.ExitCode(); !strings.Contains(string(out), `"exit_code":`+string(rune('0'+code))) {
				t.Errorf("exit code %d is not in the verdict", code)
			}
		})
	}
}

// TestLinesAreThereAtOnce reads the line of a path that is done while port 25 is silent,
// stops the run then, and reads on: there is a verdict all the same.
func TestLinesAreThereAtOnce(t *testing.T) {
	t.Parallel()
	cmd := itself(t, "demo", "port-25-blocked", "-f", "jsonl", "--timeout", "40s")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("%v before the line of a path", err)
		}
		if typesOf(t, []string{line})[0] == "path" {
			break
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the exit code is looked at below
	types := typesOf(t, strings.Split(strings.TrimSpace(string(rest)), "\n"))
	if last := types[len(types)-1]; last != "verdict" || cmd.ProcessState.ExitCode() != int(exitStopped) {
		t.Errorf("got %q last and exit code %d, want a verdict and %d", last, cmd.ProcessState.ExitCode(), exitStopped)
	}
}
