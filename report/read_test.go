package report

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// saved is the document of a small run, as JSON writes it.
func saved(t testing.TB) []byte {
	t.Helper()
	e := &evidence.Evidence{
		Schema: evidence.Schema,
		Sessions: []evidence.Session{{
			Path:     profile.Path{Protocol: profile.IMAP, Port: 993, Encryption: profile.TLS, Role: profile.Recommended},
			Greeting: evidence.Greeting{Step: evidence.Step{State: evidence.Done, Took: 12}, Reply: &evidence.Reply{Status: "OK"}},
		}},
		Logins: []evidence.Login{{Path: "imap-993", Form: evidence.Typed, Result: evidence.Accepted}},
	}
	var b bytes.Buffer
	if err := JSON(&b, New(e, nil, nil, nil, Options{})); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadWhatWasWritten(t *testing.T) {
	r, err := Read(saved(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Evidence.Sessions[0].ID(); got != "imap-993" {
		t.Errorf("path: got %q, want imap-993", got)
	}
}

// TestReadNamesThePlace edits a good document by hand, one thing at a time.
func TestReadNamesThePlace(t *testing.T) {
	for _, c := range []struct{ name, old, new, place string }{
		{"a number as text", `"took_ms": 12`, `"took_ms": "12"`, "evidence.sessions[0].greeting.step.took_ms"},
		{"half a millisecond", `"took_ms": 12`, `"took_ms": 1.5`, "evidence.sessions[0].greeting.step.took_ms"},
		{"a time before the beginning", `"took_ms": 12`, `"took_ms": -1`, "evidence.sessions[0].greeting.step.took_ms"},
		{"a number that no computer holds", `"took_ms": 12`, `"took_ms": 99999999999999999999`, "evidence.sessions[0].greeting.step.took_ms"},
		{"a time that no run takes", `"took_ms": 12`, `"took_ms": 7378697629483820646`, "evidence.sessions[0].greeting.step.took_ms"},
		{"a state that does not exist", `"state": "done"`, `"state": "dnoe"`, "evidence.sessions[0].greeting.step.state"},
		{"a failure that is not there", `"state": "done"`, `"state": "failed"`, "evidence.sessions[0].greeting.step"},
		{"a protocol that is not tested", `"protocol": "imap"`, `"protocol": "pop3"`, "evidence.sessions[0].path.protocol"},
		{"a port that cannot be", `"port": 993`, `"port": 99300`, "evidence.sessions[0].path.port"},
		{"a login on no path", `"path": "imap-993",`, `"path": "imap-995",`, "evidence.logins[0].path"},
		{"a verdict of its own", "\"status\": \"ok\",\n    \"exit_code\"", "\"status\": \"fine\",\n    \"exit_code\"", "verdict.status"},
		{"a verdict of nothing", "\"status\": \"ok\",\n    \"exit_code\"", "\"status\": \"unknown\",\n    \"exit_code\"", "verdict.exit_code"},
		{"no verdict", "\"verdict\": {", "\"verdcit\": {", "verdict"},
		{"a verdict without a word", "\"status\": \"ok\",\n    \"exit_code\"", "\"exit_code\"", "verdict.status"},
		{"a verdict without a code", "\"exit_code\": 0", "\"exit\": 0", "verdict.exit_code"},
		{"no run", "\n  \"run\": {", "\n  \"rnu\": {", "run"},
		{"another record", `"schema": 1`, `"schema": 2`, "evidence.schema"},
		{"an object for a list", `"logins": [`, `"logins": {"a": [`, "line"},
		{"cut off", "\"logins\": [\n", "\x00", "line"},
	} {
		document := string(saved(t))
		edited := strings.ReplaceAll(document, c.old, c.new)
		if edited == document {
			t.Fatalf("%s: the document has no %q:\n%s", c.name, c.old, document)
		}
		_, err := Read([]byte(edited))
		var misread *Misread
		if !errors.As(err, &misread) || !strings.HasPrefix(misread.Place, c.place) {
			t.Errorf("%s: got %v, want the place %s", c.name, err, c.place)
		}
	}
}

// TestReadTruncated cuts the document at every byte: none of the pieces is a report.
func TestReadTruncated(t *testing.T) {
	document := bytes.TrimRight(saved(t), "\n")
	for n := range document {
		var misread *Misread
		if _, err := Read(document[:n]); !errors.As(err, &misread) || !strings.HasPrefix(misread.Place, "line ") {
			t.Fatalf("first %d bytes: got %v, want a line and a column", n, err)
		}
	}
}

// TestReadTooManyFindings refuses a document that no run makes, and that takes minutes to show.
func TestReadTooManyFindings(t *testing.T) {
	r := blockedReport()
	for len(r.Findings) <= mostFindings {
		r.Findings = append(r.Findings, r.Findings[0])
	}
	var document bytes.Buffer
	if err := JSON(&document, r); err != nil {
		t.Fatal(err)
	}
	var misread *Misread
	if _, err := Read(document.Bytes()); !errors.As(err, &misread) || misread.Place != "findings" {
		t.Errorf("got %v, want findings as what is wrong", err)
	}
}

// TestReadTooManyValues refuses a document that takes thirty times its size in memory, before
// it takes it.
func TestReadTooManyValues(t *testing.T) {
	whole := strings.TrimSuffix(strings.TrimSpace(string(saved(t))), "}")
	for _, c := range []struct {
		name, value string
		n           int
		refused     bool
	}{
		{"many numbers", "0,", mostValues, true},
		{"many objects", "{},", mostValues / 2, true},
		{"as many as ten thousand folders have", "0,", 1 << 18, false},
		{"a text of commas", `"` + strings.Repeat(`,\"`, mostValues) + `",`, 1, false},
	} {
		document := []byte(whole + `, "x": [` + strings.TrimSuffix(strings.Repeat(c.value, c.n), ",") + "]}")
		_, err := Read(document)
		var misread *Misread
		if refused := errors.As(err, &misread) && misread.Place == "the document"; refused != c.refused {
			t.Errorf("%s: got %v, want refused %t", c.name, err, c.refused)
		}
		if _, ok := ReadStart(document); ok == c.refused {
			t.Errorf("%s, the start of it: got %t, want %t", c.name, ok, !c.refused)
		}
	}
}

// FuzzRead feeds whatever a file may hold. What is accepted must render.
func FuzzRead(f *testing.F) {
	f.Add(saved(f))
	f.Add([]byte(`{"schema":"mailmedic/report","schema_version":"1.0","run":{},"verdict":{"status":"ok","exit_code":0},"paths":[{"addresses":[{}]}],"findings":[{"severity":"odd"}]}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		r, err := Read(document)
		if err != nil {
			return
		}
		for _, render := range []func() error{
			func() error { return JSON(io.Discard, r) },
			func() error { return Text(io.Discard, r, TextOptions{Width: 40, Verbose: 3}) },
			func() error { return Short(io.Discard, r) },
		} {
			if err := render(); err != nil {
				t.Error(err)
			}
		}
	})
}
