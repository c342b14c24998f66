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
// The longest chain of dependent steps, in round trips:
//
//	SMTP, STARTTLS   look-up 1, TCP and greeting 2, EHLO 1, STARTTLS 1, TLS 1, EHLO 1, AUTH 1: 8
//	IMAP, STARTTLS   look-up 1, TCP and greeting 2, STARTTLS 1, TLS 1, CAPABILITY 1, login 1: 7;
//	                 LIST 1, and STATUS with EXAMINE and LOGOUT 1: 9
//	IMAP, TLS        look-up 1, TCP 1, TLS 1, greeting 1, login 1: 5; LIST 1, STATUS 1, EXAMINE
//	                 with FETCH and LOGOUT 1: 8
//
// The first login of a direction goes alone, so the other SMTP ports wait for its answer
// and log in at 9. The answer to QUIT is not waited for. Where the greeting does not carry
// the capabilities, IMAP with STARTTLS takes one more. Capabilities that came with a
// greeting or a login are not asked for again, and what does not depend on an answer goes
// out with what came before it: never before the greeting is complete, and never in clear
// text ahead of TLS. Logins that run side by side stay within the budget of rejected ones,
// so with the default of two a third path waits for a turn.
//
// A silent port holds up nothing but itself: see silence.go and ahead.go. The runs for many
// accounts of one provider share what is the same for all of them: see shared.go.
package probe
