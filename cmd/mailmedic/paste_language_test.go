package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"mailmedic/report"
	"mailmedic/report/messages"
)

// TestPasteInEveryLanguage reads what each recorded run looks like in each language, in the
// forms that people send and as it arrives: the verdict, the codes and what the customer is
// answered are the same whichever language the report speaks.
func TestPasteInEveryLanguage(t *testing.T) {
	recordings, err := filepath.Glob("testdata/situations/*.json")
	if err != nil || len(recordings) == 0 {
		t.Fatalf("got %q, %v, want recordings", recordings, err)
	}
	if testing.Short() {
		recordings = recordings[:1] // all of them take a minute with the race detector
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
			r := judged(saved.Evidence, report.Options{Say: messages.In(language), Redaction: saved.Redaction})
			forms := pastedForms(everyFormat(t, r), report.Support(r))
			forms["text in ASCII"] = inASCII(t, r)
			t.Run(fmt.Sprint(strings.TrimSuffix(filepath.Base(recording), ".json"), "/", language, "/cut"), func(t *testing.T) {
				readsCut(t, forms["text 80"], r)
				readsCut(t, forms["text 40"], r)
			})
			for form, text := range forms {
				for mangled, arrived := range arrivals(text) {
					if form == "html" && mangled != "as it is" {
						continue // a page comes as a file, or copied out of a browser
					}
					name := fmt.Sprint(strings.TrimSuffix(filepath.Base(recording), ".json"), "/", language, "/", form, "/", mangled)
					t.Run(name, func(t *testing.T) {
						readsAs(t, arrived, r, form == "support line")
					})
				}
			}
		}
	}
}

// pastedForms are the forms of a report that people paste.
func pastedForms(a *txtar.Archive, support string) map[string]string {
	forms := map[string]string{"support line": "Support line: " + support + "\n"}
	for _, file := range a.Files {
		if slices.Contains([]string{"text 80", "text 40", "spoken", "short", "markdown", "html"}, file.Name) {
			forms[file.Name] = string(file.Data)
		}
	}
	return forms
}

// inASCII is the text on a terminal that lacks the letters of the language.
func inASCII(t *testing.T, r *report.Report) string {
	t.Helper()
	var b strings.Builder
	if err := report.Text(&b, r, report.TextOptions{ASCII: true, Marks: true}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// arrivals are what mail programs and people make of a text on its way.
func arrivals(text string) map[string]string {
	var broken, bare strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "===") {
			bare.WriteString(line)
		}
		for _, part := range report.Wrap(line, 60) {
			broken.WriteString("> " + part + "\n")
		}
		if strings.TrimSpace(line) == "" {
			broken.WriteString(">\n")
		}
	}
	return map[string]string{
		"as it is":          text,
		"quoted":            "> " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n> ") + "\n",
		"without its marks": bare.String(),
		"broken and quoted": "Hei,\n\n" + broken.String() + "\nOla\n",
	}
}

// readsAs holds what is read against the report that the text was made of.
func readsAs(t *testing.T, text string, want *report.Report, codesOnly bool) {
	t.Helper()
	got, part, err := report.Paste([]byte(text))
	if err != nil {
		t.Fatalf("%v, in\n%s", err, text)
	}
	if got.Verdict.Status != want.Verdict.Status || !slices.Equal(got.Verdict.Codes, want.Verdict.Codes) {
		t.Errorf("got %s %v, want %s %v, in\n%s", got.Verdict.Status, got.Verdict.Codes, want.Verdict.Status, want.Verdict.Codes, text)
	}
	if !part.Whole {
		t.Errorf("got %+v, want the whole, in\n%s", part, text)
	}
	if codesOnly {
		return // nothing tells the language, nor how sure it was
	}
	if len(want.Verdict.Codes) > 0 && (got.Findings[0].Confidence != want.Findings[0].Confidence || got.Tool.Lang != want.Tool.Lang) {
		t.Errorf("got %s %q in %q, want %q in %q", got.Findings[0].Code, got.Findings[0].Confidence, got.Tool.Lang, want.Findings[0].Confidence, want.Tool.Lang)
	}
	if got, want := report.NewBrief(got, part, nil, version).Reply, report.NewBrief(want, report.Part{}, nil, version).Reply; got != want {
		t.Errorf("got the reply %q, want the customer's language: %q", got, want)
	}
}

// readsCut holds the beginning of a report against the whole: the verdict is there, and no
// code that the whole does not have.
func readsCut(t *testing.T, text string, want *report.Report) {
	t.Helper()
	lines := strings.SplitAfter(text, "\n")
	cut := "> " + strings.Join(lines[:12], "> ")
	got, part, err := report.Paste([]byte(cut))
	if err != nil {
		t.Fatalf("%v, in\n%s", err, cut)
	}
	if got.Verdict.Status != want.Verdict.Status || got.Tool.Lang != want.Tool.Lang || got.Run.StartedAt == nil || part.Missing != report.End {
		t.Errorf("got %s in %q of %v, %+v; want %s in %q with its time and a missing end, in\n%s", got.Verdict.Status, got.Tool.Lang, got.Run.StartedAt, part, want.Verdict.Status, want.Tool.Lang, cut)
	}
	for _, code := range got.Verdict.Codes {
		if !slices.Contains(want.Verdict.Codes, code) {
			t.Errorf("got the code %s, want none but %v, in\n%s", code, want.Verdict.Codes, cut)
		}
	}
}
