package main

import (
	"os"
	"strings"
	"testing"

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
