// Some broken servers can only be described by looking at what they send, and Go refuses
// to read or to use these by default: a certificate with a negative serial number, and an
// RSA key under 1024 bits. With rsa1024min=0 crypto/x509 verifies such a key as well, so
// the probe's judgement asks for at least 2048 bits itself before a password moves. The
// serial number proves nothing either way.
//
//go:debug x509negativeserial=1
//go:debug rsa1024min=0

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
	ctx, restore := signal.NotifyContext(context.Background(), stops()...)
	go func() {
		<-ctx.Done()
		restore() // a second Ctrl-C ends the process at once
	}()
	// A reader that goes away, as "head" does, must not kill the process: its exit
	// code is still the verdict. With this the write fails with EPIPE instead.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)

	os.Exit(int(run(ctx, os.Args, stdio{in: os.Stdin, out: os.Stdout, err: os.Stderr})))
}

// stops are the signals at which the program stops in good order.
func stops() []os.Signal {
	stops := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if signal.Ignored(syscall.SIGHUP) { // as nohup has it
		return stops
	}
	return append(stops, syscall.SIGHUP) // of a terminal that was closed
}

// holdStops keeps a second Ctrl-C from ending the process at once, as long as the terminal is
// not as it was. The function that it returns gives the signals back.
func holdStops() (giveBack func()) {
	held := make(chan os.Signal, 1)
	signal.Notify(held, stops()...)
	return func() { signal.Stop(held) }
}
