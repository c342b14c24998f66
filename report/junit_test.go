package report

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
)

// The format as the schema of Jenkins has it, for a reader that lets nothing else pass:
// whatever is not named lands in Other.
type (
	readSuites struct {
		XMLName  xml.Name    `xml:"testsuites"`
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Time     float64     `xml:"time,attr"`
		Suites   []readSuite `xml:"testsuite"`
		readOther
	}
	readSuite struct {
		Name      string     `xml:"name,attr"`
		Tests     int        `xml:"tests,attr"`
		Failures  int        `xml:"failures,attr"`
		Errors    int        `xml:"errors,attr"`
		Skipped   int        `xml:"skipped,attr"`
		Time      float64    `xml:"time,attr"`
		Timestamp string     `xml:"timestamp,attr"`
		Cases     []readCase `xml:"testcase"`
		readOther
	}
	readCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Time    float64       `xml:"time,attr"`
		Error   []readOutcome `xml:"error"`
		Failure []readOutcome `xml:"failure"`
		Skipped []readOutcome `xml:"skipped"`
		readOther
	}
	readOutcome struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
		readOther
	}
	readOther struct {
		Attributes []xml.Attr `xml:",any,attr"`
		Elements   []struct {
			XMLName xml.Name
		} `xml:",any"`
	}
)

func (o readOther) strange() bool { return len(o.Attributes)+len(o.Elements) > 0 }

// readJUnit reads the format strictly and counts again.
func readJUnit(t *testing.T, r *Report) readSuites {
	t.Helper()
	var b bytes.Buffer
	if err := JUnit(&b, r); err != nil {
		t.Fatalf("JUnit: %v", err)
	}
	var all readSuites
	d := xml.NewDecoder(bytes.NewReader(b.Bytes()))
	d.Strict = true
	if err := d.Decode(&all); err != nil {
		t.Fatalf("%v in:\n%s", err, &b)
	}
	if _, err := d.Token(); err != nil && err != io.EOF {
		if rest, err := d.Token(); err != io.EOF {
			t.Errorf("something stands behind the document: %v %v", rest, err)
		}
	}
	tests, failures, errors := 0, 0, 0
	strange := all.strange()
	for _, s := range all.Suites {
		skipped := 0
		strange = strange || s.strange()
		names := map[string]bool{}
		for _, c := range s.Cases {
			strange = strange || c.strange()
			for _, o := range append(append(append([]readOutcome{}, c.Error...), c.Failure...), c.Skipped...) {
				strange = strange || o.strange()
			}
			if n := len(c.Error) + len(c.Failure) + len(c.Skipped); n > 1 {
				t.Errorf("%s %s: got %d outcomes, want at most one", s.Name, c.Name, n)
			}
			if c.Class != "mailmedic."+s.Name {
				t.Errorf("%s %s: got class %q", s.Name, c.Name, c.Class)
			}
			names[c.Name] = true
			failures, errors, skipped = failures+len(c.Failure), errors+len(c.Error), skipped+len(c.Skipped)
		}
		if s.Tests != len(s.Cases) || s.Skipped != skipped {
			t.Errorf("%s: got %d tests and %d skipped, want %d and %d", s.Name, s.Tests, s.Skipped, len(s.Cases), skipped)
		}
		tests += len(s.Cases)
	}
	if strange {
		t.Errorf("an attribute or element that the format does not have in:\n%s", &b)
	}
	if all.Tests != tests || all.Failures != failures || all.Errors != errors {
		t.Errorf("got %d tests, %d failures, %d errors, want %d, %d, %d", all.Tests, all.Failures, all.Errors, tests, failures, errors)
	}
	return all
}

// outcomes writes what is not passed as "suite case: code".
func outcomes(all readSuites) (list []string) {
	for _, s := range all.Suites {
		for _, c := range s.Cases {
			for _, o := range append(c.Failure, c.Error...) {
				list = append(list, s.Name+" "+c.Name+": "+o.Type)
			}
		}
	}
	return list
}

// TestJUnit: the root cause is a failure at the step where it shows, on each of its paths,
// and what follows from it is not one more.
func TestJUnit(t *testing.T) {
	for name, want := range map[string]string{
		"healthy":               "",
		"port25-send":           "tcp smtp-25: MM303",
		"port25-note-simulated": "",
		"wrong-name":            "name login-name: MM601",
		"sent-doubled":          "folders imap-993: MM801",
		"offline":               "dns imap-993: MM101, dns imap-143: MM101, dns imap-1143: MM101, dns smtp-587: MM101, dns smtp-26: MM101, dns smtp-25: MM101",
		"antivirus":             "tls imap-993: MM401, tls imap-143: MM401, tls smtp-587: MM401, tls smtp-25: MM401",
	} {
		r := situations()[name]
		if r == nil {
			t.Errorf("there is no situation %s", name)
			continue
		}
		if got := strings.Join(outcomes(readJUnit(t, r)), ", "); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestJUnitOfOneNote(t *testing.T) {
	all := readJUnit(t, situations()["port25-note-simulated"])
	var got string
	for _, s := range all.Suites {
		for _, c := range s.Cases {
			if s.Name == "tcp" && c.Name == "smtp-25" && len(c.Skipped) == 1 {
				got = c.Skipped[0].Message
			}
		}
	}
	if want := "MM303 Port 25 is blocked on this network"; got != want {
		t.Errorf("got %q as the reason of a skipped case, want %q", got, want)
	}
}

// TestJUnitOfAFailure: a run that could not start, or not finish, is one case with an error.
func TestJUnitOfAFailure(t *testing.T) {
	e := healthy()
	e.Run.Ended = evidence.Deadline
	stopped := []checks.Finding{{Code: "MM001", Severity: checks.Fault, Stage: checks.StageRun}}
	for name, tt := range map[string]struct {
		r    *Report
		want string
	}{
		"not started": {Failed(64, Tool{Version: "1.0.0"}, "unknown flag \x00\x1b", "look \ufffe it up"), "run finished: exit 64"},
		"not ended":   {build(e, stopped, nil, stopped, Options{}, titles), "run finished: exit 3"},
	} {
		all := readJUnit(t, tt.r)
		if got := strings.Join(outcomes(all), ", "); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
		if all.Errors != 1 || all.Failures != 0 {
			t.Errorf("%s: got %d errors and %d failures, want one error", name, all.Errors, all.Failures)
		}
	}
}
