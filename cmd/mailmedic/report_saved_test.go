package main

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
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

// failedDocument is the document of a run about which it says no more than its id.
func failedDocument(t testing.TB, id string) []byte {
	t.Helper()
	var b bytes.Buffer
	r := report.Failed(64, report.Tool{Version: "1.0.0"}, "x", "y")
	r.Run.ID, r.Error = id, nil
	if err := report.JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// many is a mail with many archives.
func many(archives ...[]byte) []byte {
	mail := []byte("From: joe@example.net\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n")
	for _, a := range archives {
		mail = fmt.Appendf(mail, "--b\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n", base64.StdEncoding.EncodeToString(a))
	}
	return append(mail, "--b--\r\n"...)
}

// encoded64 is the source of a mail that is one base64 text, with a charset and something in
// front of its fields.
func encoded64(front, charset string, text []byte) []byte {
	return fmt.Appendf(nil, "%sFrom: joe@example.net\nMIME-Version: 1.0\nContent-Type: text/plain; charset=%s\nContent-Transfer-Encoding: base64\n\n%s\n",
		front, charset, base64.StdEncoding.EncodeToString(text))
}

// utf16Text is a text of ASCII in UTF-16 without a byte order mark.
func utf16Text(order binary.AppendByteOrder, text string) []byte {
	var b []byte
	for _, c := range text {
		b = order.AppendUint16(b, uint16(c))
	}
	return b
}

// TestReadSaved finds the report in whatever it came in, by what it is and not by its name,
// and prefers the one that says most.
func TestReadSaved(t *testing.T) {
	document := failedDocument(t, "K7Q-294-M")
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
		{"a mail in a zip", archive(t, mailed("application/json", document)), "K7Q-294-M", report.Document},
		{"a mail with a zip in a zip", archive(t, mailed("application/zip", archive(t, document))), "", ""},
		{"a mail from a server that looked at it", encoded64("Authentication-Results: mx; spf=pass\n", "utf-8", []byte(line25)), "H3D-718-T", report.Line},
		{"a mail from Outlook", encoded64("Thread-Topic: x\n", "utf-8", []byte(line25)), "H3D-718-T", report.Line},
		{"an answer", encoded64("In-Reply-To: <x@y>\n", "utf-8", []byte(line25)), "H3D-718-T", report.Line},
		{"a mail with a tab", encoded64("Received:\tby x\n", "utf-8", []byte(line25)), "H3D-718-T", report.Line},
		{"a mail of a folder", encoded64("From joe Mon Sep 30 12:00:00 2026\n", "utf-8", []byte(line25)), "H3D-718-T", report.Line},
		{"a mail behind a mark", encoded64("\uFEFF", "utf-8", []byte(line25)), "H3D-718-T", report.Line},
		{"a mail behind a blank line", encoded64("\r\n", "utf-8", []byte(line25)), "H3D-718-T", report.Line},
		{"a mail in UTF-16", encoded64("", "utf-16le", utf16Text(binary.LittleEndian, line25)), "H3D-718-T", report.Line},
		{"a mail in UTF-16, the other way", encoded64("", "UTF-16BE", utf16Text(binary.BigEndian, line25)), "H3D-718-T", report.Line},
		{"a document in a letter", slices.Concat(letter, document), "K7Q-294-M", report.Document},
		{"a document in quotes", answered(document), "K7Q-294-M", report.Document},
		{"a document in a fence", slices.Concat([]byte("```\n"), document, []byte("```\n")), "K7Q-294-M", report.Document},
		{"a document with a signature", slices.Concat(document, []byte("\n-- \nSent from my phone\n")), "K7Q-294-M", report.Document},
		{"a letter about the schema", []byte(`{"schema": "mailmedic/report"} is what I see`), "", ""},
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
	const document = `{"schema":"mailmedic/report","schema_version":"1.0",` + "\n" + `"comment":"password: hunter22",` + "\n" + `"run":{"id":"X6A-813-X"},"verdict":{"status":"ok","exit_code":0,"headline":"x"}`
	for name, data := range map[string][]byte{
		"a document":                   []byte(document + "}"),
		"a document that ends early":   []byte(document + `,"paths":[`),
		"a document in a letter":       []byte("Hello\n" + strings.Replace(document, "\n", "", 1) + "}\nBye\n"),
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

// answered is a text as it stands in an answer.
func answered(text []byte) []byte {
	return append([]byte("> "), bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n> "))...)
}

// TestReadSavedTogether: of several reports one is read, and the others are named. A document
// and its own support line are one.
func TestReadSavedTogether(t *testing.T) {
	before, after := failedDocument(t, "K7Q-294-M"), failedDocument(t, "R6M-402-D")
	cut, letter := after[:len(after)*9/10], []byte(strings.Repeat("Please help. ", 10))
	for _, c := range []struct {
		name   string
		data   []byte
		want   string
		others string
	}{
		{"two in a zip", archive(t, before, after), "K7Q-294-M", "R6M-402-D"},
		{"a part and a whole in a zip", archive(t, cut, before), "K7Q-294-M", "R6M-402-D"},
		{"one twice in a zip", archive(t, before, before), "K7Q-294-M", ""},
		{"a document and its line", archive(t, before, []byte("MM1 K7Q294M FAIL i993+ s25/303\n")), "K7Q-294-M", ""},
		{"a document and another line", archive(t, []byte(line25), before), "K7Q-294-M", "H3D-718-T"},
		{"three in two zips", many(archive(t, before, after), archive(t, []byte(line25))), "K7Q-294-M", "R6M-402-D H3D-718-T"},
		{"two in a letter", slices.Concat([]byte("Before:\n"), before, []byte("After:\n"), after), "K7Q-294-M", "R6M-402-D"},
		{"one behind another", slices.Concat(before, after), "K7Q-294-M", "R6M-402-D"},
	} {
		got, err := readSaved(c.data)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if others := strings.Join(got.part.Others, " "); got.report.Run.ID != c.want || others != c.others {
			t.Errorf("%s: got %s and %q aside, want %s and %q", c.name, got.report.Run.ID, others, c.want, c.others)
		}
	}
	if got, err := readSaved(slices.Concat([]byte("password: Canary-7x51\n"), before)); err != nil || !slices.Equal(got.part.Passwords, []int{1}) {
		t.Errorf("a password above a document: got %v, %v; want line 1", got.part.Passwords, err)
	}
	var all [][]byte
	for i := range mostDocuments {
		all = append(all, failedDocument(t, fmt.Sprintf("A1A-%03d-A", i)))
	}
	picture, limits := bytes.Repeat([]byte("\x00MM1 "), 1000), reading{archives: 1, text: 2 * len(line25)}
	few := limits
	if got, err := few.best([]report.File{{Text: picture}, {Text: []byte(line25)}}, 0, false); err != nil {
		t.Errorf("a picture before a line: got %v, %v; want the line", got.part, err)
	}
	none := limits
	if got, err := none.one(archive(t, letter, letter, []byte(line25)), 0, false); err == nil {
		t.Errorf("a line behind texts that use up what is looked through: got %+v, want an error", got.part)
	}
	got, err := readSaved(archive(t, append(all, after)...))
	if err != nil || len(got.part.Others) != mostDocuments-1 {
		t.Errorf("eleven in a zip: got %v and %v aside, want %d", err, got.part.Others, mostDocuments-1)
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
