//go:build linux

package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mailmedic/checks/pages"
	"mailmedic/probe/mailtest/debian"
)

// tab is a line at whose end somebody presses Tab, and the words that the shell offers.
type tab struct {
	line string
	want []string
}

// TestShells presses Tab in the shells themselves. Each reads the whole script and completes
// what is typed, with its own rules for words, quotes and files.
func TestShells(t *testing.T) {
	tabs := tabs(t)
	var lines []string
	for _, tab := range tabs {
		lines = append(lines, tab.line)
	}
	for _, shell := range []struct {
		name  string
		press func(t *testing.T, folder string, lines []string) [][]string
	}{
		{"bash", pressInBash},
		{"zsh", pressInZsh},
		{"fish", pressInFish},
	} {
		t.Run(shell.name, func(t *testing.T) {
			debian.RequireTools(t, shell.name)
			folder := t.TempDir()
			put(t, folder, "script", script(t, shell.name))
			put(t, folder, "saved.json", "{}")
			if err := os.Mkdir(filepath.Join(folder, "folder"), 0o700); err != nil {
				t.Fatal(err)
			}
			got := shell.press(t, folder, lines)
			for i, tab := range tabs {
				if diff := cmp.Diff(offered("", tab.want), offered(tab.line, got[i])); diff != "" {
					t.Errorf("%q in %s (-want +got):\n%s", tab.line, shell.name, diff)
				}
			}
		})
	}
}

func tabs(t *testing.T) []tab {
	var commands, codes []string
	var lines []tab
	for _, v := range allVerbs(t) {
		commands = append(commands, v.name)
		var flags []string
		for _, o := range v.flags {
			flags = append(flags, o.names...)
		}
		lines = append(lines, tab{"mailmedic " + v.name + " -", flags})
	}
	list, err := pages.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range list {
		if strings.HasPrefix(page.Code, "MM30") {
			codes = append(codes, page.Code)
		}
	}
	formats := formats()
	return append(lines,
		tab{"mailmedic ", commands},
		tab{"mailmedic ch", []string{"check"}},
		tab{"mailmedic -", []string{"-h", "--help", "-V", "--version"}},
		tab{"mailmedic check --fo", []string{"--format"}},
		tab{"mailmedic check --format ", formats},
		tab{"mailmedic check --format=", formats},
		tab{"mailmedic check --format=js", []string{"json", "jsonl"}},
		tab{"mailmedic check jdoe@example.net -f js", []string{"json", "jsonl"}},
		tab{"mailmedic check jdoe@example.net --fail-on never --symptom ", symptoms()},
		tab{"mailmedic check --paths imap-993,smtp-58", []string{"smtp-587"}},
		tab{"mailmedic check --paths=imap-993,smtp-58", []string{"smtp-587"}},
		tab{"mailmedic check --connect smtp-58", []string{"smtp-587"}},
		tab{"mailmedic check --write js", []string{"json", "jsonl"}},
		tab{"mailmedic check --write json=sav", []string{"saved.json"}},
		tab{"mailmedic check --write=json=sav", []string{"saved.json"}},
		tab{"mailmedic check --password-file sav", []string{"saved.json"}},
		tab{"mailmedic check --client au", []string{"auto"}},
		tab{"mailmedic check --client sav", []string{"saved.json"}},
		tab{"mailmedic check --client=sav", []string{"saved.json"}},
		tab{"mailmedic check --login sav", nil},
		tab{"mailmedic check --ignore MM30", codes},
		tab{"mailmedic check -- --fo", nil},
		tab{"mailmedic settings --files fol", []string{"folder"}},
		tab{"mailmedic settings --files sav", nil},
		tab{"mailmedic settings --app thun", []string{"thunderbird"}},
		tab{"mailmedic client sav", []string{"saved.json"}},
		tab{"mailmedic client --verbose folder sav", []string{"saved.json"}},
		tab{"mailmedic explain MM30", codes},
		tab{"mailmedic explain MM101 --path smtp:587 MM30", codes},
		tab{"mailmedic report ", []string{"bundle", "compare", "read"}},
		tab{"mailmedic report read sav", []string{"saved.json"}},
		tab{"mailmedic report compare saved.json sav", []string{"saved.json"}},
		tab{"mailmedic report --format json read sav", []string{"saved.json"}},
		tab{"mailmedic demo port", []string{"port-25-blocked"}},
		tab{"mailmedic demo --timeout 1s port", []string{"port-25-blocked"}},
		tab{"mailmedic demo healthy port", nil},
		tab{"mailmedic help exit", []string{"exit-codes"}},
		tab{"mailmedic completion ", shells()},
		tab{"mailmedic nosuch --fo", nil},
	)
}

// offered sorts words, and leaves of each what is new in it: some shells repeat what stands
// before the place that is completed, once.
func offered(line string, words []string) []string {
	typed := line[strings.LastIndex(line, " ")+1:]
	before := typed[:strings.LastIndexAny(typed, "=,")+1]
	var names []string
	for _, w := range words {
		w = strings.TrimRight(strings.TrimPrefix(w, before), "=/")
		if w != "" && !slices.Contains(names, w) {
			names = append(names, w)
		}
	}
	slices.Sort(names)
	return names
}

