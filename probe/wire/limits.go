// Package wire stands between a socket and everything that parses what a server
// says: it clamps deadlines, counts bytes, bounds lines, literals and nesting,
// records the dialogue, and keeps from go-imap what go-imap cannot survive.
package wire

import "fmt"

// Limits bounds what one session may send us. All but Depth and Responses count bytes.
type Limits struct {
	Line      int // one line without its end
	Literal   int // one IMAP literal
	Response  int // one IMAP response with its literals, of which it may have any number
	Depth     int // open parentheses in one IMAP response
	Responses int // lines of a dialogue, or IMAP responses of a session
	Bytes     int // everything that one Talk or one Guard reads
}

// DefaultLimits is far above what honest servers send and far below what hurts.
func DefaultLimits() Limits {
	return Limits{
		Line:      64 << 10,  // RFC 7162 section 4 asks clients for 8 KiB; SEARCH answers of old servers are longer
		Literal:   64 << 10,  // we fetch header fields, never a message
		Response:  256 << 10, // a folder's row has one literal, and what is fetched of a message two short ones
		Depth:     24,        // LIST and NAMESPACE need 4; go-imap's cost grows with the square of the depth
		Responses: 20_000,    // the largest mailbox trees in use have a few thousand folders
		Bytes:     12 << 20,  // 20 000 LIST rows of 200 bytes, and 2000 of the longest headers in each of two folders
	}
}

// LimitError says that a server sent more than a limit allows.
type LimitError struct {
	What  string // "line", "literal", "response", "depth", "responses" or "bytes"
	Limit int
}

// Error names the limit and its size.
func (e LimitError) Error() string {
	return fmt.Sprintf("the server sent too much: %s over the limit of %d", e.What, e.Limit)
}
