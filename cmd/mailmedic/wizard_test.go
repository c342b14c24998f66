//go:build linux

package main

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"mailmedic/probe/mailtest"
	"mailmedic/probe/mailtest/leak"
	"mailmedic/report/messages"
)

// TestWizard answers all questions, each in its place, and takes a copy home.
func TestWizard(t *testing.T) {
	t.Parallel()
	s := sandboxed(t, nil)
	k := talkTo(s, 30, "check", "--demo", "port-25-blocked")
	k.see("uploads nothing.")
	k.see("Press Ctrl-C at any time to stop.")
	k.say("1 of 4  Your email address [alice@runbox.com]: ", " alice@runbox.com \n")
	k.see("Found Runbox. Testing the connection while you answer.")
	k.see("2 of 4  What is going wrong?")
	k.see("1  I cannot receive mail")
	k.see("4  nothing, just checking")
	k.say("Number [4]: ", "2\n")
	k.see("3 of 4  Login name, exactly as it stands in your mail app.")
	k.say("Press Enter if it is alice: ", "\n")
	k.see("4 of 4  Password (nothing appears while you type).")
	k.say("Press Enter to skip the login test: ", "simulated-apple-41\n")
	k.see("Which mail app do you use?")
	k.see("6  another one")
	k.say("Number [6]: ", "2\n")
	k.see("Account Settings > Outgoing Server > Edit")
	k.say("? [y/N] ", "y\n")
	left := k.end(1)

	for _, want := range []string{"WARN    You can receive mail. Sending works, but not through port 25.", "MM303", "log+", "in Thunderbird", "Nothing was uploaded."} {
		if !strings.Contains(left, want) {
			t.Errorf("the screen lacks %q:\n%s", want, left)
		}
	}
	if n := len(regexp.MustCompile(`(?m)^\d of \d  `).FindAllString(left, -1)); n != 4 {
		t.Errorf("got %d questions with a number, want 4:\n%s", n, left)
	}
	if strings.Count(k.shown, "simulated-apple-41") != 1 {
		t.Errorf("the password appeared where it was typed:\n%s", k.shown)
	}
	unspoilt(t, left)
	files, err := filepath.Glob(filepath.Join(s.dir, "mail-report-*.txt"))
	if err != nil || len(files) != 1 {
		t.Fatalf("got files %q, %v, want one", files, err)
	}
	copied, err := os.ReadFile(files[0])
	if err != nil || !strings.Contains(string(copied), "-- MM303  An SMTP port is blocked") || strings.Contains(string(copied), "\x1b") {
		t.Errorf("%v: the copy is not the report:\n%s", err, copied)
	}
}

