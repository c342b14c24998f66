// Package netlab makes small networks in namespaces of the kernel, for tests of what
// only packets can show: drops, refusals, redirections, sizes, routes. It needs root.
//
// A net has three namespaces in a row: the client's, a gateway's, and the provider's.
// Its addresses are those for documentation (RFC 5737, RFC 3849); no packet leaves it.
package netlab

import (
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// The namespaces of a net.
const (
	Client   = "c"
	Gateway  = "g"
	Provider = "p"
)

// The provider's addresses. Address and Address6 make those of its hosts.
const (
	Resolver = "192.0.2.53"
	clientV4 = "203.0.113.2"
)

// Address is the IPv4 address of the provider's nth host.
func Address(n int) string { return fmt.Sprintf("192.0.2.%d", 10+n) }

// Address6 is the IPv6 address of the provider's nth host.
func Address6(n int) string { return fmt.Sprintf("2001:db8:2::%d", 10+n) }

// Hosts is how many hosts have addresses.
const Hosts = 6

// Net is one network. It is taken down when its test ends.
type Net struct{ name string }

// Require skips the test when a net cannot be made here, or fails it when MAILMEDIC_REAL=1
// is set.
func Require(t testing.TB) {
	t.Helper()
	why := missing()
	if why == "" {
		return
	}
	if os.Getenv("MAILMEDIC_REAL") == "1" {
		t.Fatalf("MAILMEDIC_REAL=1 is set, but %s", why)
	}
	t.Skipf("%s. To run the lab: be root, install iproute2 and nftables, set MAILMEDIC_REAL=1.", why)
}

// missing says what this machine lacks for a net, or "".
func missing() string {
	if os.Getuid() != 0 {
		return "network namespaces need root"
	}
	for _, tool := range []string{"ip", "nft"} {
		if _, err := exec.LookPath(tool); err != nil {
			return tool + " is not installed (Debian: iproute2, nftables)"
		}
	}
	return ""
}

// New makes a net with routes of both families all the way.
func New(t testing.TB) *Net {
	t.Helper()
	var number [3]byte
	rand.Read(number[:]) // never fails, by its documentation
	n := &Net{name: fmt.Sprintf("mm%d-%x", os.Getpid(), number)}
	for _, ns := range []string{Client, Gateway, Provider} {
		run(t, "ip", "netns", "add", n.ns(ns))
		t.Cleanup(func() { exec.Command("ip", "netns", "del", n.ns(ns)).Run() })
		n.Exec(t, ns, "ip", "link", "set", "lo", "up")
		for _, setting := range []string{"all", "default"} {
			// Without the search for a double of each address it can be used at once.
			n.Exec(t, ns, "sysctl", "-qw", "net.ipv6.conf."+setting+".accept_dad=0")
		}
	}
	n.Exec(t, Gateway, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
	n.join(t, Client, clientV4+"/24", "2001:db8:1::2/64", "203.0.113.1", "2001:db8:1::1")
	n.join(t, Provider, "192.0.2.2/24", "2001:db8:2::2/64", "192.0.2.1", "2001:db8:2::1")
	n.Exec(t, Provider, "ip", "address", "add", Resolver+"/24", "dev", "eth0")
	for i := range Hosts {
		n.Exec(t, Provider, "ip", "address", "add", Address(i)+"/24", "dev", "eth0")
		n.Exec(t, Provider, "ip", "address", "add", Address6(i)+"/64", "dev", "eth0", "nodad")
	}
	return n
}

// join links a namespace with the gateway, which is its way to everywhere.
func (n *Net) join(t testing.TB, ns, v4, v6, gateway4, gateway6 string) {
	t.Helper()
	run(t, "ip", "link", "add", "eth0", "netns", n.ns(ns), "type", "veth", "peer", "name", ns+"0", "netns", n.ns(Gateway))
	n.Exec(t, ns, "ip", "address", "add", v4, "dev", "eth0")
	n.Exec(t, ns, "ip", "address", "add", v6, "dev", "eth0", "nodad")
	n.Exec(t, Gateway, "ip", "address", "add", gateway4+"/24", "dev", ns+"0")
	n.Exec(t, Gateway, "ip", "address", "add", gateway6+"/64", "dev", ns+"0", "nodad")
	n.Exec(t, ns, "ip", "link", "set", "eth0", "up")
	n.Exec(t, Gateway, "ip", "link", "set", ns+"0", "up")
	n.Exec(t, ns, "ip", "route", "add", "default", "via", gateway4)
	n.Exec(t, ns, "ip", "route", "add", "default", "via", gateway6)
}

func (n *Net) ns(name string) string { return n.name + name }

// Command is a program to run in a namespace.
func (n *Net) Command(ns string, argv ...string) *exec.Cmd {
	return exec.Command("ip", append([]string{"netns", "exec", n.ns(ns)}, argv...)...)
}

// Etc lays files over those of /etc for all programs that Command and Exec start in a
// namespace later, and for no others (ip-netns(8)). A file in a folder hides the whole
// folder: "ssl/certs/ca-certificates.crt" hides /etc/ssl.
func (n *Net) Etc(t testing.TB, ns string, files map[string][]byte) {
	t.Helper()
	folder := filepath.Join("/etc/netns", n.ns(ns))
	t.Cleanup(func() {
		os.RemoveAll(folder)
		os.Remove("/etc/netns") // which fails as long as another net has files there
	})
	for name, data := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Exec runs a program in a namespace and fails the test if it fails.
func (n *Net) Exec(t testing.TB, ns string, argv ...string) {
	t.Helper()
	run(t, "ip", append([]string{"netns", "exec", n.ns(ns)}, argv...)...)
}

// Filter puts rules of nftables on the packets that the gateway passes on, one rule a
// line, as "tcp dport 25 drop".
func (n *Net) Filter(t testing.TB, rules string) {
	t.Helper()
	n.nft(t, "table inet lab { chain pass { type filter hook forward priority 0;\n"+rules+"\n}\n}")
}

// Redirect sends what the client sends to one of the ports to another port of the gateway.
func (n *Net) Redirect(t testing.TB, port, to int) {
	t.Helper()
	n.nft(t, fmt.Sprintf("table ip lab { chain turn { type nat hook prerouting priority dstnat;\ntcp dport %d redirect to :%d\n}\n}", port, to))
}

func (n *Net) nft(t testing.TB, text string) {
	t.Helper()
	cmd := n.Command(Gateway, "nft", "-f", "-")
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("nft: %v\n%s\n%s", err, out, text)
	}
}

// Inside runs do on a thread that is in a namespace. Sockets that it opens stay there.
func (n *Net) Inside(ns string, do func() error) error {
	done := make(chan error, 1)
	go func() {
		// The thread is not unlocked: with the goroutine it ends, and nothing else runs in
		// the wrong namespace.
		runtime.LockOSThread()
		file, err := os.Open("/run/netns/" + n.ns(ns))
		if err == nil {
			defer file.Close()
			err = unix.Setns(int(file.Fd()), unix.CLONE_NEWNET)
		}
		if err == nil {
			err = do()
		}
		done <- err
	}()
	return <-done
}

// Listen opens a TCP port in a namespace.
func (n *Net) Listen(t testing.TB, ns, address string) net.Listener {
	t.Helper()
	var l net.Listener
	if err := n.Inside(ns, func() (err error) { l, err = net.Listen("tcp", address); return err }); err != nil {
		t.Fatalf("listen on %s: %v", address, err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// ListenPacket opens a UDP port in a namespace.
func (n *Net) ListenPacket(t testing.TB, ns, address string) net.PacketConn {
	t.Helper()
	var c net.PacketConn
	if err := n.Inside(ns, func() (err error) { c, err = net.ListenPacket("udp", address); return err }); err != nil {
		t.Fatalf("listen on %s: %v", address, err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// Dial connects to an address from inside a namespace.
func (n *Net) Dial(ns, address string) (c net.Conn, err error) {
	err = n.Inside(ns, func() (err error) { c, err = net.Dial("tcp", address); return err })
	return c, err
}

func run(t testing.TB, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}
