package checks_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	gocmp "github.com/google/go-cmp/cmp"

	"mailmedic/probe/evidence"
	"mailmedic/report"
)

// hide redacts a record for somebody whose computer has names that stand in no recording.
func hide(e *evidence.Evidence, level report.Level) *evidence.Evidence {
	return hideMore(e, report.Off, level)
}

// hideMore does so where another level hid something before.
func hideMore(e *evidence.Evidence, was, level report.Level) *evidence.Evidence {
	hidden, _ := report.RedactMore(e, report.Who{Computer: "kitchen-pc.home", User: "granny", Home: "/home/granny"}, was, level, false)
	return hidden
}

// judgement is all of a report that a script may act on.
func judgement(r *report.Report) []string {
	said := []string{fmt.Sprint(r.Verdict.Status, r.Verdict.ExitCode, r.Verdict.CanReceive, r.Verdict.CanSend), r.Verdict.Headline, r.Tool.Version}
	for _, p := range r.Paths {
		said = append(said, fmt.Sprint(p.ID, p.Status, p.Steps))
	}
	for _, f := range r.Findings {
		said = append(said, fmt.Sprint(f.Code, f.Severity, f.Kind, f.Confidence, f.Root, f.Paths, f.Title, f.Rivals, len(f.Evidence), len(f.Actions)))
	}
	for _, out := range r.RuledOut {
		said = append(said, fmt.Sprint(out.Code, out.Cause))
	}
	return append(said, report.Support(r))
}

// TestRedacted judges each recording again with everything hidden that a level hides. Nobody
// could help with a report that says something else than its user saw.
func TestRedacted(t *testing.T) {
	if testing.Short() {
		return // it sweeps over all recordings
	}
	for _, s := range scenarios(t) {
		redacts(t, s.name, &s.evidence)
	}
}

// redacts hides what is in a record and judges it again.
func redacts(t *testing.T, name string, e *evidence.Evidence) {
	t.Helper()
	before := document(t, e)
	for _, level := range []report.Level{report.Share, report.Strict} {
		hidden := hide(e, level)
		if diff := gocmp.Diff(judgement(diagnose(e)), judgement(diagnose(hidden))); diff != "" {
			t.Errorf("%s: judged anew at level %s (-shown +hidden):\n%s", name, level, diff)
		}
		if err := hidden.Whole(); err != nil {
			t.Errorf("%s at level %s: %v", name, level, err)
		}
		if diff := gocmp.Diff(document(t, hidden), document(t, hideMore(hidden, level, level))); diff != "" {
			t.Errorf("%s: hidden twice at level %s (-once +twice):\n%s", name, level, diff)
		}
	}
	if document(t, e) != before {
		t.Errorf("%s: the record itself was changed", name)
	}
}

func document(t *testing.T, e *evidence.Evidence) string {
	t.Helper()
	text, err := json.MarshalIndent(e, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// named gives the user of a recording another address and login name.
func named(t *testing.T, e *evidence.Evidence, address, login string) *evidence.Evidence {
	t.Helper()
	var other evidence.Evidence
	if err := json.Unmarshal([]byte(document(t, e)), &other); err != nil {
		t.Fatal(err)
	}
	was := other.Account
	other.Account.Address, other.Account.Login = address, login
	other.Account.Kind = other.Profile.Kind(address)
	needed := other.Profile.LoginNames(address)
	for i := range other.Logins {
		switch l := &other.Logins[i]; {
		case l.Name == was.Login:
			l.Name = login
		case len(needed) > 0:
			l.Name = needed[0]
		}
	}
	return &other
}

// repliesIn are the texts that checks look for words in.
func repliesIn(v reflect.Value) []string {
	var texts []string
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			texts = repliesIn(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			texts = append(texts, repliesIn(v.Index(i))...)
		}
	case reflect.Struct:
		if r, is := v.Interface().(evidence.Reply); is {
			return []string{r.Text}
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				texts = append(texts, repliesIn(v.Field(i))...)
			}
		}
	}
	return texts
}

