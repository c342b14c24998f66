package wire

import (
	"strconv"
	"strings"
)

// status passes a status response, "* OK" or "T1 NO" and its text, with a response
// code only where imapclient can take it: an open "[" would swallow the lines behind it.
func (g *Guard) status(head, rest string) string {
	if g.Hide != nil {
		rest = g.Hide(rest)
	}
	rest = strings.ReplaceAll(rest, "\r", " ") // a bare CR ends the session
	inner, isCode := strings.CutPrefix(rest, "[")
	if !isCode {
		return head + spaced(rest) + "\r\n"
	}
	inner, text, closed := strings.Cut(inner, "]")
	if !closed {
		g.note("response code dropped: its bracket is not closed")
		return head + spaced(bare(rest)) + "\r\n"
	}
	code, ok := g.code(inner)
	if !ok {
		g.note("response code dropped: it does not read")
		return head + spaced(bare(text)) + "\r\n"
	}
	return head + " [" + code + "]" + spaced(strings.TrimLeft(text, " ")) + "\r\n"
}

// bare is text that cannot be taken for a response code.
func bare(text string) string { return strings.TrimLeft(text, "[ ") }

// spaced is a space and the text, or nothing when there is no text.
func spaced(text string) string {
	if text == "" {
		return ""
	}
	return " " + text
}

// code reads a response code, RFC 9051 section 7.1. Its name comes out in upper
// case, because imapclient compares it as sent.
func (g *Guard) code(inner string) (string, bool) {
	name, args, _ := strings.Cut(inner, " ")
	if name = strings.ToUpper(name); !isAtom(name) {
		return "", false
	}
	ok := true
	switch name {
	case "CAPABILITY":
		atoms := Atoms(strings.Fields(args))
		if len(atoms) < len(strings.Fields(args)) {
			g.note("CAPABILITY: a word dropped that is no atom")
		}
		args, ok = strings.Join(atoms, " "), len(atoms) > 0
	case "PERMANENTFLAGS":
		ok = only(args, (*cursor).flags)
	case "UIDNEXT", "UIDVALIDITY":
		ok = isNumber(args, 32)
	case "HIGHESTMODSEQ":
		ok = isNumber(args, 64)
	case "NOMODSEQ":
		args = "" // the client expects the bracket at once
	case "APPENDUID", "COPYUID":
		ok = false // nothing is appended or copied
	}
	return name + spaced(args), ok
}

// isNumber tells whether s is a number of at most the given bits.
func isNumber(s string, bits int) bool {
	_, err := strconv.ParseUint(s, 10, bits)
	return err == nil
}
