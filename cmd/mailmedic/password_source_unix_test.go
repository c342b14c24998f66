//go:build !windows

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestPasswordSourceThatNeverAnswers: a pipe to which nobody writes holds up neither a monitor,
// whose time is limited, nor somebody who presses Ctrl-C.
func TestPasswordSourceThatNeverAnswers(t *testing.T) {
	t.Parallel()
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, source := range [][]string{{"--password-stdin"}, {"--password-file", fifo}} {
		for _, c := range []struct {
			words []string
			want  exit
			says  string
		}{
			{[]string{"check_mailmedic", "-t", "1"}, exitUnknown, "The password cannot be read from"},
			{[]string{"mailmedic", "check"}, exitStopped, "Stopped."},
		} {
			words := append(append(c.words, "--demo", "healthy"), source...)
			ctx, cancel := context.WithCancel(t.Context())
			if c.want == exitStopped {
				cancel()
			}
			ended := make(chan exit, 1)
			said, err := os.Create(filepath.Join(t.TempDir(), "said"))
			if err != nil {
				t.Fatal(err)
			}
			in, held, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			go func() { ended <- run(ctx, words, stdio{in: in, out: said, err: said}) }()
			select {
			case got := <-ended:
				text, err := os.ReadFile(said.Name())
				if got != c.want || !strings.Contains(string(text), c.says) {
					t.Errorf("%q: got exit code %d and %q (%v), want %d and %q", words, got, text, err, c.want, c.says)
				}
			case <-time.After(10 * time.Second):
				t.Errorf("%q: got no end within ten seconds", words)
			}
			cancel()
			held.Close()
			said.Close()
		}
	}
}
