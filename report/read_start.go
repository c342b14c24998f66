package report

import (
	"bytes"
	"encoding/json"
)

// ReadStart takes what can be had of a document that ends early: the fields that are whole.
// The verdict stands before the evidence, so a document that was cut off somewhere often has
// one. Without a verdict there is nothing to show, and Read's error is the one to give.
func ReadStart(document []byte) (*Report, bool) {
	if crowded(document) {
		return nil, false
	}
	dec := json.NewDecoder(bytes.NewReader(document))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return nil, false
	}
	whole := map[string]json.RawMessage{}
	for {
		key, err := dec.Token()
		name, isName := key.(string)
		if err != nil || !isName {
			break
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			break
		}
		whole[name] = value
	}
	if whole["verdict"] == nil {
		return nil, false
	}
	delete(whole, "evidence") // half of it would be judged as all of it
	start, err := json.Marshal(whole)
	if err != nil {
		return nil, false
	}
	r, err := Read(start)
	if err != nil {
		return nil, false
	}
	r.cut = true
	return r, true
}
