package wire

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// newGuard guards a server that says all of this, then closes.
func newGuard(limits Limits, from ...string) (*Guard, *Log) {
	talk, _, log := newTalk(limits, from...)
	return NewGuard(talk, log, limits, true), log
}

func TestGuardPasses(t *testing.T) {
	same := []string{
		"T1 OK done", "T1 NO [AUTHENTICATIONFAILED] no", "T1 BAD", "T1 OK [TRYCREATE]", "+ go ahead",
		"* OK [ALERT] Your mailbox (is) \"nearly full {5}", "* NO", "* BYE", "* BYE Too many connections",
		"* OK [UIDNEXT 5] x", "* OK [PERMANENTFLAGS (\\Seen \\* $Junk)] x", "* OK [HIGHESTMODSEQ 18446744073709551615] x",
		"* OK [REFERRAL imap://x/;y=(z] x", "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] x", "* OK [NOMODSEQ] x",
		"* OK hi [not a code", "* OK grüße \xfc\x00\x1b",
		"* CAPABILITY IMAP4rev1 IDLE", "* ENABLED UTF8=ACCEPT",
		`* NAMESPACE (("INBOX." ".")) NIL NIL`, `* NAMESPACE (("" "/")("~" NIL "X" ("y"))) () (("#" "/") ("b" "\\"))`,
		`* LIST (\HasNoChildren \Sent) "." INBOX.Sent`, `* list () "\\" "a\\b \"c\" (d"`, `* LIST () NIL inbox`,
		`* LIST () "/" Entw&APw-rfe`, `* LIST () "/" "A&-B"`, "* LIST () \"/\" \"b\u00fcro\"", `* LIST () "/" foo]bar `,
		"* LIST () \"/\" {4}\r\na\"(b", "* LIST () \"/\" {0003}\r\nabc (CHILDINFO (\"SUBSCRIBED\") X-A (b \"c\" (d)))",
		`* LIST () "/" new (OLDNAME ("old"))`, `* LIST () "/" &2D3cqQ-`,
		`* STATUS INBOX (MESSAGES 5 RECENT 0 X-Y (a))`, `* STATUS "a b" ()`, `* STATUS x (APPENDLIMIT NIL SIZE 9223372036854775807)`,
		`* FLAGS (\Answered $Forwarded)`, "* 5 EXISTS", "* 0 RECENT", "* 3 EXPUNGE ",
		"* SEARCH", "* SEARCH ", "* SEARCH 1 2 3", "* SEARCH 1 (MODSEQ 5)", `* ESEARCH (TAG "T1")`, `* ESEARCH (TAG "T1") UID`,
		`* ESEARCH (TAG "T1") UID COUNT 3 ALL 1:5,9 X-Y (a b)`,
		`* 1 FETCH (UID 5 FLAGS (\Seen) MODSEQ (7) RFC822.SIZE 9 INTERNALDATE " 2-Jan-2006 15:04:05 -0700")`,
		"* 1 FETCH (BODY[HEADER.FIELDS (SUBJECT \"DATE\")]<0> {12}\r\nSubject: ()\n BODY[1.2.MIME] NIL body[] \"x\")",
		`* 1 FETCH (ENVELOPE (NIL "it's" (("A" NIL "a" "b")("B" NIL "c" "d")) NIL NIL NIL NIL NIL NIL "<x@y>"))`,
	}
	for _, line := range same {
		g, _ := newGuard(DefaultLimits(), line+"\r\n")
		got, err := io.ReadAll(g)
		if string(got) != line+"\r\n" || err != nil || len(g.Notes()) > 0 {
			t.Errorf("%q\n got %q, %v, notes %q", line, got, err, g.Notes())
		}
	}
}

