package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"mailmedic/probe/mailtest"
	"mailmedic/report"
)

// TestDocumentsFitTheSchema holds what the program really prints, in health, in trouble
// and for a wrong line, against the schema that it ships.
func TestDocumentsFitTheSchema(t *testing.T) {
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(report.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("report.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	lines := [][]string{
		{"check", "nobody", "--json"}, {"check", "a@runbox.com", "--json", "--no-such-flag"},
		{"check", "a@runbox.com", "--json", "--provider", "./missing.yaml"},
	}
	for _, s := range mailtest.Scenarios() {
		lines = append(lines, []string{"demo", s.Name, "--json", "--timeout", "1s"})
	}
	for _, line := range lines {
		o := invoke(t, append([]string{"mailmedic"}, line...)...)
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(o.out))
		if err != nil {
			t.Errorf("%v: standard output is not one JSON document: %v", line, err)
			continue
		}
		if err := compiled.Validate(document); err != nil {
			t.Errorf("%v: %v", line, err)
		}
	}
}
