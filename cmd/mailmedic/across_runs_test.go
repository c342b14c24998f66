package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mailmedic/checks"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/mailtest/leak"
	"mailmedic/probe/profile"
	"mailmedic/report"
)

// two are a path for receiving and one for sending.
func two(t testing.TB) (paths []profile.Path) {
	t.Helper()
	p := load(t, "runbox")
	for _, id := range []string{"imap-993", "smtp-587"} {
		path, _ := p.Path(id)
		paths = append(paths, path)
	}
	return paths
}

// TestRejectionsAcrossRuns starts the program again and again with an old password, as a
// monitor does. The servers see four rejected logins and no more, every run says that the
// account does not work, and the last ones why no login was tried.
func TestRejectionsAcrossRuns(t *testing.T) {
	t.Parallel()
	provider, err := mailtest.Start(mailtest.Options{Profile: load(t, "runbox"), Users: []mailtest.User{{Name: "alice", Password: "another"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { provider.Close() })
	s := sandboxed(t, provider, two(t)...)
	s.source("pw", leak.Password)
	check := append([]string{"check", "alice@runbox.com", "--password-file", "pw", "--json"}, s.doors...)
	for i := range 7 {
		e := s.run("", check...)
		var r report.Report
		if err := json.Unmarshal([]byte(e.out), &r); err != nil {
			t.Fatal(err)
		}
		want := checks.Code("MM701")
		if i >= mostInAnHour {
			want = "MM714"
		}
		if e.code != int(exitProblem) || len(r.Verdict.Codes) != 1 || r.Verdict.Codes[0] != want {
			t.Errorf("run %d: got exit %d, codes %v; want 2 and %s", i+1, e.code, r.Verdict.Codes, want)
		}
	}
	if got := len(provider.Logins()); got != mostInAnHour {
		t.Errorf("the servers rejected %d logins, want %d", got, mostInAnHour)
	}
	if s.run("", append(check, "--no-login")...); len(provider.Logins()) != mostInAnHour {
		t.Error("--no-login logged in")
	}
	if s.run("", append(check, "--no-memory")...); len(provider.Logins()) != mostInAnHour+1 {
		t.Errorf("--no-memory: the servers saw %d logins, want one more than %d", len(provider.Logins()), mostInAnHour)
	}
	s.search()
}

// TestRejectionsSideBySide starts eight monitors at once. With an old password the servers
// see no more rejected logins than of one behind the other; with the right one, each of them
// finds that mail works, because it waits for those that hold what is left.
func TestRejectionsSideBySide(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]exit{"another": exitProblem, leak.Password: exitOK} {
		provider, err := mailtest.Start(mailtest.Options{Profile: load(t, "runbox"), Users: []mailtest.User{{Name: "alice", Password: password}}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { provider.Close() })
		s := sandboxed(t, provider, two(t)...)
		s.source("pw", leak.Password)
		var runs sync.WaitGroup
		for range 8 {
			runs.Go(func() {
				monitor := []string{"monitor", "alice@runbox.com", "--password-file", "pw", "-t", "60", "-w", "60", "-c", "60"}
				if e := s.run("", append(monitor, s.doors...)...); e.code != int(want) {
					t.Errorf("got exit %d, want %d: %s%s", e.code, want, e.out, e.err)
				}
			})
		}
		runs.Wait()
		rejected := 0
		for _, l := range provider.Logins() {
			if !l.OK {
				rejected++
			}
		}
		if rejected > mostInAnHour {
			t.Errorf("the servers rejected %d logins, want %d at most", rejected, mostInAnHour)
		}
		s.search()
	}
}

// TestRejectionsOfSlowServers: a server that thinks about a login until the run is over may
// reject it behind that. So many runs of it are as many as any others.
func TestRejectionsOfSlowServers(t *testing.T) {
	t.Parallel()
	slow := mailtest.Fault{Script: "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\n< AUTHENTICATE\nstall"}
	provider, err := mailtest.Start(mailtest.Options{Profile: load(t, "runbox"), Faults: map[string]mailtest.Fault{"imap-993": slow}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { provider.Close() })
	s := sandboxed(t, provider, two(t)[:1]...)
	s.source("pw", leak.Password)
	check := append([]string{"check", "alice@runbox.com", "--password-file", "pw", "--json", "--login-attempts", "1", "--deadline", "1500ms"}, s.doors...)
	for i := range mostInAnHour + 1 {
		e := s.run("", check...)
		if got, want := strings.Contains(e.out, `"MM714"`), i == mostInAnHour; got != want {
			t.Errorf("run %d: got logins withheld: %v, want %v: %.300s", i+1, got, want, e.out)
		}
	}
	s.search()
}

// TestRejectionsOfKilledRuns kills runs that wait for a server. They cannot tell what became
// of their logins, so those count.
func TestRejectionsOfKilledRuns(t *testing.T) {
	t.Parallel()
	silent := mailtest.Fault{Script: "stall"}
	provider, err := mailtest.Start(mailtest.Options{Profile: load(t, "runbox"), Faults: map[string]mailtest.Fault{"imap-993": silent, "smtp-587": silent}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { provider.Close() })
	s := sandboxed(t, provider, two(t)...)
	s.source("pw", leak.Password)
	check := append([]string{"check", "alice@runbox.com", "--password-file", "pw", "--json", "--deadline", "2s"}, s.doors...)
	file := filepath.Join(s.dir, "state", "mailmedic", "rejections.txt")
	for known := 0; known < mostInAnHour/2; {
		cmd := s.command(t.Context(), check...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		before := known
		for end := time.Now().Add(longestRun); known == before && time.Now().Before(end); time.Sleep(time.Millisecond) {
			text, _ := os.ReadFile(file) // it may not be there yet
			known = reservations(string(text))
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		if known != before+1 {
			t.Fatalf("got %d reservations behind %d, want one more", known, before)
		}
	}
	if e := s.run("", check...); e.code != int(exitProblem) || !strings.Contains(e.out, "MM714") {
		t.Errorf("got exit %d, want 2 and MM714: %s", e.code, e.out)
	}
	s.search()
}

// reservations counts the runs that have reserved something in a file of rejections.
func reservations(lines string) int {
	runs := map[string]bool{}
	for line := range strings.Lines(lines) {
		if _, m, ok := entry([]byte(line)); ok && m.run != "" {
			runs[m.run] = true
		}
	}
	return len(runs)
}

// TestRejectionsUnremembered: where rejected logins cannot be remembered, what comes again and
// again by itself tries no login and says why; a person's check goes on and is told.
func TestRejectionsUnremembered(t *testing.T) {
	t.Parallel()
	for about, c := range map[string]struct {
		env   []string
		state string // what stands in the way
	}{
		"no place is known":               {env: []string{"HOME=", "XDG_STATE_HOME="}},
		"the folder is a file":            {state: "state/mailmedic"},
		"the rejections are a folder":     {state: "state/mailmedic/rejections.txt/x"},
		"nothing can be locked beside it": {state: "state/mailmedic/rejections.lock/x"},
	} {
		provider, err := mailtest.Start(mailtest.Options{Profile: load(t, "runbox"), Users: []mailtest.User{{Name: "alice", Password: "another"}}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { provider.Close() })
		s := sandboxed(t, provider, two(t)...)
		s.env = c.env
		s.source("pw", leak.Password)
		s.write("list.csv", "address\nalice@runbox.com\n")
		if c.state != "" {
			s.write(c.state, "")
		}
		for _, run := range []struct {
			words  []string
			code   exit
			logins int
		}{
			{[]string{"monitor", "alice@runbox.com", "--password-file", "pw"}, exitUnknown, 0},
			{[]string{"check", "alice@runbox.com", "--password-file", "pw", "--every", "11m", "--count", "1"}, exitOutput, 0},
			{[]string{"check", "alice@runbox.com", "--password-file", "pw", "--cron"}, exitOutput, 0},
			{[]string{"check", "alice@runbox.com", "--password-file", "pw"}, exitProblem, 1},
			{[]string{"check", "--accounts", "list.csv", "--password-command", "cat pw"}, exitProblem, 1},
		} {
			before := len(provider.Logins())
			e := s.run("", append(run.words, s.doors...)...)
			if got := len(provider.Logins()) - before; e.code != int(run.code) || got != run.logins {
				t.Errorf("%s: %v: got exit %d and %d logins, want %d and %d\n%s%s", about, run.words, e.code, got, run.code, run.logins, e.out, e.err)
			}
			if !strings.Contains(e.out+e.err, "remember") || run.words[0] == "check" && strings.Count(e.err, "remember") == 0 {
				t.Errorf("%s: %v: got %q and %q, want it to say what cannot be remembered", about, run.words, e.out, e.err)
			}
		}
		monitor := append([]string{"monitor", "alice@runbox.com", "--password-file", "pw", "--no-memory"}, s.doors...)
		if e := s.run("", monitor...); e.code != int(exitProblem) || strings.Contains(e.out, "remember") {
			t.Errorf("%s: --no-memory: got exit %d and %q, want 2 and the rejected login", about, e.code, e.out)
		}
		s.search()
	}
}

// TestAccountsInASandbox tests a list as a helpdesk does at night, with a password that is
// looked for in all that is printed and left behind.
func TestAccountsInASandbox(t *testing.T) {
	t.Parallel()
	provider, err := mailtest.Start(mailtest.Options{Profile: load(t, "runbox"), Hosted: []string{"example.org"}, Users: []mailtest.User{
		{Name: "alice", Password: leak.Password}, {Name: "bob%example.org", Password: leak.Password}, {Name: "carol", Password: "another"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { provider.Close() })
	s := sandboxed(t, provider, two(t)...)
	s.source("pw", leak.Password)
	s.write("staff.csv", "address,provider,password_command\nalice@runbox.com,,cat pw\nbob@example.org,runbox,\ncarol@runbox.com,,\ndave@runbox.com,,cat pw; exit 1\n")
	for _, format := range []string{"text", "jsonl", "json"} {
		e := s.run("", append([]string{"check", "--accounts", "staff.csv", "--format", format, "--no-memory",
			"--password-command", `test "$MAILMEDIC_ADDRESS" != "" && cat pw`}, s.doors...)...)
		if e.code != int(exitProblem) || strings.Contains(e.out, "MM001") || e.err != "" {
			t.Errorf("%s: got exit %d, %s\n%s", format, e.code, e.err, e.out)
		}
		for _, address := range []string{"alice@runbox.com", "bob@example.org", "carol@runbox.com", "dave@runbox.com", "failed with exit code 1"} {
			if !strings.Contains(e.out, address) {
				t.Errorf("%s: got nothing about %s:\n%s", format, address, e.out)
			}
		}
	}
	accepted := map[string]int{}
	for _, l := range provider.Logins() {
		if l.OK {
			accepted[l.Name]++
		}
	}
	if accepted["alice"] != 6 || accepted["bob%example.org"] != 6 || accepted["carol"] != 0 {
		t.Errorf("accepted logins: got %v, want two in each of three runs for alice and bob", accepted)
	}
	s.search()
}

// BenchmarkAccountsMemory tests lists of accounts in a process of its own, and reports the
// most memory that it had. It does not grow with the number of accounts.
func BenchmarkAccountsMemory(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			provider, _, list := office(b, n, nil)
			folder := b.TempDir()
			file := func(name, text string) string {
				path := filepath.Join(folder, name)
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					b.Fatal(err)
				}
				return path
			}
			var rows strings.Builder
			rows.WriteString("address\n")
			for _, a := range list {
				rows.WriteString(a.Address + "\n")
			}
			words := []string{"witnessed", "check", "--accounts", file("list.csv", rows.String()), "--no-memory", "--paths", "imap:993,smtp:587",
				"--password-command", "cat " + file("password", canary), "--ca-file", file("ca.pem", string(provider.CA().RootPEM()))}
			for _, path := range two(b) {
				words = append(words, "--connect", path.ID()+"="+provider.Listening(path.ID()))
			}
			self, err := os.Executable()
			if err != nil {
				b.Fatal(err)
			}
			most := 0
			for b.Loop() {
				cmd := exec.CommandContext(b.Context(), self)
				cmd.Args, cmd.Env = words, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "MAILMEDIC_REMAINS=" + filepath.Join(folder, "remains"), raceOptions()}
				out, err := cmd.CombinedOutput()
				if err != nil || strings.Count(string(out), "@runbox.com\n") < n-1 {
					b.Fatalf("%v: %.500s", err, out)
				}
				var left remains
				text, err := os.ReadFile(filepath.Join(folder, "remains"))
				if err == nil {
					err = json.Unmarshal(text, &left)
				}
				if err != nil || left.Leaks != "" {
					b.Fatalf("%v %s", err, left.Leaks)
				}
				most = max(most, left.Memory)
			}
			b.ReportMetric(float64(most)/(1<<20), "MiB")
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*n), "ms/account")
		})
	}
}
