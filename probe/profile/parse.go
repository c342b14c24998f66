package profile

import (
	"errors"
	"fmt"
	"path"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits before the YAML parser sees anything: its time grows faster than its input
// where brackets or dashes nest, and it expands aliases without a bound.
const (
	maxTokens  = 8192
	maxNesting = 32
)

// Parse reads a profile strictly: an unknown key, a key given twice, a value of the
// wrong type or outside its set is an *Error with the line. The name, a built-in one
// or a file's, stands in errors, and in the profile where it gives no name of its own.
func Parse(name string, data []byte) (Profile, error) {
	d := document{name: name, lines: map[string]int{}}
	body, err := d.tree(data)
	if err != nil {
		return Profile{}, err
	}
	if err := d.shape(body, reflect.TypeFor[Profile](), ""); err != nil {
		return Profile{}, err
	}
	var p Profile
	if err := yaml.NodeToValue(body, &p); err != nil {
		return Profile{}, d.library(err, data)
	}
	if p.Name == "" {
		base := path.Base(strings.ReplaceAll(name, `\`, "/"))
		p.Name = strings.TrimSuffix(base, path.Ext(base))
	}
	if p.Title == "" {
		p.Title = p.Name
	}
	if err := d.check(p); err != nil {
		return Profile{}, err
	}
	return filled(p), nil
}

// document is one profile on its way in.
type document struct {
	name  string
	lines map[string]int // line of a key or list entry, by its place: "paths[2].port"
}

func (d document) fail(line int, format string, args ...any) error {
	return &Error{Name: d.name, Line: line, Message: fmt.Sprintf(format, args...)}
}

// failAt finds the line of a place. A key that is not there has none, so the group
// that should hold it gives the line.
func (d document) failAt(place, format string, args ...any) error {
	for place != "" && d.lines[place] == 0 {
		place = place[:max(0, strings.LastIndexAny(place, ".["))]
	}
	return d.fail(d.lines[place], format, args...)
}

// library rewords an error of the YAML library: its own has a picture of the file in it.
func (d document) library(err error, data []byte) error {
	line, message := 0, err.Error()
	var known yaml.Error
	if errors.As(err, &known) {
		message = known.GetMessage()
		if at := known.GetToken(); at != nil {
			line = at.Position.Line
		}
	}
	if tabbed(data, line) {
		return d.fail(line, "the line begins with a tab; YAML wants blanks there")
	}
	message = strings.Map(func(r rune) rune {
		if hidden(r) {
			return ' '
		}
		return r
	}, message)
	if runes := []rune(message); len(runes) > 200 {
		message = string(runes[:200]) + "…"
	}
	return d.fail(line, "not readable as YAML: %s", message)
}

// tree parses the bytes, after it has seen that the parser can bear them.
func (d document) tree(data []byte) (ast.Node, error) {
	if len(data) > maxBytes {
		return nil, d.fail(0, "larger than %d KiB", maxBytes>>10)
	}
	if !utf8.Valid(data) {
		return nil, d.fail(0, "not text in UTF-8")
	}
	tokens := lexer.Tokenize(strings.TrimPrefix(string(data), "\ufeff"))
	if err := d.bearable(tokens); err != nil {
		return nil, err
	}
	// The parser is told to let a second key pass: shape refuses it in our words.
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, d.library(err, data)
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if body != nil {
			return nil, d.fail(doc.Body.GetToken().Position.Line, "a second document; a profile is one")
		}
		body = doc.Body
	}
	if body == nil {
		return nil, d.fail(0, "empty")
	}
	return body, nil
}

// tabbed tells whether a line, counted from 1, has a tab among the blanks at its start.
func tabbed(data []byte, line int) bool {
	lines := strings.Split(string(data), "\n")
	if line < 1 || line > len(lines) {
		return false
	}
	text := lines[line-1]
	words := strings.TrimLeft(text, " \t")
	return strings.Contains(text[:len(text)-len(words)], "\t")
}

// bearable refuses what a profile never needs and the parser handles badly.
func (d document) bearable(tokens token.Tokens) error {
	if len(tokens) > maxTokens {
		return d.fail(0, "more than %d words and signs", maxTokens)
	}
	flow, dashes, dashLine := 0, 0, 0
	for _, t := range tokens {
		line := t.Position.Line
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			return d.fail(line, "anchors and aliases (& * <<) are not used in profiles; write the value out, in quotes if it begins with such a sign")
		case token.TagType, token.DirectiveType, token.MappingKeyType:
			return d.fail(line, "tags, directives and explicit keys (! %% ?) are not used in profiles; put a value that begins with such a sign in quotes")
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow = max(0, flow-1) // a stray bracket must not make room for others
		case token.SequenceEntryType:
			if line != dashLine {
				dashes, dashLine = 0, line
			}
			dashes++
		}
		if flow > maxNesting || dashes > maxNesting {
			return d.fail(line, "more than %d brackets or lists inside each other", maxNesting)
		}
	}
	return nil
}

// filled replaces nil lists, because reports promise arrays that are never null, and
// writes names as they are compared.
func filled(p Profile) Profile {
	if p.Sources == nil {
		p.Sources = map[string]string{}
	}
	p.Domains = plain(p.Domains)
	p.MX = plain(p.MX)
	p.Login = append([]LoginRule{}, p.Login...)
	p.Issues = append([]Issue{}, p.Issues...)
	for i, issue := range p.Issues {
		p.Issues[i].Apps = append([]string{}, issue.Apps...)
		p.Issues[i].Absent = append([]string{}, issue.Absent...)
	}
	return p
}

// plain gives names in lower case and without the root's dot (RFC 1034 section 3.1).
func plain(names []string) []string {
	all := []string{}
	for _, name := range names {
		all = append(all, strings.ToLower(strings.TrimSuffix(name, ".")))
	}
	return all
}
