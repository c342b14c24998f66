package clientconf

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Limits of a property list. A profile needs a nesting of 5 and some hundred values; the
// libraries have no limits, and follow a nesting as deep as the file is long.
const (
	plistNesting = 32
	plistValues  = 100_000
)

// plist reads a property list in either form. A dictionary becomes a map, an array a slice,
// and of the rest text, whole numbers and booleans are kept; dates and data are nil. Errors
// quote nothing of the file.
func plist(text string) (any, error) {
	if strings.HasPrefix(text, "bplist") {
		return binaryPlist(text)
	}
	return xmlPlist(text)
}

// xmlPlist reads the XML form. encoding/xml knows no entities but the five of XML, so that
// none can grow.
func xmlPlist(text string) (any, error) {
	r := xmlReader{decoder: xml.NewDecoder(strings.NewReader(text))}
	for {
		start, err := r.start()
		if err != nil {
			return nil, r.fail(err)
		}
		if start.Name.Local == "plist" {
			continue
		}
		value, err := r.value(start, 0)
		return value, r.fail(err)
	}
}

type xmlReader struct {
	decoder *xml.Decoder
	values  int
}

// fail says where the file is broken. What the library says may quote a password.
func (r *xmlReader) fail(err error) error {
	if err == nil {
		return nil
	}
	line, _ := r.decoder.InputPos()
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &syntax), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("line %d is not XML, or the file ends too early", line)
	case errors.Is(err, errDeep), errors.Is(err, errMany):
		return err
	}
	return fmt.Errorf("line %d cannot be read", line)
}

// start is the next start of an element, or io.EOF where the one around it ends.
func (r *xmlReader) start() (xml.StartElement, error) {
	for {
		token, err := r.decoder.Token()
		if err != nil {
			return xml.StartElement{}, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			return t, nil
		case xml.EndElement:
			return xml.StartElement{}, errEnd
		}
	}
}

func (r *xmlReader) value(start xml.StartElement, depth int) (any, error) {
	if r.values++; r.values > plistValues {
		return nil, errMany
	}
	if depth > plistNesting {
		return nil, errDeep
	}
	switch start.Name.Local {
	case "dict":
		return r.dict(depth)
	case "array":
		return r.array(depth)
	}
	text, err := r.text()
	if err != nil {
		return nil, err
	}
	switch start.Name.Local {
	case "string":
		return text, nil
	case "integer":
		if n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil {
			return n, nil
		}
	case "true", "false":
		return start.Name.Local == "true", nil
	}
	return nil, nil
}

func (r *xmlReader) dict(depth int) (any, error) {
	dict := map[string]any{}
	for {
		start, err := r.start()
		if errors.Is(err, errEnd) {
			return dict, nil
		}
		if err != nil {
			return nil, err
		}
		if start.Name.Local != "key" {
			return nil, errPlist
		}
		key, err := r.text()
		if err != nil {
			return nil, err
		}
		if start, err = r.start(); err != nil {
			return nil, err
		}
		if dict[key], err = r.value(start, depth+1); err != nil {
			return nil, err
		}
	}
}

func (r *xmlReader) array(depth int) (any, error) {
	array := []any{}
	for {
		start, err := r.start()
		if errors.Is(err, errEnd) {
			return array, nil
		}
		if err != nil {
			return nil, err
		}
		value, err := r.value(start, depth+1)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
}

// text is what stands in an element up to its end.
func (r *xmlReader) text() (string, error) {
	var b strings.Builder
	for {
		token, err := r.decoder.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.StartElement:
			return "", errPlist
		case xml.EndElement:
			return b.String(), nil
		}
	}
}

// Why a property list is given up. They are told apart with errors.Is.
var (
	errEnd   = errors.New("the element ends")
	errDeep  = errors.New("the property list is nested too deeply")
	errMany  = errors.New("the property list has too many values")
	errPlist = errors.New("the file is no property list")
)
