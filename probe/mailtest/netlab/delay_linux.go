package netlab

import (
	"fmt"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Delay makes every IPv4 round trip between gateway and provider longer, that of the first
// packet too. Not every kernel has netem, so the packets go through two TUN devices and
// wait in this process on their way.
func (n *Net) Delay(t testing.TB, roundTrip time.Duration) {
	t.Helper()
	near, far := n.tun(t, Gateway), n.tun(t, Provider)
	n.Exec(t, Gateway, "ip", "address", "add", "198.18.0.1/30", "dev", "delay")
	n.Exec(t, Provider, "ip", "address", "add", "198.18.0.2/30", "dev", "delay")
	for _, ns := range []string{Gateway, Provider} {
		n.Exec(t, ns, "ip", "link", "set", "delay", "up")
	}
	n.Exec(t, Gateway, "ip", "-4", "address", "flush", "dev", Provider+"0")
	n.Exec(t, Gateway, "ip", "route", "add", "192.0.2.0/24", "via", "198.18.0.2")
	n.Exec(t, Provider, "ip", "route", "replace", "default", "via", "198.18.0.1")
	go carry(near, far, roundTrip/2)
	go carry(far, near, roundTrip/2)
}

// tun opens a device whose packets this process reads and writes.
func (n *Net) tun(t testing.TB, ns string) *os.File {
	t.Helper()
	var file *os.File
	err := n.Inside(ns, func() error {
		fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC, 0)
		if err != nil {
			return err
		}
		request, err := unix.NewIfreq("delay")
		if err != nil {
			return err
		}
		request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, request); err != nil {
			return fmt.Errorf("make the device: %w", err)
		}
		if err := unix.SetNonblock(fd, true); err != nil {
			return err
		}
		file = os.NewFile(uintptr(fd), "tun")
		return nil
	})
	if err != nil {
		t.Fatalf("tun: %v", err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// carry takes packets from one device to the other, each after a while, in their order.
func carry(from, to *os.File, wait time.Duration) {
	type packet struct {
		data []byte
		due  time.Time
	}
	line := make(chan packet, 4096)
	defer close(line)
	go func() {
		for p := range line {
			time.Sleep(time.Until(p.due))
			if _, err := to.Write(p.data); err != nil {
				return
			}
		}
	}()
	for {
		buffer := make([]byte, 2048)
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		select {
		case line <- packet{buffer[:n], time.Now().Add(wait)}:
		default: // a queue that is full loses packets, as on a real line
		}
	}
}