func TestGuardRewrites(t *testing.T) {
	tests := []struct{ in, want, note string }{
		{"* ok hi\n", "* OK hi\r\n", ""},
		{"* OK [alert] full\r\n", "* OK [ALERT] full\r\n", ""},
		{"T1 no [Unavailable]later\r\n", "T1 NO [UNAVAILABLE] later\r\n", ""},
		{"* OK a\rb\r\n", "* OK a b\r\n", ""},
		{"+go\r\n", "+ go\r\n", ""},
		{"* CAPABILITY IMAP4rev1 (X) IDLE\r\n", "* CAPABILITY IMAP4rev1 IDLE\r\n", "CAPABILITY: a word dropped that is no atom"},
		{"* capability  a   b \r\n", "* CAPABILITY a b\r\n", ""},
		{"* CAPABILITY (\r\n", "", "CAPABILITY: a word dropped that is no atom"},
		{"* ENABLED (X) Y\r\n", "* ENABLED Y\r\n", "ENABLED: a word dropped that is no atom"},
		{"* OK [CAPABILITY IMAP4rev1 (X)] hi\r\n", "* OK [CAPABILITY IMAP4rev1] hi\r\n", "CAPABILITY: a word dropped that is no atom"},
		{"* OK [CAPABILITY (] hi\r\n", "* OK hi\r\n", "CAPABILITY: a word dropped that is no atom; response code dropped: it does not read"},
		{"T1 OK [CAPABILITY(X)] hi\r\n", "T1 OK hi\r\n", "response code dropped: it does not read"},
		{"* OK [ALERT no bracket\r\n", "* OK ALERT no bracket\r\n", "response code dropped: its bracket is not closed"},
		{"* OK [UIDNEXT x] [UIDNEXT y\r\n", "* OK UIDNEXT y\r\n", "response code dropped: it does not read"},
		{"* OK [UIDNEXT 5 6] x\r\n", "* OK x\r\n", "response code dropped: it does not read"},
		{"* OK [PERMANENTFLAGS \\Seen] x\r\n", "* OK x\r\n", "response code dropped: it does not read"},
		{"* OK [NOMODSEQ x] x\r\n", "* OK [NOMODSEQ] x\r\n", ""},
		{"T1 OK [COPYUID 1 1:4294967295 1] x\r\n", "T1 OK x\r\n", "response code dropped: it does not read"},
		{"T1 WHAT [now\r\n", "T1 BAD WHAT [now\r\n", "answer replaced by BAD: it is neither OK, NO nor BAD"},
		{"T1\r\n", "T1 BAD\r\n", "answer replaced by BAD: it is neither OK, NO nor BAD"},
	}
	for _, tt := range tests {
		g, _ := newGuard(DefaultLimits(), tt.in)
		got, err := io.ReadAll(g)
		if string(got) != tt.want || err != nil {
			t.Errorf("%q\n got %q, %v\nwant %q", tt.in, got, err, tt.want)
		}
		if got := strings.Join(g.Notes(), "; "); got != tt.note {
			t.Errorf("%q: got note %q, want %q", tt.in, got, tt.note)
		}
	}
}