// TestWizardAnswers gives the answers that people give. What matters is on the screen in the
// end, in this order.
func TestWizardAnswers(t *testing.T) {
	const skip = "skip the login test: "
	type exchange struct{ question, answer string }
	for name, c := range map[string]struct {
		words []string
		says  []exchange
		code  int
		want  []string
		never []string
	}{
		"nothing but Enter": {
			says: []exchange{{"address", "\n"}, {"Number", "\n"}, {"Press Enter if", "\n"}, {skip, "\n"}, {"[y/N]", "\n"}},
			want: []string{"a***@runbox.com at Runbox", "OK      The connection works. The login was not tested.", "Login: no password was given."},
		},
		"the end of the input": {
			says: []exchange{{"address", "\x04"}, {"Number", "\x04"}, {"Press Enter if", "\x04"}, {skip, "\x04"}, {"[y/N]", "\x04"}},
			want: []string{"a***@runbox.com at Runbox", "Login: no password was given."},
		},
		"nonsense, asked again": {
			says: []exchange{{"address", "alice\n"}, {"it has no @", ""}, {"address", "al ice@x\n"}, {"it holds a blank", ""}, {"address", "bob@example.org\n"}, {"Number", "7\n"}, {"from 1 to 4", ""}, {"Number", "x\n"}, {"Number", "1.\n"}, {"if it is bob%example.org: ", "\n"}, {skip, "simulated-birch-73\n"}, {"[y/N]", "what\n"}, {"[y/N]", "n\n"}},
			want: []string{"b***@example.org at Runbox", "You can receive and send.", "log+"},
		},
		"nonsense for ever": {
			says:  []exchange{{"address", "alice\n"}, {"address", "alice@\n"}, {"address", "@\n"}},
			code:  64,
			want:  []string{"is not an address"},
			never: []string{"2 of 4"},
		},
		"a slip of the fingers": {
			says: []exchange{{"address", "alice@rubnox.com\n"}, {"Did you mean runbox.com? [Y/n] ", "\n"}, {"Number", "\n"}, {"if it is alice: ", "\n"}, {skip, "simulated-apple-41\n"}, {"[y/N]", "\n"}},
			want: []string{"a***@runbox.com at Runbox", "You can receive and send."},
		},
		"no slip": {
			says: []exchange{{"address", "alice@rubnox.com\n"}, {"Did you mean runbox.com? [Y/n] ", "n\n"}, {"Number", "\n"}, {"if it is alice%rubnox.com: ", "\n"}, {skip, "\n"}, {"[y/N]", "\n"}},
			want: []string{"a***@rubnox.com at Runbox"},
		},
		"no number for ever": {
			says: []exchange{{"address", "\n"}, {"Number", "7\n"}, {"Number", "what\n"}, {"Number", "0\n"}, {"I go on with 4: nothing, just checking.", ""}, {"Press Enter if", "\n"}, {skip, "\n"}, {"[y/N]", "\n"}},
		},
		"an arrow key": {
			says: []exchange{{"address", "\n"}, {"Number", "\n"}, {"Press Enter if", "alice\x1b[D\n"}, {"There is a key in it that is no letter", ""}, {"Press Enter if", "alice\n"}, {skip, "simulated-apple-41\n"}, {"[y/N]", "\n"}},
			want: []string{"You can receive and send."},
		},
		"neither yes nor no": {
			says:  []exchange{{"address", "alice@rubnox.com\n"}, {"Did you mean runbox.com? [Y/n] ", "later\n"}, {"Please type y or n.", ""}, {"[Y/n] ", "quit\n"}, {"[Y/n] ", "?\n"}, {"Number", "\n"}, {"if it is alice%rubnox.com: ", "\n"}, {skip, "\n"}, {"[y/N]", "\n"}},
			want:  []string{"a***@rubnox.com at Runbox"},
			never: []string{"a***@runbox.com"},
		},
		"the end of the input at a yes": {
			says:  []exchange{{"address", "alice@rubnox.com\n"}, {"Did you mean runbox.com? [Y/n] ", "\x04"}, {"Number", "\n"}, {"if it is alice%rubnox.com: ", "\n"}, {skip, "\n"}, {"[y/N]", "\n"}},
			want:  []string{"a***@rubnox.com at Runbox"},
			never: []string{"a***@runbox.com"},
		},
		"Enter once too often": {
			says: []exchange{{"address", "\n"}, {"Number", "\n"}, {"Press Enter if", "\n\nsimulated-apple-41 or not\n"}, {skip, "simulated-apple-41\n"}, {"[y/N]", "\n"}},
			want: []string{"a***@runbox.com at Runbox", "You can receive and send.", "log+"},
		},
		"two sources for the password": {
			words: []string{"--password-file", "a", "--password-command", "b"},
			code:  64,
			want:  []string{"are two sources for one password."},
			never: []string{"Your email address"},
		},
		"flags answer their questions": {
			words: []string{"--symptom", "send", "--no-login"},
			says:  []exchange{{"1 of 2  Your email address", "\n"}, {"2 of 2  Login name", ""}, {"Press Enter if", "\n"}, {"[y/N]", "\n"}},
			want:  []string{"Login: --no-login was given."},
			never: []string{"going wrong", "Password"},
		},
		"the report goes to a file": {
			words: []string{"--output", "report.txt", "--login", "alice", "--symptom", "none"},
			says:  []exchange{{"1 of 2  Your email address", "\n"}, {skip, "\n"}},
			never: []string{"helpdesk", "OK "},
		},
		"a terminal that cannot draw": {
			words: []string{"--progress", "none"},
			says:  []exchange{{"1 of 4", "\n"}, {"2 of 4", ""}, {"Number", "\n"}, {"3 of 4", ""}, {"Press Enter if", "\n"}, {"4 of 4", ""}, {skip, "simulated-apple-41\n"}, {"[y/N]", "\n"}},
			want:  []string{"You can receive and send."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sandboxed(t, nil)
			k := talkTo(s, 30, append([]string{"check", "--demo", "healthy"}, c.words...)...)
			for _, e := range c.says {
				k.say(e.question, e.answer)
			}
			left := k.end(c.code)
			from := 0
			for _, want := range c.want {
				at := strings.Index(left[from:], want)
				if at < 0 {
					t.Fatalf("%q is not on the screen, or not in its place:\n%s", want, left)
				}
				from += at
			}
			for _, never := range c.never {
				if strings.Contains(left, never) {
					t.Errorf("%q is on the screen:\n%s", never, left)
				}
			}
			unspoilt(t, left)
			if slices.Contains(c.words, "--progress") && strings.Contains(k.shown, "\x1b[J") {
				t.Errorf("something was drawn over: %q", k.shown)
			}
		})
	}
}

