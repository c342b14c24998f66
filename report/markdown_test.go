package report

import (
	"regexp"
	"strings"
	"testing"
)

// checkMarkdown holds what every Markdown must be: nothing stands outside of backquotes
// that could become more than text, and the fence around the text report closes.
func checkMarkdown(t *testing.T, r *Report) string {
	t.Helper()
	var b strings.Builder
	if err := Markdown(&b, r); err != nil {
		t.Fatalf("Markdown: %v", err)
	}
	head, rest, found := strings.Cut(b.String(), "\n<details><summary>")
	for line := range strings.Lines(head) {
		line = strings.TrimPrefix(strings.TrimPrefix(line, "- "), "**"+statusWord(string(r.Verdict.Status))+"** ")
		if bare := outside(line); strings.ContainsAny(bare, "\\`*_[]<>#|~&@$") {
			t.Errorf("%q has something live outside of backquotes: %q", line, bare)
		}
	}
	if found {
		checkFence(t, rest)
	}
	return b.String()
}

// outside is a line without what stands between backquotes, by CommonMark: as many of them
// in a row close as have opened.
func outside(line string) string {
	runs := regexp.MustCompile("`+").FindAllStringIndex(line, -1)
	var b strings.Builder
	from := 0
	for i := 0; i < len(runs); i++ {
		for j := i + 1; j < len(runs); j++ {
			if runs[j][1]-runs[j][0] == runs[i][1]-runs[i][0] {
				b.WriteString(line[from:runs[i][0]])
				from, i = runs[j][1], j
				break
			}
		}
	}
	return b.String() + line[from:]
}

func checkFence(t *testing.T, rest string) {
	t.Helper()
	title, rest, _ := strings.Cut(rest, "</summary>\n\n")
	if strings.ContainsAny(title, "<>`@#[*") {
		t.Errorf("got title %q, want plain words", title)
	}
	fence, text, _ := strings.Cut(rest, "\n")
	if strings.Trim(fence, "`") != "" || len(fence) < 3 {
		t.Fatalf("got fence %q, want backquotes", fence)
	}
	text, end, closed := strings.Cut(text, "\n"+fence+"\n")
	if !closed || end != "</details>\n" || strings.Contains(text, fence) {
		t.Errorf("the fence %s does not close where it should: %q stands behind it", fence, end)
	}
}

func TestMarkdown(t *testing.T) {
	got := checkMarkdown(t, situations()["port25-send"])
	want := "**WARN** You can receive mail. Sending works, but not through port 25.\n" +
		"- `MM303` (likely) Port 25 is blocked on this network. In your mail program, open the settings for outgoing mail (SMTP) and change the port from 25 to 587.\n" +
		"\n<details><summary>Report K7Q-294-M, mailmedic 1.0.0, linux</summary>\n\n```\n=== mail report K7Q-294-M begins, 37 lines ===\nmailmedic check 1.0.0 "
	if !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant it to begin with\n%s", got, want)
	}
}

// TestMarkdownKeepsForeignTextInside: what a server or a file says stays text.
func TestMarkdownKeepsForeignTextInside(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Set the user name to joe@example.net, then go on.", "Set the user name to `joe@example.net`, then go on."},
		{"ask (@admin)", "ask (`@admin`)"},
		{"[click](http://evil.example)", "`[click](http://evil.example`)"},
		{"![](x)", "!`[](x`)"},
		{"<img src=x onerror=alert(1)>", "`<img` `src=x` `onerror=alert(1)>`"},
		{"`` rm -rf ```", "``` `` ``` rm -rf ```` ``` ````"},
		{"a|b", "`a|b`"},
		{"see #12 and GH", "see `#12` and GH"},
		{"see !12, %5 and (!7)", "see `!12,` `%5` and `(!7)`"},
		{"GH-123 and gh-4.", "`GH-123` and `gh-4`."},
		{"all :tada: :+1: :100:", "all `:tada:` `:+1:` `:100:`"},
		{"commit 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12.", "commit `2fd4e1c67a2d28fced849ee1bb76e7391b93eb12`."},
		{"commit 2fd4e1c", "commit `2fd4e1c`"},
		{"at 14:05:33, 50 % of 12 ports! Decided.", "at 14:05:33, 50 % of 12 ports! Decided."},
		{"</details>", "`</details>`"},
		{"\n# Head", "`\\x0a#` Head"},
	} {
		got := inert(tt.text, 300)
		if got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
		if bare := outside(got); strings.ContainsAny(bare, "\\`*_[]<>#|~&@$") {
			t.Errorf("%q: got %q, of which %q is live", tt.text, got, bare)
		}
	}
	r := situations()["port25-send"]
	r.Findings[0].Title, r.Run.ID, r.Environment.OS = "``` </details> @all", "`<b>@x", "<script>"
	r.Verdict.Headline = "``` <img> [a](b) **c** @d"
	checkMarkdown(t, r)
	if got := checkMarkdown(t, r); !strings.Contains(got, "\n````\n") {
		t.Errorf("no longer fence in:\n%s", got)
	}
}

func TestMarkdownOfAFailure(t *testing.T) {
	got := checkMarkdown(t, Failed(64, Tool{Version: "1.0.0"}, "check has no flag --pasword.", "Did you mean --password-file?"))
	if want := "**UNSURE** check has no flag --pasword. Did you mean --password-file?\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
