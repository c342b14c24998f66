package main

import (
	"slices"
	"strings"

	"mailmedic/report"
	"mailmedic/report/messages"
)

// document is a file in a format that also says why a run could not start.
type document struct{ format, name string }

// failedDocuments lists the files that the line asks for in such a format. A build server
// takes a file that is not there, or is that of yesterday, for a test that passed.
func failedDocuments(words []string) []document {
	if len(words) == 0 || !slices.Contains([]string{"check", "demo", "report"}, words[0]) {
		return nil
	}
	var files []document
	for i, word := range words {
		if word == "--" {
			break
		}
		name, value, given := strings.Cut(word, "=")
		if !given && i+1 < len(words) {
			value = words[i+1]
		}
		switch name {
		case "--write":
			format, file, _ := strings.Cut(value, "=")
			files = append(files, document{format, file})
		case "--output", "-o":
			files = append(files, document{wanted(words), value})
		}
	}
	return slices.DeleteFunc(files, func(d document) bool {
		return !slices.Contains(forErrors(), d.format) || d.name == "" || d.name == "-" || words[0] == "report" && keeps(words, d.name)
	})
}

// keeps tells whether a command on saved reports has a file that stays as it is, whatever is
// wrong with the rest of the line: a report that it reads, or the place of a bundle.
func keeps(words []string, file string) bool {
	for i, word := range words[1:] {
		if word == "bundle" {
			return true
		}
		if value := words[i] == "-o" || words[i] == "--output"; !value && sameFile(word, file) {
			return true
		}
	}
	return false
}

// failed tells of a failure in documents: in each file that the line asks for, and on
// standard output when its format is one of theirs. It reports whether the latter was so.
func failed(io stdio, speak *messages.Speaker, words []string, f *failure) bool {
	message := speak.Say(f.message)
	if f.typed != "" {
		message = strings.ReplaceAll(message, visible(f.typed), report.Masked(visible(f.typed), report.Share))
	}
	r := report.Failed(int(f.code), report.Tool{Version: version, KnownIssues: knownIssues, Lang: string(speak.Language())}, message, speak.Say(f.hint))
	for _, d := range failedDocuments(words) {
		if f.code == exitOutput {
			break // it may be this very file
		}
		if t, err := openTarget(d.format, d.name); err == nil {
			if text, err := (output{}).render(r, d.format, stream{}); err == nil {
				_ = t.commit(text) // what went wrong first is what the user has to hear
			}
			t.discard()
		}
	}
	format := wanted(words)
	if format == "" {
		return false
	}
	text, err := (output{}).render(r, format, stream{})
	if err != nil {
		return false
	}
	_ = io.print(text)
	return true
}
