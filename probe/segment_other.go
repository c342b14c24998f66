//go:build !linux

package probe

import "net"

// smallSegments is nil: this system does not let a program choose the size of packets.
// macOS knows TCP_MAXSEG, and announces what its interface can carry all the same.
func smallSegments() *net.Dialer { return nil }