// pressInBash has readline insert all that it would offer, and a function of the command's
// name write down with what it was called.
func pressInBash(t *testing.T, folder string, lines []string) [][]string {
	put(t, folder, "rc", "PS1='ready>'\nsource ./script\nmailmedic() { printf '%s\\n' \"$@\" >>called; echo >>called; }\n")
	const insertAll = "\x1b*"
	typed := []string{}
	for _, line := range lines {
		typed = append(typed, line+insertAll+"\n")
	}
	converse(t, folder, append(typed, "exit\n"), "bash", "--noprofile", "--rcfile", "rc", "-i")
	var all [][]string
	for i, call := range called(t, folder, len(lines)) {
		before := strings.Fields(lines[i])[1:]
		if !strings.HasSuffix(lines[i], " ") {
			last := before[len(before)-1]
			before = before[:len(before)-1]
			if len(call) == len(before)+1 && call[len(before)] == last {
				call = before // nothing was offered, and the word is as it was typed
			}
		}
		all = append(all, call[len(before):])
	}
	return all
}

// pressInZsh runs the completion of each line from a widget, and writes down what goes to
// compadd, through which every word that zsh offers has to pass.
func pressInZsh(t *testing.T, folder string, lines []string) [][]string {
	put(t, folder, ".zshrc", `PS1='ready>' LISTMAX=1000
unsetopt automenu autolist
autoload -Uz compinit && compinit -u -D
source ./script
compadd() {
	if [[ ${argv[1,(i)(-|--)]} != *(-O|-A|-D)* ]]; then
		local -a hits
		builtin compadd -A hits "$@"
		print -rl -- $hits >>called
	fi
	builtin compadd "$@"
}
press() {
	local line
	while IFS= read -r line; do
		BUFFER=$line CURSOR=$#line
		zle complete-word
		print -r >>called -- ---
	done <lines
	exit
}
zle -N zle-line-init press
`)
	put(t, folder, "lines", strings.Join(lines, "\n")+"\n")
	converse(t, folder, nil, "zsh", "-i")
	data, err := os.ReadFile(filepath.Join(folder, "called"))
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for part := range strings.SplitSeq(string(data), "---\n") {
		all = append(all, strings.Fields(part))
	}
	if len(all) != len(lines)+1 {
		t.Fatalf("got %d answers of zsh, want %d", len(all)-1, len(lines))
	}
	return all
}

func pressInFish(t *testing.T, folder string, lines []string) [][]string {
	put(t, folder, "lines", strings.Join(lines, "\n")+"\n")
	cmd := exec.CommandContext(t.Context(), "fish", "--no-config", "-c", `source ./script
while read -l line
    complete -C $line | string replace -r '\t.*' '' >>called
    echo >>called
end <lines`)
	cmd.Dir, cmd.Env = folder, shellEnv(folder)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("fish: %v\n%s", err, out)
	}
	return called(t, folder, len(lines))
}

// called reads the answers, each of which ends with an empty line.
func called(t *testing.T, folder string, want int) [][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "called"))
	if err != nil {
		t.Fatal(err)
	}
	all := [][]string{nil}
	for line := range strings.Lines(string(data)) {
		if line == "\n" {
			all = append(all, nil)
			continue
		}
		all[len(all)-1] = append(all[len(all)-1], strings.TrimRight(line, "\n"))
	}
	if len(all) != want+1 {
		t.Fatalf("got %d answers, want %d:\n%s", len(all)-1, want, data)
	}
	return all[:want]
}

// converse runs a shell in a terminal and types a line whenever it is ready.
func converse(t *testing.T, folder string, lines []string, argv ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	screen, terminal, err := pseudoterminal()
	if err != nil {
		t.Fatalf("open a terminal: %v", err)
	}
	defer screen.Close()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = folder, shellEnv(folder)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	err = cmd.Start()
	terminal.Close()
	if err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer
	from := 0
	buffer := make([]byte, 4096)
	for {
		n, wrong := screen.Read(buffer)
		shown.Write(buffer[:n])
		if at := bytes.Index(shown.Bytes()[from:], []byte("ready>")); at >= 0 && len(lines) > 0 {
			from += at + len("ready>")
			screen.WriteString(lines[0])
			lines = lines[1:]
		}
		if wrong != nil {
			break // The shell has closed the terminal.
		}
	}
	if err := cmd.Wait(); err != nil || len(lines) > 0 {
		t.Fatalf("%s: %v; %d lines were not typed; it showed\n%s", argv[0], err, len(lines), shown.String())
	}
}

func shellEnv(folder string) []string {
	return []string{"HOME=" + folder, "ZDOTDIR=" + folder, "PATH=" + os.Getenv("PATH"), "TERM=dumb", "INPUTRC=/dev/null", "LC_ALL=C.UTF-8"}
}

func put(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