// badRows end the session in imapclient, each one.
func badRows() map[string]string {
	return map[string]string{
		`* LIST () "/" R&D`:                            "LIST row withheld: the folder's name does not decode",
		`* LIST () "/" "R&D"`:                          "LIST row withheld: the folder's name does not decode",
		`* LIST () "/" "Bj&AEE-rn"`:                    "LIST row withheld: the folder's name does not decode",
		`* LIST () "/" "&APw-&APw-"`:                   "LIST row withheld: the folder's name does not decode",
		`* LIST () "/" "&2D0-"`:                        "LIST row withheld: the folder's name does not decode",
		"* LIST () \"/\" \"b\xfcro\"":                  "LIST row withheld: the folder's name does not decode",
		"* LIST () \"/\" {4}\r\nb\xfcro":               "LIST row withheld: the folder's name does not decode",
		"* LIST () \"/\" \"a\tb\"":                     "LIST row withheld: the folder's name does not decode",
		"* LIST () \"/\" {3}\r\na\nb":                  "LIST row withheld: the folder's name does not decode",
		`* LIST () "" x`:                               "LIST row withheld: its delimiter is not one character",
		`* LIST () "//" x`:                             "LIST row withheld: its delimiter is not one character",
		`* LIST () nil x`:                              "LIST row withheld: its delimiter is not one character",
		"* LIST () {1}\r\n/ x":                         "LIST row withheld: its delimiter is not one character",
		`* LIST  () "/" x`:                             "LIST row withheld: its attributes are no list of flags",
		`* LIST NIL "/" x`:                             "LIST row withheld: its attributes are no list of flags",
		`* LIST (\A  \B) "/" x`:                        "LIST row withheld: its attributes are no list of flags",
		`* LIST (\A ) "/" x`:                           "LIST row withheld: its attributes are no list of flags",
		`* LIST () "/"  x`:                             "LIST row withheld: it is not written as IMAP asks",
		`* LIST () "/" foo bar`:                        "LIST row withheld: it is not written as IMAP asks",
		`* LIST () "/" foo(1)`:                         "LIST row withheld: it is not written as IMAP asks",
		`* LIST () "/" "foo`:                           "LIST row withheld: it is not written as IMAP asks",
		"* LIST () \"/\" {3+}\r\nfoo":                  "LIST row withheld: it is not written as IMAP asks",
		`* LIST () "/"`:                                "LIST row withheld: it is not written as IMAP asks",
		`* LIST`:                                       "LIST row withheld: its attributes are no list of flags",
		`* LIST () "/" x (CHILDINFO)`:                  "LIST row withheld: it is not written as IMAP asks",
		`* LIST () "/" x (CHILDINFO x)`:                "LIST row withheld: it is not written as IMAP asks",
		`* LIST () "/" x (OLDNAME ("R&D"))`:            "LIST row withheld: it is not written as IMAP asks",
		`* STATUS "R&D" (MESSAGES 1)`:                  "STATUS row withheld: the folder's name does not decode",
		`* STATUS x (MESSAGES -1)`:                     "STATUS row withheld: it is not written as IMAP asks",
		`* STATUS x (MESSAGES 99999999999)`:            "STATUS row withheld: it is not written as IMAP asks",
		`* STATUS x MESSAGES 1`:                        "STATUS row withheld: it is not written as IMAP asks",
		`* LSUB () "/" x`:                              "response withheld: it is of a kind that is not in use",
		`* VANISHED 1:5`:                               "response withheld: it is of a kind that is not in use",
		`* XLIST (\Inbox) "/" x`:                       "response withheld: it is of a kind that is not in use",
		`* LANGUAGE (EN)`:                              "response withheld: it is of a kind that is not in use",
		`* ID ("name" NIL)`:                            "response withheld: it is of a kind that is not in use",
		`* X-SOMETHING ((y)) {3}` + "\r\na)b":          "response withheld: it is of a kind that is not in use",
		`* PREAUTH again`:                              "response withheld: it is of a kind that is not in use",
		`* CAPABILITY(X)`:                              "response withheld: it is of a kind that is not in use",
		`* `:                                           "response withheld: it is of a kind that is not in use",
		`* 5 LIST () "/" x`:                            "response withheld: it is of a kind that is not in use",
		`* 99999999999 EXISTS`:                         "response withheld: it is of a kind that is not in use",
		`* EXISTS`:                                     "response withheld: it is of a kind that is not in use",
		`* 5 EXISTS x`:                                 "EXISTS row withheld: it is not written as IMAP asks",
		`* FLAGS \Seen`:                                "FLAGS row withheld: it is not written as IMAP asks",
		`* NAMESPACE nil nil nil`:                      "NAMESPACE row withheld: it is not written as IMAP asks",
		`* NAMESPACE (("" "")) NIL NIL`:                "NAMESPACE row withheld: it is not written as IMAP asks",
		`* NAMESPACE (("" "/")) NIL`:                   "NAMESPACE row withheld: it is not written as IMAP asks",
		`* SEARCH 0`:                                   "SEARCH row withheld: it is not written as IMAP asks",
		`* SEARCH 1  2`:                                "SEARCH row withheld: it is not written as IMAP asks",
		`* ESEARCH`:                                    "ESEARCH row withheld: it is not written as IMAP asks",
		`* ESEARCH COUNT 5`:                            "ESEARCH row withheld: it is not written as IMAP asks",
		`* ESEARCH (TAG "T1") ALL 1:4294967295`:        "ESEARCH row withheld: it is not written as IMAP asks",
		`* ESEARCH (TAG "T1") ALL 1:*`:                 "ESEARCH row withheld: it is not written as IMAP asks",
		`* ESEARCH (TAG "T1") COUNT`:                   "ESEARCH row withheld: it is not written as IMAP asks",
		`* 1 FETCH (X-GM-MSGID 5)`:                     "FETCH row withheld: it holds an item that is not in use",
		`* 1 FETCH (BODYSTRUCTURE (("text" "plain")))`: "FETCH row withheld: it holds an item that is not in use",
		`* 1 FETCH (BINARY[1] "x")`:                    "FETCH row withheld: it holds an item that is not in use",
		`* 1 FETCH (INTERNALDATE "yesterday")`:         "FETCH row withheld: it is not written as IMAP asks",
		`* 1 FETCH (ENVELOPE (NIL NIL))`:               "FETCH row withheld: it is not written as IMAP asks",
		"* 1 FETCH (BODY[HEADER]{3}\r\nabc)":           "FETCH row withheld: it is not written as IMAP asks",
		`* 1 FETCH (BODY[1.] NIL)`:                     "FETCH row withheld: it is not written as IMAP asks",
		`* 1 FETCH (BODY[HEADER NIL)`:                  "FETCH row withheld: it is not written as IMAP asks",
		`* 1 FETCH (BODY[HEADER.FIELDS (A  B)] NIL)`:   "FETCH row withheld: it is not written as IMAP asks",
		`* 1 FETCH FLAGS ()`:                           "FETCH row withheld: it is not written as IMAP asks",
		``:                                             "line withheld: it is no IMAP response",
		`*`:                                            "line withheld: it is no IMAP response",
		`(T1) OK x`:                                    "line withheld: it is no IMAP response",
		` T1 OK`:                                       "line withheld: it is no IMAP response",
	}
}

