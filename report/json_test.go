package report

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

func document(t *testing.T, r *Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := JSON(&b, r); err != nil {
		t.Fatalf("JSON: %v", err)
	}
	return b.Bytes()
}

// compile reads the schema as a user's validator does.
func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatalf("schema: %v", err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.json", doc); err != nil {
		t.Fatalf("schema: %v", err)
	}
	compiled, err := c.Compile("report.json")
	if err != nil {
		t.Fatalf("schema: %v", err)
	}
	return compiled
}

func TestDocumentFitsTheSchema(t *testing.T) {
	compiled := compile(t)
	reports := situations()
	reports["empty"] = build(&evidence.Evidence{}, nil, nil, nil, Options{}, titles)
	reports["no evidence"] = build(nil, nil, nil, nil, Options{}, titles)
	reports["failed"] = Failed(64, Tool{"1.0.0", "2026-09-12", "en"}, "unknown flag", "")
	for name, r := range reports {
		doc := document(t, r)
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := compiled.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.HasSuffix(doc, []byte("}\n")) {
			t.Errorf("%s: the document does not end in one newline", name)
		}
	}
}

// A run that could not start observed nothing, and no date that nobody measured.
func TestFailedDocument(t *testing.T) {
	doc := document(t, Failed(64, Tool{Version: "1.0.0", KnownIssues: "2026-09-12"}, "unknown flag", "look it up"))
	var got struct {
		Tool     Tool
		Evidence any
	}
	if err := json.Unmarshal(doc, &got); err != nil {
		t.Fatal(err)
	}
	if got.Tool.KnownIssues != "2026-09-12" || got.Evidence != nil || bytes.Contains(doc, []byte("0001-01-01")) {
		t.Errorf("got %s\nwant the date of the known issues and no other, and no evidence", doc)
	}
}

func TestSchemaRefuses(t *testing.T) {
	compiled := compile(t)
	for name, change := range map[string]func(map[string]any){
		"a missing verdict": func(d map[string]any) { delete(d, "verdict") },
		"a null array":      func(d map[string]any) { d["paths"] = nil },
		"another status":    func(d map[string]any) { d["verdict"].(map[string]any)["status"] = "fine" },
		"a slug as a code":  func(d map[string]any) { d["verdict"].(map[string]any)["codes"] = []any{"smtp-port-blocked"} },
		"another version":   func(d map[string]any) { d["schema_version"] = "2.0" },
	} {
		var d map[string]any
		if err := json.Unmarshal(document(t, situations()["port25-send"]), &d); err != nil {
			t.Fatal(err)
		}
		change(d)
		if compiled.Validate(d) == nil {
			t.Errorf("the schema accepts %s", name)
		}
	}
}

func TestDocumentKeys(t *testing.T) {
	var d map[string]any
	if err := json.Unmarshal(document(t, situations()["port25-send"]), &d); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"":            "environment evidence findings input paths redaction ruled_out run schema schema_version tool verdict",
		"tool":        "known_issues lang version",
		"run":         "connections deadline_reached duration_ms id login_attempts mode scenario simulated started_at",
		"input":       "address app_port drafts_path login login_form provider root_path sent_path symptom",
		"verdict":     "can_receive can_send codes exit_code headline ignored notes status",
		"environment": "arch os proxy resolver",
		"redaction":   "hidden level",
	} {
		part := d
		if key != "" {
			part = d[key].(map[string]any)
		}
		var keys []string
		for k := range part {
			keys = append(keys, k)
		}
		less := func(a, b string) bool { return a < b }
		if diff := cmp.Diff(strings.Fields(want), keys, cmpopts.SortSlices(less)); diff != "" {
			t.Errorf("keys of %q (-want +got):\n%s", key, diff)
		}
	}
}

// arrays collects the places in the document that hold an array.
func arrays(v any, key string, found map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			arrays(inner, key+"."+k, found)
		}
	case []any:
		found[key] = true
		for _, inner := range v {
			arrays(inner, key, found)
		}
	}
}

func nullKeys(v any, key string, found map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			nullKeys(inner, key+"."+k, found)
		}
	case []any:
		for _, inner := range v {
			nullKeys(inner, key, found)
		}
	case nil:
		found[key] = true
	}
}

