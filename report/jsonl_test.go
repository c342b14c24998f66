package report

import (
	"encoding/json"
	"strings"
	"testing"
)

// checkLines reads JSON Lines back and returns what each line says it is.
func checkLines(t *testing.T, r *Report) (types []string) {
	t.Helper()
	var b strings.Builder
	if err := JSONL(&b, r); err != nil {
		t.Fatalf("JSONL: %v", err)
	}
	for line := range strings.Lines(b.String()) {
		var l struct {
			Type     string
			ExitCode int             `json:"exit_code"`
			Version  string          `json:"schema_version"`
			Null     json.RawMessage `json:"addresses"`
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		if (l.Type == "verdict" || l.Type == "error") && l.ExitCode != r.Verdict.ExitCode {
			t.Errorf("got exit code %d in %q, want %d", l.ExitCode, line, r.Verdict.ExitCode)
		}
		if (l.Type == "start" || l.Type == "error") && l.Version != schemaVersion {
			t.Errorf("got version %q in %q, want %q", l.Version, line, schemaVersion)
		}
		if string(l.Null) == "null" {
			t.Errorf("an array is null in %q", line)
		}
		types = append(types, l.Type)
	}
	return types
}

func TestJSONL(t *testing.T) {
	for name, want := range map[string]string{
		"port25-send": "start path path path path path path finding finding verdict",
		"healthy":     "start path path path path path path finding finding verdict",
	} {
		if got := strings.Join(checkLines(t, situations()[name]), " "); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	if got := strings.Join(checkLines(t, Failed(64, Tool{}, "unknown flag", "")), " "); got != "error" {
		t.Errorf("a run that could not start: got %s, want error and nothing else", got)
	}
}
