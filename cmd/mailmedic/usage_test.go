package main

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"
)

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
		{"no dot", "jdoe@example", "", "whole domain"},
		{"an empty label", "jdoe@example..net", "", "whole domain"},
		{"a dot at the end", "jdoe@example.net.", "", "whole domain"},
		{"a blank inside", "j doe@example.net", "", "j<U+0020>doe"},
		{"a zero-width space", "jdoe\u200b@example.net", "", "jdoe<U+200B>@"},
		{"a right-to-left mark", "jdoe@\u200fexample.net", "", "<U+200F>"},
		{"an escape character", "jdoe\x1b[31m@example.net", "", "<U+001B>"},
		{"a no-break space inside", "jdoe@exam\u00a0ple.net", "", "<U+00A0>"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := cleanAddress(test.typed)
			if test.says == "" {
				if err != nil || got != test.want {
					t.Errorf("cleanAddress(%q) = %q, %v; want %q", test.typed, got, err, test.want)
				}
				return
			}
			var f *failure
			if !errors.As(err, &f) || f.code != exitUsage || !strings.Contains(f.message, test.says) {
				t.Errorf("cleanAddress(%q) = %q, %v; want exit %d with %q", test.typed, got, err, exitUsage, test.says)
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
