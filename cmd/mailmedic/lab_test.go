//go:build linux

package main

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
	"golang.org/x/tools/txtar"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/mailtest/debian"
	"mailmedic/probe/mailtest/netlab"
	"mailmedic/report"
)

var record = flag.Bool("record", false, "write the evidence of the lab's runs into checks/testdata/scenarios")

// place is one case of the lab: a net, what is wrong in it, and how the program is called.
type place struct {
	name   string
	change func(*site)
	args   []string
}

// site is a net with the provider's servers in it, before they are started.
type site struct {
	*netlab.Net
	t       testing.TB
	names   netlab.Names
	ports   map[int]func(net.Conn) // what answers on the ports of every host, in place of the servers
	closed  []int                  // ports on which nothing listens
	servers map[int]string         // where the real servers are, by port
	ca      *mailtest.CA
}

// The provider's hosts by their number in the net.
func hostNumbers() map[string]int {
	return map[string]int{"secure.runbox.com": 0, "imap.runbox.com": 1, "smtp.runbox.com": 2, "runbox.com": 3}
}

// hostOf is the number of the host that has a port.
func hostOf(port int) int {
	return map[int]int{993: 0, 143: 1, 1143: 1, 587: 2, 26: 2, 25: 2, 80: 3, 443: 3}[port]
}

func places() []place {
	dead := func(rules string) func(*site) { return func(s *site) { s.Filter(s.t, rules) } }
	resolver := func(n netlab.Names) func(*site) { return func(s *site) { s.names = n } }
	at := func(port int, edit func(string) string) func(*site) {
		return func(s *site) { s.ports[port] = netlab.Edited(s.servers[port], edit) }
	}
	send := []string{"--symptom", "send"}
	return []place{
		{"lab-healthy-dovecot-postfix", func(*site) {}, nil},
		{"lab-healthy-exim", func(s *site) {
			x := startExim(s, "smtp.runbox.com")
			for i, port := range []int{587, 26, 25} {
				s.servers[port] = x.Addresses[i]
			}
		}, nil},
		{"lab-healthy-cyrus-exim", func(s *site) {
			c := debian.StartCyrus(s.t, identity(s.t, s.ca, mailtest.Order{Names: hosts()}), debian.User{Name: "alice", Password: alice})
			x := startExim(s, "smtp.runbox.com")
			s.servers[993], s.servers[143] = c.TLS, c.Plain
			s.servers[587], s.servers[26], s.servers[25] = x.Addresses[0], x.Addresses[1], x.Addresses[2]
		}, nil},
		{"lab-healthy-far", func(s *site) { s.Delay(s.t, 250*time.Millisecond) }, nil},
		{"lab-port-25-dropped", dead("tcp dport 25 drop"), send},
		{"lab-port-25-rejected-nearby", func(s *site) {
			s.Filter(s.t, "tcp dport 25 reject with icmpx type admin-prohibited")
			s.Delay(s.t, 80*time.Millisecond)
		}, send},
		{"lab-mail-ports-dropped", dead("tcp dport { 25, 26, 143, 587, 993, 1143 } drop"), nil},
		{"lab-port-25-redirected", func(s *site) {
			x := startExim(s, "relay.hotel.example")
			netlab.Serve(s.Listen(s.t, netlab.Gateway, "203.0.113.1:2525"), netlab.To(x.Addresses[0]))
			s.Redirect(s.t, 25, 2525)
		}, send},
		{"lab-mtu", dead("ip saddr 192.0.2.0/24 ip length > 800 drop"), nil},
		{"lab-ipv6-dead-route", func(s *site) {
			s.names.V6 = true
			s.Filter(s.t, "ip6 daddr 2001:db8:2::/64 drop")
		}, nil},
		{"lab-dns-nxdomain", resolver(netlab.Names{RCode: dnsmessage.RCodeNameError}), nil},
		{"lab-dns-servfail", resolver(netlab.Names{RCode: dnsmessage.RCodeServerFailure}), nil},
		{"lab-dns-silent", resolver(netlab.Names{Silent: true}), nil},
		{"lab-dns-one-address", func(s *site) {
			s.names = netlab.Names{All: netlab.Address(4)}
			for _, port := range []int{25, 26, 80, 143, 443, 587, 993, 1143} {
				netlab.Serve(s.Listen(s.t, netlab.Provider, net.JoinHostPort(netlab.Address(4), fmt.Sprint(port))), netlab.Page("http://login.hotel.example/"))
			}
		}, nil},
		{"lab-intercepted-untrusted", func(s *site) {
			own := shield(s.t)
			s.ports[993] = netlab.Intercepted(s.servers[993], own)
		}, nil},
		{"lab-starttls-stripped-587", at(587, func(line string) string {
			if strings.HasPrefix(line, "250-STARTTLS") {
				return ""
			}
			return line
		}), nil},
		{"lab-masked-25", at(25, mask), send},
		{"lab-hello-reset", func(s *site) {
			for port, server := range s.servers {
				s.ports[port] = netlab.ResetAtHello(server)
			}
		}, nil},
		{"lab-server-down", func(s *site) { s.closed = []int{993, 143, 1143} }, nil},
		{"lab-no-route", func(s *site) {
			s.Exec(s.t, netlab.Client, "ip", "route", "del", "default")
			s.Exec(s.t, netlab.Client, "ip", "-6", "route", "del", "default")
		}, nil},
	}
}

