package wire

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// kindOf splits untagged data into its type, upper case, and what stands behind
// it. The number of "* 12 EXISTS" is checked and left out. A type that is not in
// use, or does not read, is "".
func kindOf(raw string) (string, string) {
	word, rest, _ := strings.Cut(strings.TrimPrefix(raw, "* "), " ")
	if isNumber(word, 32) {
		word, rest, _ = strings.Cut(rest, " ")
		switch word = strings.ToUpper(word); word {
		case "EXISTS", "RECENT", "EXPUNGE", "FETCH":
			return word, rest
		}
		return "", ""
	}
	switch word = strings.ToUpper(word); word {
	case "NAMESPACE", "LIST", "STATUS", "FLAGS", "SEARCH", "ESEARCH":
		return word, rest
	}
	return "", ""
}

// readRow reads untagged data to its end. It returns the type, "" when it is none
// of those in use, and why the row must not reach imapclient.
func readRow(raw string, limits Limits) (string, error) {
	kind, rest := kindOf(raw)
	c := &cursor{rest: rest, deep: limits.Depth}
	var err error
	switch kind {
	case "":
		return "", errForm()
	case "LIST":
		err = readList(c)
	case "STATUS":
		err = readStatus(c)
	case "NAMESPACE":
		err = readNamespace(c)
	case "FLAGS":
		err = c.flags()
	case "SEARCH":
		err = readSearch(c)
	case "ESEARCH":
		err = readESearch(c, limits.Responses)
	case "FETCH":
		err = readFetch(c)
	}
	if err == nil {
		err = c.end()
	}
	return kind, err
}

// readList reads (attributes) SP delimiter SP mailbox [SP (extended data)],
// RFC 9051 section 7.3.1.
func readList(c *cursor) error {
	if err := c.flags(); err != nil {
		return errors.New("its attributes are no list of flags")
	}
	if err := c.space(); err != nil {
		return err
	}
	delim, err := c.value()
	if err != nil {
		return err
	}
	if !isDelimiter(delim) {
		return errors.New("its delimiter is not one character")
	}
	if err := c.space(); err != nil {
		return err
	}
	name, err := c.astring()
	if err != nil {
		return err
	}
	if !decodes(name.text) {
		return errName()
	}
	if c.atEnd() {
		return nil
	}
	return readExtended(c)
}

// isDelimiter wants a quoted character or NIL, which go-imap takes in upper case only.
func isDelimiter(v value) bool {
	if v.kind != quoted {
		return v.isNIL()
	}
	r, size := utf8.DecodeRuneInString(v.text)
	return r != utf8.RuneError && size == len(v.text)
}

// readExtended reads the tags and values of RFC 5258 section 6.
func readExtended(c *cursor) error {
	if err := c.space(); err != nil {
		return err
	}
	return c.pairs(func(tag, v value) bool {
		switch strings.ToUpper(tag.text) {
		case "CHILDINFO":
			return tag.isAString() && v.kind == list && all(v.items, value.isAString)
		case "OLDNAME":
			return tag.isAString() && v.kind == list && len(v.items) == 1 &&
				v.items[0].isAString() && decodes(v.items[0].text)
		}
		return tag.isAString() && v.isPlain()
	})
}

// pairs reads a list of names and values.
func (c *cursor) pairs(fit func(name, v value) bool) error {
	l, err := c.value()
	if err != nil {
		return err
	}
	if l.kind != list || len(l.items)%2 != 0 {
		return errForm()
	}
	for i := 0; i < len(l.items); i += 2 {
		if !fit(l.items[i], l.items[i+1]) {
			return errForm()
		}
	}
	return nil
}

// readStatus reads mailbox SP (item value …), RFC 9051 section 7.3.4.
func readStatus(c *cursor) error {
	name, err := c.astring()
	if err != nil {
		return err
	}
	if !decodes(name.text) {
		return errName()
	}
	if err := c.space(); err != nil {
		return err
	}
	return c.pairs(func(item, v value) bool {
		return item.kind == atom && fitsStatus(strings.ToUpper(item.text), v)
	})
}

