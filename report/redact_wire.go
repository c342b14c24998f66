package report

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"mailmedic/probe/evidence"
)

// talk renames folders in what was said about them on a path: in the conversation, and in
// the words of a refusal.
func (f *folderNames) talk(s *evidence.Session) {
	f.wire = map[string]string{}
	for _, folder := range s.Folders.List {
		f.spell(folder.Name, delimiterOf(&s.Folders, folder))
	}
	for _, m := range s.Messages {
		f.spell(m.Folder, s.Folders.Delimiter)
	}
	if len(f.wire) == 0 {
		return
	}
	literal := false
	for i := range s.Wire {
		text := &s.Wire[i].Text
		if other, known := f.wire[*text]; known && literal {
			*text = other
		} else {
			*text = f.line(*text)
		}
		literal = strings.HasSuffix(*text, "}")
	}
	steps := []*evidence.Step{&s.Folders.Step, &s.Folders.Inbox}
	for i := range s.Messages {
		steps = append(steps, &s.Messages[i].Step)
	}
	for _, step := range steps {
		if step.Failure == nil {
			continue
		}
		step.Failure.Text = f.sentence(step.Failure.Text)
		if step.Failure.Reply != nil {
			step.Failure.Reply.Text = f.sentence(step.Failure.Reply.Text)
		}
	}
}

// spell notes how a folder's name stands in a conversation, if it is to be hidden: as it is,
// or in modified UTF-7.
func (f *folderNames) spell(name, delimiter string) {
	other := f.renamed(name, delimiter)
	if other == name {
		return
	}
	f.wire[name] = other
	f.wire[modifiedUTF7(name)] = other
}

// modifiedUTF7 is a folder's name as IMAP4rev1 sends it (RFC 3501 section 5.1.3).
func modifiedUTF7(name string) string {
	var b strings.Builder
	var run []rune
	flush := func() {
		if len(run) == 0 {
			return
		}
		var raw []byte
		for _, u := range utf16.Encode(run) {
			raw = append(raw, byte(u>>8), byte(u))
		}
		b.WriteString("&" + strings.ReplaceAll(base64.RawStdEncoding.EncodeToString(raw), "/", ",") + "-")
		run = nil
	}
	for _, r := range name {
		if r < 0x20 || r > 0x7E {
			run = append(run, r)
			continue
		}
		flush()
		b.WriteRune(r)
		if r == '&' {
			b.WriteByte('-')
		}
	}
	flush()
	return b.String()
}

// ofFolders finds the lines that name folders.
var ofFolders = regexp.MustCompile(`(?i)\b(?:LIST|LSUB|XLIST|STATUS|EXAMINE|SELECT|QUOTAROOT|GETQUOTAROOT|QUOTA|NAMESPACE)\b`)

// refusal finds the lines in which a server may repeat a name in a sentence.
var refusal = regexp.MustCompile(`^\S+ (?:NO|BAD|BYE)\b`)

// quotes are quoted strings, and one whose end was cut off.
var quotes = regexp.MustCompile(`"((?:[^"\\]|\\.)*)("|$)`)

// line renames the folders in a line of a conversation.
func (f *folderNames) line(s string) string {
	if refusal.MatchString(s) {
		return f.sentence(s)
	}
	if !ofFolders.MatchString(s) {
		return s
	}
	s = f.quoted(s, true)
	words := strings.Split(s, " ")
	for i, word := range words {
		if other, known := f.wire[word]; known && i > 0 {
			words[i] = other
			f.hidden[hiddenFolder]++
		}
	}
	return strings.Join(words, " ")
}

// quoted renames folders between quotation marks. A name whose end was cut off is left out
// of a line.
func (f *folderNames) quoted(s string, cut bool) string {
	unquote := strings.NewReplacer(`\"`, `"`, `\\`, `\`)
	quote := strings.NewReplacer(`"`, `\"`, `\`, `\\`)
	return quotes.ReplaceAllStringFunc(s, func(shown string) string {
		inside := strings.TrimPrefix(shown, `"`)
		if !strings.HasSuffix(inside, `"`) || strings.HasSuffix(inside, `\"`) && !strings.HasSuffix(inside, `\\"`) {
			if cut {
				return `"…`
			}
			return shown
		}
		other, known := f.wire[unquote.Replace(strings.TrimSuffix(inside, `"`))]
		if !known {
			return shown
		}
		f.hidden[hiddenFolder]++
		return `"` + quote.Replace(other) + `"`
	})
}

// sentence renames folders in what a server says about them.
func (f *folderNames) sentence(s string) string {
	s = f.quoted(s, false)
	var names []string
	for name := range f.wire {
		if strings.Contains(s, name) && !f.names.ordinary(name) {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		s = replaceWords(s, name, false, func(string) string {
			f.hidden[hiddenFolder]++
			return f.wire[name]
		})
	}
	return s
}
