package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"mailmedic/checks"
	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/report"
)

// office is a provider with many accounts, and a job that tests them all.
func office(t testing.TB, users int, change func(*mailtest.Options)) (*mailtest.Provider, *accountsJob, []listedAccount) {
	t.Helper()
	p := load(t, "runbox")
	m := mailtest.Options{Profile: p}
	var list []listedAccount
	for i := range users {
		name := fmt.Sprintf("user%d", i)
		m.Users = append(m.Users, mailtest.User{Name: name, Password: canary})
		list = append(list, listedAccount{Address: name + "@runbox.com", because: evidence.ByDomain})
	}
	if change != nil {
		change(&m)
	}
	provider, err := mailtest.Start(m)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { provider.Close() })
	return provider, &accountsJob{
		command: "echo " + canary, format: "text",
		tenants: map[string]*tenants{"": newTenants(job{profile: p, options: probe.Options{
			Timeout: 2 * time.Second, Dial: provider.Dial, Resolver: provider.Resolver(), Roots: provider.Roots(),
		}}, probe.NewPlaces())},
	}, list
}

// outcomes tests a list, by address.
func outcomes(ctx context.Context, j *accountsJob, list []listedAccount) map[string]report.Account {
	found := map[string]report.Account{}
	for a := range j.test(ctx, list) {
		found[a.Address] = a
	}
	return found
}

// TestAccounts: each account has an outcome of its own, and one that fails touches no other.
func TestAccounts(t *testing.T) {
	provider, j, list := office(t, 12, func(m *mailtest.Options) { m.Users[3].Password = "another" })
	list[5].Command = "exit 3"
	list[7].Login = "user7@runbox.com" // where only the part before @ is taken
	found := outcomes(t.Context(), j, list)
	for i, a := range list {
		got := found[a.Address]
		var codes []checks.Code
		for _, c := range got.Causes {
			codes = append(codes, c.Code)
		}
		want := struct {
			status report.Status
			code   checks.Code
			failed bool
		}{status: report.OK}
		switch i {
		case 3:
			want.status, want.code = report.Problem, "MM701"
		case 5:
			want.status, want.failed = report.Unknown, true
		case 7:
			want.status, want.code = report.Problem, "MM601"
		}
		if got.Verdict.Status != want.status || want.code != "" && !slices.Equal(codes, []checks.Code{want.code}) || (got.Error != nil) != want.failed {
			t.Errorf("%s: got %s %v %v, want %s %s", a.Address, got.Verdict.Status, codes, got.Error, want.status, want.code)
		}
	}
	logins := map[string]int{}
	for _, l := range provider.Logins() {
		logins[l.Name]++
		if !l.OK && l.Name != "user3" && l.Name != "user7@runbox.com" {
			t.Errorf("%s was rejected", l.Name)
		}
	}
	if logins["user0"] != 2 || logins["user3"] != 1 || logins["user5"] != 0 {
		t.Errorf("logins: got %v, want two of who works, one of who has a wrong password, none without a password", logins)
	}
}

// TestAccountsRefusedInARow stops logging in when one account after the other is rejected:
// the next ones are not known, and their passwords stay here.
func TestAccountsRefusedInARow(t *testing.T) {
	provider, j, list := office(t, 60, func(m *mailtest.Options) {
		m.Faults = map[string]mailtest.Fault{}
		for _, path := range m.Profile.Paths {
			m.Faults[path.ID()] = mailtest.Fault{Login: mailtest.Rejected}
		}
	})
	checkRefused(t, provider, outcomes(t.Context(), j, list), 1)
}

// TestAccountsRefusedWhenSending stops as well when one direction alone takes nobody.
func TestAccountsRefusedWhenSending(t *testing.T) {
	provider, j, list := office(t, 60, func(m *mailtest.Options) {
		m.Faults = map[string]mailtest.Fault{}
		for _, id := range []string{"smtp-587", "smtp-26", "smtp-25"} {
			m.Faults[id] = mailtest.Fault{Login: mailtest.Rejected}
		}
	})
	checkRefused(t, provider, outcomes(t.Context(), j, list), 2)
}

// checkRefused holds the servers' account of logins, so many for each account, against the
// outcomes: few accounts were tried, and those that were not do not count as well.
func checkRefused(t *testing.T, provider *mailtest.Provider, found map[string]report.Account, each int) {
	t.Helper()
	untried := 0
	for address, a := range found {
		if a.LoginAttempts.IMAP+a.LoginAttempts.SMTP > 0 {
			continue
		}
		untried++
		if a.Verdict.Status != report.Unknown || a.Error == nil {
			t.Errorf("%s was not tried: got %s, want unknown and why", address, a.Verdict.Status)
		}
	}
	if tried := len(provider.Logins()) / each; tried != refusedInARow || untried != len(found)-tried {
		t.Errorf("the servers saw %d accounts and %d of %d were not tried; want %d", tried, untried, len(found), refusedInARow)
	}
}

