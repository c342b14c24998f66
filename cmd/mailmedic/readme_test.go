package main

import (
	"os"
	"strings"
	"testing"

	"mailmedic/probe"
	"mailmedic/probe/profile"
)

// TestReadmeProfile keeps the profile in the README one that can be used.
func TestReadmeProfile(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "```yaml\n")
	text, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("the README shows no profile")
	}
	p, err := profile.Parse("README.md", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := p.LoginNames("anna@example.net"); len(got) != 1 || got[0] != "anna@example.net" {
		t.Errorf("login names: got %v, want the whole address", got)
	}
}

// TestReadmeContacts holds the promise about contacts against what a plan says: whoever else
// may be contacted has to stand in both.
func TestReadmeContacts(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, promise, _ := strings.Cut(string(readme), "nothing is contacted but")
	promise, _, _ = strings.Cut(promise, "`--dry-run` lists it all")
	p, next := load(t, "runbox"), load(t, "runbox-2015")
	plan := probe.NewPlan(p, probe.Options{Successor: &next, Controls: []string{"control.example"}}).String()
	for said, planned := range map[string]string{
		"the name server":                           "look up ",
		"other TLS hellos":                          "other TLS hellos",
		"the provider's own names in a certificate": "look up at most 3 of its names",
		"web server":                                "ask its web server",
		"198.51.100.1":                              "dial 198.51.100.1:993",
		"newer instructions":                        "newer instructions",
		"`--control`":                               "look up control.example",
	} {
		if !strings.Contains(strings.Join(strings.Fields(promise), " "), said) {
			t.Errorf("the README does not say %q, want it beside %q", said, promise)
		}
		if !strings.Contains(plan, planned) {
			t.Errorf("the plan does not say %q, want it in:\n%s", planned, plan)
		}
	}
}

func load(t testing.TB, name string) profile.Profile {
	t.Helper()
	p, err := profile.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
