package main

import (
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

func runbox(t *testing.T) profile.Profile {
	t.Helper()
	p, err := profile.Load("runbox")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestConnects(t *testing.T) {
	tests := []struct {
		name  string
		value string
		want  map[string]string // nil: refused
	}{
		{"an address", "smtp-587=127.0.0.1:2587", map[string]string{"smtp-587": "127.0.0.1:2587"}},
		{"a path as people write it", "SMTP:587=127.0.0.1:2587", map[string]string{"smtp-587": "127.0.0.1:2587"}},
		{"IPv6", "smtp-587=[::1]:2587", map[string]string{"smtp-587": "[::1]:2587"}},
		{"localhost", "smtp-587=localhost:2587", map[string]string{"smtp-587": "127.0.0.1:2587"}},
		{"the port only", "smtp-587=:2587", map[string]string{"smtp-587": ":2587"}},
		{"the address only", "smtp-587=127.0.0.1:", map[string]string{"smtp-587": "127.0.0.1:"}},
		{"a name", "smtp-587=mail.example:587", nil},
		{"no port", "smtp-587=127.0.0.1", nil},
		{"a port that is none", "smtp-587=127.0.0.1:smtp", nil},
		{"a port above the last", "smtp-587=127.0.0.1:65536", nil},
		{"no address at all", "smtp-587", nil},
		{"a path of another provider", "smtp-465=127.0.0.1:465", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := connects([]string{test.value}, runbox(t))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("connects(%q) (-want +got):\n%s", test.value, diff)
			}
			var f *failure
			if test.want == nil && (!errors.As(err, &f) || f.code != exitUsage) {
				t.Errorf("connects(%q): got error %v, want exit %d", test.value, err, exitUsage)
			}
		})
	}
}

func TestOnlyPaths(t *testing.T) {
	got, err := onlyPaths("imap:993, smtp-587,imap-993", runbox(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"imap-993", "smtp-587"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestIgnore(t *testing.T) {
	tests := []struct{ value, want string }{
		{"MM303", "MM303"},
		{"303", "MM303"},
		{"smtp-port-blocked", "MM303"},
		{"mm-303=smtp:25", "MM303=smtp-25"},
		{"MM000", ""},
		{"MM303=port25", ""},
	}
	for _, test := range tests {
		got, err := ignore(test.value)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("ignore(%q) = %q, %v; want %q", test.value, got, err, test.want)
		}
	}
}

// The variables and the flag add to the system's store; none of them replaces it.
func TestTrusted(t *testing.T) {
	ca, err := mailtest.NewCA("Test CA")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "ca.pem")
	if err := os.WriteFile(file, ca.RootPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	want, err := x509.SystemCertPool()
	if err != nil {
		want = x509.NewCertPool() // a system without a store has nothing to add to
	}
	want.AppendCertsFromPEM(ca.RootPEM())

	tests := []struct {
		name string
		env  lookup
		flag string
	}{
		{"--ca-file", set(), file},
		{"SSL_CERT_FILE", set("SSL_CERT_FILE", file), ""},
		{"SSL_CERT_DIR", set("SSL_CERT_DIR", folder), ""},
		{"all of them", set("SSL_CERT_FILE", file, "SSL_CERT_DIR", folder), file},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := trusted(test.env, test.flag)
			if err != nil {
				t.Fatal(err)
			}
			if !got.Equal(want) {
				t.Error("the trusted certificates are not the system's and the test's")
			}
		})
	}
	if got, err := trusted(set(), ""); got != nil || err != nil {
		t.Errorf("without anything to add: got %v, %v; want nil, the system's own", got, err)
	}
}
