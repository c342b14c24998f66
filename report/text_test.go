package report

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"mailmedic/checks"
	"mailmedic/checks/cause"
	"mailmedic/checks/pages"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

var update = flag.Bool("update", false, "write the golden files anew")

func text(t *testing.T, r *Report, o TextOptions) string {
	t.Helper()
	var b strings.Builder
	if err := Text(&b, r, o); err != nil {
		t.Fatalf("Text: %v", err)
	}
	return b.String()
}

// situations are the runs of which every format is kept in testdata.
func situations() map[string]*Report {
	o := Options{}
	all := map[string]*Report{}

	e := healthy()
	e.Session("imap-1143").Login = done(50)
	e.Session("imap-1143").Folders = evidence.Folders{
		Step: done(31), Namespace: evidence.Yes, Delimiter: "/",
		List: []evidence.Folder{{Name: "INBOX"}, {Name: "Sent", Attributes: []string{`\Sent`}}, {Name: "Drafts", Attributes: []string{`\Drafts`}}},
	}
	notes := []checks.Finding{
		{Code: "MM805", Severity: checks.Note, Stage: checks.StageFolders, Path: "imap-993", Text: "No Drafts folder."},
		{Code: "MM809", Severity: checks.Note, Stage: checks.StageFolders, Text: "The names differ."},
	}
	all["healthy"] = build(e, notes, nil, notes, o, titles)

	e, found, why := blocked25("send")
	all["port25-send"] = build(e, found, why, nil, o, titles)

	e, found, why = blocked25("")
	e.Run.Simulated = "port-25-blocked"
	e.Run.ProfileBecause = "nothing decided"
	all["port25-note-simulated"] = build(e, found, why, nil, o, titles)

	e, found, why = wrongName()
	all["wrong-name"] = build(e, found, why, nil, o, titles)

	for name, of := range map[string]func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis){"antivirus": antivirus, "sent-doubled": sentDoubled} {
		e, found, why := of()
		all[name] = build(e, found, why, found, o, titles)
	}

	e, found, why = offline()
	all["offline"] = build(e, found, why, nil, o, titles)
	return all
}

// TestGolden keeps every format of every situation. Those of recorded runs, in each language,
// are kept beside the command.
func TestGolden(t *testing.T) {
	for name, r := range situations() {
		for suffix, render := range renderers() {
			if suffix == ".vv" && name != "port25-send" {
				continue
			}
			t.Run(name+suffix, func(t *testing.T) {
				var b strings.Builder
				if err := render(&b, r); err != nil {
					t.Fatal(err)
				}
				golden(t, name+suffix, b.String())
			})
		}
	}
}