func fitsStatus(item string, v value) bool {
	switch item {
	case "MESSAGES", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "DELETED":
		return v.isNumber(32)
	case "SIZE", "DELETED-STORAGE":
		return v.isNumber(63)
	case "HIGHESTMODSEQ":
		return v.isNumber(64)
	case "APPENDLIMIT":
		return v.isNumber(32) || v.isNIL()
	}
	return v.isPlain()
}

func (v value) isNumber(bits int) bool { return v.kind == atom && isNumber(v.text, bits) }

// readNamespace reads the personal, other users' and shared namespaces, RFC 2342.
func readNamespace(c *cursor) error {
	for i := range 3 {
		if i > 0 {
			if err := c.space(); err != nil {
				return err
			}
		}
		v, err := c.value()
		if err != nil {
			return err
		}
		if !v.isNIL() && (v.kind != list || !all(v.items, isNamespace)) {
			return errForm()
		}
	}
	return nil
}

func isNamespace(v value) bool {
	return v.kind == list && len(v.items) >= 2 && v.items[0].isString() &&
		isDelimiter(v.items[1]) && all(v.items[2:], value.isPlain)
}

// readSearch reads numbers, and (MODSEQ n) behind them, RFC 7162 section 3.1.5.
func readSearch(c *cursor) error {
	for c.rest != "" {
		v, err := c.value()
		if err != nil {
			return err
		}
		if v.kind == list {
			return fit(len(v.items) == 2 && v.items[0].kind == atom &&
				strings.EqualFold(v.items[0].text, "MODSEQ") && v.items[1].isNumber(64))
		}
		if !v.isNumber(32) || v.text[0] == '0' {
			return errForm() // 0 would read as "*"
		}
		if c.atEnd() {
			return nil
		}
		if err := c.space(); err != nil {
			return err
		}
	}
	return nil
}

// readESearch reads (TAG "T1") [UID] {name value}, RFC 9051 section 7.3.4. A set
// of more than most numbers is kept back: a client that lists it never ends.
func readESearch(c *cursor, most int) error {
	v, err := c.value()
	if err != nil {
		return err
	}
	if v.kind != list || len(v.items) != 2 || v.items[0].kind != atom || v.items[0].text != "TAG" || !v.items[1].isAString() {
		return errForm()
	}
	name := ""
	for first := true; !c.atEnd(); first = false {
		if err := c.space(); err != nil {
			return err
		}
		v, err := c.value()
		switch {
		case err != nil:
			return err
		case first && v.kind == atom && v.text == "UID":
		case name == "" && v.kind == atom:
			name = strings.ToUpper(v.text)
		case name == "" || !fitsESearch(name, v, most):
			return errForm()
		default:
			name = ""
		}
	}
	return fit(name == "")
}

func fitsESearch(name string, v value, most int) bool {
	switch name {
	case "MIN", "MAX", "COUNT":
		return v.isNumber(32)
	case "MODSEQ":
		return v.isNumber(64)
	case "ALL":
		return v.kind == atom && setSize(v.text) <= most
	}
	return v.isPlain()
}

// setSize counts the numbers of a sequence set. One that does not read, or holds
// "*", counts as endless.
func setSize(set string) int {
	const endless = 1<<31 - 1
	size := 0
	for part := range strings.SplitSeq(set, ",") {
		from, to, isRange := strings.Cut(part, ":")
		if !isRange {
			to = from
		}
		a, err := strconv.ParseInt(from, 10, 32)
		b, err2 := strconv.ParseInt(to, 10, 32)
		if err != nil || err2 != nil || from[0] == '0' || to[0] == '0' || a < 1 || b < 1 {
			return endless
		}
		if size += int(max(a, b)-min(a, b)) + 1; size > endless/2 {
			return endless
		}
	}
	return size
}

// fit turns a verdict into a reason.
func fit(ok bool) error {
	if ok {
		return nil
	}
	return errForm()
}