func TestGuardWithholds(t *testing.T) {
	for line, note := range badRows() {
		g, _ := newGuard(DefaultLimits(), "* 1 EXISTS\r\n"+line+"\r\n* 2 EXISTS\r\n")
		got, err := io.ReadAll(g)
		if want := "* 1 EXISTS\r\n* 2 EXISTS\r\n"; string(got) != want || err != nil {
			t.Errorf("%q\n got %q, %v\nwant %q", line, got, err, want)
		}
		if diff := cmp.Diff([]string{note}, g.Notes()); diff != "" {
			t.Errorf("%q: notes: -want +got:\n%s", line, diff)
		}
		kept := strings.HasPrefix(note, "LIST") || strings.HasPrefix(note, "STATUS")
		if got := g.Withheld(); kept != (len(got) == 1) || kept && got[0] != line {
			t.Errorf("%q: withheld %q", line, got)
		}
	}
}

func TestGuardLimits(t *testing.T) {
	limits := Limits{Line: 100, Literal: 50, Response: 300, Depth: 5, Responses: 20, Bytes: 1000}
	tests := []struct {
		name, in string
		want     LimitError
	}{
		{"line", "* OK " + strings.Repeat("x", 100) + "\r\n", LimitError{"line", 100}},
		{"endless line", strings.Repeat("x", 1<<16), LimitError{"line", 100}},
		{"literal", "* LIST () \"/\" {51}\r\n", LimitError{"literal", 50}},
		{"literal beyond all numbers", "* LIST () \"/\" {99999999999999999999999}\r\n", LimitError{"literal", 50}},
		{"non-synchronizing literal", "* X {51+}\r\n", LimitError{"literal", 50}},
		{"fetched literal", "* 1 FETCH (BODY[] {999999}\r\n", LimitError{"literal", 50}},
		{"second literal", "* 1 FETCH (BODY[1] {1}\r\nx BODY[2] {51}\r\n", LimitError{"literal", 50}},
		{"line behind a literal", "* X {1}\r\nx" + strings.Repeat("y", 101) + "\r\n", LimitError{"line", 100}},
		{"depth", "* 1 FETCH (BODYSTRUCTURE ((((((\r\n", LimitError{"depth", 5}},
		{"depth over literals", "* X ((({1}\r\n((((((((({1}\r\n", LimitError{"depth", 5}},
		{"responses", strings.Repeat("* 1 EXISTS\r\n", 21), LimitError{"responses", 20}},
		{"responses that are withheld", strings.Repeat("* X\r\n", 21), LimitError{"responses", 20}},
		{"bytes", strings.Repeat("* OK "+strings.Repeat("x", 90)+"\r\n", 15), LimitError{"bytes", 1000}},
		{"bytes in literals", strings.Repeat("* X {50}\r\n"+strings.Repeat("x", 50)+"\r\n", 30), LimitError{"bytes", 1000}},
		{"literals of one response", "* X" + strings.Repeat(" {50}\r\n"+strings.Repeat("x", 50), 30), LimitError{"response", 300}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g, _ := newGuard(limits, tt.in)
			_, err := io.ReadAll(g)
			var got LimitError
			if !errors.As(err, &got) || got != tt.want {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if _, again := g.Read(make([]byte, 1)); again != err || g.Err() != err {
				t.Errorf("afterwards got %v and %v, want %v", again, g.Err(), err)
			}
		})
	}
}