// TestAccountsRecover: a provider that was down when it was looked at is looked at again.
func TestAccountsRecover(t *testing.T) {
	down := true
	provider, j, list := office(t, 2, nil)
	dial := provider.Dial
	tenants := j.tenants[""]
	tenants.options.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if down && network == "tcp" {
			return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
		}
		return dial(ctx, network, address)
	}
	if a := outcomes(t.Context(), j, list[:1])[list[0].Address]; a.Verdict.Status != report.Problem {
		t.Errorf("the provider is down: got %s", a.Verdict.Status)
	}
	down = false
	tenants.looked = tenants.looked.Add(-again)
	if a := outcomes(t.Context(), j, list[1:])[list[1].Address]; a.Verdict.Status != report.OK {
		t.Errorf("the provider is up again: got %s, %s", a.Verdict.Status, a.Verdict.Headline)
	}
}

// TestAccountsProviderDown names the provider's fault once for all, and tries no login.
func TestAccountsProviderDown(t *testing.T) {
	provider, j, list := office(t, 20, func(m *mailtest.Options) {
		m.Faults = map[string]mailtest.Fault{}
		for _, path := range m.Profile.Paths {
			m.Faults[path.ID()] = mailtest.Fault{Certificate: mailtest.Expired}
		}
	})
	s := report.NewSummary(report.Tool{}, len(list), time.Now())
	for a := range j.test(t.Context(), list) {
		s.Add(a)
	}
	s.Close(time.Second, false)
	if len(provider.Logins()) != 0 || s.Problem != len(list) || len(s.Causes) == 0 || s.Causes[0].Code != "MM403" || s.Causes[0].Accounts != len(list) {
		t.Errorf("got %d logins, summary %+v; want none, and MM403 for all", len(provider.Logins()), s)
	}
	if total := provider.Connections()["imap-993"]; total > 10 {
		t.Errorf("imap-993: got %d connections, want those of one look for all accounts", total)
	}
}

// TestAccountsStopped begins no account after Ctrl-C, and ends.
func TestAccountsStopped(t *testing.T) {
	_, j, list := office(t, 200, nil)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	n := 0
	for range j.test(ctx, list) {
		if n++; n == 3 {
			stop()
		}
	}
	if n < 3 || n > 3+2*atATime {
		t.Errorf("got %d outcomes, want few more than three", n)
	}
}

// TestAccountsOutput writes an account with a fault in every format. All of them say the same.
func TestAccountsOutput(t *testing.T) {
	_, j, list := office(t, 2, func(m *mailtest.Options) { m.Users[1].Password = "another" })
	found := outcomes(t.Context(), j, list)
	for format, check := range map[string]func(*testing.T, string){
		"text": func(t *testing.T, text string) {
			for _, want := range []string{"OK             user0@runbox.com\n", "FAIL    MM701  user1@runbox.com", "2 accounts in ", "1 ok, 1 failing.", "MM701   1 account: "} {
				if !strings.Contains(text, want) {
					t.Errorf("got no %q in\n%s", want, text)
				}
			}
		},
		"jsonl": func(t *testing.T, text string) {
			lines := strings.Split(strings.TrimSpace(text), "\n")
			var summary report.Summary
			if err := json.Unmarshal([]byte(lines[len(lines)-1]), &summary); err != nil || len(lines) != 3 || summary.Problem != 1 || summary.Tested != 2 || summary.ExitCode != 2 {
				t.Errorf("got %d lines, %v, %+v", len(lines), err, summary)
			}
		},
		"json": func(t *testing.T, text string) {
			var document struct {
				Schema   string
				Accounts []report.Account
				Summary  report.Summary
			}
			if err := json.Unmarshal([]byte(text), &document); err != nil || len(document.Accounts) != 2 || document.Summary.Problem != 1 {
				t.Errorf("got %v, %+v", err, document)
			}
		},
	} {
		t.Run(format, func(t *testing.T) {
			io, read := streams(t)
			j.format = format
			out := newAccountsOutput(io, j, report.NewSummary(report.Tool{}, len(list), time.Now()))
			for _, a := range list {
				out.add(found[a.Address])
			}
			out.summary.Close(time.Second, false)
			if err := out.end(); err != nil {
				t.Fatal(err)
			}
			text := read(io.out)
			if strings.Contains(text, canary) {
				t.Error("the password is in the output")
			}
			check(t, text)
		})
	}
}

