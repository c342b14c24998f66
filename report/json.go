package report

import (
	"bytes"
	_ "embed" // the schema
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema (2020-12) of the document.
func Schema() []byte { return bytes.Clone(schema) }

// Writes tells whether JSON writes documents of a version: of its number before the point, or
// of one behind it that a reader of them knows all of.
func Writes(version string) bool {
	major, minor, _ := strings.Cut(schemaVersion, ".")
	wantMajor, wantMinor, exact := strings.Cut(version, ".")
	return wantMajor == major && (!exact || wantMinor == minor)
}

// JSON writes the report as one indented object and a newline.
func JSON(w io.Writer, r *Report) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(noNulls(reflect.ValueOf(r)).Interface()); err != nil {
		return fmt.Errorf("write report as JSON: %w", err)
	}
	if _, err := w.Write(EscapeHidden(b.Bytes())); err != nil {
		return fmt.Errorf("write report as JSON: %w", err)
	}
	return nil
}

// noNulls copies a value so that every nil slice and map in it is an empty one. The
// document promises arrays that are never null, and most of its arrays lie in the
// evidence, whose zero value must stay nil for "not observed".
func noNulls(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(noNulls(v.Elem()))
		return p
	case reflect.Slice:
		s := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			s.Index(i).Set(noNulls(v.Index(i)))
		}
		return s
	case reflect.Map:
		if v.IsNil() {
			return reflect.MakeMap(v.Type())
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return v
		}
		s := reflect.New(v.Type()).Elem()
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				continue // no part of the document
			}
			s.Field(i).Set(noNulls(v.Field(i)))
		}
		return s
	}
	return v
}

// EscapeHidden writes what a terminal would obey or hide as \u escapes. Outside
// ASCII such characters stand only inside strings, where the escape has the same
// value, so a reader sees no difference.
func EscapeHidden(document []byte) []byte {
	out := make([]byte, 0, len(document))
	for i := 0; i < len(document); {
		r, size := utf8.DecodeRune(document[i:])
		switch {
		case r < 0x7F, unicode.IsPrint(r) && !empty(r):
			out = append(out, document[i:i+size]...)
		case r < 0x10000:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		}
		i += size
	}
	return out
}
