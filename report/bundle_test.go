package report

import (
	"archive/zip"
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"mailmedic/probe/evidence"
)

// TestBundle packs a report twice into the same bytes, and reads it back.
func TestBundle(t *testing.T) {
	r := blockedReport()
	files, archive, err := Bundle(r)
	if err != nil {
		t.Fatal(err)
	}
	if _, again, _ := Bundle(r); !bytes.Equal(archive, again) {
		t.Error("the same report gives two archives")
	}
	back, err := Unpack(archive)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i, f := range back {
		names = append(names, f.Name)
		if !bytes.Equal(f.Text, files[i].Text) || len(f.Text) == 0 {
			t.Errorf("%s: got %d bytes, want %d, and some", f.Name, len(f.Text), len(files[i].Text))
		}
	}
	if want := []string{"report.txt", "report.json", "transcript.txt", "environment.txt", "hidden.txt"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
	if got, err := Read(back[1].Text); err != nil || got.Run.ID != r.Run.ID || got.Evidence == nil {
		t.Errorf("report.json: %v, want %s with its evidence", err, r.Run.ID)
	}
	if got := BundleName(r); got != "mail-report-K7Q-294-M.zip" {
		t.Errorf("got the name %s", got)
	}
}

// TestBundleName takes nothing from an id that leads elsewhere.
func TestBundleName(t *testing.T) {
	for id, want := range map[string]string{"../../etc/x": "mail-report-etcx.zip", "": "mail-report.zip", "a b\x00c": "mail-report-abc.zip"} {
		if got := BundleName(&Report{Run: Run{ID: id}}); got != want {
			t.Errorf("%q: got %s, want %s", id, got, want)
		}
	}
}

// noise is text that cannot be packed to less.
func noise(from *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('!' + from.IntN(90))
	}
	return string(b)
}

// TestBundleStaysSmall leaves out what does not fit: first the conversations, then the
// evidence. It says so, and the report itself stays.
func TestBundleStaysSmall(t *testing.T) {
	for _, c := range []struct {
		name     string
		fill     func(*evidence.Evidence, *rand.Rand)
		evidence bool
		says     string
	}{
		{"a long conversation", func(e *evidence.Evidence, from *rand.Rand) {
			for i := range 4000 {
				e.Sessions[0].Wire = append(e.Sessions[0].Wire, evidence.Line{At: evidence.Millis(i), Text: noise(from, 100)})
			}
		}, true, "conversations with the servers were too long"},
		{"too many folders", func(e *evidence.Evidence, from *rand.Rand) {
			for range 6000 {
				e.Session("imap-993").Folders.List = append(e.Session("imap-993").Folders.List, evidence.Folder{Name: noise(from, 60)})
			}
		}, false, "cannot be judged anew"},
	} {
		e := healthy()
		c.fill(e, rand.New(rand.NewPCG(1, 2)))
		r := New(e, nil, nil, nil, Options{})
		files, archive, err := Bundle(r)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if len(archive) > LargestBundle {
			t.Errorf("%s: got %d bytes, want at most %d", c.name, len(archive), LargestBundle)
		}
		got, err := Read(files[1].Text)
		if err != nil || got.Evidence != nil != c.evidence {
			t.Errorf("%s: %v, got evidence %v, want %v", c.name, err, got.Evidence != nil, c.evidence)
		}
		if said := strings.Join(strings.Fields(string(files[4].Text)), " "); !strings.Contains(said, c.says) {
			t.Errorf("%s: hidden.txt does not say %q:\n%s", c.name, c.says, said)
		}
		if len(e.Sessions[0].Wire) == 0 {
			t.Errorf("%s: the report itself was changed", c.name)
		}
	}
}

// TestUnpackBounds refuses what is no bundle, and what unpacks to more than there is room.
func TestUnpackBounds(t *testing.T) {
	var many, bomb bytes.Buffer
	w := zip.NewWriter(&many)
	for range mostFiles + 1 {
		if _, err := w.Create("x"); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	w = zip.NewWriter(&bomb)
	f, err := w.Create("../../etc/passwd")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(make([]byte, largestFile+1)); err != nil {
		t.Fatal(err)
	}
	w.Close()
	for name, archive := range map[string][]byte{"many": many.Bytes(), "bomb": bomb.Bytes(), "cut": many.Bytes()[:100], "empty": nil, "text": []byte("PK\x03\x04 hello")} {
		if files, err := Unpack(archive); err == nil {
			t.Errorf("%s: got %d files, want an error", name, len(files))
		}
	}
}

// TestReadStart takes the verdict out of a document that ends early, from where it is whole.
func TestReadStart(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, blockedReport()); err != nil {
		t.Fatal(err)
	}
	document := b.Bytes()
	paths := bytes.Index(document, []byte(`"paths": [`))
	evidenceAt := bytes.Index(document, []byte(`"evidence": {`))
	if got, ok := ReadStart(document[:paths-40]); ok {
		t.Errorf("half a verdict was read: %+v", got.Verdict)
	}
	got, ok := ReadStart(document[:evidenceAt+500])
	if !ok || got.Verdict.Status != Warning || len(got.Paths) != 6 || len(got.Findings) == 0 || got.Evidence != nil {
		t.Errorf("got %v, %+v; want the verdict, paths and findings without evidence", ok, got)
	}
}
