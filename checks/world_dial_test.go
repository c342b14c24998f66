package checks_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
)

type dialer = func(probe.DialFunc) probe.DialFunc

// spoilt gives the TCP dials that fit, but none to a name server, to something else.
func spoilt(fits func(address string) bool, become func(ctx context.Context, address string) (net.Conn, error)) dialer {
	return func(dial probe.DialFunc) probe.DialFunc {
		return func(ctx context.Context, network, address string) (net.Conn, error) {
			if strings.HasPrefix(network, "tcp") && !strings.HasSuffix(address, ":53") && fits(address) {
				return become(ctx, address)
			}
			return dial(ctx, network, address)
		}
	}
}

// failing answers with an error of the kernel.
func failing(errno syscall.Errno, fits func(string) bool) dialer {
	return spoilt(fits, func(context.Context, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", errno)}
	})
}

// vanishing never answers.
func vanishing(fits func(string) bool) dialer {
	return spoilt(fits, func(ctx context.Context, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: ctx.Err()}
	})
}

// answered leads to a server of the test's own.
func answered(fits func(string) bool, serve func(net.Conn)) dialer {
	return spoilt(fits, func(_ context.Context, address string) (net.Conn, error) {
		near, far := net.Pipe()
		go serve(far)
		to, err := net.ResolveTCPAddr("tcp", address)
		if err != nil {
			return nil, err
		}
		return dialledAs{near, to}, nil
	})
}

// dialledAs is a connection with the address that was dialled.
type dialledAs struct {
	net.Conn
	to net.Addr
}

func (c dialledAs) RemoteAddr() net.Addr { return c.to }

// LocalAddr is that of a computer, since a pipe has none.
func (c dialledAs) LocalAddr() net.Addr {
	return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 50), Port: 50000}
}

// logInPage is the web page of a network that wants a log-in first.
func logInPage(c net.Conn) {
	defer c.Close()
	c.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := c.Read(make([]byte, 4096)); err == nil {
		fmt.Fprint(c, "HTTP/1.1 302 Found\r\nLocation: http://login.hotel.example/?u=1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	}
}

// mute reads and says nothing, until the other side hangs up.
func mute(c net.Conn) {
	defer c.Close()
	buffer := make([]byte, 4096)
	for {
		if _, err := c.Read(buffer); err != nil {
			return
		}
	}
}

func everyAddress(string) bool { return true }

func webPort(a string) bool { return strings.HasSuffix(a, ":80") || strings.HasSuffix(a, ":443") }

func mailPort(a string) bool { return !webPort(a) }

func port25(a string) bool { return strings.HasSuffix(a, ":25") }

// dialWorlds are those that lie between this computer and the first answer.
func dialWorlds() []world {
	nothing := func(*mailtest.Options, *probe.Options) {}
	ipv6 := func(m *mailtest.Options, _ *probe.Options) { m.IPv6 = true }
	return []world{
		{"ipv4-black-hole", "IPv4 packets vanish on the way; IPv6 works", both(impatiently, ipv6), vanishing(func(a string) bool { return evidence.Family(a) == "4" })},
		{"only-ipv6-lost", "the user asks for IPv6 alone, and its packets vanish", both(impatiently, ipv6, func(_ *mailtest.Options, o *probe.Options) { o.Family = "6" }), dropIPv6},
		{"ipv6-of-one-host", "the IPv6 address of the SMTP host alone is dead", both(impatiently, ipv6), vanishing(func(a string) bool { return strings.HasPrefix(a, "[2001:db8::c]") })},
		{"port-25-unreachable", "something near says at once that there is no way to port 25; the server is 80 ms away, and the user cannot send", both(away(80*time.Millisecond), symptom("send")), failing(syscall.EHOSTUNREACH, port25)},
		{"mail-ports-unreachable", "something near says at once that there is no way to any mail port; the web server answers, 150 ms away", away(150 * time.Millisecond), failing(syscall.EHOSTUNREACH, mailPort)},
		{"computer-forbids-all", "a firewall on this computer lets no connection out", nothing, failing(syscall.EPERM, everyAddress)},
		{"nothing-reachable", "names are found, and every connection ends with \"network is unreachable\"", nothing, failing(syscall.ENETUNREACH, everyAddress)},
		{"second-address-refuses-587", "the SMTP host has a second address that refuses 587", func(m *mailtest.Options, _ *probe.Options) {
			m.Twins = map[string]mailtest.Twin{"192.0.2.73": {Host: "smtp.runbox.com"}}
		}, failing(syscall.ECONNREFUSED, func(a string) bool { return a == "192.0.2.73:587" })},
		{"reset-everywhere", "every connection is reset as soon as it stands", onAll(mailtest.Fault{Script: "reset"}), nil},
		{"sign-in-page-for-all", "names are right, and a log-in page answers every connection", impatiently, answered(everyAddress, logInPage)},
		{"sign-in-page-web-only", "a log-in page answers on the web ports, and mail ports are dropped", impatiently, func(d probe.DialFunc) probe.DialFunc {
			return vanishing(mailPort)(answered(webPort, logInPage)(d))
		}},
		{"sign-in-page-mail-refused", "a log-in page answers on the web ports, and mail ports are refused near by; the provider is 60 ms away", away(60 * time.Millisecond), func(d probe.DialFunc) probe.DialFunc {
			return failing(syscall.ECONNREFUSED, mailPort)(answered(webPort, logInPage)(d))
		}},
		{"sending-accepted-by-nobody", "something near accepts connections for sending, and to an address at which nobody is, and says nothing", impatiently, answered(func(a string) bool {
			return strings.HasPrefix(a, "192.0.2.12:") || strings.HasPrefix(a, "198.51.100.1:")
		}, mute)},
		{"no-name-server", "nothing answers at the name server's address but a refusal", nothing, func(dial probe.DialFunc) probe.DialFunc {
			return func(ctx context.Context, network, address string) (net.Conn, error) {
				if strings.HasSuffix(address, ":53") {
					return nil, &net.OpError{Op: "read", Net: network, Err: os.NewSyscallError("read", syscall.ECONNREFUSED)}
				}
				return dial(ctx, network, address)
			}
		}},
	}
}
