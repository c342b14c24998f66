// Package probe gathers evidence. With cmd it is the only code that touches the network.
//
// NewPlan works out, without a packet, which names to look up, which paths to probe and
// which login names may be tried. Run carries that out:
//
//	look-ups   all names and types at once; a path waits only for its own
//	connect    every address on its own, IPv4 and IPv6 side by side; the session goes on
//	           with the first that answers
//	greeting   read, never spoken into
//	TLS        at once, or after STARTTLS; judged afterwards, one reason at a time
//	capability again after TLS: what was said in clear text counts for nothing
//	login      when the desk says so, and only over a verified line
//	folders    NAMESPACE, LIST, STATUS; then the newest messages' header fields
//	goodbye    LOGOUT or QUIT
//
// Who owns what: one goroutine for each path builds its own Session and returns it; it
// is stored by index. Look-ups and dials have goroutines of their own and hand over one
// finished value. Logins meet at the desk, connections at the gate; these two hold the
// only locks that paths share. Progress is told from one goroutine. Nothing that fails
// on one path cancels another, and Run returns when all that it started has ended.
//
// The longest chain of dependent steps, in round trips, behind a look-up: TCP and
// greeting 2, STARTTLS 1 (EHLO 1 more before it), TLS 1, capabilities 1, login 1, then
// NAMESPACE with LIST 1 and STATUS with LOGOUT 1. Capabilities that came with a greeting
// or a login are not asked for again. Logins that run side by side stay within the
// budget of rejected ones, so with the default of two a third path waits for a turn.
package probe