func TestGuardDoesNotCountParenthesesInStrings(t *testing.T) {
	limits := DefaultLimits()
	deep := strings.Repeat("(", 100)
	in := "* LIST () \"/\" \"" + deep + "\\\"" + deep + "\"\r\n" +
		"* LIST () \"/\" {100}\r\n" + deep + "\r\n" +
		"* OK " + deep + "\r\n"
	g, _ := newGuard(limits, in)
	if got, err := io.ReadAll(g); string(got) != in || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestGuardEndsInsideAResponse(t *testing.T) {
	for _, in := range []string{"* LIST () \"/\" IN", "* LIST () \"/\" {5}\r\nab", "* LIST () \"/\" {2}\r\nab", "* X {5}\r\n"} {
		g, _ := newGuard(DefaultLimits(), "* 1 EXISTS\r\n", in)
		got, err := io.ReadAll(g)
		if string(got) != "* 1 EXISTS\r\n" || err != io.ErrUnexpectedEOF {
			t.Errorf("%q: got %q, %v; want the first row and %v", in, got, err, io.ErrUnexpectedEOF)
		}
	}
}

func TestGuardTranscript(t *testing.T) {
	g, log := newGuard(DefaultLimits(),
		"* LIST () \"/\" {3}\r\nR&D\r\n",
		"* LSUB () \"/\" secret\r\n",
		"* 7 FETCH (UID 5 BODY[HEADER.FIELDS (SUBJECT)] {20}\r\nSubject: my secret\r\n)\r\n",
		"* 8 FETCH (BODY[] {3}\r\nabcSubject: my secret\r\nT1 secret is OK\r\n* secret matters to me\r\n* 9 secret\r\n",
		"* OK done\r\nT1 OK [READ-ONLY] done\r\n* 1 FETCH (ENVELOPE (\"secret")
	io.ReadAll(g)
	want := []string{
		"< * LIST () \"/\" {3}", "< R&D",
		"< * LSUB … (20 bytes)",
		"< * FETCH … (2 answers, 118 bytes)", "< … (15 bytes)", "< * secret … (22 bytes)", "< * 9 … (10 bytes)",
		"< * OK done", "< T1 OK [READ-ONLY] done", "< * FETCH … (1 answers, 28 bytes)",
	}
	if diff := cmp.Diff(want, texts(log)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestGuardNotesAreBounded(t *testing.T) {
	var in strings.Builder
	for i := range 500 {
		fmt.Fprintf(&in, "* LIST () \"/\" \"%d%s&\"\r\n", i, strings.Repeat("x", 1000))
	}
	g, _ := newGuard(DefaultLimits(), in.String())
	io.ReadAll(g)
	if got := len(g.Notes()); got != 1 {
		t.Errorf("got %d notes, want the one that all rows share", got)
	}
	rows := g.Withheld()
	if len(rows) != mostWithheld || len(rows[0]) != mostRow {
		t.Errorf("got %d rows of %d bytes, want %d of %d", len(rows), len(rows[0]), mostWithheld, mostRow)
	}
}
