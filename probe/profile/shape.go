package profile

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// shape compares a part of the document with the Go type that it is for, notes its
// line and refuses what does not fit. The library's own strict mode names one of
// several unknown keys at random and speaks of Go types.
func (d document) shape(node ast.Node, typ reflect.Type, place string) error {
	switch typ.Kind() {
	case reflect.Struct:
		return d.group(node, keysOf(typ), place)
	case reflect.Map:
		return d.group(node, nil, place)
	case reflect.Slice:
		return d.list(node, typ.Elem(), place)
	case reflect.Int:
		if node.Type() != ast.IntegerType {
			return d.mismatch(node, place, "a whole number")
		}
	case reflect.Bool:
		if node.Type() != ast.BoolType {
			return d.mismatch(node, place, "true or false")
		}
	default:
		return d.text(node, place)
	}
	return nil
}

// group reads a mapping. With nil keys every key is welcome and its value is text.
func (d document) group(node ast.Node, keys []key, place string) error {
	mapping, ok := node.(ast.MapNode)
	if !ok {
		return d.mismatch(node, place, "a group of keys")
	}
	for pairs := mapping.MapRange(); pairs.Next(); {
		name, line := pairs.Key().GetToken().Value, pairs.Key().GetToken().Position.Line
		if pairs.Key().Type() != ast.StringType {
			return d.fail(line, "key %s must be text", quote(name))
		}
		if strings.ContainsFunc(name, hidden) {
			return d.fail(line, "key %s holds a character that cannot be shown", quote(name))
		}
		inner := strings.TrimPrefix(place+"."+name, ".")
		if first := d.lines[inner]; first != 0 {
			return d.fail(line, "key %s is given twice; the first is in line %d", quote(name), first)
		}
		d.lines[inner] = line
		typ, ok := find(keys, name)
		if !ok {
			return d.fail(line, "unknown key %s%s", quote(name), meant(name, names(keys)))
		}
		if err := d.shape(pairs.Value(), typ, inner); err != nil {
			return err
		}
	}
	return nil
}

func (d document) list(node ast.Node, typ reflect.Type, place string) error {
	sequence, ok := node.(*ast.SequenceNode)
	if !ok {
		return d.mismatch(node, place, "a list")
	}
	for i, entry := range sequence.Values {
		inner := fmt.Sprintf("%s[%d]", place, i)
		d.lines[inner] = entryLine(entry)
		if err := d.shape(entry, typ, inner); err != nil {
			return err
		}
	}
	return nil
}

// entryLine is the line of an entry's first key: the token of a mapping is a colon,
// which may stand further down.
func entryLine(node ast.Node) int {
	if mapping, ok := node.(ast.MapNode); ok {
		if pairs := mapping.MapRange(); pairs.Next() {
			return pairs.Key().GetToken().Position.Line
		}
	}
	return node.GetToken().Position.Line
}

// text refuses characters that a terminal would obey or hide: a profile may come from
// anybody, and its words are printed.
func (d document) text(node ast.Node, place string) error {
	var value string
	switch n := node.(type) {
	case *ast.StringNode:
		value = n.Value
	case *ast.LiteralNode:
		value = n.Value.Value
	default:
		return d.mismatch(node, place, "text")
	}
	for _, r := range value {
		if hidden(r) && r != '\n' {
			return d.failAt(place, "%s holds a character that cannot be shown (U+%04X)", last(place), r)
		}
	}
	return nil
}

// hidden tells whether a character is one that a terminal obeys or does not show.
func hidden(r rune) bool { return !unicode.IsGraphic(r) }

func (d document) mismatch(node ast.Node, place, want string) error {
	got, hint := "something else", ""
	switch node.Type() {
	case ast.StringType, ast.LiteralType:
		got = "text"
	case ast.IntegerType:
		got = "a number"
	case ast.FloatType, ast.InfinityType, ast.NanType:
		got = "a fraction"
	case ast.BoolType:
		got = "true or false"
	case ast.NullType:
		got = "nothing"
	case ast.SequenceType:
		got = "a list"
	case ast.MappingType, ast.MappingValueType:
		got = "a group of keys"
	}
	if want == "text" && (got == "a number" || got == "a fraction" || got == "true or false") {
		hint = "; put it in quotes"
	}
	if place == "" {
		return d.fail(node.GetToken().Position.Line, "a profile must be %s, not %s", want, got)
	}
	return d.failAt(place, "%s must be %s, not %s%s", last(place), want, got, hint)
}

// last is the key at the end of a place, the word that a person looks for in the line.
func last(place string) string {
	word := place[strings.LastIndexByte(place, '.')+1:]
	if name, _, entry := strings.Cut(word, "["); entry {
		return "an entry of " + name
	}
	return word
}

// key is what one key of a group stands for.
type key struct {
	name string
	typ  reflect.Type
}

// keysOf reads the keys of a struct from its yaml tags, embedded structs included.
func keysOf(typ reflect.Type) []key {
	var keys []key
	for field := range typ.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if options == "inline" {
			keys = append(keys, keysOf(field.Type)...)
			continue
		}
		keys = append(keys, key{name, field.Type})
	}
	return keys
}

func find(keys []key, name string) (reflect.Type, bool) {
	if keys == nil {
		return reflect.TypeFor[string](), true
	}
	for _, k := range keys {
		if k.name == name {
			return k.typ, true
		}
	}
	return nil, false
}

func names(keys []key) []string {
	var all []string
	for _, k := range keys {
		all = append(all, k.name)
	}
	return all
}