// mask writes over what a server says as a Cisco firewall with "fixup protocol smtp" does.
func mask(line string) string {
	switch {
	case strings.HasPrefix(line, "220 ") && !strings.Contains(line, "TLS"):
		return "220 " + strings.Repeat("*", 29) + "2" + strings.Repeat("*", 14) + "0" + strings.Repeat("*", 8) + "\r\n"
	case strings.HasPrefix(line, "250-STARTTLS"):
		return "250-XXXXXXXA\r\n"
	}
	return line
}

// shield is a proxy's TLS, with an authority named like a security program's.
func shield(t testing.TB) *tls.Config {
	t.Helper()
	cert, err := mailtest.Shield("Avast Web/Mail Shield Root", "secure.runbox.com")
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}}
}

func startExim(s *site, name string) *debian.Exim {
	return debian.StartExim(s.t, debian.EximOptions{
		Name: name, Certificate: identity(s.t, s.ca, mailtest.Order{Names: []string{name}}), Ports: 3,
		Users: []debian.User{{Name: "alice", Password: alice}},
	})
}

// TestLab runs the program inside networks that the kernel makes, against real servers,
// and holds its verdict against the same keys as the scenarios. With -record it writes the
// evidence down, from which the scenarios are replayed where there is no lab.
func TestLab(t *testing.T) {
	netlab.Require(t)
	l := startLab(t, nil)
	program := build(t)
	for _, p := range places() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			s := l.site(t)
			p.change(s)
			s.start()
			o := s.check(t, program, l.ca, p.args)
			o.holds(t, p.name)
		})
	}
}

// build makes the program as a file of its own.
func build(t testing.TB, flags ...string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "mailmedic")
	argv := append(append([]string{"build"}, flags...), "-o", program, ".")
	if out, err := exec.Command("go", argv...).CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

// site is a net in which the lab's servers are the provider's.
func (l lab) site(t testing.TB) *site {
	t.Helper()
	return &site{Net: netlab.New(t), t: t, names: netlab.Names{Hosts: hostNumbers()}, ports: map[int]func(net.Conn){}, ca: l.authority, servers: map[int]string{
		993: l.old.TLS, 143: l.old.Plain, 1143: l.new.Plain,
		587: l.postfix.Addresses[0], 26: l.postfix.Addresses[1], 25: l.postfix.Addresses[2],
	}}
}

