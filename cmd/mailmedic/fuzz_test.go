package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"mailmedic/probe/profile"
	"mailmedic/report"
)

// FuzzAccounts reads lists of accounts as people and spreadsheets write them, badly.
func FuzzAccounts(f *testing.F) {
	for _, seed := range []string{
		"address,login\na@x.org,a\n", "\"address\"\r\n\"a@x.org\"\r\n", "address\n\"", "- address: a@x.org\n  login: a\n", "- {address: 'a@x.org'}", "-\n", "address: a", "&a [*a]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		for format, read := range map[string]func([]byte) ([]listedAccount, error){"CSV": csvAccounts, "YAML": yamlAccounts} {
			list, err := read(data)
			if err != nil || checkAccounts(list) != nil {
				continue
			}
			for _, a := range list {
				if _, err := cleanAddress(a.Address, "check"); err != nil || a.place == "" {
					t.Errorf("%s %q: got %+v, %v", format, data, a, err)
				}
			}
		}
	})
}

// FuzzMemory reads what is remembered from files that anything may have written. It may
// allow less than the limits, never more, and what it remembers goes into a report.
func FuzzMemory(f *testing.F) {
	for _, seed := range []string{
		`{"runbox":[{"at":"2026-11-24T11:00:00Z","connected":true,"rejected":2}]}`, `{"runbox":null}`, `[]`, "0123456789abcdef 1795000000 1\n", "x y z\n", "\n",
		`{"bad":1,"since":"2026-11-24T11:00:00Z","told":[{"at":"2026-11-24T11:05:00Z","status":"problem","codes":["MM303"]}],"unfinished":"0001-01-01T00:00:00Z"}`,
	} {
		f.Add([]byte(seed))
	}
	p, err := profile.Load("runbox")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := filepath.Join(t.TempDir(), "kept")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(recall(file, noon)); err != nil {
			t.Errorf("%q: cannot be written: %v", data, err)
		}
		r := report.Failed(int(exitProblem), report.Tool{}, "", "")
		for range 3 {
			news, after := report.Watched(cronMemory{file: file}.read(), r, noon, report.Patience{Confirm: 2, Remind: time.Hour})
			said := report.NewsText(news, r, noon, report.TextOptions{})
			if strings.ContainsFunc(said, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }) {
				t.Errorf("%q: says %q", data, said)
			}
			if _, err := json.Marshal(after); err != nil {
				t.Errorf("%q: cannot be written: %v", data, err)
			}
			r = report.Failed(int(exitOK), report.Tool{}, "", "")
		}
		left, held := (rejections{file: file}).allow(profile.Account{Address: "a@x.org"}, p, 2, noon)
		if left < 0 || left > 2 || (held != nil) != (left == 0) {
			t.Errorf("%q: got %d left, held back %+v", data, left, held)
		}
		if held != nil && (held.Rejected > mostInADay || !held.Until.After(noon)) {
			t.Errorf("%q: got %+v", data, *held)
		}
	})
}
