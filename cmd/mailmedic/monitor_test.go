package main

import (
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/urfave/cli/v2"

	"mailmedic/probe/profile"
)

// TestMonitorInTime: a server that takes connections and stays silent, and a name server that
// never answers, are known to fail before the monitor's patience is over.
func TestMonitorInTime(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	names, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer names.Close()
	const limit = 3 * time.Second
	for _, tt := range []struct {
		about string
		words []string
		code  string
	}{
		{"silent servers", []string{"--connect", "imap-993=" + silent.Addr().String(), "--connect", "smtp-587=" + silent.Addr().String()}, "MM504"},
		{"a silent name server", []string{"--resolver", names.LocalAddr().String()}, "MM202"},
	} {
		began := time.Now()
		got := invoke(t, append([]string{"check_mailmedic", "--provider", "runbox", "--no-memory", "-t", "3"}, tt.words...)...)
		if took := time.Since(began); took > limit+time.Second {
			t.Errorf("%s: took %s, want less than %s and a second for the rest", tt.about, took, limit)
		}
		if got.exit != exitProblem || !strings.HasPrefix(got.out, "MAIL CRITICAL - "+tt.code+" ") {
			t.Errorf("%s: got exit %d and %q, want CRITICAL with %s", tt.about, got.exit, got.out, tt.code)
		}
	}
}

// Only what a mail program should use is watched; a direction without such a path is watched
// as a whole.
func TestRecommended(t *testing.T) {
	for _, tt := range []struct {
		roles []profile.Role
		want  string
	}{
		{[]profile.Role{profile.Recommended, profile.Alternate, profile.Recommended}, "imap-1 imap-3"},
		{[]profile.Role{profile.Alternate, profile.Trial}, "imap-1 imap-2"},
		{[]profile.Role{"", profile.Trial}, "imap-1"},
		{nil, ""},
	} {
		p := profile.Profile{Paths: []profile.Path{{Protocol: profile.SMTP, Port: 25, Role: profile.Optional}}}
		for i, role := range tt.roles {
			p.Paths = append(p.Paths, profile.Path{Protocol: profile.IMAP, Port: i + 1, Role: role})
		}
		if got, want := recommended(p), append(strings.Fields(tt.want), "smtp-25"); !slices.Equal(got, want) {
			t.Errorf("%v: got %v, want %v", tt.roles, got, want)
		}
	}
}

// The name by which the program is called decides, whatever folder and ending it has.
func TestAsPlugin(t *testing.T) {
	for _, tt := range []struct {
		argv   []string
		words  string
		plugin bool
	}{
		{[]string{"/usr/lib/nagios/plugins/check_mailmedic", "-t", "9"}, "monitor -t 9", true},
		{[]string{"check_mailmedic.exe"}, "monitor", true},
		{[]string{"Check_Mailmedic.EXE", "a@b.example"}, "monitor a@b.example", true},
		{[]string{"mailmedic", "monitor", "-v"}, "monitor -v", true},
		{[]string{"mailmedic", "check", "monitor"}, "check monitor", false},
		{[]string{"mailmedic"}, "", false},
	} {
		words, plugin := asPlugin(tt.argv)
		if got := strings.Join(words, " "); got != tt.words || plugin != tt.plugin {
			t.Errorf("%v: got %q, %t, want %q, %t", tt.argv, got, plugin, tt.words, tt.plugin)
		}
	}
}

// The flag for one direction wins over -H, which is for both.
func TestMonitorHosts(t *testing.T) {
	for _, tt := range []struct {
		flags      []string
		imap, smtp string
	}{
		{[]string{"-H", "both.example.net"}, "both.example.net", "both.example.net"},
		{[]string{"-H", "both.example.net", "--imap-host", "in.example.net"}, "in.example.net", "both.example.net"},
		{[]string{"-H", "both.example.net", "--imap-host", "in.example.net", "--smtp-host", "out.example.net"}, "in.example.net", "out.example.net"},
	} {
		var p profile.Profile
		read(t, func(_ *program, c *cli.Context) (err error) {
			p, _, err = chooseProfile(c, "")
			return err
		}, append([]string{"monitor"}, tt.flags...)...)
		for _, path := range p.Paths {
			if want := map[profile.Protocol]string{profile.IMAP: tt.imap, profile.SMTP: tt.smtp}[path.Protocol]; path.Host != want {
				t.Errorf("%v: got %s at %s, want %s", tt.flags, path.ID(), path.Host, want)
			}
		}
	}
}
