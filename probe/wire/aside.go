package wire

import (
	"strconv"
	"strings"
)

// Expect tells the guard of a command that goes out beside those of the library. Its
// answer is kept for Answered, and so are the LSUB and QUOTA rows for Aside: the library
// is asked for neither.
func (g *Guard) Expect(tag string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.expected == nil {
		g.expected = map[string]string{}
	}
	g.expected[tag] = ""
}

// Answered tells whether an expected command has been answered with OK.
func (g *Guard) Answered(tag string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.expected[tag] == "OK"
}

// Aside copies the LSUB and QUOTA rows that came, as sent, at most as many as a list may have.
func (g *Guard) Aside() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]string{}, g.aside...)
}

// beside takes what belongs to an expected command, and reports whether it did.
func (g *Guard) beside(raw string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.expected) == 0 {
		return false
	}
	tag, rest, _ := strings.Cut(raw, " ")
	word, _, _ := strings.Cut(rest, " ")
	word = strings.ToUpper(word)
	if _, ours := g.expected[tag]; ours {
		g.expected[tag] = word
		return true
	}
	if tag != "*" || word != "LSUB" && word != "QUOTA" && word != "QUOTAROOT" {
		return false
	}
	if word != "QUOTAROOT" && len(g.aside) < mostAside {
		g.aside = append(g.aside, raw)
	}
	return true
}

// mostAside bounds the rows kept beside: as many as there may be folders.
const mostAside = 10000

// Listing is a LIST or LSUB row, read more leniently than the library reads it.
type Listing struct {
	Name       string // decoded; as sent where it does not decode
	Decoded    bool   // Name is modified UTF-7 or UTF-8, and the library would read it
	Delimiter  string // as sent, "" for NIL
	Attributes []string
}

// Listed reads a row. It reports false for anything else, and for a row of which it is
// not plain where the name ends.
func Listed(raw string) (Listing, bool) {
	kind, rest := rowOf(raw)
	if kind != "LIST" && kind != "LSUB" {
		return Listing{}, false
	}
	c := &cursor{rest: rest, deep: DefaultLimits().Depth}
	attributes, err := c.value()
	if err != nil || attributes.kind != list || c.space() != nil {
		return Listing{}, false
	}
	delimiter, err := c.value()
	if err != nil || delimiter.kind == list || c.space() != nil {
		return Listing{}, false
	}
	name, err := c.astring()
	if err != nil || !c.atEnd() && c.space() != nil {
		return Listing{}, false
	}
	if !c.atEnd() && !strings.HasPrefix(c.rest, "(") {
		return Listing{}, false
	}
	l := Listing{Name: name.text, Attributes: []string{}}
	for _, a := range attributes.items {
		l.Attributes = append(l.Attributes, a.text)
	}
	if !strings.EqualFold(delimiter.text, "NIL") || delimiter.isString() {
		l.Delimiter = delimiter.text
	}
	if text, ok := decode(name.text); ok {
		l.Name, l.Decoded = text, true
	}
	if strings.EqualFold(l.Name, "INBOX") {
		l.Name = "INBOX" // RFC 9051 section 5.1: in any case; the library writes it so
	}
	return l, true
}

// Limited is one resource of a QUOTA row.
type Limited struct {
	Root, Resource string
	Used, Limit    int64
}

// QuotaRow reads "* QUOTA root (resource used limit …)", RFC 9208 section 4.2.1.
func QuotaRow(raw string) []Limited {
	kind, rest := rowOf(raw)
	if kind != "QUOTA" {
		return nil
	}
	c := &cursor{rest: rest, deep: DefaultLimits().Depth}
	root, err := c.astring()
	if err != nil || c.space() != nil {
		return nil
	}
	l, err := c.value()
	if err != nil || l.kind != list || len(l.items)%3 != 0 {
		return nil
	}
	var found []Limited
	for i := 0; i < len(l.items); i += 3 {
		used, limit := l.items[i+1], l.items[i+2]
		if used.isNumber(63) && limit.isNumber(63) {
			found = append(found, Limited{root.text, strings.ToUpper(l.items[i].text), number(used), number(limit)})
		}
	}
	return found
}

// rowOf splits untagged data into its first word, upper case, and the rest.
func rowOf(raw string) (kind, rest string) {
	data, untagged := strings.CutPrefix(raw, "* ")
	if !untagged {
		return "", ""
	}
	kind, rest, _ = strings.Cut(data, " ")
	return strings.ToUpper(kind), rest
}

func number(v value) int64 {
	n, _ := strconv.ParseInt(v.text, 10, 64)
	return n
}
