package main

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mailmedic/probe/profile"
	"mailmedic/report"
)

func script(t *testing.T, shell string) string {
	t.Helper()
	all := allVerbs(t)
	switch shell {
	case "bash":
		return bashScript(all)
	case "zsh":
		return zshScript(all)
	case "fish":
		return fishScript(all)
	case "powershell":
		return powershellScript(all)
	}
	t.Fatalf("no script for %s", shell)
	return ""
}

// TestScriptsHoldEveryFlag reads the scripts as text, with cli's own list of flags in hand.
// PowerShell is in no package of Debian, so for it this is what there is.
func TestScriptsHoldEveryFlag(t *testing.T) {
	for _, shell := range []struct {
		name       string
		begin, end string // of what is said about a command; NAME stands for it
		flag       string // how FLAG stands there, as a pattern
	}{
		{"bash", "\tNAME)\n", ";;", `flags='(?:[^']* )?FLAG[ ']`},
		{"zsh", "\n_mailmedic-of-NAME() {", "\n}\n", `[\s{,}']FLAG\b`},
		{"fish", "\ncomplete -c mailmedic -n __mailmedic_starts -a NAME ", "\n\n", `__mailmedic_in NAME'.* (?:-l|-s) BARE\b`},
		{"powershell", "\n        'NAME' = @{\n            Text", "\n        }\n", `Names = @\([^)]*'FLAG'`},
	} {
		text := script(t, shell.name) + "\n"
		for _, c := range (&program{}).commands().Commands {
			_, part, found := strings.Cut(text, strings.ReplaceAll(shell.begin, "NAME", c.Name))
			part, _, closed := strings.Cut(part, shell.end)
			if !found || !closed {
				t.Errorf("%s: got nothing about %s, want its flags", shell.name, c.Name)
				continue
			}
			names := []string{"--help"}
			for _, f := range c.Flags {
				for _, n := range f.Names() {
					names = append(names, dashed(n))
				}
			}
			for _, name := range names {
				pattern := strings.NewReplacer("NAME", c.Name, "FLAG", regexp.QuoteMeta(name), "BARE", strings.TrimLeft(name, "-")).Replace(shell.flag)
				if !regexp.MustCompile(pattern).MatchString(part) {
					t.Errorf("%s: got no %s for %s, want it in:\n%s", shell.name, name, c.Name, part)
				}
			}
		}
	}
}

// A list of values that the program checks must be offered too. oneOf and pathID check them.
func TestEveryListOfValuesIsOffered(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	checked := map[string]bool{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 || strings.HasSuffix(name, "_test.go") {
				return true
			}
			of, _ := call.Fun.(*ast.Ident)
			flag, _ := call.Args[0].(*ast.BasicLit)
			if of == nil || flag == nil || of.Name != "oneOf" && of.Name != "pathID" {
				return true
			}
			value, _ := strconv.Unquote(flag.Value)
			if strings.HasPrefix(value, "--") {
				checked[value] = true
			}
			return true
		})
	}
	if len(checked) < 8 {
		t.Errorf("got %d flags with a list, want at least 8: %v", len(checked), checked)
	}
	for _, v := range allVerbs(t) {
		for _, o := range v.flags {
			// What check takes for --path is a server of one's own.
			if name := o.names[len(o.names)-1]; checked[name] && len(o.choice.words) == 0 && (name != "--path" || v.name == "explain") {
				t.Errorf("%s %s: got no words, want those that the program knows", v.name, name)
			}
		}
	}
}

// What is offered must be taken, with one of the built-in providers. Nothing is contacted.
func TestWhatIsOfferedIsTaken(t *testing.T) {
	if testing.Short() {
		return // it tries every value of every flag
	}
	t.Chdir(t.TempDir())
	t.Setenv("HOME", ".")
	for _, v := range allVerbs(t) {
		if v.name != "check" {
			continue
		}
		for _, o := range v.flags {
			for _, w := range o.choice.words {
				name, value := o.names[len(o.names)-1], w.name
				switch name {
				case "--write":
					value += "=report"
				case "--connect":
					value += "=127.0.0.1:1143"
				}
				line := []string{"check", "jdoe@example.net", "--no-login", "--dry-run", name, value}
				switch {
				case name == "--format" || name == "--write":
					line = []string{"check", "--demo", "network-down", name, value} // a dry run has no report
				case name == "--demo" && value == listDemos:
					line = []string{"check", name, value} // which tests nothing
				case name == "--redact" && value == string(report.Off):
					continue // is for a terminal
				}
				if said := refusal(t, line...); said != "" {
					t.Errorf("%s %s is offered, want it taken: %s", name, value, said)
				}
			}
		}
	}
}

// refusal is what the program says if it takes a line with no built-in provider.
func refusal(t *testing.T, words ...string) string {
	t.Helper()
	said := ""
	for _, provider := range profile.BuiltIn() {
		stderr, err := os.Create("stderr")
		if err != nil {
			t.Fatal(err)
		}
		defer stderr.Close()
		null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer null.Close()
		line := append([]string{"mailmedic"}, words...)
		if words[len(words)-2] != "--provider" && !slices.Contains(words, "--demo") {
			line = append(line, "--provider", provider)
		}
		end := run(context.Background(), line, stdio{in: null, out: null, err: stderr})
		if end != exitUsage {
			return ""
		}
		text, err := os.ReadFile("stderr")
		if err != nil {
			t.Fatal(err)
		}
		said = string(text)
	}
	return said
}

// A shell that reads a script in another encoding than UTF-8 still shows it, and nothing in
// a list has to be quoted.
func TestScriptsArePlain(t *testing.T) {
	for _, shell := range shells() {
		for i, r := range script(t, shell) {
			if r > '~' || r < ' ' && r != '\n' && r != '\t' {
				t.Errorf("%s: got %q at %d, want ASCII", shell, r, i)
			}
		}
	}
	plain := regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*$`)
	for _, c := range choices(allVerbs(t)) {
		for _, w := range c.words {
			if !plain.MatchString(w.name) {
				t.Errorf("list %s: got %q, want %s", c.name, w.name, plain)
			}
		}
	}
}

func allVerbs(t *testing.T) []verb {
	t.Helper()
	all, err := verbs((&program{}).commands().Commands)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