// TestAccountsReaderGone: when nobody reads on, that is known, and is no error.
func TestAccountsReaderGone(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r.Close()
	out := newAccountsOutput(stdio{out: w}, &accountsJob{format: "jsonl"}, report.NewSummary(report.Tool{}, 1, time.Now()))
	out.add(report.Account{})
	if err := out.end(); err != nil || !out.closed {
		t.Errorf("got closed %t, %v; want closed, and no error", out.closed, err)
	}
}

// TestAccountsJSONIsClean: what the list says may hold what controls a terminal.
func TestAccountsJSONIsClean(t *testing.T) {
	text := jsonLine(report.UntestedAccount("a@x.org", "x\u009b1m\u202e", "", 3, "", ""))
	if strings.ContainsAny(text, "\u009b\u202e") || !strings.Contains(text, `\u009b`) {
		t.Errorf("got %q, want escapes", text)
	}
}

func TestReadAccounts(t *testing.T) {
	good := []listedAccount{{Address: "a@x.org", Login: "a", Command: `pass "a"`}, {Address: "b@x.org", Provider: "runbox"}}
	for about, c := range map[string]struct {
		name, text string
		want       string // in the error; empty for none
	}{
		"CSV":                        {"l.csv", "address,login,provider,password_command\na@x.org,a,,\"pass \"\"a\"\"\"\nb@x.org,,runbox,\n", ""},
		"CSV as a spreadsheet has":   {"l.csv", "\ufeffPassword Command,Address,Login,Provider\r\n\"pass \"\"a\"\"\",a@x.org,a,\r\n,b@x.org,,runbox\r\n", ""},
		"YAML":                       {"l.yaml", "- {address: a@x.org, login: a, password_command: 'pass \"a\"'}\n- address: b@x.org\n  provider: runbox\n", ""},
		"no column address":          {"l.csv", "login\na\n", "names no column address"},
		"a column that is misspelt":  {"l.csv", "adress\na@x.org\n", "did you mean address?"},
		"a column twice":             {"l.csv", "address,address\na@x.org,b@x.org\n", "twice"},
		"too few columns":            {"l.csv", "address,login\na@x.org\n", "line 2: it has another number of columns"},
		"a quote":                    {"l.csv", "address\n\"a@x.org\n", "quotes do not match"},
		"nobody":                     {"l.csv", "address\n", "names no account"},
		"empty":                      {"l.csv", "", "it is empty"},
		"no address":                 {"l.csv", "address\na@x.org\nbob\n", "line 3: \"bob\" is not an address"},
		"twice":                      {"l.csv", "address\na@x.org\nA@x.org\n", "line 3: \"A@x.org\" stands in line 2 already"},
		"one login under two names":  {"l.csv", "address,login\na@x.org,team\nb@x.org,team\n", "line 3: \"team\" stands in line 2 already"},
		"a login that is an address": {"l.csv", "address,login\na@x.org,\nb@x.org,a@x.org\n", "line 3: \"a@x.org\" stands in line 2 already"},
		"a YAML key that is unknown": {"l.yaml", "- {address: a@x.org, pasword_command: echo Canary-7xQ}\n", "line 1: unknown field"},
		"a YAML that is no list":     {"l.yaml", "address: a@x.org\n", "line 1"},
		"not UTF-8":                  {"l.csv", "address\n\xff@x.org\n", "not text in UTF-8"},
	} {
		file := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := readAccounts(file)
		if c.want != "" {
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), canary) || asFailure(err).code != exitData {
				t.Errorf("%s: got %v, want one that says %q", about, err, c.want)
			}
			continue
		}
		for i := range got {
			got[i].place = ""
		}
		if err != nil || !slices.Equal(got, good) {
			t.Errorf("%s: got %+v, %v; want %+v", about, got, err, good)
		}
	}
}

// TestReadAccountsOfAnybody refuses a list to which others could add a command.
func TestReadAccountsOfAnybody(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // file modes say nothing there
	}
	file := filepath.Join(t.TempDir(), "l.csv")
	if err := os.WriteFile(file, []byte("address\na@x.org\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := readAccounts(file); err == nil || !strings.Contains(err.Error(), "may write to") {
		t.Errorf("got %v, want a refusal", err)
	}
}

// BenchmarkAccounts tests lists of accounts behind a round trip of 50 ms, each with a
// command that gives its password, and reports the time for each account.
func BenchmarkAccounts(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			_, j, list := office(b, n, func(m *mailtest.Options) { m.Delay = 50 * time.Millisecond })
			for b.Loop() {
				for a := range j.test(b.Context(), list) {
					if a.Verdict.Status != report.OK {
						b.Fatalf("%s: got %s %s", a.Address, a.Verdict.Status, a.Verdict.Headline)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*n), "ms/account")
		})
	}
}
