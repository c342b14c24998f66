//go:build !windows

package probe

import (
	"syscall"

	"mailmedic/probe/evidence"
)

// errnoKind classifies what the kernel said, by POSIX number.
func errnoKind(errno syscall.Errno) evidence.Kind {
	switch errno {
	case syscall.ECONNREFUSED:
		return evidence.Refused
	case syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ENETDOWN, syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT:
		return evidence.Unreachable
	case syscall.EACCES, syscall.EPERM:
		return evidence.Denied
	case syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED:
		return evidence.Reset
	case syscall.ETIMEDOUT:
		return evidence.Timeout
	}
	return evidence.Other
}

func errnoName(errno syscall.Errno) string {
	names := map[syscall.Errno]string{
		syscall.ECONNREFUSED: "ECONNREFUSED", syscall.ENETUNREACH: "ENETUNREACH", syscall.EHOSTUNREACH: "EHOSTUNREACH",
		syscall.ENETDOWN: "ENETDOWN", syscall.EADDRNOTAVAIL: "EADDRNOTAVAIL", syscall.EAFNOSUPPORT: "EAFNOSUPPORT",
		syscall.EACCES: "EACCES", syscall.EPERM: "EPERM", syscall.ECONNRESET: "ECONNRESET", syscall.EPIPE: "EPIPE",
		syscall.ECONNABORTED: "ECONNABORTED", syscall.ETIMEDOUT: "ETIMEDOUT",
	}
	return names[errno]
}
