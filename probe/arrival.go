package probe

import (
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

// apart is how far the server's own time of a delivery may be from the trace that it
// wrote. A message waits for days ahead of its last stop and never behind it; the rest is
// for clocks and zones that are wrong.
const apart = 24 * time.Hour

// came tells how a message of INBOX came there. received is its INTERNALDATE: the time of
// the delivery, or, of a message that a program stored, what the program said or the time
// of the storing (RFC 9051 section 6.3.12).
func came(header textproto.MIMEHeader, received time.Time) (arrival, string) {
	trace := header.Get("Received")
	if trace == "" {
		return untraced, ""
	}
	stamped, ok := dateOf(trace)
	if ok && !received.IsZero() && (received.Sub(stamped) > apart || stamped.Sub(received) > apart) {
		return late, ""
	}
	return delivered, lastStop(trace)
}

// dateOf is the time behind the last semicolon of a trace field (RFC 5321 section 4.4). A
// field that was cut off has none.
func dateOf(trace string) (time.Time, bool) {
	_, date, found := cutLast(trace, ";")
	if !found {
		return time.Time{}, false
	}
	return dateAtEnd(date)
}

// lastStop is the domain of the host that wrote a trace field, as somebody has registered
// it, or "" where the host has a name of its own network only.
func lastStop(trace string) string {
	words := strings.FieldsFunc(trace, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(";()[]", r) })
	for i, word := range words[:max(0, len(words)-1)] {
		if strings.EqualFold(word, "by") {
			host := spelled(words[i+1])
			if _, official := publicsuffix.PublicSuffix(host); official {
				return registrable(host)
			}
			return ""
		}
	}
	return ""
}

func cutLast(s, sep string) (before, after string, found bool) {
	at := strings.LastIndex(s, sep)
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+len(sep):], true
}
