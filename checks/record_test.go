package checks_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"mailmedic/probe/evidence"
	"mailmedic/report"
)

var (
	record = flag.Bool("record", false, "probe the worlds and write their evidence into testdata/scenarios")
	add    = flag.String("add", "", "a saved report to make a scenario of")
	as     = flag.String("as", "", "the scenario's name, with -add")
)

// TestAdd makes a scenario of a report that somebody saved:
//
//	go test ./checks -run TestAdd -add report.json -as port-25-at-the-hotel
//
// What must be concluded is then written by hand, in place of the question mark.
func TestAdd(t *testing.T) {
	if *add == "" {
		return // there is no report to add
	}
	document, err := os.ReadFile(*add)
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.Read(document)
	if err != nil {
		t.Fatal(err)
	}
	if r.Evidence == nil || *as == "" {
		t.Fatal("a scenario needs evidence and a name")
	}
	save(t, "from a saved report", scenarioFile(*as), r.Evidence)
}

func scenarioFile(name string) string { return filepath.Join("testdata/scenarios", name+".txtar") }

// save writes a record as a scenario. The key of one that exists stays; that of a new
// one is a question mark: what must be concluded is for a human to write.
func save(t *testing.T, origin, file string, e *evidence.Evidence) {
	for i := range e.Sessions {
		e.Sessions[i].Wire = []evidence.Line{} // no check reads the transcript
	}
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	archive := &txtar.Archive{Comment: []byte(origin + "\n"), Files: []txtar.File{{Name: "want", Data: []byte("?\n")}, {Name: "never"}, {Name: "notes"}, {Name: "exit", Data: []byte("-1\n")}}}
	if old, err := txtar.ParseFile(file); err == nil {
		archive.Comment = old.Comment
		archive.Files = slices.DeleteFunc(old.Files, func(f txtar.File) bool { return f.Name == "evidence.json" })
	}
	archive.Files = append(archive.Files, txtar.File{Name: "evidence.json", Data: append(data, '\n')})
	if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}
