package probe

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"mailmedic/probe/evidence"
	"mailmedic/probe/wire"
)

// scrub takes the password out of everything in the record that a server said, should
// it have echoed it: in any letter case, quoted, or encoded as it was sent or as part
// of something longer. What mailmedic itself writes down cannot hold it.
func (r *run) scrub(e *evidence.Evidence) {
	if r.creds.Password.Empty() {
		return
	}
	for _, text := range heard(e) {
		*text = masked(*text, r.forms)
	}
}

// formsOf are the forms of the password that masked looks for.
func formsOf(password Secret, names []Attempt) []string {
	if password.Empty() {
		return nil
	}
	forms := spellings(string(password.bytes()), names)
	for i, form := range forms {
		forms[i] = level(form)
	}
	return forms
}

// leastHidden is the length from which a password is taken out of a line before the line is
// taken apart. A shorter one could be the protocol's own, as "* OK" is.
const leastHidden = 8

// hide gives what a server said without the password, should it stand there. Whatever takes
// the line apart could cut the password in two, at a blank or a bracket in it, and no part
// alone would be found in the record any more. One that has neither stays whole, and may be
// a word that the protocol needs.
func (r *run) hide(line string) string {
	password := string(r.creds.Password.bytes())
	parts := func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune("[](){}\"\\", c) }
	if len(password) < leastHidden || !strings.ContainsFunc(password, parts) {
		return line
	}
	if shown := masked(line, r.forms); strings.Contains(shown, mask) {
		return shown
	}
	return line
}

// span is a part of a text, from its first byte to the one behind its last.
type span struct{ from, to int }

// masked gives the text with a mask in the place of each form. The forms are level.
func masked(text string, forms []string) string {
	text = strings.ToValidUTF8(text, "\uFFFD") // as a saved record reads
	shown := level(text)
	var found []span
	for _, form := range forms {
		found = append(found, places(shown, form)...)
	}
	if rest, wasCut := strings.CutSuffix(shown, wire.CutMark); wasCut {
		if n := begun(rest, forms); n > 0 {
			found = append(found, span{len(rest) - n, len(rest)})
		}
	}
	if len(found) == 0 {
		return text
	}
	slices.SortFunc(found, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out strings.Builder
	done := 0 // bytes of the text that are dealt with
	for _, s := range found {
		if s.from >= done {
			out.WriteString(text[done:s.from] + mask)
		}
		done = max(done, s.to)
	}
	return out.String() + text[done:]
}

// places lists where a form stands in a text.
func places(shown, form string) []span {
	var found []span
	for from := 0; ; {
		at := strings.Index(shown[from:], form)
		if at < 0 {
			return found
		}
		found = append(found, span{from + at, from + at + len(form)})
		from += at + len(form)
	}
}

// leastBegun is how many bytes of a form, at the end of a text that was cut, are no chance.
const leastBegun = 4

// begun counts the bytes at the end of a text with which a form begins: the cut may have
// gone through an echo.
func begun(shown string, forms []string) int {
	most := 0
	for _, form := range forms {
		for n := min(len(form), len(shown)); n >= leastBegun && n > most; n-- {
			if strings.HasSuffix(shown, form[:n]) {
				most = n
			}
		}
	}
	return most
}

// level writes a text without the difference between capitals and small letters, byte for
// byte as long as it was, so that what is found in it can be taken out of the text.
func level(text string) string {
	return strings.Map(func(r rune) rune {
		if upper := unicode.ToUpper(r); utf8.RuneLen(upper) == utf8.RuneLen(r) {
			return upper
		}
		return r
	}, text)
}