// TestWizardName gives a login name of a form that the provider does not take: it is not sent,
// and the right one only when somebody says so.
func TestWizardName(t *testing.T) {
	for name, c := range map[string]struct {
		again, password string
		want            string
		reports         int
	}{
		"the right one too": {"\n", "simulated-apple-41\n", "name/601 log+", 2},
		"nonsense":          {"later\nstop\nquit\n", "", "name/601", 1},
		"the end of input":  {"\x04", "", "name/601", 1},
		"not now":           {"n\n", "", "name/601", 1},
		"without password":  {"y\n", "\n", "name/601", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := talkTo(sandboxed(t, nil), 30, "check", "--demo", "name-form-wrong")
			k.say("address", "\n")
			k.say("Number", "3\n")
			k.say("Press Enter if it is alice: ", "alice@runbox.com\n")
			k.see("so the")
			k.see("password was not asked for.")
			k.say("Try the login test now with alice? [Y/n] ", c.again)
			if c.password != "" {
				k.say("skip the login test: ", c.password)
			}
			k.say("Number [6]: ", "1\n")
			k.see("in Outlook")
			k.say("[y/N] ", "\n")
			left := k.end(2)
			if strings.Contains(left, "4 of 4") {
				t.Errorf("the password was asked for before the name was right:\n%s", left)
			}
			if n := strings.Count(left, "Support line:"); n != c.reports || !strings.Contains(left, c.want) {
				t.Errorf("got %d reports, want %d, and %q in the last:\n%s", n, c.reports, c.want, left)
			}
			unspoilt(t, left)
		})
	}
}

// TestWizardNarrow asks where a question is wider than the screen.
func TestWizardNarrow(t *testing.T) {
	t.Parallel()
	s := sandboxed(t, nil)
	s.env = []string{"COLUMNS=40"}
	k := talkTo(s, 30, "check", "--demo", "name-form-wrong")
	k.say("[alice@runbox.com]: ", "\n")
	k.say("Number [4]: ", "3\n")
	k.say("is alice: ", "alice@runbox.com\n")
	k.say("[Y/n] ", "\n")
	k.say("        test: ", "simulated-apple-41\n") // the question ends on a line of its own
	k.say("Number [6]: ", "1\n")
	k.say("[y/N] ", "\n")
	for line := range strings.Lines(k.end(2)) {
		asks := strings.Contains(line, ": alice@") || strings.Contains(line, "?") // what is typed stands behind a question
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 40 && !asks {
			t.Errorf("got a line of %d columns, want 40 at most: %q", n, line)
		}
	}
}

// TestWizardUnreadable: a terminal that cannot be read answers nothing.
func TestWizardUnreadable(t *testing.T) {
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer nowhere.Close()
	p := &program{io: stdio{err: nowhere}, speak: messages.In(messages.English)}
	w := &wizard{program: p, c: &cli.Context{Context: t.Context()}, lines: bufio.NewReader(iotest.ErrReader(syscall.EIO))}
	yes, err := w.yes("Try the login test now? [Y/n]", true)
	if got := asFailure(err).code; yes || got != exitStopped {
		t.Errorf("got %t and exit code %d, want no yes and %d", yes, got, exitStopped)
	}
}

