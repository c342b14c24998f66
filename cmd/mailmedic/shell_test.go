//go:build linux

package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// question is a command as somebody types it, and words that it prints when it works.
type question struct {
	typed string
	shows []string
}

// typing is how questions went that somebody typed into a shell.
type typing struct {
	ended []time.Duration // of each, after the first could begin
	codes []string        // with which each ended
	said  []string        // what each printed
	held  memory          // by all programs together, if it was watched
}

// took is the time until the last answer was there.
func (w typing) took() time.Duration { return slices.Max(w.ended) }

// single are the times of the questions that were typed one after the other.
func (w typing) single() []time.Duration {
	single := slices.Clone(w.ended)
	for i := 1; i < len(single); i++ {
		single[i] = w.ended[i] - w.ended[i-1]
	}
	return single
}

// inTurn types each question when the one before is answered.
func (s seat) inTurn(t testing.TB, questions []question) typing {
	t.Helper()
	return s.shell(t, questions, "", false)
}

// atOnce types all questions together, with "&" behind each.
func (s seat) atOnce(t testing.TB, questions []question) typing {
	t.Helper()
	return s.shell(t, questions, "&", false)
}

// weighed types all questions together and watches how much memory the programs hold,
// which makes them slower.
func (s seat) weighed(t testing.TB, questions []question) memory {
	t.Helper()
	return s.shell(t, questions, "&", true).held
}

// shell has one shell at the seat run all questions, so that each costs what it costs
// who types it. Each has to be answered.
func (s seat) shell(t testing.TB, questions []question, behind string, watch bool) typing {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), programLimit)
	defer cancel()
	out := t.TempDir()
	cmd := s.command(ctx, "sh", "-c", commandLines(questions, out, behind))
	said, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewScanner(said)
	answers.Scan() // The shell is there.
	watching, stop := context.WithCancel(ctx)
	defer stop()
	held := make(chan memory, 1)
	if watch {
		go func() { held <- weigh(watching, cmd.Process.Pid) }()
	}
	w := listen(t, answers, len(questions))
	stop()
	if watch {
		w.held = <-held
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("the shell: %v", err)
	}
	for i, q := range questions {
		w.said = append(w.said, q.answer(t, filepath.Join(out, strconv.Itoa(i)), w.codes[i]))
	}
	return w
}

// commandLines says "ready", and then for each question its number and exit code when it has
// ended. What it prints goes into files.
func commandLines(questions []question, out, behind string) string {
	var text strings.Builder
	text.WriteString("echo ready\n")
	for i, q := range questions {
		fmt.Fprintf(&text, "{ { %s; } </dev/null >%s/%d 2>&1; echo %d $?; } %s\n", q.typed, out, i, i, behind)
	}
	text.WriteString("wait\n")
	return text.String()
}

// listen waits until so many questions of a script have ended.
func listen(t testing.TB, answers *bufio.Scanner, questions int) typing {
	t.Helper()
	began := time.Now()
	w := typing{ended: make([]time.Duration, questions), codes: make([]string, questions)}
	for range questions {
		answers.Scan()
		number, code, _ := strings.Cut(answers.Text(), " ")
		i, err := strconv.Atoi(number)
		if err != nil || i >= questions {
			t.Fatalf("the shell says %q: %v", answers.Text(), answers.Err())
		}
		w.ended[i], w.codes[i] = time.Since(began), code
	}
	return w
}

// answer reads what a question printed. One that failed has measured nothing.
func (q question) answer(t testing.TB, file, code string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if code != "0" {
		t.Fatalf("%s\nended with %s:\n%s", q.typed, code, data)
	}
	for _, word := range q.shows {
		if !strings.Contains(string(data), word) {
			t.Fatalf("%s\ndoes not show %q:\n%s", q.typed, word, data)
		}
	}
	return string(data)
}

// memory is what programs held, in KiB.
type memory struct {
	each int // the sum of each one's most, with the pages that several share counted for each
	real int // the most at a time, with the pages that several share counted once
}

// weigh watches the programs that a shell has started. What the kernel tells of a program
// that has ended (ru_maxrss, getrusage(2)) counts in the program that started it, which is
// larger here than all of them: so it looks while they run.
func weigh(ctx context.Context, shell int) memory {
	var found memory
	most := map[int]int{}
	for {
		now := 0
		for _, pid := range below(shell) {
			rss, pss := holds(pid)
			most[pid] = max(most[pid], rss)
			now += pss
		}
		found.real = max(found.real, now)
		select {
		case <-ctx.Done():
			for _, rss := range most {
				found.each += rss
			}
			return found
		case <-time.After(3 * time.Millisecond):
		}
	}
}

// below lists the programs that a shell and its subshells have started.
func below(shell int) (pids []int) {
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", shell, shell))
	for _, field := range strings.Fields(string(children)) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			continue
		}
		pids = append(pids, below(pid)...)
		if name, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)); strings.TrimSpace(string(name)) != "sh" {
			pids = append(pids, pid)
		}
	}
	return pids
}

// holds tells a program's memory in KiB, with what it shares with others in full and in
// part. One that has ended holds none.
func holds(pid int) (rss, pss int) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	for row := range strings.Lines(string(text)) {
		fields := strings.Fields(row)
		if len(fields) != 3 {
			continue
		}
		switch size, _ := strconv.Atoi(fields[1]); fields[0] {
		case "Rss:":
			rss = size
		case "Pss:":
			pss = size
		}
	}
	return rss, pss
}
