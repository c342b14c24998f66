package report

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// shape tells whether parsed JSON fits the type of what it is to be read into, and names
// the place where it does not: the decoder's own errors give no index, and none at all
// for a time.
func shape(raw any, into any) error { return fits(raw, reflect.TypeOf(into).Elem(), "") }

func fits(raw any, t reflect.Type, place string) error {
	if t.Kind() == reflect.Pointer {
		if raw == nil {
			return nil
		}
		t = t.Elem()
	}
	if t == reflect.TypeFor[time.Time]() {
		text, ok := raw.(string)
		if _, err := time.Parse(time.RFC3339, text); !ok || err != nil {
			return &Misread{place, "no time as RFC 3339 writes it"}
		}
		return nil
	}
	switch t.Kind() {
	case reflect.Struct:
		return fitsStruct(raw, t, place)
	case reflect.Slice:
		rows, ok := raw.([]any)
		if !ok && raw != nil {
			return unlike(raw, "a list", place)
		}
		for i, row := range rows {
			if err := fits(row, t.Elem(), fmt.Sprintf("%s[%d]", place, i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		return fitsMap(raw, t, place)
	case reflect.String:
		if _, ok := raw.(string); !ok {
			return unlike(raw, "text", place)
		}
	case reflect.Bool:
		if _, ok := raw.(bool); !ok {
			return unlike(raw, "true or false", place)
		}
	default:
		return fitsNumber(raw, t, place)
	}
	return nil
}

func fitsStruct(raw any, t reflect.Type, place string) error {
	fields, ok := raw.(map[string]any)
	if !ok {
		return unlike(raw, "an object", place)
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		if f.Anonymous {
			if err := fits(raw, f.Type, place); err != nil {
				return err
			}
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		value, there := fields[name]
		if !there || name == "-" {
			continue // an older version did not know it: not observed
		}
		if err := fits(value, f.Type, strings.TrimPrefix(place+"."+name, ".")); err != nil {
			return err
		}
	}
	return nil
}

func fitsMap(raw any, t reflect.Type, place string) error {
	fields, ok := raw.(map[string]any)
	if !ok && raw != nil {
		return unlike(raw, "an object", place)
	}
	names := []string{}
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := fits(fields[name], t.Elem(), place+"."+name); err != nil {
			return err
		}
	}
	return nil
}

// fitsNumber asks the decoder itself, which knows what fits into how many bits.
func fitsNumber(raw any, t reflect.Type, place string) error {
	number, ok := raw.(json.Number)
	if !ok {
		return unlike(raw, "a number", place)
	}
	if err := json.Unmarshal([]byte(number), reflect.New(t).Interface()); err != nil {
		return &Misread{place, fmt.Sprintf("%s is no number that fits here", number)}
	}
	return nil
}

func unlike(raw any, want, place string) error {
	is := "null"
	switch raw.(type) {
	case string:
		is = "text"
	case json.Number:
		is = "a number"
	case bool:
		is = "true or false"
	case []any:
		is = "a list"
	case map[string]any:
		is = "an object"
	}
	if place == "" {
		place = "the document"
	}
	return &Misread{place, fmt.Sprintf("%s, where %s belongs", is, want)}
}
