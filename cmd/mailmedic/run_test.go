package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailmedic/probe/mailtest"
)

// streams gives a program files for its streams, and a way to read what it wrote.
func streams(t *testing.T) (stdio, func(*os.File) string) {
	t.Helper()
	folder := t.TempDir()
	open := func(name string) *os.File {
		f, err := os.Create(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	read := func(f *os.File) string {
		text, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	return stdio{in: open("in"), out: open("out"), err: open("err")}, read
}

func TestCrashed(t *testing.T) {
	const stack = "goroutine 1 [running]: of the test"
	tests := []struct {
		line       string
		out, shows string // on standard output, on standard error
		stack      bool
	}{
		{"check a@b.example", "", "itself broke", false},
		{"check a@b.example -vv", "", "itself broke", false},
		{"check a@b.example -vvv", "", "itself broke", true},
		{"check a@b.example --json", `"exit_code": 70`, "", false},
	}
	for _, test := range tests {
		t.Run(test.line, func(t *testing.T) {
			io, read := streams(t)
			if got := crashed(io, strings.Fields(test.line), []byte(stack)); got != exitBug {
				t.Errorf("got exit %d, want %d", got, exitBug)
			}
			if got := read(io.out); !strings.Contains(got, test.out) || test.out == "" && got != "" {
				t.Errorf("standard output: got %q, want %q", got, test.out)
			}
			shown := read(io.err)
			if !strings.Contains(shown, test.shows) || strings.Contains(shown, stack) != test.stack {
				t.Errorf("standard error: got %q, want %q and the stack: %t", shown, test.shows, test.stack)
			}
		})
	}
}

func TestAsFailure(t *testing.T) {
	if got := asFailure(errors.New("no code")).code; got != exitBug {
		t.Errorf("an error without a code: got exit %d, want %d", got, exitBug)
	}
	wrapped := errors.Join(errors.New("beside"), fail(exitOutput, "", "full"))
	if got := asFailure(wrapped).code; got != exitOutput {
		t.Errorf("a failure inside another error: got exit %d, want %d", got, exitOutput)
	}
}

// Every exit code in the code is explained by "help exit-codes".
func TestEndsAreExplained(t *testing.T) {
	io, read := streams(t)
	if got := run(context.Background(), []string{"mailmedic", "help", "exit-codes"}, io); got != exitOK {
		t.Fatalf("got exit %d, want %d", got, exitOK)
	}
	text := read(io.out)
	for _, e := range ends() {
		if !strings.Contains(text, e.when.String()) {
			t.Errorf("exit code %d (%s) is not explained", e.code, e.name)
		}
	}
}

// A file that holds the report is whole or not there, and nothing is left beside it.
func TestTargets(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "report.txt")
	if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	dropped, err := openTarget("text", name)
	if err != nil {
		t.Fatal(err)
	}
	dropped.discard()
	written, err := openTarget("text", name)
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(name); string(text) != "old" {
		t.Errorf("before commit: got %q, want the old file", text)
	}
	if err := written.commit([]byte("new")); err != nil {
		t.Fatal(err)
	}
	written.discard()
	if text, _ := os.ReadFile(name); string(text) != "new" {
		t.Errorf("after commit: got %q, want the new file", text)
	}
	if entries, _ := os.ReadDir(folder); len(entries) != 1 {
		t.Errorf("got %d files in the folder, want the report alone: %v", len(entries), entries)
	}
}

// TestDeafStandardOutput: where standard output takes nothing, as on a full disk, the files are
// written and the run is remembered all the same, whatever the format.
func TestDeafStandardOutput(t *testing.T) {
	t.Parallel()
	provider, err := mailtest.Start(mailtest.Options{Profile: load(t, "runbox")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { provider.Close() })
	for _, format := range []string{"text", "jsonl"} {
		s := sandboxed(t, provider, two(t)...)
		s.write("deaf", "")
		deaf, err := os.Open(filepath.Join(s.dir, "deaf")) // for reading alone
		if err != nil {
			t.Fatal(err)
		}
		defer deaf.Close()
		cmd := s.command(t.Context(), append([]string{"check", "alice@runbox.com", "--no-login", "--format", format, "--write", "json=report.json"}, s.doors...)...)
		cmd.Stdout = deaf
		_ = cmd.Run() // the exit code tells
		if got := cmd.ProcessState.ExitCode(); got != int(exitOutput) {
			t.Errorf("%s: got exit %d, want 73", format, got)
		}
		for _, name := range []string{"report.json", "state/mailmedic/runs.json"} {
			if at, err := os.Stat(filepath.Join(s.dir, name)); err != nil || at.Size() == 0 {
				t.Errorf("%s: got no %s, want it written: %v", format, name, err)
			}
		}
	}
}
