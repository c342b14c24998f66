package wire

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
)

// addSeeds adds what a Guard passes, withholds, and ends at.
func addSeeds(f *testing.F) {
	f.Helper()
	for line := range badRows() {
		f.Add([]byte(line + "\r\n"))
	}
	for _, s := range []string{
		"* OK [ALERT full\r\n", "* CAPABILITY a (b\r\n", "+ x\r\n", "T1 OK [CAPABILITY (] x\r\n", "T2 NO [x y] z\n",
		"* NAMESPACE ((\"\" \"/\")(\"~\" NIL \"X\" (\"y\"))) () NIL\r\n", "* LIST (\\A \\*) NIL {3}\r\na&- (CHILDINFO (\"x\"))\r\n",
		"* STATUS INBOX (MESSAGES 5 X (a {1}\r\nb) SIZE 5)\r\n", "* ESEARCH (TAG \"T5\") UID COUNT 3 ALL 1:5,9\r\n", "* SEARCH 1 2 (MODSEQ 3)\r\n",
		"* 1 FETCH (UID 5 FLAGS (\\Seen) BODY[1.HEADER.FIELDS (A \"B\")]<0> {3}\r\nabc INTERNALDATE \" 2-Jan-2006 15:04:05 -0700\")\r\n",
		"* 1 FETCH (ENVELOPE (NIL \"x\" ((NIL NIL \"a\" \"b\")) NIL NIL NIL NIL NIL NIL \"<x@y>\") MODSEQ (5))\r\n",
		"* 2 FETCH (BODY[] {2}\r\nab BODY[TEXT] \"x\" BODY[1.2.MIME] NIL RFC822.SIZE 7)\r\n* 5 EXISTS\r\n* FLAGS (\\Seen)\r\n",
		"* OK [PERMANENTFLAGS (\\*)] x\r\n* OK [UIDNEXT 4] x\r\n* OK [HIGHESTMODSEQ 7]\r\nT3 OK [READ-ONLY] x\r\n* ENABLED X\r\n* BYE\r\n",
		"* X ((((((((((((\r\n", "* LIST () \"/\" {500}\r\n", "* LIST () \"/\" &2D3cqQ-\r\n", "* LIST () \"\\\\\" \"\\\"\"\r\n",
	} {
		f.Add([]byte(s))
	}
}

// fuzzLimits are small, so that the limits are met too.
func fuzzLimits() Limits {
	return Limits{Line: 500, Literal: 200, Response: 900, Depth: 10, Responses: 100, Bytes: 5000}
}

// FuzzGuard: the guard ends, gives no more than it read and a little, and passes
// its own output unchanged.
func FuzzGuard(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, in []byte) {
		g, log := newGuard(fuzzLimits(), string(in))
		out, err := io.ReadAll(g)
		var limit LimitError
		if err != nil && err != io.ErrUnexpectedEOF && !errors.As(err, &limit) {
			t.Fatalf("got error %v", err)
		}
		if most := 4 * len(in); len(out) > most { // "T1" and LF become "T1 BAD" and CRLF
			t.Fatalf("gave %d bytes of %d", len(out), len(in))
		}
		if len(log.Lines()) > logLines || len(g.Notes()) > mostNotes || len(g.Withheld()) > mostWithheld {
			t.Fatal("a record is over its bound")
		}
		wide := Limits{Line: 1000, Literal: 200, Response: 2000, Depth: 10, Responses: 100, Bytes: 20_000}
		second, _ := newGuard(wide, string(out))
		again, err := io.ReadAll(second)
		if err != nil || string(again) != string(out) {
			t.Errorf("a second guard: %v, notes %q\n got %q\nfrom %q", err, second.Notes(), again, out)
		}
	})
}

// FuzzClient: go-imap's client neither hangs nor ends the session by itself,
// whatever comes through the guard.
func FuzzClient(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, in []byte) {
		server := newScript(7, string(in))
		within(t, func() {
			cl, g, _ := startClient(server, fuzzLimits())
			list := cl.List("", "*", &imap.ListOptions{ReturnStatus: &imap.StatusOptions{NumMessages: true}})
			status := cl.Status("INBOX", &imap.StatusOptions{NumMessages: true})
			examine := cl.Select("INBOX", &imap.SelectOptions{ReadOnly: true})
			namespace := cl.Namespace()
			search := cl.UIDSearch(&imap.SearchCriteria{}, nil)
			fetch := cl.Fetch(imap.SeqSetNum(1, 2), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{}}})
			noop := cl.Noop()

			fetched := make(chan struct{})
			go func() {
				defer close(fetched)
				fetch.Collect()
			}()
			list.Collect()
			<-fetched
			status.Wait()
			examine.Wait()
			namespace.Wait()
			if found, err := search.Wait(); err == nil {
				found.AllUIDs()
			}
			noop.Wait()
			<-cl.Closed()
			if err := cl.Close(); err != nil && g.Err() == io.EOF {
				t.Errorf("the client dies of %q: %v\nnotes: %s", in, err, strings.Join(g.Notes(), "; "))
			}
		})
	})
}