func TestArraysAreNeverNull(t *testing.T) {
	e, found, why := blocked25("send")
	e.Sessions = append(e.Sessions, evidence.Session{Path: e.Sessions[0].Path})
	e.Lookups = append(e.Lookups, evidence.Lookup{})
	reports := map[string]*Report{
		"full": build(e, found, why, nil, Options{}, titles), "failed": Failed(70, Tool{}, "", ""),
		"empty": build(nil, nil, nil, nil, Options{}, titles), "bare": {},
	}
	isArray, isNull := map[string]bool{}, map[string]bool{}
	for _, r := range reports {
		var d any
		if err := json.Unmarshal(document(t, r), &d); err != nil {
			t.Fatal(err)
		}
		arrays(d, "", isArray)
		nullKeys(d, "", isNull)
	}
	for key := range isNull {
		if isArray[key] {
			t.Errorf("%s is an array in one place and null in another", key)
		}
	}
	if !isArray[".evidence.sessions.secure.chain"] || !isArray[".verdict.codes"] {
		t.Errorf("the test saw too few arrays: %v", isArray)
	}
}

func TestEvidenceSurvivesTheDocument(t *testing.T) {
	e, found, why := blocked25("send")
	e.Session("imap-993").Greeting.Line = "* OK \x1b[2J\u202e \u009b \U000e0041 \ufe0f\u3164 <ready>"
	var back Report
	doc := document(t, build(e, found, why, nil, Options{}, titles))
	if err := json.Unmarshal(doc, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(e, back.Evidence, cmpopts.EquateEmpty(), cmpopts.EquateApproxTime(0)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	for _, r := range string(doc) {
		if r != '\n' && !unicode.IsPrint(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
			t.Errorf("%U stands in the document as it is", r)
		}
	}
}

func FuzzRender(f *testing.F) {
	e, found, why := blocked25("send")
	for _, r := range []*Report{build(e, found, why, nil, Options{}, titles), build(nil, nil, nil, nil, Options{}, titles)} {
		var b bytes.Buffer
		if err := json.NewEncoder(&b).Encode(r.Evidence); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes(), "MM701", "imap-993", 80)
	}
	f.Add([]byte(`{"sessions":[{"path":{"protocol":"\u00ff"},"dials":[{}],"folders":{"step":{"state":"done"}}}],"logins":[{}]}`), "", "", 1)
	f.Fuzz(func(t *testing.T, record []byte, code, path string, width int) {
		var e evidence.Evidence
		if json.Unmarshal(record, &e) != nil {
			return
		}
		found := []checks.Finding{{Code: checks.Code(code), Path: path, Text: say.Text(path)}, {Code: "MM001", Severity: checks.Fault, Path: path}}
		r := build(&e, found, nil, found, Options{Ignore: []string{path}}, titles)
		for _, o := range []TextOptions{{Width: width}, {Verbose: 3, Color: true}, {ASCII: true, Width: 40}, {Quiet: true}} {
			var b strings.Builder
			if err := Text(&b, r, o); err != nil {
				t.Errorf("Text: %v", err)
			}
			limit := 80
			if o.Width > 0 {
				limit = max(min(o.Width, 80), 40)
			}
			for line := range strings.Lines(b.String()) {
				line = strings.TrimSuffix(line, "\n")
				if !o.Color && Width(line) > limit {
					t.Errorf("%d columns at %+v: %q", Width(line), o, line)
				}
				if i := strings.IndexFunc(line, func(c rune) bool { return !unicode.IsPrint(c) }); i >= 0 && !o.Color {
					t.Errorf("%q lets something through", line)
				}
			}
		}
		if err := Short(io.Discard, r); err != nil {
			t.Errorf("Short: %v", err)
		}
		readJUnit(t, r)
		checkMetrics(t, exposed(t, r, PrometheusOptions{Account: path}))
		checkMarkdown(t, r)
		checkHTML(t, r)
		checkLines(t, r)
		var b bytes.Buffer
		if err := JSON(&b, r); err != nil {
			t.Fatalf("JSON: %v", err)
		}
		if !json.Valid(b.Bytes()) {
			t.Errorf("not JSON: %s", b.Bytes())
		}
		if n := len(Support(r)); n > supportMax {
			t.Errorf("support line of %d characters", n)
		}
	})
}
