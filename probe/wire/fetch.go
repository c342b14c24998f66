package wire

import (
	"errors"
	"strings"
	"time"
)

// readFetch reads (item value …), RFC 9051 section 7.5.2, of the items that are
// asked for. BODYSTRUCTURE is not, and going through it is what costs most.
func readFetch(c *cursor) error {
	if !strings.HasPrefix(c.rest, "(") {
		return errForm()
	}
	c.take(len("("))
	for first := true; !strings.HasPrefix(c.rest, ")"); first = false {
		if !first {
			if err := c.space(); err != nil {
				return err
			}
		}
		if err := readItem(c); err != nil {
			return err
		}
	}
	c.take(len(")"))
	return nil
}

func readItem(c *cursor) error {
	n := strings.IndexAny(c.rest, "[ (")
	if n < 0 {
		return errForm()
	}
	name := strings.ToUpper(c.take(n))
	if strings.HasPrefix(c.rest, "[") {
		if name != "BODY" {
			return errors.New("it holds an item that is not in use")
		}
		if err := readSection(c); err != nil {
			return err
		}
		name = "BODY[]"
	}
	if err := c.space(); err != nil {
		return err
	}
	v, err := c.value()
	if err != nil {
		return err
	}
	return fitsItem(name, v)
}

func fitsItem(name string, v value) error {
	switch name {
	case "FLAGS":
		return fit(v.kind == list && all(v.items, value.isFlag))
	case "UID":
		return fit(v.isNumber(32))
	case "RFC822.SIZE":
		return fit(v.isNumber(63))
	case "MODSEQ":
		return fit(v.kind == list && len(v.items) == 1 && v.items[0].isNumber(64))
	case "INTERNALDATE":
		t, err := time.Parse("_2-Jan-2006 15:04:05 -0700", v.text)
		return fit(err == nil && !t.IsZero() && v.kind == quoted)
	case "ENVELOPE":
		return fit(isEnvelope(v))
	case "BODY[]":
		return fit(v.isNString())
	}
	return errors.New("it holds an item that is not in use")
}

// isEnvelope wants the ten fields of RFC 9051 section 7.5.2.
func isEnvelope(v value) bool {
	if v.kind != list || len(v.items) != 10 {
		return false
	}
	date, addresses, ids := v.items[:2], v.items[2:8], v.items[8:]
	return all(date, value.isNString) && all(addresses, isAddressList) && all(ids, value.isNString)
}

func isAddressList(v value) bool {
	return v.isNIL() || v.kind == list && all(v.items, isAddress)
}

func isAddress(v value) bool {
	return v.kind == list && len(v.items) == 4 && all(v.items, value.isNString)
}

// readSection reads "[1.2.HEADER.FIELDS (SUBJECT)]<0>".
func readSection(c *cursor) error {
	end := strings.IndexByte(c.rest, ']')
	if end < 0 || !isSection(c.rest[1:end]) {
		return errForm()
	}
	c.take(end + 1)
	if !strings.HasPrefix(c.rest, "<") {
		return nil
	}
	end = strings.IndexByte(c.rest, '>')
	if end < 0 || !isNumber(c.rest[1:end], 32) {
		return errForm()
	}
	c.take(end + 1)
	return nil
}

func isSection(s string) bool {
	spec, fields, hasFields := strings.Cut(strings.ToUpper(s), " ")
	parts := strings.Split(spec, ".")
	for len(parts) > 0 && isNumber(parts[0], 32) {
		parts = parts[1:]
	}
	switch spec = strings.Join(parts, "."); spec {
	case "":
		return s == "" || len(parts) == 0 && !hasFields
	case "HEADER", "TEXT", "MIME":
		return !hasFields
	case "HEADER.FIELDS", "HEADER.FIELDS.NOT":
		return hasFields && only(fields, (*cursor).names)
	}
	return false
}

// names reads a list of header field names.
func (c *cursor) names() error {
	v, err := c.value()
	if err != nil {
		return err
	}
	return fit(v.kind == list && all(v.items, value.isAString))
}