// start puts the servers where the names lead.
func (s *site) start() {
	s.Resolve(s.t, s.names)
	for port, server := range s.servers {
		if slices.Contains(s.closed, port) {
			continue
		}
		serve := s.ports[port]
		if serve == nil {
			serve = netlab.To(server)
		}
		s.listen(port, serve)
	}
	s.listen(80, netlab.Page("https://runbox.com/"))
	s.listen(443, netlab.Page("https://runbox.com/"))
}

func (s *site) listen(port int, serve func(net.Conn)) {
	n := hostOf(port)
	netlab.Serve(s.Listen(s.t, netlab.Provider, net.JoinHostPort(netlab.Address(n), fmt.Sprint(port))), serve)
	netlab.Serve(s.Listen(s.t, netlab.Provider, net.JoinHostPort(netlab.Address6(n), fmt.Sprint(port))), serve)
}

// check runs the program in the client's namespace.
func (s *site) check(t *testing.T, program, ca string, args []string) outcome {
	t.Helper()
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte(alice+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	argv := append([]string{program, "check", "alice@runbox.com", "--login", "alice", "--json", "--no-input", "--no-memory",
		"--password-file", password, "--ca-file", ca, "--resolver", netlab.Resolver, "--timeout", "3s"}, args...)
	cmd := s.Command(netlab.Client, argv...)
	var errors strings.Builder
	cmd.Stderr = &errors
	out, err := cmd.Output()
	o := outcome{out: string(out), err: errors.String()}
	if code, ok := exited(err); ok {
		o.exit = exit(code)
	} else {
		t.Fatalf("run: %v\n%s", err, o.err)
	}
	if err := json.Unmarshal(out, &o.report); err != nil {
		t.Fatalf("standard output is no report: %v\n%s\n%s", err, out, o.err)
	}
	if strings.Contains(o.out+o.err, alice) {
		t.Error("the password is in the output")
	}
	return o
}

func exited(err error) (code int, ok bool) {
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return ended.ExitCode(), true
	}
	return 0, err == nil
}

// holds judges a run by the key of the scenario of the same name.
func (o outcome) holds(t *testing.T, name string) {
	t.Helper()
	file := filepath.Join("../../checks/testdata/scenarios", name+".txtar")
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if *record {
		recordInto(t, file, archive, o.report.Evidence)
	}
	parts := map[string]string{}
	for _, f := range archive.Files {
		parts[f.Name] = strings.TrimSpace(string(f.Data))
	}
	if got, want := strings.Join(roots(o.report), "\n"), parts["want"]; got != want {
		t.Errorf("got %q, want %q", got, want)
		for _, f := range o.report.Findings {
			t.Logf("%s %s root=%v %v: %s %v", f.Code, f.Severity, f.Root, f.Paths, f.Message, f.Evidence)
		}
	}
	for _, f := range o.report.Findings {
		if f.Root && slices.Contains(strings.Fields(parts["never"]), string(f.Code)) {
			t.Errorf("names %s on %v, which the key forbids", f.Code, f.Paths)
		}
	}
	if got := fmt.Sprint(int(o.exit)); parts["exit"] != "-1" && got != parts["exit"] {
		t.Errorf("exit code: got %s, want %s: %s", got, parts["exit"], o.report.Verdict.Headline)
	}
}

// roots writes the root causes as a key does.
func roots(r report.Report) []string {
	var got []string
	for _, code := range r.Verdict.Codes {
		for _, f := range r.Findings {
			if f.Code == code && f.Root {
				got = append(got, strings.TrimSpace(string(code)+" "+strings.Join(f.Paths, " ")))
			}
		}
	}
	return got
}

func recordInto(t *testing.T, file string, archive *txtar.Archive, e *evidence.Evidence) {
	t.Helper()
	for i := range e.Sessions {
		e.Sessions[i].Wire = []evidence.Line{}
	}
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == "evidence.json" })
	archive.Files = append(archive.Files, txtar.File{Name: "evidence.json", Data: append(data, '\n')})
	if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}
