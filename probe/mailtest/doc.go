// Package mailtest is a mail provider in one process, on loopback, for the demo and
// for tests: healthy servers from go-imap and go-smtp, a scripted server for what
// those cannot do wrong, a name server and a certificate authority. It needs no
// root, writes no files and sends nothing to any network.
//
// A Provider serves every path of a profile. Its world is reached only through
// Provider.Dial, which maps the documentation addresses that the name server hands
// out (RFC 5737, RFC 3849) to the loopback listeners, and simulates the distance and
// the obstacles between. Whoever uses the addresses without Dial reaches nothing.
//
// One goroutine accepts on each listener and one serves each connection; the name
// server has one for UDP, one for TCP and one for each question. With a delay, each
// dialled connection has two more that carry the bytes. Provider.Close ends all of
// them and waits for them.
package mailtest
