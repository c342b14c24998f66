package probe

import (
	"net"
	"syscall"
)

// smallSegments is a dialer whose connections agree on packets that pass wherever
// anything does: 536 bytes is what TCP assumes without an agreement (RFC 9293 section
// 3.7.1).
func smallSegments() *net.Dialer {
	const segment = 536
	return &net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		var err error
		failed := c.Control(func(fd uintptr) {
			err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, segment)
		})
		if failed != nil {
			return failed
		}
		return err
	}}
}
