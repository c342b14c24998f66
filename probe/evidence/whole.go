package evidence

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Fault says what is wrong with a saved record, and where.
type Fault struct {
	Place string // "sessions[2].greeting.step.state"
	What  string
}

// Error gives place and fault in one line.
func (f *Fault) Error() string { return f.Place + ": " + f.What }

// Whole tells whether a record that was read from a file says nothing that no run could
// have written: words that do not exist, times that cannot be, a failed step without its
// failure. The checks rely on that much. The error is a *Fault.
func (e *Evidence) Whole() error {
	if e.Schema != Schema {
		return &Fault{"schema", fmt.Sprintf("%d, where this mailmedic reads %d", e.Schema, Schema)}
	}
	if len(e.Sessions) == 0 {
		return &Fault{"sessions", "no path was tested"}
	}
	if e.Successor != nil && e.Successor.Successor != nil {
		return &Fault{"successor.successor", "a successor has none of its own"}
	}
	if err := words(reflect.ValueOf(e).Elem(), ""); err != nil {
		return err
	}
	if err := e.consistent(); err != nil {
		return err
	}
	if e.Successor != nil {
		return e.Successor.consistent()
	}
	return nil
}

// longest is far above what a run takes, even where the computer sleeps in between, and far
// below where sums of times overflow.
const longest Millis = 366 * 24 * 60 * 60 * 1000

// words walks over everything and asks each word whether it is known, each time whether
// it can be, and each step whether its parts belong together.
func words(v reflect.Value, place string) error {
	switch t := v.Interface().(type) {
	case interface{ Known() bool }:
		if !t.Known() {
			return &Fault{place, fmt.Sprintf("%q is no word that belongs here", fmt.Sprint(t))}
		}
		return nil
	case time.Time:
		return nil
	case Millis:
		if t < 0 {
			return &Fault{place, fmt.Sprintf("%d is before the beginning", t)}
		}
		if t > longest {
			return &Fault{place, fmt.Sprintf("%d is more than a year, which no run takes", t)}
		}
		return nil
	case Step:
		if t.State == Failed && t.Failure == nil {
			return &Fault{place, "the step failed without a failure"}
		}
		if t.State != Failed && t.Failure != nil {
			return &Fault{place, "the step has a failure and did not fail"}
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return words(v.Elem(), place)
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := words(v.Index(i), fmt.Sprintf("%s[%d]", place, i)); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if err := words(v.Field(i), within(place, v.Type().Field(i))); err != nil {
				return err
			}
		}
	}
	return nil
}

// within names a field's place as the JSON document does.
func within(place string, f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	switch {
	case f.Anonymous:
		return place
	case place == "":
		return name
	}
	return place + "." + name
}

// mostPaths is more than any profile has paths, or any path has addresses.
const mostPaths = 100

// consistent asks what no single field can answer.
func (e *Evidence) consistent() error {
	var ids []string
	if len(e.Sessions) > mostPaths || len(e.Logins) > mostPaths {
		return &Fault{"sessions", fmt.Sprintf("more than %d paths or logins", mostPaths)}
	}
	for i := range e.Sessions {
		s := &e.Sessions[i]
		place := fmt.Sprintf("sessions[%d]", i)
		if s.Secure.Judged != (Judgement{}) && len(s.Secure.Chain) == 0 {
			return &Fault{place + ".secure", "a certificate was judged, and it is missing"}
		}
		if len(s.Dials) > mostPaths || len(s.Looks) > mostPaths || len(s.Secure.Chain) > mostPaths {
			return &Fault{place, fmt.Sprintf("more than %d addresses, handshakes or certificates", mostPaths)}
		}
		if slices.Contains(ids, s.ID()) {
			return &Fault{place + ".path", "a second session of " + s.ID()}
		}
		ids = append(ids, s.ID())
		if s.Greeting.Step.Done() && s.Greeting.Reply == nil {
			return &Fault{place + ".greeting", "a greeting was read, and what it said is missing"}
		}
		if s.Path.Port < 1 || s.Path.Port > 65535 {
			return &Fault{place + ".path.port", fmt.Sprintf("%d is no port", s.Path.Port)}
		}
	}
	for i, l := range e.Logins {
		place := fmt.Sprintf("logins[%d]", i)
		if !slices.Contains(ids, l.Path) {
			return &Fault{place + ".path", fmt.Sprintf("%q is no path of this run", l.Path)}
		}
		if l.Result != BrokenOff && l.Result != Accepted && l.Reply == nil {
			return &Fault{place, "the login was answered, and what the server said is missing"}
		}
	}
	return nil
}
