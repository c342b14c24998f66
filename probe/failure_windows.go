package probe

import (
	"syscall"

	"mailmedic/probe/evidence"
)

// Windows reports sockets with its own numbers; the POSIX names in package syscall
// are invented there and match nothing that a socket returns.
const (
	wsaEACCES        = syscall.Errno(10013)
	wsaEAFNOSUPPORT  = syscall.Errno(10047)
	wsaEADDRNOTAVAIL = syscall.Errno(10049)
	wsaENETDOWN      = syscall.Errno(10050)
	wsaENETUNREACH   = syscall.Errno(10051)
	wsaECONNABORTED  = syscall.Errno(10053)
	wsaECONNRESET    = syscall.Errno(10054)
	wsaETIMEDOUT     = syscall.Errno(10060)
	wsaECONNREFUSED  = syscall.Errno(10061)
	wsaEHOSTUNREACH  = syscall.Errno(10065)
)

// errnoKind classifies what the kernel said, by Winsock number.
func errnoKind(errno syscall.Errno) evidence.Kind {
	switch errno {
	case wsaECONNREFUSED:
		return evidence.Refused
	case wsaENETUNREACH, wsaEHOSTUNREACH, wsaENETDOWN, wsaEADDRNOTAVAIL, wsaEAFNOSUPPORT:
		return evidence.Unreachable
	case wsaEACCES:
		return evidence.Denied
	case wsaECONNRESET, wsaECONNABORTED:
		return evidence.Reset
	case wsaETIMEDOUT:
		return evidence.Timeout
	}
	return evidence.Other
}

// errnoName uses the POSIX names, so that records from all systems read alike.
func errnoName(errno syscall.Errno) string {
	names := map[syscall.Errno]string{
		wsaECONNREFUSED: "ECONNREFUSED", wsaENETUNREACH: "ENETUNREACH", wsaEHOSTUNREACH: "EHOSTUNREACH",
		wsaENETDOWN: "ENETDOWN", wsaEADDRNOTAVAIL: "EADDRNOTAVAIL", wsaEAFNOSUPPORT: "EAFNOSUPPORT",
		wsaEACCES: "EACCES", wsaECONNRESET: "ECONNRESET", wsaECONNABORTED: "ECONNABORTED", wsaETIMEDOUT: "ETIMEDOUT",
	}
	return names[errno]
}
