package main

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mailmedic/probe/profile"
)

// TestHelpNamesItsTopics: the line about help names whatever it explains besides the commands.
func TestHelpNamesItsTopics(t *testing.T) {
	usage := (&program{}).commands().Command("help").Usage
	for _, topic := range topics() {
		if !strings.Contains(usage, topic) {
			t.Errorf("got %q, want %s in it", usage, topic)
		}
	}
}

func TestCleanAddress(t *testing.T) {
	tests := []struct {
		name  string
		typed string
		want  string // the address, or
		says  string // a part of the message
	}{
		{"plain", "jdoe@example.net", "jdoe@example.net", ""},
		{"blanks around", "  jdoe@example.net\n", "jdoe@example.net", ""},
		{"capitals stay", "JDoe@Example.net", "JDoe@Example.net", ""},
		{"a plus", "jdoe+mail@example.net", "jdoe+mail@example.net", ""},
		{"letters of any script", "jürgen@bücher.example", "jürgen@bücher.example", ""},
		{"empty", " ", "", "empty"},
		{"no @", "jdoe", "", "no @"},
		{"two @", "jdoe@example.net@example.net", "", "more than one @"},
		{"nothing before @", "@example.net", "", "before the @"},
		{"nothing behind @", "jdoe@", "", "nothing stands behind the @"},
		{"no dot", "jdoe@example", "", "whole domain"},
		{"an empty label", "jdoe@example..net", "", "whole domain"},
		{"a dot at the end", "jdoe@example.net.", "", "whole domain"},
		{"a blank inside", "j doe@example.net", "", "it holds a blank"},
		{"a zero-width space", "jdoe\u200b@example.net", "", "jdoe<U+200B>@"},
		{"a right-to-left mark", "jdoe@\u200fexample.net", "", "<U+200F>"},
		{"an escape character", "jdoe\x1b[31m@example.net", "", "<U+001B>"},
		{"a no-break space inside", "jdoe@exam\u00a0ple.net", "", "<U+00A0>"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := cleanAddress(test.typed, "settings")
			if test.says == "" {
				if err != nil || got != test.want {
					t.Errorf("cleanAddress(%q) = %q, %v; want %q", test.typed, got, err, test.want)
				}
				return
			}
			var f *failure
			if !errors.As(err, &f) || f.code != exitUsage || !strings.Contains(f.message.String(), test.says) || !strings.Contains(f.hint.String(), "mailmedic settings ") {
				t.Errorf("cleanAddress(%q) = %q, %v; want exit %d with %q, and how to write it for settings", test.typed, got, err, exitUsage, test.says)
			}
		})
	}
}

func TestResolverAddress(t *testing.T) {
	tests := []struct{ value, want string }{
		{"9.9.9.9", "9.9.9.9:53"},
		{"127.0.0.1:5353", "127.0.0.1:5353"},
		{"2001:db8::1", "[2001:db8::1]:53"},
		{"[2001:db8::1]", "[2001:db8::1]:53"},
		{"[2001:db8::1]:5353", "[2001:db8::1]:5353"},
		{"dns.example", ""},
		{"9.9.9.9:0", ""},
		{"", ""},
	}
	for _, test := range tests {
		got, err := resolverAddress(test.value)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("resolverAddress(%q) = %q, %v; want %q", test.value, got, err, test.want)
		}
	}
}

func TestDuration(t *testing.T) {
	tests := []struct {
		value string
		want  time.Duration // 0: refused
	}{
		{"10s", 10 * time.Second},
		{"1m30s", 90 * time.Second},
		{"5", 0},
		{"0s", 0},
		{"-1s", 0},
		{"soon", 0},
	}
	for _, test := range tests {
		got, err := duration("--timeout", test.value)
		if got != test.want || (err == nil) != (test.want > 0) {
			t.Errorf("duration(%q) = %s, %v; want %s", test.value, got, err, test.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for value, want := range map[string]int{"1": 1, "4": 4, "0": 0, "5": 0, "two": 0} {
		got, err := number("--login-attempts", value, 1, 4)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("number(%q) = %d, %v; want %d", value, got, err, want)
		}
	}
}

func TestApps(t *testing.T) {
	p := profile.Profile{Issues: []profile.Issue{{Apps: []string{"Outlook", "Eudora"}}}}
	want := append(appNames(), "other", "eudora")
	if diff := cmp.Diff(want, apps(p)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Whoever is told what is wrong is also told what to do. After Ctrl-C there is nothing.
func TestEveryFailureNamesTheNextStep(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || strings.HasSuffix(name, "_test.go") {
				return true
			}
			of, ok := call.Fun.(*ast.Ident)
			if !ok || of.Name != "usage" && of.Name != "fail" {
				return true
			}
			seen++
			if text := types.ExprString(call); strings.Contains(text, `""`) && !strings.Contains(text, "exitStopped") {
				t.Errorf("%s: no next step in %s", name, text)
			}
			return true
		})
	}
	if seen < 30 {
		t.Errorf("the test saw %d failures, which cannot be all", seen)
	}
}

func TestVisible(t *testing.T) {
	tests := []struct{ in, want string }{
		{"plain", "plain"},
		{"ü", "ü"},
		{"a\nb", "a<U+000A>b"},
		{"\u202eevil", "<U+202E>evil"},
		{strings.Repeat("x", 400), strings.Repeat("x", 300) + "..."},
	}
	for _, test := range tests {
		if got := visible(test.in); got != test.want {
			t.Errorf("visible(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestRunID(t *testing.T) {
	form := regexp.MustCompile(`^[A-HJ-NP-Z][0-9][A-HJ-NP-Z]-[0-9]{3}-[A-HJ-NP-Z]$`)
	for range 1000 {
		if id := runID(); !form.MatchString(id) {
			t.Fatalf("runID() = %q, want the form %s", id, form)
		}
	}
}
