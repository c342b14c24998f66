package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/report/messages"
)

// Misread says where a saved report is not one, and why.
type Misread struct {
	Place string // "line 3, column 7", or a field: "evidence.sessions[2].took_ms"
	What  string
}

// Error gives place and fault in one line.
func (m *Misread) Error() string { return m.Place + ": " + m.What }

// mostFindings is far above one for each code. A renderer looks at all of them for each.
const mostFindings = 1000

// mostValues is more than twice what a run has that met ten thousand folders on two servers.
// Each costs far more memory than the two bytes that it may have in a file.
const mostValues = 1 << 19

// crowded tells whether a document has too many values to be read into memory. It counts
// what stands between them, outside of texts.
func crowded(document []byte) bool {
	count, text := 0, false
	for i := 0; i < len(document); i++ {
		switch c := document[i]; {
		case text && c == '\\':
			i++ // whatever it is, it does not end the text
		case c == '"':
			text = !text
		case !text && (c == ',' || c == '[' || c == '{'):
			count++
		}
	}
	return count > mostValues
}

// Read takes a document that JSON wrote, of this version or of another with the same
// major number: fields that are not known are passed over, as the contract asks. The
// error is a *Misread.
func Read(document []byte) (*Report, error) {
	if crowded(document) {
		return nil, &Misread{"the document", fmt.Sprintf("more than %d values, which no run has", mostValues)}
	}
	var raw any
	dec := json.NewDecoder(bytes.NewReader(document))
	dec.UseNumber()
	if err := dec.Decode(&raw); err != nil {
		return nil, syntax(document, dec.InputOffset(), err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, &Misread{position(document, dec.InputOffset()), "something stands behind the document"}
	}
	if err := ours(raw); err != nil {
		return nil, err
	}
	r := blank(Tool{})
	if err := shape(raw, r); err != nil {
		return nil, err
	}
	if err := complete(raw); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(document, r); err != nil {
		return nil, &Misread{"the document", err.Error()}
	}
	if err := r.Verdict.whole(); err != nil {
		return nil, err
	}
	if len(r.Findings) > mostFindings {
		return nil, &Misread{"findings", fmt.Sprintf("more than %d, which no run has", mostFindings)}
	}
	r.speak = messages.In(messages.Language(r.Tool.Lang))
	if r.Evidence == nil {
		return r, nil
	}
	var fault *evidence.Fault
	if err := r.Evidence.Whole(); errors.As(err, &fault) {
		return nil, &Misread{"evidence." + fault.Place, fault.What}
	}
	return r, nil
}

// ours tells whether the document says that it is one of mailmedic's, in a version that
// this one can read.
func ours(raw any) error {
	fields, ok := raw.(map[string]any)
	if !ok {
		return &Misread{"the document", "not a JSON object"}
	}
	if name, _ := fields["schema"].(string); name != schemaName {
		return &Misread{"schema", fmt.Sprintf("not %q, so this is no report of mailmedic", schemaName)}
	}
	major, _, _ := strings.Cut(schemaVersion, ".")
	if version, _ := fields["schema_version"].(string); !strings.HasPrefix(version, major+".") {
		return &Misread{"schema_version", fmt.Sprintf("%q, where this mailmedic reads %s.x", version, major)}
	}
	return nil
}

// complete tells whether the document says of which run it is and what that came to. What
// else is missing was not observed; without these two a run that nobody made is a good one.
func complete(raw any) error {
	fields, _ := raw.(map[string]any)
	for _, name := range []string{"run", "verdict"} {
		if fields[name] == nil {
			return &Misread{name, "missing, and every report has it"}
		}
	}
	verdict, _ := fields["verdict"].(map[string]any)
	for _, name := range []string{"status", "exit_code"} {
		if verdict[name] == nil {
			return &Misread{"verdict." + name, "missing, and every report has it"}
		}
	}
	return nil
}

// whole tells whether a verdict is one that mailmedic can reach. A caller acts on it.
func (v *Verdict) whole() error {
	if !slices.Contains([]Status{OK, Warning, Problem, Unknown}, v.Status) {
		return &Misread{"verdict.status", fmt.Sprintf("%q is no verdict", v.Status)}
	}
	if !slices.Contains([]int{0, 1, 2, 3, 64, 65, 66, 70, 73, 77, 78, exitStopped}, v.ExitCode) {
		return &Misread{"verdict.exit_code", fmt.Sprintf("%d is no exit code of mailmedic", v.ExitCode)}
	}
	if v.Status == Unknown && v.ExitCode < 3 {
		return &Misread{"verdict.exit_code", fmt.Sprintf("%d, where nothing is known of the mail", v.ExitCode)}
	}
	return nil
}

// syntax places an error of the JSON grammar.
func syntax(document []byte, offset int64, err error) error {
	var grammar *json.SyntaxError
	switch {
	case len(bytes.TrimSpace(document)) == 0:
		return &Misread{"line 1, column 1", "the file is empty"}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &Misread{position(document, int64(len(document))), "the document ends too early"}
	case errors.As(err, &grammar):
		return &Misread{position(document, grammar.Offset), "not JSON: " + grammar.Error()}
	}
	return &Misread{position(document, offset), "not JSON: " + err.Error()}
}

// position counts lines and bytes in a line, both from 1.
func position(document []byte, offset int64) string {
	before := document[:max(0, min(offset, int64(len(document))))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("line %d, column %d", line, max(1, column-1))
}
