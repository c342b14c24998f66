package probe

import (
	"net/mail"
	"net/netip"
	"net/textproto"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/publicsuffix"
)

// arrival is how a message came into its folder, as far as its header fields tell. The
// page of MM951 says where this errs.
type arrival string

const (
	// delivered is a message that the receiving server put there: it carries the trace of
	// its last stop, and the two agree about the time (RFC 5321 section 4.4).
	delivered arrival = "delivered"
	// untraced is one without any trace: a program stored it from its own computer.
	untraced arrival = "untraced"
	// late is one that was stored at another time than it came to its last stop: a program
	// brought it along from elsewhere.
	late arrival = "late"
)

// How far the server's own time of a delivery may be from the trace that it wrote. A day is
// for clocks and zones that are wrong. Behind a stop at the provider a message can wait for
// days in the provider's own queue, as it does while the mailbox is full (RFC 5321 section
// 4.5.4.1: at least 4 to 5 days).
const (
	apart  = 24 * time.Hour
	queued = 7 * 24 * time.Hour
)

// came tells how a message of INBOX came there, and the domain of its last stop. received is
// its INTERNALDATE: the time of the delivery, or, of a message that a program stored, what
// the program said or the time of the storing (RFC 9051 section 6.3.12).
func came(header textproto.MIMEHeader, received time.Time, home kin) (arrival, string) {
	traces := header["Received"]
	if len(traces) == 0 {
		return untraced, ""
	}
	by := stopOf(traces)
	stamped, ok := dateOf(traces[0])
	if !ok || received.IsZero() {
		return delivered, by
	}
	waited := received.Sub(stamped)
	if waited > queued || waited > apart && !home.domains[by] || -waited > apart {
		return late, by
	}
	return delivered, by
}

// stopOf is the domain of the last stop. Where that names itself by a bare address, as a
// provider's inner machines do, it is the one before.
func stopOf(traces []string) string {
	for _, trace := range traces {
		if host := writer(trace); host != "" {
			if _, err := netip.ParseAddr(strings.TrimPrefix(host, "ipv6:")); err != nil {
				return domainOf(host)
			}
		}
	}
	return ""
}

// dateOf is the time behind the last semicolon of a trace field (RFC 5321 section 4.4). A
// field that was cut off has none.
func dateOf(trace string) (time.Time, bool) {
	trace = withoutComments(trace)
	at := strings.LastIndex(trace, ";")
	if at < 0 {
		return time.Time{}, false
	}
	t, err := mail.ParseDate(strings.TrimSpace(trace[at+1:]))
	if err != nil {
		return time.Time{}, false
	}
	t = utc(t)
	return t, !t.IsZero()
}

// writer is the host that wrote a trace field, by its own words.
func writer(trace string) string {
	words := strings.FieldsFunc(withoutComments(trace), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(";[]", r) })
	for i, word := range words[:max(0, len(words)-1)] {
		if strings.EqualFold(word, "by") {
			return spelled(words[i+1])
		}
	}
	return ""
}

// domainOf is the domain of a host as somebody has registered it, or "" where the host has
// a name of its own network only.
func domainOf(host string) string {
	if _, official := publicsuffix.PublicSuffix(host); official {
		return registrable(host)
	}
	return ""
}

// withoutComments takes the comments out of a field (RFC 5322 section 3.2.2). One that does
// not end goes to the end.
func withoutComments(field string) string {
	var b strings.Builder
	depth := 0
	for i := 0; i < len(field); i++ {
		switch c := field[i]; {
		case c == '\\' && depth > 0:
			i++
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			if depth--; depth == 0 {
				b.WriteByte(' ')
			}
		case depth == 0:
			b.WriteByte(c)
		}
	}
	return b.String()
}
