package main

import (
	"bytes"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"mailmedic/report"
	"mailmedic/report/messages"
)

// TestSituations judges six recorded runs anew and keeps what each comes to: in every format,
// in every language, on a wide and on a narrow screen. One file holds all formats of a
// situation in a language, so that who changes a sentence sees everywhere it is said.
//
// A recording is made with:  mailmedic check --demo NAME --json
func TestSituations(t *testing.T) {
	recordings, err := filepath.Glob("testdata/situations/*.json")
	if err != nil || len(recordings) != 6 {
		t.Fatalf("got %q, %v, want six recordings", recordings, err)
	}
	for _, recording := range recordings {
		document, err := os.ReadFile(recording)
		if err != nil {
			t.Fatal(err)
		}
		saved, err := report.Read(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, language := range messages.Languages() {
			name := filepath.Base(recording[:len(recording)-len(".json")]) + "." + string(language)
			t.Run(name, func(t *testing.T) {
				r := judged(saved.Evidence, report.Options{KnownIssues: "2026-09-12", Say: messages.In(language), Redaction: saved.Redaction})
				if r.Verdict.Status != saved.Verdict.Status || !slices.Equal(r.Verdict.Codes, saved.Verdict.Codes) {
					t.Errorf("got the verdict %s %s, and the recorded one is %s %s", r.Verdict.Status, r.Verdict.Codes, saved.Verdict.Status, saved.Verdict.Codes)
				}
				matches(t, "testdata/situations/"+name+".txtar", everyFormat(t, r))
			})
		}
	}
}

// everyFormat renders a report in all of its formats. The evidence, which is the same in each
// language and stands in the recording, is left out of the document.
func everyFormat(t *testing.T, r *report.Report) *txtar.Archive {
	t.Helper()
	in := func(o report.TextOptions) func(io.Writer) error {
		return func(w io.Writer) error { return report.Text(w, r, o) }
	}
	bare := *r
	bare.Evidence = nil
	formats := map[string]func(io.Writer) error{
		"text 80":    in(report.TextOptions{Marks: true}),
		"text 40":    in(report.TextOptions{Marks: true, Width: 40}),
		"text -q":    in(report.TextOptions{Quiet: true}),
		"spoken":     in(report.TextOptions{Spoken: true}),
		"short":      func(w io.Writer) error { return report.Short(w, r) },
		"json":       func(w io.Writer) error { return report.JSON(w, &bare) },
		"jsonl":      func(w io.Writer) error { return report.JSONL(w, r) },
		"junit":      func(w io.Writer) error { return report.JUnit(w, r) },
		"markdown":   func(w io.Writer) error { return report.Markdown(w, r) },
		"html":       func(w io.Writer) error { return report.HTML(w, r) },
		"prometheus": func(w io.Writer) error { return report.Prometheus(w, r, report.PrometheusOptions{}) },
	}
	a := &txtar.Archive{}
	for _, name := range slices.Sorted(maps.Keys(formats)) {
		var b bytes.Buffer
		if err := formats[name](&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		a.Files = append(a.Files, txtar.File{Name: name, Data: b.Bytes()})
	}
	return a
}

// matches compares an archive with the file in which it is kept.
func matches(t *testing.T, file string, a *txtar.Archive) {
	t.Helper()
	got := txtar.Format(a)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test ./cmd/mailmedic -run TestSituations -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
