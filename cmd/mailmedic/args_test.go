package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"
)

// someCommands is small enough to see what each case is about.
func someCommands() []*cli.Command {
	return []*cli.Command{
		{Name: "check", Flags: []cli.Flag{
			&cli.StringFlag{Name: "login"},
			&cli.StringFlag{Name: "root-path"},
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}},
			&cli.BoolFlag{Name: "json"},
			&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}},
			&cli.BoolFlag{Name: "no-login"},
		}},
		{Name: "explain"},
		{Name: "issues", Flags: []cli.Flag{&cli.BoolFlag{Name: "json"}}},
	}
}

func TestArrange(t *testing.T) {
	tests := []struct {
		name string
		line string
		want string
	}{
		{"no command", "", "mailmedic"},
		{"a command alone", "check", "mailmedic check --"},
		{"flags before the address stay", "check --json a@b.example", "mailmedic check --json -- a@b.example"},
		{"flags after the address move", "check a@b.example --json", "mailmedic check --json -- a@b.example"},
		{"a value moves with its flag", "check a@b.example --login jdoe --json", "mailmedic check --login=jdoe --json -- a@b.example"},
		{"a value behind = stays there", "check a@b.example --login=jdoe", "mailmedic check --login=jdoe -- a@b.example"},
		{"a folder path may be empty", "check --root-path= a@b.example", "mailmedic check --root-path= -- a@b.example"},
		{"one dash is a short flag", "check a@b.example -f json", "mailmedic check -f=json -- a@b.example"},
		{"one dash is also a long flag", "check -json a@b.example", "mailmedic check -json -- a@b.example"},
		{"a value may begin with a dash", "check --login -odd-", "mailmedic check --login=-odd- --"},
		{"-v repeats", "check -v a@b.example -v", "mailmedic check -v -v -- a@b.example"},
		{"-vvv is three", "check -vvv a@b.example", "mailmedic check -v -v -v -- a@b.example"},
		{"nothing behind -- is a flag", "check --json -- --no-login", "mailmedic check --json -- --no-login"},
		{"a dash alone is an argument", "check - --json", "mailmedic check --json -- -"},
		{"an error number is a word to search for", "issues --json -8172", "mailmedic issues --json -- -8172"},
		{"a switch may be switched off", "check --json=false", "mailmedic check --json=false --"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l, err := arrange(strings.Fields(test.line), someCommands())
			if err != nil {
				t.Fatalf("arrange(%q): %v", test.line, err)
			}
			if diff := cmp.Diff(strings.Fields(test.want), l.argv("mailmedic")); diff != "" {
				t.Errorf("arrange(%q) (-want +got):\n%s", test.line, diff)
			}
		})
	}
}

func TestArrangeFindsHelpAndVersion(t *testing.T) {
	tests := []struct {
		line          string
		command       string
		help, version bool
	}{
		{"--help", "", true, false},
		{"-h", "", true, false},
		{"-V", "", false, true},
		{"--version", "", false, true},
		{"check --help", "check", true, false},
		{"check a@b.example --nonsense -h", "check", true, false},
		{"check -- -h", "check", false, false},
		{"check -v", "check", false, false},
	}
	for _, test := range tests {
		l, err := arrange(strings.Fields(test.line), someCommands())
		if err != nil {
			t.Errorf("arrange(%q): %v", test.line, err)
			continue
		}
		name := ""
		if l.command != nil {
			name = l.command.Name
		}
		if name != test.command || l.help != test.help || l.version != test.version {
			t.Errorf("arrange(%q) = command %q help %t version %t, want %q %t %t",
				test.line, name, l.help, l.version, test.command, test.help, test.version)
		}
	}
}

func TestArrangeRefuses(t *testing.T) {
	tests := []struct {
		name string
		line string
		says string // in the message or the hint
	}{
		{"an unknown command", "chekc", "mailmedic check"},
		{"an address in the command's place", "a@b.example", "mailmedic check a@b.example"},
		{"a flag before the command", "--json check", "before the command"},
		{"an unknown flag", "check --jsno", "--json"},
		{"a flag without its value", "check --login", "needs a value"},
		{"an empty value", "check --login= a@b.example", "needs a value"},
		{"a flag in a value's place", "check --login --json", "needs a value"},
		{"a value for a switch", "check --json=maybe", "takes no value"},
		{"three dashes", "check ---", "has no flag"},
		{"a password", "check --password hunter2", "There is no --password"},
		{"a password behind =", "check --password=hunter2", "There is no --password"},
		{"a password before the command", "--password=hunter2 check", "There is no --password"},
		{"a password as other programs take it", "check -p hunter2", "There is no --password"},
		{"a password glued to its flag", "check -phunter2", "There is no --password"},
		{"glued and before the command", "-phunter2 check", "There is no --password"},
		{"a number that is no flag", "check -8", "has no flag -8"},
		{"a word behind --version", "--version extra", "no more words"},
		{"a flag that is almost a password", "check --passwd=hunter2", "--passwd"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := arrange(strings.Fields(test.line), someCommands())
			var f *failure
			if !errors.As(err, &f) {
				t.Fatalf("arrange(%q) = %v, want a usage failure", test.line, err)
			}
			said := f.message.String() + "\n" + f.hint.String()
			if f.code != exitUsage || !strings.Contains(said, test.says) {
				t.Errorf("arrange(%q) = exit %d %q, want exit %d with %q", test.line, f.code, said, exitUsage, test.says)
			}
			if strings.Contains(said, "hunter2") {
				t.Errorf("arrange(%q) repeats a value that may be a password: %q", test.line, said)
			}
		})
	}
}

func TestWanted(t *testing.T) {
	for line, want := range map[string]string{
		"check --json":                "json",
		"check --no-such-flag --json": "json",
		"check --format json":         "json",
		"check --format=json":         "json",
		"check -f json":               "json",
		"check -f jsonl":              "jsonl",
		"check --format=junit":        "junit",
		"check --format text":         "",
		"check --format html":         "",
		"check json":                  "",
		"check -f":                    "",
		"check -- --json":             "",
		"check --write json=file":     "",
		"":                            "",
	} {
		if got := wanted(strings.Fields(line)); got != want {
			t.Errorf("wanted(%q): got %q, want %q", line, got, want)
		}
	}
}

func TestVerbosity(t *testing.T) {
	tests := []struct {
		line string
		want int
	}{
		{"check", 0},
		{"check -v", 1},
		{"check -vv --verbose", 3},
		{"check -vvv", 3},
		{"check -- -vvv", 0},
		{"check --login v", 0},
	}
	for _, test := range tests {
		if got := verbosity(strings.Fields(test.line)); got != test.want {
			t.Errorf("verbosity(%q) = %d, want %d", test.line, got, test.want)
		}
	}
}
