package probe

import (
	"bytes"
	"encoding"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest/leak"
)

// holders are the ways in which a password stands in a value: alone, behind a pointer, in a
// field that other packages see, and in one that fmt may only look into.
func holders(s Secret) map[string]any {
	c := Credentials{s}
	return map[string]any{
		"secret": s, "pointer": &s, "credentials": c, "pointer to credentials": &c, "list": []Secret{s}, "map": map[string]Secret{"p": s},
		"key":             map[any]int{&s: 1},
		"hidden":          struct{ creds Credentials }{c},
		"hidden, pointer": &struct{ s *Secret }{&s},
		"hidden, list":    struct{ list []Credentials }{[]Credentials{c}},
		"interface":       struct{ v any }{c},
		"run":             &run{creds: c},
		"client":          mechanism("LOGIN", "alice", s),
		"error":           fmt.Errorf("log in with %v: %w", s, &syntaxError{fmt.Sprint(c)}),
	}
}

// TestSecretIsNotPrinted prints a password with every verb and flag that fmt has, and logs
// it.
func TestSecretIsNotPrinted(t *testing.T) {
	finder := leak.NewFinder(leak.Password)
	for name, v := range holders(NewSecret([]byte(leak.Password))) {
		for _, verb := range "vTtbcdoOqxXUeEfFgGspwZ" {
			for _, flags := range []string{"", "+", "#", "-", " ", "0", "+#", "# ", "300", ".300", "-300.200"} {
				printed(t, finder, fmt.Sprintf("%s with %%%s%c", name, flags, verb), fmt.Sprintf("%"+flags+string(verb), v))
			}
		}
		printed(t, finder, name+" by itself", fmt.Sprintln(v))
		var out bytes.Buffer
		slog.New(slog.NewTextHandler(&out, nil)).Info("login", "v", v, slog.Group("g", "v", v))
		slog.New(slog.NewJSONHandler(&out, nil)).Info("login", "v", v, slog.Group("g", "v", v))
		log.New(&out, "", 0).Print(v)
		printed(t, finder, name+" in a log", out.String())
	}
}

// TestSecretIsNotMarshalled hands a password to every encoder that takes one. An error is as
// good as a mask.
func TestSecretIsNotMarshalled(t *testing.T) {
	finder := leak.NewFinder(leak.Password)
	secret := NewSecret([]byte(leak.Password))
	for name, v := range holders(secret) {
		var inGob bytes.Buffer
		_ = gob.NewEncoder(&inGob).Encode(v)
		inJSON, _ := json.Marshal(v)
		inXML, _ := xml.Marshal(v)
		inYAML := attempted(func() ([]byte, error) { return yaml.Marshal(v) })
		for encoder, text := range map[string][]byte{"gob": inGob.Bytes(), "JSON": inJSON, "XML": inXML, "YAML": inYAML} {
			printed(t, finder, name+" as "+encoder, string(text))
		}
	}
	if got, _ := json.Marshal(Credentials{secret}); string(got) != `{"Password":"(secret)"}` {
		t.Errorf("as JSON: got %.80q, want a mask", got)
	}
	if text, err := secret.MarshalText(); err != nil || string(text) != mask {
		t.Errorf("as text: got %.20q and %v, want a mask", text, err)
	}
	if _, ok := any(secret).(encoding.BinaryMarshaler); ok {
		t.Error("a password has a binary form")
	}
}

// attempted is what an encoder gave, or nothing if it panicked: some do at what they do not
// know.
func attempted(encode func() ([]byte, error)) (text []byte) {
	defer func() { recover() }()
	text, _ = encode()
	return text
}

func printed(t *testing.T, finder *leak.Finder, how, text string) {
	t.Helper()
	if found := finder.In(text); len(found) > 0 {
		t.Errorf("%s: the password is there: %s", how, strings.Join(found, ", "))
	}
}

// TestRecordHoldsNoSecret: what is saved, planned or handed on for the words has no place in
// which a password could be kept, however deep.
func TestRecordHoldsNoSecret(t *testing.T) {
	for _, of := range []reflect.Type{
		reflect.TypeFor[evidence.Evidence](), reflect.TypeFor[Plan](), reflect.TypeFor[Options](), reflect.TypeFor[Event](),
	} {
		if place := reaches(of, reflect.TypeFor[Secret](), map[reflect.Type]bool{}); place != "" {
			t.Errorf("a password can be reached at %s", place)
		}
	}
	if place := reaches(reflect.TypeFor[visit](), reflect.TypeFor[Secret](), map[reflect.Type]bool{}); place == "" {
		t.Error("the search does not even find the password of a visit")
	}
}

// reaches gives the way from one type to another, or "".
func reaches(from, to reflect.Type, seen map[reflect.Type]bool) string {
	if from == to {
		return from.String()
	}
	if seen[from] {
		return ""
	}
	seen[from] = true
	switch from.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		return reaches(from.Elem(), to, seen)
	case reflect.Map:
		if place := reaches(from.Key(), to, seen); place != "" {
			return place
		}
		return reaches(from.Elem(), to, seen)
	case reflect.Struct:
		for i := range from.NumField() {
			if place := reaches(from.Field(i).Type, to, seen); place != "" {
				return from.String() + "." + from.Field(i).Name + " > " + place
			}
		}
	}
	return ""
}