// renderers are the formats as the command line has them, by the suffix of their files.
func renderers() map[string]func(io.Writer, *Report) error {
	in := func(o TextOptions) func(io.Writer, *Report) error {
		return func(w io.Writer, r *Report) error { return Text(w, r, o) }
	}
	return map[string]func(io.Writer, *Report) error{
		"": in(TextOptions{}), ".40": in(TextOptions{Width: 40}), ".vv": in(TextOptions{Verbose: 2}),
		".short": Short, ".json": JSON, ".jsonl": JSONL, ".junit": JUnit, ".markdown": Markdown, ".html": HTML,
		".prometheus": func(w io.Writer, r *Report) error { return Prometheus(w, r, PrometheusOptions{}) },
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test ./report -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func TestTextNeverRunsOver(t *testing.T) {
	for name, r := range situations() {
		for _, o := range []TextOptions{
			{Width: 40}, {Width: 59, Verbose: 3}, {Width: 60}, {Width: 80, Verbose: 2}, {Width: 200}, {}, {Width: 40, Verbose: 3}, {Width: 40, ASCII: true}, {Width: 40, Quiet: true},
		} {
			limit := 80
			if o.Width > 0 {
				limit = min(o.Width, 80)
			}
			for _, line := range strings.Split(text(t, r, o), "\n") {
				if Width(line) > limit {
					t.Errorf("%s at %+v: %d columns: %q", name, o, Width(line), line)
				}
				if strings.TrimRight(line, " ") != line {
					t.Errorf("%s at %+v: blanks at the end of %q", name, o, line)
				}
			}
		}
	}
}

func TestColourIsLaidOverThePlainText(t *testing.T) {
	codes := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for name, r := range situations() {
		for _, o := range []TextOptions{{}, {Width: 40}, {Verbose: 3}} {
			without := text(t, r, o)
			o.Color = true
			with := text(t, r, o)
			if !codes.MatchString(with) {
				t.Errorf("%s: no colour at all", name)
			}
			if diff := cmp.Diff(without, codes.ReplaceAllString(with, "")); diff != "" {
				t.Errorf("%s at %+v: coloured text differs (-plain +coloured):\n%s", name, o, diff)
			}
			if codes.MatchString(without) {
				t.Errorf("%s: colour although it is off", name)
			}
		}
	}
}

func TestQuietIsTheVerdictAlone(t *testing.T) {
	got := text(t, situations()["port25-send"], TextOptions{Quiet: true})
	if want := "You can receive mail. Sending works, but not through port 25.\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestASCII(t *testing.T) {
	e := healthy()
	e.Profile.Title = "Müller – Post"
	e.Account.Address = strings.Repeat("ä", 200) + "@example.net"
	got := text(t, build(e, nil, nil, nil, Options{}, titles), TextOptions{ASCII: true, Width: 40, Verbose: 3})
	for _, r := range got {
		if r > unicode.MaxASCII {
			t.Fatalf("%q is not ASCII in:\n%s", r, got)
		}
	}
	if !strings.Contains(got, `M\xfcller - Post`) {
		t.Errorf("the provider's title is missing in:\n%s", got)
	}
}

func TestFailedRunHasMessageAndHint(t *testing.T) {
	r := Failed(64, Tool{Version: "1.0.0"}, "unknown flag --pasword", "did you mean --password-stdin?")
	want := "mailmedic: unknown flag --pasword\ndid you mean --password-stdin?\n"
	if got := text(t, r, TextOptions{}); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if r.ExitCode() != 64 {
		t.Errorf("exit code %d, want 64", r.ExitCode())
	}
}

// hostile puts an escape code, a right-to-left override and a NUL into every string
// that a server, a file or a user could have put into the evidence.
func hostile(v reflect.Value) {
	const evil = "\x1b]0;owned\x07\u202egnp\x00\u009b2J\u2028"
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			hostile(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			hostile(v.Index(i))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			v.SetMapIndex(key, reflect.ValueOf(evil).Convert(v.Type().Elem()))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			hostile(v.Field(i))
		}
	case reflect.String:
		// The words that the report branches on are ours; the rest may be anything.
		switch v.Type() {
		case reflect.TypeFor[evidence.State](), reflect.TypeFor[profile.Protocol](), reflect.TypeFor[profile.Role](),
			reflect.TypeFor[evidence.Ended](), reflect.TypeFor[evidence.Result]():
		default:
			v.SetString(v.String() + evil)
		}
	}
}

func TestNoForeignTextReachesTheTerminalRaw(t *testing.T) {
	e, found, why := blocked25("send")
	e.Run.Simulated, e.Run.ProfileBecause = "x", "nothing decided"
	e.Session("imap-143").Broken = "panic"
	rest := []checks.Finding{
		{Code: "MM401", Severity: checks.Warning, Stage: checks.StageTLS, Path: "imap-993", Text: "a", Advice: []say.Text{"b"}},
		{Code: "MM805", Severity: checks.Note, Stage: checks.StageFolders, Path: "imap-993", Text: "c"},
	}
	for _, v := range []any{e, found, why[0].For, why[0].Advice, why[0].Against, why[0].Explains, &why[0].Text, rest} {
		hostile(reflect.ValueOf(v))
	}
	r := build(e, append(found, rest...), why, rest, Options{}, func(checks.Code) pages.Page { return pages.Page{} })
	if !strings.Contains(r.Findings[0].Message, "\x1b") {
		t.Fatal("the test lost its hostile text on the way")
	}
	var short strings.Builder
	if err := Short(&short, r); err != nil {
		t.Fatal(err)
	}
	outputs := map[string]string{
		"short": short.String(), "text": text(t, r, TextOptions{}), "text -vvv": text(t, r, TextOptions{Verbose: 3}),
		"text 40": text(t, r, TextOptions{Width: 40, Verbose: 3}), "quiet": text(t, r, TextOptions{Quiet: true}),
		"ascii": text(t, r, TextOptions{ASCII: true, Verbose: 3}), "failed": text(t, Failed(64, Tool{Version: "\x1b"}, "a\x1b\u202e", "b\x00"), TextOptions{}),
	}
	for suffix, render := range renderers() {
		var b strings.Builder
		if err := render(&b, r); err != nil {
			t.Fatal(err)
		}
		outputs["golden"+suffix] = b.String()
	}
	for name, output := range outputs {
		for _, c := range output {
			if c != '\n' && !unicode.IsPrint(c) {
				t.Errorf("%s: %U in\n%q", name, c, output)
				break
			}
		}
		visible := strings.Contains(output, `\x1b`) || strings.Contains(output, `\u001b`)
		if name != "failed" && name != "quiet" && !visible {
			t.Errorf("%s: the escape character is not visible", name)
		}
	}
}

func TestSupportLine(t *testing.T) {
	want := map[string]string{
		"healthy":               "MM1 K7Q294M OK i993+ i143+ i1143+ s587+ s26+ s25+ name+ log+ dir+",
		"port25-send":           "MM1 K7Q294M WARN i993+ i143+ i1143+ s587+ s26+ s25/303 name+ log+",
		"port25-note-simulated": "MM1 K7Q294M OK i993+ i143+ i1143+ s587+ s26+ s25/303 name+ log+",
		"wrong-name":            "MM1 K7Q294M FAIL i993+ i143+ i1143+ s587+ s26+ s25+ name/601 log+",
		"antivirus":             "MM1 K7Q294M WARN i993/401 i143/401 i1143+ s587/401 s26+ s25/401",
		"sent-doubled":          "MM1 K7Q294M WARN i993+ i143+ i1143+ s587+ s26+ s25+ name+ dir/801",
		"offline":               "MM1 K7Q294M FAIL net/101",
	}
	for name, r := range situations() {
		if got := Support(r); got != want[name] {
			t.Errorf("%s\n got %q\nwant %q", name, got, want[name])
		}
	}
}

// TestSupportLineOfPrograms has a word for the settings of mail programs where they were read.
func TestSupportLineOfPrograms(t *testing.T) {
	for want, found := range map[string][]checks.Finding{
		" app+":    nil,
		" app/960": {{Code: "MM960", Severity: checks.Warning, Stage: checks.StageName, Params: map[string]string{"program": "Thunderbird"}}},
	} {
		e := healthy()
		e.Run.ID = "A"
		e.Clients = []evidence.Client{{Program: "thunderbird"}}
		if got := Support(build(e, found, nil, found, Options{}, titles)); !strings.HasSuffix(got, want) {
			t.Errorf("got %q, want %q at its end", got, want)
		}
	}
}

func TestSupportLineStaysShort(t *testing.T) {
	e := healthy()
	var found []checks.Finding
	for _, s := range e.Sessions {
		found = append(found, checks.Finding{Code: "MM401", Severity: checks.Warning, Stage: checks.StageTLS, Path: s.ID()})
	}
	found = append(found, checks.Finding{Code: "MM601", Severity: checks.Fault, Stage: checks.StageName},
		checks.Finding{Code: "MM701", Severity: checks.Fault, Stage: checks.StageLogin},
		checks.Finding{Code: "MM803", Severity: checks.Fault, Stage: checks.StageFolders})
	got := Support(build(e, found, nil, found, Options{}, titles))
	if want := "MM1 K7Q294M FAIL i/401 s/401 name/601 log/701 dir/803"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for range 40 {
		e.Sessions = append(e.Sessions, e.Sessions[0], e.Sessions[5])
	}
	e.Run.ID = strings.Repeat("X", 100)
	if got := Support(build(e, nil, nil, nil, Options{}, titles)); len(got) > supportMax {
		t.Errorf("%d characters: %q", len(got), got)
	}
}

func TestTwoRootCausesGiveTwoBlocks(t *testing.T) {
	e, found, why := blocked25("send")
	more := checks.Finding{Code: "MM401", Severity: checks.Warning, Stage: checks.StageTLS, Sure: checks.Certain, Path: "imap-993", Text: "Avast opens it."}
	got := text(t, build(e, append(found, more), why, []checks.Finding{more}, Options{}, titles), TextOptions{})
	for _, head := range []string{"-- MM303 ", "-- MM401 "} {
		if strings.Count(got, head) != 1 {
			t.Errorf("%q stands %d times, want once, in:\n%s", head, strings.Count(got, head), got)
		}
	}
	if strings.Contains(got, "MM301") {
		t.Errorf("a consequence is shown as a fault of its own in:\n%s", got)
	}
}

// TestDetailsTellOfCertificatesLeftOut: whoever reads the chain has to know that it went on.
func TestDetailsTellOfCertificatesLeftOut(t *testing.T) {
	for sent, want := range map[int]bool{0: false, 151: true} {
		s := open(profile.Path{Protocol: profile.IMAP, Port: 993, Host: "mail.example.org", Encryption: profile.TLS, Role: profile.Recommended})
		s.Secure.Sent = sent
		e := &evidence.Evidence{Sessions: []evidence.Session{s}}
		got := text(t, build(e, nil, nil, nil, Options{}, titles), TextOptions{Verbose: 2})
		if strings.Contains(got, "151 certificates came, of which the first 1 were looked at") != want {
			t.Errorf("%d certificates came: got a line about that %t, want %t:\n%s", sent, !want, want, got)
		}
	}
}
