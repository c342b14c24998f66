package probe

import (
	"context"
	"net"
	"syscall"
	"testing"
)

// TestSmallSegments asks the server's end how large its packets may be.
func TestSmallSegments(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	usual, clamped := segmentSize(t, l, (&net.Dialer{}).DialContext), segmentSize(t, l, smallSegments().DialContext)
	if clamped > 536 || usual <= 536 {
		t.Errorf("segments: got %d and usually %d, want at most 536 and usually more", clamped, usual)
	}
}

func segmentSize(t *testing.T, l net.Listener, dial func(context.Context, string, string) (net.Conn, error)) int {
	t.Helper()
	client, err := dial(t.Context(), "tcp4", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	return segment(t, server.(*net.TCPConn))
}

// segment is the size of the largest packet that this end of a connection sends, in bytes.
func segment(t *testing.T, c *net.TCPConn) (size int) {
	t.Helper()
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		size, failed = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG)
	})
	if err != nil || failed != nil {
		t.Fatal(err, failed)
	}
	return size
}
