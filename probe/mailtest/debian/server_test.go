package debian

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestStopLeavesNothing(t *testing.T) {
	Require(t)
	certificate := selfSigned(t, serverName)
	d, p := startPair(t, PostfixOptions{Certificate: certificate})
	addresses := append([]string{d.Plain, d.TLS}, p.Addresses...)
	open := append([]string{d.Plain}, p.Addresses...)
	for _, address := range open {
		dial(t, address).line() // An open session must not keep its process alive.
	}
	servers := []*server{d.server, p.server}
	for _, s := range servers {
		if got := group(t, s.cmd.Process.Pid); len(got) < 3 {
			t.Errorf("processes of %s while it runs = %q, want the server and its children", s.cmd.Path, got)
		}
	}

	p.Stop()
	d.Stop()
	d.Stop()

	for _, address := range addresses {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			t.Errorf("%s still listens after Stop", address)
		}
	}
	for _, s := range servers {
		if got := group(t, s.cmd.Process.Pid); got != nil {
			t.Errorf("processes of %s after Stop = %q, want none", s.cmd.Path, got)
		}
		if _, err := os.Stat(s.folder); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s after Stop: %v, want it removed", s.folder, err)
		}
	}
}

// TestSecondServersLeaveNothing is the same for those that .ci/run unpacks. Both run as
// users of their own and have no master that belongs to root.
func TestSecondServersLeaveNothing(t *testing.T) {
	certificate := selfSigned(t, serverName)
	x := StartExim(t, EximOptions{Name: serverName, Certificate: certificate})
	c := StartCyrus(t, certificate, User{"alice", password})
	dial(t, x.Addresses[0]).line()
	dial(t, c.Plain).line()

	x.Stop()
	c.Stop()

	for _, address := range []string{x.Addresses[0], c.Plain, c.TLS} {
		if l, err := net.Listen("tcp", address); err != nil {
			t.Errorf("%s after Stop: %v, want it free", address, err)
		} else {
			l.Close()
		}
	}
	for _, s := range []*server{x.server, c.server} {
		if got := group(t, s.cmd.Process.Pid); got != nil {
			t.Errorf("processes of %s after Stop = %q, want none", s.cmd.Path, got)
		}
		if _, err := os.Stat(s.folder); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s after Stop: %v, want it removed", s.folder, err)
		}
	}
}

func TestPortTakenBeforeTheStart(t *testing.T) {
	Require(t)
	certificate := selfSigned(t, serverName)
	for _, c := range []struct {
		name, host, ready string
		count             int
		prepare           setup
	}{
		{"dovecot", dovecotHost, dovecotReady, 2, func(folder string, a []string) (*exec.Cmd, error) {
			return DovecotOptions{Certificate: certificate}.write(folder, a[0], a[1])
		}},
		{"postfix", postfixHost, postfixReady, 2, PostfixOptions{Certificate: certificate}.write},
		{"exim", eximHost, eximReady, 2, EximOptions{Name: serverName, Certificate: certificate}.write},
	} {
		t.Run(c.name, func(t *testing.T) {
			taken, err := net.Listen("tcp", net.JoinHostPort(c.host, "0"))
			if err != nil {
				t.Fatal(err)
			}
			defer taken.Close()

			tries := 0
			s, _, err := launch(c.host, c.count, c.ready, func(folder string, a []string) (*exec.Cmd, error) {
				if tries++; tries < 3 {
					a[1] = taken.Addr().String()
				}
				return c.prepare(folder, a)
			})
			if err != nil {
				t.Fatal(err)
			}
			s.stop()
			if tries != 3 {
				t.Errorf("tries = %d, want 3", tries)
			}

			_, _, err = launch(c.host, c.count, c.ready, func(folder string, a []string) (*exec.Cmd, error) {
				a[1] = taken.Addr().String()
				return c.prepare(folder, a)
			})
			if !errors.Is(err, errPortTaken) {
				t.Errorf("launch() = %v, want %v", err, errPortTaken)
			}
		})
	}
}

func TestStartTellsWhatTheServerSaid(t *testing.T) {
	Require(t)
	certificate := selfSigned(t, serverName)
	for _, c := range []struct {
		name, host, ready, want string
		prepare                 setup
	}{
		{"dovecot", dovecotHost, dovecotReady, "Unknown setting: no_such_setting", func(folder string, a []string) (*exec.Cmd, error) {
			return DovecotOptions{Certificate: certificate, Settings: "no_such_setting = yes"}.write(folder, a[0], a[1])
		}},
		{"postfix", postfixHost, postfixReady, "bad numerical configuration: line_length_limit = soon",
			PostfixOptions{Certificate: certificate, Settings: map[string]string{"line_length_limit": "soon"}}.write},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := launch(c.host, 2, c.ready, c.prepare)
			if err == nil {
				t.Fatal("launch() = nil, want an error")
			}
			holds(t, "launch()", err.Error(), " did not become ready, log:\n")
			holds(t, "launch()", err.Error(), c.want)
		})
	}
}

func TestFreeAddressesDiffer(t *testing.T) {
	addresses, err := freeAddresses("127.0.0.1", 20)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, address := range addresses {
		if seen[address] {
			t.Errorf("%s was found twice", address)
		}
		seen[address] = true
	}
}

// group lists the living processes of a process group by name. A zombie that init
// has not collected yet does not live.
func group(t *testing.T, leader int) []string {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // It ended meanwhile.
		}
		name, rest, _ := strings.Cut(string(text), ") ")
		var state string
		var parent, pgrp int
		if _, err := fmt.Sscan(rest, &state, &parent, &pgrp); err != nil {
			t.Fatalf("read %s: %v", stat, err)
		}
		if pgrp == leader && state != "Z" {
			names = append(names, name+")")
		}
	}
	return names
}