// TestRedactWords gives the user, in turn, each word as a name that stands in a recorded
// reply. Whatever checks look for in replies, they must find it still.
func TestRedactWords(t *testing.T) {
	if testing.Short() {
		return // likewise
	}
	const most = 3 // recordings for each word
	tried := map[string]int{}
	for _, s := range scenarios(t) {
		for _, text := range repliesIn(reflect.ValueOf(&s.evidence)) {
			for _, word := range wordsIn(text) {
				if tried[word] < most {
					tried[word]++
					redactsAs(t, &s.evidence, word)
				}
			}
		}
	}
	if len(tried) < 100 {
		t.Errorf("got %d words, want those of all recorded replies", len(tried))
	}
}

func wordsIn(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' })
}

// redactsAs hides a user of this name.
func redactsAs(t *testing.T, e *evidence.Evidence, word string) {
	t.Helper()
	e = named(t, e, word+"@runbox.com", word)
	if diff := gocmp.Diff(judgement(diagnose(e)), judgement(diagnose(hide(e, report.Share)))); diff != "" {
		t.Errorf("the login name is %q (-shown +hidden):\n%s", word, diff)
	}
}

// TestRedactPhrases does the same with each phrase that checks look for, as the reply to a
// login and to an envelope.
func TestRedactPhrases(t *testing.T) {
	if testing.Short() {
		return // likewise
	}
	refusals, err := os.ReadFile("../probe/evidence/refusals.txt")
	if err != nil {
		t.Fatal(err)
	}
	var phrases []string
	for line := range strings.Lines(string(refusals)) {
		if fields := strings.Split(line, " | "); len(fields) == 3 {
			phrases = append(phrases, fields[1])
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range regexp.MustCompile(`(?:says|begins)\([a-z.]+, ((?:\s*"[^"]*",?)+)`).FindAllStringSubmatch(string(source), -1) {
			for _, words := range regexp.MustCompile(`"[^"]*"`).FindAllString(call[1], -1) {
				phrases = append(phrases, strings.Trim(words, `"`))
			}
		}
	}
	if len(phrases) < 70 {
		t.Errorf("got %d phrases, want those of the list and of the checks", len(phrases))
	}
	base := load(t, scenarioFile("login-rejected"))
	for _, phrase := range phrases {
		e := named(t, &base.evidence, "alice@runbox.com", "alice")
		for i := range e.Logins {
			e.Logins[i].Reply.Text = phrase
		}
		s := e.Session("smtp-587")
		s.Envelope = &evidence.Envelope{Step: evidence.Step{State: evidence.Done}, MailFrom: &evidence.Reply{Status: "550", Text: phrase}}
		for _, word := range wordsIn(phrase) {
			redactsAs(t, e, word)
		}
	}
}

// TestRedactNames gives the user names of every shape, and the server folders of such names.
func TestRedactNames(t *testing.T) {
	if testing.Short() {
		return // likewise
	}
	base := load(t, scenarioFile("client-name-form")).evidence
	base.Sessions = []evidence.Session{*base.Session("imap-993"), *base.Session("smtp-587")}
	base.Logins = slices.DeleteFunc(base.Logins, func(l evidence.Login) bool { return base.Session(l.Path) == nil })
	base.Successor = nil
	for _, address := range []string{"jdoe@runbox.com", "JDoe@example.org", "jdoe@run@box.com", "", "иван@почта.рф", "a b@runbox.com"} {
		for _, login := range []string{
			"", "jdoe", "jDoe", "JDOE", "jdoe@runbox.com", "jdoe%runbox.com", "JDoe@Runbox.com", "jdoe@example.org", "jdoe@runbox.com ", `"jdoe"`, "<jdoe@runbox.com>",
			"jd\u200boe", "\u0458doe", "jdoe\uff20runbox.com", "runbox.com\\jdoe", "jdoe@runbox.com@mail.example", "j***", "user-1", "x@domain-1", "иван", "иван@почта.рф", "12345", "1ab", "@", "%", "@runbox.com", "a b", "***",
		} {
			e := named(t, &base, address, login)
			tree := &e.Session("imap-993").Folders
			for _, folder := range []string{"INBOX.INBOX.jdoe.Sent", "INBOX." + login, "folder-1", "INBOX.Sent", ""} {
				tree.List = append(tree.List, evidence.Folder{Name: folder, Delimiter: tree.Delimiter})
			}
			for i := range e.Logins {
				if e.Logins[i].Reply != nil {
					e.Logins[i].Reply.Text = "too many connections of " + login + " (" + address + ", 203.0.113.7)"
				}
			}
			redacts(t, address+" as "+login, e)
		}
	}
}