// TestWizardStops presses Ctrl-C at each question: what is known is said, and the terminal is
// as it was.
func TestWizardStops(t *testing.T) {
	for name, c := range map[string]struct {
		scenario string
		says     [][2]string
		report   bool // there is something to report
	}{
		"address":  {"healthy", [][2]string{{"address", ""}}, false},
		"slip":     {"healthy", [][2]string{{"address", "alice@rubnox.com\n"}, {"[Y/n] ", ""}}, false},
		"trouble":  {"healthy", [][2]string{{"address", "\n"}, {"Number", ""}}, true},
		"login":    {"healthy", [][2]string{{"address", "\n"}, {"Number", "\n"}, {"Press Enter if", ""}}, true},
		"waiting":  {"port-25-blocked", [][2]string{{"address", "\n"}, {"Number", "\n"}, {"Press Enter if", "\n"}, {"Port 25: reaching", ""}}, true},
		"password": {"healthy", [][2]string{{"address", "\n"}, {"Number", "\n"}, {"Press Enter if", "\n"}, {"skip the login test: ", "half"}}, true},
		"app":      {"port-25-blocked", [][2]string{{"address", "\n"}, {"Number", "2\n"}, {"Press Enter if", "\n"}, {"skip the login test: ", "\n"}, {"Number [6]", ""}}, true},
		"copy":     {"healthy", [][2]string{{"address", "\n"}, {"Number", "\n"}, {"Press Enter if", "\n"}, {"skip the login test: ", "\n"}, {"[y/N]", ""}}, true},
		"again":    {"name-form-wrong", [][2]string{{"address", "\n"}, {"Number", "\n"}, {"Press Enter if", "alice@runbox.com\n"}, {"[Y/n]", ""}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := talkTo(sandboxed(t, nil), 30, "check", "--demo", c.scenario)
			for i, say := range c.says {
				if i == len(c.says)-1 {
					say[1] += "\x03"
				}
				k.say(say[0], say[1])
			}
			left := k.end(130)
			if !strings.HasSuffix(left, "\nStopped. Nothing was changed.\n") {
				t.Errorf("want that it was stopped as the last line:\n%s", left)
			}
			if got := strings.Contains(left, "Support line:"); got != c.report {
				t.Errorf("there is a report: %t, want %t:\n%s", got, c.report, left)
			}
			unspoilt(t, left)
		})
	}
}

// TestWizardWhileTyping holds a real check: the connections are tested before the second
// question is answered, none of them is held while somebody types, and the password goes out
// once it is there.
func TestWizardWhileTyping(t *testing.T) {
	t.Parallel()
	p, paths := pathsOf(t, "imap-993", "smtp-587")
	provider := provide(t, mailtest.Options{Profile: p, Users: theUser()})
	s := sandboxed(t, provider, paths...)
	k := talkTo(s, 30, append([]string{"check", "--write", "json=saved.json"}, s.doors...)...)
	k.say("1 of 4  Your email address: ", "alice@runbox.com\n")
	k.see("Number [4]: ")
	for len(provider.Connections()) < 2 && k.ctx.Err() == nil {
		runtime.Gosched()
	}
	if got := provider.Connections(); got["imap-993"] != 1 || got["smtp-587"] != 1 || len(provider.Logins()) != 0 {
		t.Errorf("got connections %v and logins %v at the second question, want one each and none", got, provider.Logins())
	}
	k.say("", "\n")
	k.say("Press Enter if it is alice: ", "\n")
	k.say("skip the login test: ", leak.Password+"\n")
	k.say("[y/N] ", "y\n")
	left := k.end(0)
	if !strings.Contains(left, "log+") {
		t.Errorf("want a login that works:\n%s", left)
	}
	if got := provider.Connections(); got["imap-993"] != 2 || got["smtp-587"] != 2 {
		t.Errorf("got connections %v, want two each: one without the login and one with it", got)
	}
	if n := len(provider.Logins()); n != 2 {
		t.Errorf("got %d logins, want one each way: %+v", n, provider.Logins())
	}
	s.look("the screen", strings.ReplaceAll(k.shown, "\x1b", ""))
	s.search()
}

