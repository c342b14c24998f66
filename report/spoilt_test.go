package report

import (
	"bytes"
	"io"
	"reflect"
	"strings"
	"testing"
)

// TestSpoiltReports shows reports in which every text ends in control characters, as a document
// that somebody made up may: none of them comes through, in whatever format.
func TestSpoiltReports(t *testing.T) {
	for name, r := range situations() {
		status := r.Verdict.Status
		spoil(reflect.ValueOf(r).Elem())
		r.Verdict.Status = status
		for format, write := range map[string]func(io.Writer) error{
			"text": func(w io.Writer) error { return Text(w, r, TextOptions{Width: 80}) },
			"-vvv": func(w io.Writer) error { return Text(w, r, TextOptions{Width: 80, Verbose: 3}) },
			"accessible": func(w io.Writer) error {
				return Text(w, r, TextOptions{Width: 80, Verbose: 3, Spoken: true, ASCII: true})
			},
			"short":      func(w io.Writer) error { return Short(w, r) },
			"markdown":   func(w io.Writer) error { return Markdown(w, r) },
			"html":       func(w io.Writer) error { return HTML(w, r) },
			"json":       func(w io.Writer) error { return JSON(w, r) },
			"jsonl":      func(w io.Writer) error { return JSONL(w, r) },
			"junit":      func(w io.Writer) error { return JUnit(w, r) },
			"prometheus": func(w io.Writer) error { return Prometheus(w, r, PrometheusOptions{}) },
			"bundle": func(w io.Writer) error {
				parts, _, err := Bundle(r)
				for _, p := range parts {
					w.Write(p.Text)
				}
				return err
			},
			"monitor": func(w io.Writer) error {
				text, _ := Monitor(r, Limits{Verbose: 3})
				_, err := io.WriteString(w, text)
				return err
			},
			"support line": func(w io.Writer) error { _, err := io.WriteString(w, Support(r)); return err },
		} {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Errorf("%s as %s: %v", name, format, err)
			}
			if at := strings.IndexAny(b.String(), "\u001b\u0007\u202e"); at >= 0 {
				t.Errorf("%s as %s: a control character came through: %q", name, format, b.String()[max(0, at-60):at+1])
			}
		}
	}
}

// spoil adds control characters to every text in a value. The words of evidence and profiles
// stay: a document with others is not read.
func spoil(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		closed := strings.HasPrefix(v.Type().PkgPath(), "mailmedic/probe/")
		if v.CanSet() && !closed {
			v.SetString(v.String() + "\u001b[2J\u0007\u202e")
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				spoil(v.Field(i))
			}
		}
	case reflect.Pointer:
		spoil(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			spoil(v.Index(i))
		}
	}
}
