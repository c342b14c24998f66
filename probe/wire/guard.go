package wire

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Guard stands between an IMAP server and go-imap's client. It is an io.Reader
// that reads one whole response at a time, holds it against the limits, records
// it, and passes it on only in a form that imapclient is known to take: that
// client spins for ever on some responses and ends the session on many more.
//
// A response passes when our own stricter reading of it succeeds; the fuzz test
// asserts that imapclient survives everything that passes.
type Guard struct {
	// Hide, if it is set, takes out of the text of a status response what must not be taken
	// apart: a response code ends at the first bracket, also at one in an echoed password.
	Hide func(string) string

	in        input
	log       *Log
	encrypted bool
	out       string // passed, not yet read by the client

	fetched, fetchedBytes int // FETCH answers since the transcript's last line

	mu       sync.Mutex
	notes    []string
	withheld []string
	err      error
	expected map[string]string // tags of our own commands: the word of the answer, "" before it came
	aside    []string
	client   *commands // nil until Client is called: then every tag must be one that was sent
}

const (
	mostNotes    = 50
	mostWithheld = 100  // rows; enough to show a pattern
	mostRow      = 1000 // bytes of one row
)

// NewGuard reads the rest of a dialogue whose opening was held by t.
func NewGuard(t *Talk, log *Log, limits Limits, encrypted bool) *Guard {
	return &Guard{in: input{r: t.Reader(), limits: limits}, log: log, encrypted: encrypted}
}

// Read gives imapclient whole responses. After an error every Read returns the
// same error; a LimitError says which limit was passed.
func (g *Guard) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for g.out == "" {
		if err := g.Err(); err != nil {
			return 0, err
		}
		raw, err := g.response()
		if err == nil || raw != "" {
			g.record(raw)
		}
		if err != nil {
			g.recordFetched()
			g.fail(err)
			continue
		}
		g.out = g.judge(raw)
	}
	n := copy(p, g.out)
	g.out = g.out[n:]
	return n, nil
}

// Err is the error that ended the reading, if one did: imapclient loses its type.
func (g *Guard) Err() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.err
}

// Notes says what was withheld or replaced, and why, each once and at most 50.
func (g *Guard) Notes() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.notes)
}

// Withheld copies the LIST and STATUS rows that were kept from the library, byte for
// byte as sent, at most 100, of each the first 1000 bytes.
func (g *Guard) Withheld() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.withheld)
}

// judge returns what the client may read of a response, "" for nothing.
func (g *Guard) judge(raw string) string {
	if g.beside(raw) {
		return ""
	}
	if strings.HasPrefix(raw, "+") {
		return g.continuation(raw)
	}
	rest, untagged := strings.CutPrefix(raw, "* ")
	if !untagged {
		return g.tagged(raw)
	}
	word, rest, _ := strings.Cut(rest, " ")
	switch word = strings.ToUpper(word); word {
	case "OK", "NO", "BAD", "BYE":
		return g.status("* "+word, rest)
	case "CAPABILITY", "ENABLED":
		return g.words(word, rest)
	}
	return g.row(raw)
}

// continuation passes a "+" that the client waits for; it dies of any other.
func (g *Guard) continuation(raw string) string {
	if g.client != nil && !g.client.waits() {
		g.note("continuation withheld: nothing waits for it")
		return ""
	}
	text := strings.ReplaceAll(raw[len("+"):], "\r", " ")
	return "+ " + strings.TrimLeft(text, " ") + "\r\n"
}

// tagged passes the answer to a command. One that is neither OK, NO nor BAD
// becomes a BAD, so that the command ends and the session goes on.
func (g *Guard) tagged(raw string) string {
	tag, rest, _ := strings.Cut(raw, " ")
	if !isAtom(tag) {
		g.note("line withheld: it is no IMAP response")
		return ""
	}
	if g.client != nil && !g.client.answered(tag) {
		g.note("answer withheld: no command waits for it")
		return ""
	}
	word, text, _ := strings.Cut(rest, " ")
	switch word = strings.ToUpper(word); word {
	case "OK", "NO", "BAD":
		return g.status(tag+" "+word, text)
	}
	g.note("answer replaced by BAD: it is neither OK, NO nor BAD")
	return g.status(tag+" BAD", rest)
}

// words passes the atoms of a CAPABILITY or ENABLED response. A parenthesis there
// makes imapclient spin for ever.
func (g *Guard) words(kind, rest string) string {
	atoms := Atoms(strings.Fields(rest))
	if len(atoms) < len(strings.Fields(rest)) {
		g.note(kind + ": a word dropped that is no atom")
	}
	if len(atoms) == 0 {
		return ""
	}
	return "* " + kind + " " + strings.Join(atoms, " ") + "\r\n"
}

// Atoms keeps the words that may stand in a capability list.
func Atoms(words []string) []string {
	var atoms []string
	for _, w := range words {
		if isAtom(w) {
			atoms = append(atoms, w)
		}
	}
	return atoms
}

// row passes untagged data that reads well and is of a kind that is in use.
func (g *Guard) row(raw string) string {
	kind, err := readRow(raw, g.in.limits)
	switch {
	case err == nil:
		return raw + "\r\n"
	case kind == "":
		g.note("response withheld: it is of a kind that is not in use")
	default:
		g.note(fmt.Sprintf("%s row withheld: %v", kind, err))
	}
	if kind == "LIST" || kind == "STATUS" {
		g.keep(raw)
	}
	return ""
}

func (g *Guard) note(text string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.notes) < mostNotes && !slices.Contains(g.notes, text) {
		g.notes = append(g.notes, text)
	}
}

func (g *Guard) keep(row string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.withheld) < mostWithheld {
		g.withheld = append(g.withheld, row[:min(len(row), mostRow)])
	}
}

func (g *Guard) fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err == nil {
		g.err = err
	}
}
