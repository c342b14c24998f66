package main

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailmedic/report"
)

const line25 = "Support line: MM1 H3D718T WARN i993+ i143+ s587+ s25/303 name+ log+\n"

// archive packs files under the names that a mail program may give them.
func archive(t testing.TB, files ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i, f := range files {
		at, err := w.Create(fmt.Sprintf("../../ATT%05d.dat", i))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := at.Write(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// mailed is a mail with an attachment.
func mailed(kind string, attachment []byte) []byte {
	return fmt.Appendf(nil, "From: joe@example.net\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+
		"--b\r\nContent-Type: text/plain\r\n\r\nPlease help.\r\n--b\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--b--\r\n",
		kind, base64.StdEncoding.EncodeToString(attachment))
}

// many is a mail with many archives.
func many(archives ...[]byte) []byte {
	mail := []byte("From: joe@example.net\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n")
	for _, a := range archives {
		mail = fmt.Appendf(mail, "--b\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n", base64.StdEncoding.EncodeToString(a))
	}
	return append(mail, "--b--\r\n"...)
}

// TestReadSaved finds the report in whatever it came in, by what it is and not by its name,
// and prefers the one that says most.
func TestReadSaved(t *testing.T) {
	var b bytes.Buffer
	r := report.Failed(64, report.Tool{Version: "1.0.0"}, "x", "y")
	r.Run.ID, r.Error = "K7Q-294-M", nil
	if err := report.JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	document := b.Bytes()
	letter := []byte("Dear helpdesk, please help.\n")
	for _, c := range []struct {
		name string
		data []byte
		want string // the id; empty where nothing can be read
		kind report.Kind
	}{
		{"a document", document, "K7Q-294-M", report.Document},
		{"a document behind blanks", append([]byte("\r\n  "), document...), "K7Q-294-M", report.Document},
		{"a line", []byte(line25), "H3D-718-T", report.Line},
		{"a zip", archive(t, letter, []byte(line25), document), "K7Q-294-M", report.Document},
		{"a zip without a document", archive(t, letter, []byte(line25)), "H3D-718-T", report.Line},
		{"a mail", mailed("text/plain", []byte(line25)), "H3D-718-T", report.Line},
		{"a mail with a zip", mailed("application/zip", archive(t, document)), "K7Q-294-M", report.Document},
		{"a forwarded mail", mailed("message/rfc822", mailed("application/octet-stream", document)), "K7Q-294-M", report.Document},
		{"a zip in a zip", archive(t, archive(t, document)), "", ""},
		{"a mail with a third zip", many(archive(t, letter), archive(t, letter), archive(t, document)), "K7Q-294-M", report.Document},
		{"a mail with a fourth zip", many(archive(t, letter), archive(t, letter), archive(t, letter), archive(t, document)), "", ""},
		{"a letter", letter, "", ""},
		{"a zip with a letter", archive(t, letter), "", ""},
		{"an empty zip", archive(t), "", ""},
		{"nothing", nil, "", ""},
	} {
		got, err := readSaved(c.data)
		if c.want == "" {
			if err == nil {
				t.Errorf("%s: got %+v, want an error", c.name, got.part)
			}
			continue
		}
		if err != nil || got.report.Run.ID != c.want || got.part.Kind != c.kind {
			t.Errorf("%s: got %v, %+v; want %s as %s", c.name, err, got.part, c.want, c.kind)
		}
	}
}

// TestSavedPassword looks for one wherever people write it: in the letter, and in the document
// itself.
func TestSavedPassword(t *testing.T) {
	const document = `{"schema":"mailmedic/report","schema_version":"1.0",` + "\n" + `"comment":"password: hunter22",` + "\n" + `"verdict":{"status":"ok","exit_code":0,"headline":"x"}`
	for name, data := range map[string][]byte{
		"a document":                   []byte(document + "}"),
		"a document that ends early":   []byte(document + `,"paths":[`),
		"a document in a zip":          archive(t, []byte(document+"}")),
		"a letter beside a document":   archive(t, []byte("\npassword: hunter22\n"), []byte(strings.ReplaceAll(document, "password", "note")+"}")),
		"a document in a mail's parts": mailed("application/json", []byte(document+"}")),
	} {
		got, err := readSaved(data)
		if err != nil || !slices.Equal(got.part.Passwords, []int{2}) {
			t.Errorf("%s: got %v, lines %v; want line 2", name, err, got.part.Passwords)
		}
	}
}

// FuzzSaved reads whatever somebody sends.
func FuzzSaved(f *testing.F) {
	f.Add([]byte(line25))
	f.Add(archive(f, []byte(line25), []byte("{}")))
	f.Add(mailed("text/plain", []byte(line25)))
	f.Add(mailed("application/zip", archive(f, []byte(line25))))
	f.Add([]byte(`{"schema":"mailmedic/report","schema_version":"1.0","run":{},"verdict":{"status":"ok","exit_code":0},"paths":[`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := readSaved(data)
		if err != nil {
			return
		}
		if s.report == nil || s.part.Kind == "" {
			t.Errorf("got %+v without an error", s)
		}
		p := &program{}
		if _, err := p.readAgain(output{}, s, briefFormat, stream{width: 80}); err != nil {
			t.Error(err)
		}
	})
}
