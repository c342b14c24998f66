package wire

import (
	"errors"
	"strconv"
	"strings"
)

// cursor reads the tokens of one IMAP response, RFC 9051 section 9, as strictly as
// go-imap's decoder or more so.
type cursor struct {
	rest string
	deep int // lists that may still open
}

// kind tells the tokens apart.
type kind byte

const (
	atom    kind = 'a'
	flag    kind = 'f' // an atom behind a backslash, or \*
	quoted  kind = 'q'
	literal kind = 'l'
	list    kind = '('
)

// value is one token, or a list of values.
type value struct {
	kind  kind
	text  string
	items []value
}

func (v value) isString() bool  { return v.kind == quoted || v.kind == literal }
func (v value) isNString() bool { return v.isString() || v.isNIL() }
func (v value) isNIL() bool     { return v.kind == atom && v.text == "NIL" }
func (v value) isAString() bool { return v.isString() || v.kind == atom }
func (v value) isFlag() bool    { return v.kind == atom || v.kind == flag }

// isPlain tells whether go-imap can skip the value: it knows no flags there.
func (v value) isPlain() bool {
	if v.kind == list {
		return all(v.items, value.isPlain)
	}
	return v.kind != flag
}

func all(values []value, is func(value) bool) bool {
	for _, v := range values {
		if !is(v) {
			return false
		}
	}
	return true
}

// The reasons for which a row does not read.
func errForm() error { return errors.New("it is not written as IMAP asks") }
func errName() error { return errors.New("the folder's name does not decode") }

// value reads any one value.
func (c *cursor) value() (value, error) {
	if c.rest == "" {
		return value{}, errForm()
	}
	switch c.rest[0] {
	case '"':
		return c.quoted()
	case '{':
		return c.literal()
	case '(':
		return c.list()
	case '\\':
		return c.flag()
	}
	return c.run(atom, isAtomByte)
}

// astring reads a mailbox name: a string, or an atom that may hold "]".
func (c *cursor) astring() (value, error) {
	if strings.HasPrefix(c.rest, `"`) || strings.HasPrefix(c.rest, "{") {
		return c.value()
	}
	return c.run(atom, func(b byte) bool { return isAtomByte(b) || b == ']' })
}

func (c *cursor) run(k kind, is func(byte) bool) (value, error) {
	n := 0
	for n < len(c.rest) && is(c.rest[n]) {
		n++
	}
	if n == 0 {
		return value{}, errForm()
	}
	return value{kind: k, text: c.take(n)}, nil
}

func (c *cursor) flag() (value, error) {
	c.take(len(`\`))
	if strings.HasPrefix(c.rest, "*") {
		c.take(1)
		return value{kind: flag, text: `\*`}, nil
	}
	v, err := c.run(flag, isAtomByte)
	v.text = `\` + v.text
	return v, err
}

func (c *cursor) quoted() (value, error) {
	c.take(len(`"`))
	var text strings.Builder
	for i := 0; i < len(c.rest); i++ {
		switch b := c.rest[i]; b {
		case '"':
			c.take(i + 1)
			return value{kind: quoted, text: text.String()}, nil
		case '\r', '\n':
			return value{}, errForm()
		case '\\':
			if i++; i == len(c.rest) || c.rest[i] == '\r' || c.rest[i] == '\n' {
				return value{}, errForm()
			}
			text.WriteByte(c.rest[i])
		default:
			text.WriteByte(b)
		}
	}
	return value{}, errForm()
}

// literal takes no "{n+}": only clients may send it.
func (c *cursor) literal() (value, error) {
	size, rest, ok := strings.Cut(c.rest[len("{"):], "}\r\n")
	n, err := strconv.ParseUint(size, 10, 31)
	if !ok || err != nil || int(n) > len(rest) {
		return value{}, errForm()
	}
	c.rest = rest
	return value{kind: literal, text: c.take(int(n))}, nil
}

func (c *cursor) list() (value, error) {
	if c.deep--; c.deep < 0 {
		return value{}, errForm()
	}
	defer func() { c.deep++ }()
	c.take(len("("))
	v := value{kind: list}
	for !strings.HasPrefix(c.rest, ")") {
		if len(v.items) > 0 {
			if err := c.space(); err != nil {
				return v, err
			}
		}
		item, err := c.value()
		if err != nil {
			return v, err
		}
		v.items = append(v.items, item)
	}
	c.take(len(")"))
	return v, nil
}

// flags reads a list of flags.
func (c *cursor) flags() error {
	v, err := c.value()
	if err != nil {
		return err
	}
	if v.kind != list || !all(v.items, value.isFlag) {
		return errForm()
	}
	return nil
}

// space reads the one space between values. It may be missing before a list, as
// between the lists of NAMESPACE and of ENVELOPE.
func (c *cursor) space() error {
	if strings.HasPrefix(c.rest, "(") {
		return nil
	}
	if !strings.HasPrefix(c.rest, " ") {
		return errForm()
	}
	c.take(1)
	return nil
}

// atEnd tells whether the row is read. One space before the line's end is common.
func (c *cursor) atEnd() bool { return c.rest == "" || c.rest == " " }

func (c *cursor) end() error {
	if !c.atEnd() {
		return errForm()
	}
	return nil
}

func (c *cursor) take(n int) string {
	text := c.rest[:n]
	c.rest = c.rest[n:]
	return text
}

// only tells whether s is exactly what read takes.
func only(s string, read func(*cursor) error) bool {
	c := &cursor{rest: s, deep: DefaultLimits().Depth}
	return read(c) == nil && c.rest == ""
}

func isAtom(s string) bool {
	for i := range len(s) {
		if !isAtomByte(s[i]) {
			return false
		}
	}
	return s != "" && s[0] != '+'
}

// isAtomByte takes bytes from 0xA0 too, as go-imap does: unquoted names hold UTF-8.
func isAtomByte(b byte) bool {
	if strings.IndexByte(`(){%*"\]`, b) >= 0 {
		return false
	}
	return b > ' ' && b < 0x7F || b >= 0xA0
}
