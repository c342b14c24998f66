// Some broken servers can only be described by looking at what they send, and Go
// refuses to parse or negotiate these by default: a certificate with a negative
// serial number, an RSA key under 1024 bits, a handshake signed with SHA-1. None of
// them ever passes the verification that a password needs; this only lets the
// handshake get far enough to say what is wrong.
//
//go:debug x509negativeserial=1
//go:debug rsa1024min=0
//go:debug tlssha1=1

// Mailmedic finds out why mail does not work between this computer and its mail
// provider, and names one root cause with the evidence for it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		restore() // a second Ctrl-C ends the process at once
	}()
	// A reader that goes away, as "head" does, must not kill the process: its exit
	// code is still the verdict. With this the write fails with EPIPE instead.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)

	os.Exit(int(run(ctx, os.Args, stdio{in: os.Stdin, out: os.Stdout, err: os.Stderr})))
}
