package main

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mailmedic/probe/mailtest"
	"mailmedic/probe/mailtest/leak"
	"mailmedic/probe/profile"
)

// sandbox is a computer of its own for the program: a home, a folder for temporary files and
// one for what runs remember. Whatever is printed there, and all that is left in it in the
// end, is searched for the password.
type sandbox struct {
	t       *testing.T
	dir     string
	doors   []string // flags that lead to the provider
	env     []string // more variables
	finder  *leak.Finder
	sources map[string]bool // files into which the test itself has put the password
}

// sandboxed makes a sandbox from which the paths of a provider can be reached.
func sandboxed(t *testing.T, provider *mailtest.Provider, paths ...profile.Path) *sandbox {
	t.Helper()
	s := &sandbox{t: t, dir: t.TempDir(), finder: leak.NewFinder(leak.Password), sources: map[string]bool{}}
	for _, name := range []string{"tmp", "state", "home"} {
		if err := os.Mkdir(filepath.Join(s.dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if provider == nil {
		return s
	}
	s.write("ca.pem", string(provider.CA().RootPEM()))
	only := []string{}
	for _, path := range paths {
		only = append(only, path.ID())
		s.doors = append(s.doors, "--connect", path.ID()+"="+door(t, provider, path))
	}
	s.doors = append(s.doors, "--ca-file", "ca.pem", "--paths", strings.Join(only, ","))
	return s
}

// door is a port on loopback that leads to a path of a provider, for a process that cannot
// use its Dial.
func door(t *testing.T, provider *mailtest.Provider, path profile.Path) (address string) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ip, _ := provider.Addresses(path.Host)
	ctx, stop := context.WithCancel(context.Background())
	var open sync.WaitGroup
	open.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer near.Close()
				far, err := provider.Dial(ctx, "tcp", net.JoinHostPort(ip, strconv.Itoa(path.Port)))
				if err != nil {
					return
				}
				defer far.Close()
				defer context.AfterFunc(ctx, func() { near.Close(); far.Close() })()
				var each sync.WaitGroup
				each.Go(func() { _, _ = io.Copy(far, near); far.Close() })
				_, _ = io.Copy(near, far)
				near.Close()
				each.Wait()
			})
		}
	})
	t.Cleanup(func() {
		stop()
		l.Close()
		open.Wait()
	})
	return l.Addr().String()
}

// write puts a file into the sandbox.
func (s *sandbox) write(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// source is write for a file with the password in it.
func (s *sandbox) source(name, text string) {
	s.t.Helper()
	s.write(name, text)
	s.sources[filepath.Join(s.dir, name)] = true
}

// ended is how a process ended and what it printed.
type ended struct {
	out, err string
	code     int
}

// longestRun bounds a process; each takes some tenths of a second.
const longestRun = time.Minute

// command is the program, ready to run in the sandbox.
func (s *sandbox) command(ctx context.Context, words ...string) *exec.Cmd {
	s.t.Helper()
	name, err := exec.LookPath("mailmedic")
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, name, words...)
	cmd.Dir = s.dir
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + filepath.Join(s.dir, "home"), "TMPDIR=" + filepath.Join(s.dir, "tmp"),
		"XDG_STATE_HOME=" + filepath.Join(s.dir, "state"), "TERM=xterm", raceOptions(),
	}, s.env...)
	return cmd
}

// run runs the program to its end and searches what it prints.
func (s *sandbox) run(input string, words ...string) ended {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), longestRun)
	defer cancel()
	cmd := s.command(ctx, words...)
	var out, err bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &err
	_ = cmd.Run() // the exit code tells
	e := ended{out.String(), err.String(), cmd.ProcessState.ExitCode()}
	line := strings.ReplaceAll(strings.Join(words, " "), leak.Password, "(canary)")
	s.look(line+": standard output", e.out)
	s.look(line+": standard error", e.err)
	if strings.Contains(e.err, "goroutine ") {
		s.t.Errorf("%s: it broke", line)
	}
	return e
}

// look complains when a part of the password stands in a text.
func (s *sandbox) look(where, text string) {
	s.t.Helper()
	if found := s.finder.In(text); len(found) > 0 {
		s.t.Errorf("%s: the password is there: %s", where, strings.Join(found, ", "))
	}
}

// search looks into every file and at every name, but for those that the test made. It
// returns how many files there were.
func (s *sandbox) search() (files int) {
	s.t.Helper()
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		s.look("the name of a file", strings.TrimPrefix(path, s.dir))
		if d.IsDir() || s.sources[path] {
			return nil
		}
		text, err := os.ReadFile(path)
		s.look(strings.TrimPrefix(path, s.dir), string(text))
		files++
		return err
	})
	if err != nil {
		s.t.Error(err)
	}
	return files
}