// TestWizardCopyHides: what is shown on the screen because its user said so is hidden in the
// copy for the helpdesk all the same.
func TestWizardCopyHides(t *testing.T) {
	t.Parallel()
	s := sandboxed(t, nil)
	k := talkTo(s, 30, "check", "--demo", "healthy", "--redact", "off", "--no-login", "--symptom", "none", "--login", "alice")
	k.say("address", "\n")
	k.say("Show them? [y/N] ", "y\n")
	k.see("alice@runbox.com at Runbox")
	k.say("[y/N] ", "y\n")
	k.end(0)
	copies, err := filepath.Glob(filepath.Join(s.dir, "mail-report-*.txt"))
	if err != nil || len(copies) != 1 {
		t.Fatalf("got copies %q and error %v, want one", copies, err)
	}
	text, err := os.ReadFile(copies[0])
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "a***@runbox.com") || strings.Contains(string(text), "alice") {
		t.Errorf("want the address hidden in the copy:\n%s", text)
	}
}

// TestWizardKeepsItsVerdict: what fails behind the report is told, and changes nothing of it.
func TestWizardKeepsItsVerdict(t *testing.T) {
	t.Parallel()
	s := sandboxed(t, nil)
	k := talkTo(s, 30, "check", "--demo", "healthy", "--no-login", "--symptom", "none", "--login", "alice")
	k.say("address", "\n")
	k.see("[y/N] ")
	if err := os.RemoveAll(s.dir); err != nil { // a folder that even root cannot write into
		t.Fatal(err)
	}
	k.say("", "y\n")
	left := k.end(0)
	if !strings.Contains(left, "The report cannot be written to") {
		t.Errorf("want what went wrong:\n%s", left)
	}
}

// TestWizardKeepsItsVerdictWithoutPassword has a command that gives no password the second time.
func TestWizardKeepsItsVerdictWithoutPassword(t *testing.T) {
	t.Parallel()
	s := sandboxed(t, nil)
	k := talkTo(s, 30, "check", "--demo", "name-form-wrong", "--symptom", "both", "--password-command", "exit 3", "--write", "json=saved.json")
	k.say("address", "\n")
	k.say("Press Enter if it is alice: ", "alice@runbox.com\n")
	k.say("Try the login test now with alice? [Y/n] ", "y\n")
	k.see("The password command failed with exit code 3.")
	k.say("Number [6]: ", "1\n")
	k.see("in Outlook")
	k.say("[y/N] ", "\n")
	k.end(2)
	if _, err := os.Stat(filepath.Join(s.dir, "saved.json")); err != nil {
		t.Errorf("got %v, want the report where else it was to go", err)
	}
}

// TestWizardKeepsThePassword asks for none where no connection is safe.
func TestWizardKeepsThePassword(t *testing.T) {
	t.Parallel()
	p, paths := pathsOf(t, "imap-993", "smtp-587")
	provider := provide(t, mailtest.Options{Profile: p, Users: theUser(), Faults: map[string]mailtest.Fault{
		"imap-993": {Certificate: mailtest.Expired}, "smtp-587": {Certificate: mailtest.Expired},
	}})
	s := sandboxed(t, provider, paths...)
	k := talkTo(s, 30, append([]string{"check"}, s.doors...)...)
	k.say("1 of 4  Your email address: ", "alice@runbox.com\n")
	k.say("Number [4]: ", "\n")
	k.say("Press Enter if it is alice: ", "\n")
	k.see("I did not ask for your password because no safe connection was found.")
	k.say("[y/N] ", "\n")
	left := k.end(2)
	if strings.Contains(left, "Password (") || len(provider.Logins()) != 0 || !strings.Contains(left, "MM403") {
		t.Errorf("got logins %v and\n%s\nwant no question for a password, and MM403", provider.Logins(), left)
	}
}
