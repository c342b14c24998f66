package report

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"

	"mailmedic/probe/evidence"
)

// talk renames folders in what was said about them on a path: in the conversation, and in
// the words of a refusal.
func (f *folderNames) talk(s *evidence.Session) {
	t := &s.Folders
	f.wire, f.others = map[string]string{}, nil
	for _, folder := range t.List {
		f.spell(folder.Name, delimiterOf(t, folder))
	}
	for _, m := range s.Messages {
		f.spell(m.Folder, t.Delimiter)
	}
	for _, prefix := range append([]string{t.Prefix}, t.Others...) {
		f.spell(prefix, t.Delimiter)
	}
	awaited := map[bool]bool{} // a name as a literal, in the next line of the same side
	for i := range s.Wire {
		line := &s.Wire[i]
		if awaited[line.Sent] {
			line.Text = f.literal(line.Text, t.Delimiter)
			awaited[line.Sent] = false
			continue
		}
		line.Text, awaited[line.Sent] = f.line(line.Text, t.Delimiter)
	}
	steps := []*evidence.Step{&t.Step, &t.Inbox}
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

// spell notes how a folder's name stands in a conversation: as it is, or in modified UTF-7.
func (f *folderNames) spell(name, delimiter string) {
	other := f.renamed(name, delimiter)
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

// inFront is what stands before the name of a folder: in a row of LIST (RFC 9051 section
// 7.3.1), in an answer to STATUS or GETQUOTAROOT, and in a command about one folder.
var inFront = pattern(`(?i)^(?:\* (?:LIST|LSUB|XLIST) \([^)]*\) (?:"(?:[^"\\]|\\.)*"|NIL) |\S+ (?:STATUS|EXAMINE|SELECT|GETQUOTAROOT|QUOTAROOT) )`)

// answer finds the lines in which a server may repeat a name in a sentence. It does so of
// what went well, too: "OK [READ-ONLY] Divorce selected."
var answer = pattern(`(?i)^\S+ (?:OK|NO|BAD|BYE|PREAUTH)\b`)

// flagLists find the flags of a folder or of a message (RFC 9051 sections 7.1 and 7.5.2),
// among which are words of the user's own.
var flagLists = pattern(`(?i)\b(?:PERMANENT)?FLAGS \([^)]*`)

// namespace finds the prefixes of folders, and a limit by its name.
var namespace = pattern(`(?i)^\* (?:NAMESPACE|QUOTA)\b`)

// quotes are quoted strings, and one whose end was cut off.
var quotes = pattern(`"(?:[^"\\]|\\.)*(?:"|$)`)

// line renames the folder in a line of a conversation, and tells whether its name comes as
// a literal in the next one.
func (f *folderNames) line(s, delimiter string) (string, bool) {
	s = f.flags(s)
	if answer().MatchString(s) {
		return f.sentence(s), false
	}
	if namespace().MatchString(s) {
		return f.quoted(s), false
	}
	at := len(inFront().FindString(s))
	if at == 0 {
		return s, false
	}
	name := s[at:]
	if strings.HasPrefix(name, "{") {
		return s, true
	}
	shown := quotes().FindString(name)
	if !strings.HasPrefix(name, `"`) {
		shown, _, _ = strings.Cut(name, " ")
		return s[:at] + f.named(shown, delimiter) + f.quoted(name[len(shown):]), false
	}
	inside, whole := unquoted(shown)
	if !whole {
		return s[:at] + `"…`, false // what was cut off may be the rest of any name
	}
	return s[:at] + quoted(f.named(inside, delimiter)) + f.quoted(name[len(shown):]), false
}

// flags renames the keywords in lists of flags, but for those that programs set.
func (f *folderNames) flags(s string) string {
	return flagLists().ReplaceAllStringFunc(s, func(list string) string {
		at := strings.IndexByte(list, '(') + 1
		words := strings.Split(list[at:], " ")
		for i, word := range words {
			words[i] = f.keyword(word)
		}
		return list[:at] + strings.Join(words, " ")
	})
}

// renamedKeyword is a keyword that was renamed before.
var renamedKeyword = pattern(`^keyword-[0-9]+$`)

func (f *folderNames) keyword(word string) string {
	common := slices.Contains([]string{"junk", "nonjunk", "notjunk", "forwarded", "mdnsent", "redirected"}, strings.ToLower(word))
	if word == "" || word[0] == '\\' || word[0] == '$' || common || renamedKeyword().MatchString(word) {
		return word
	}
	if f.keywords[word] == "" {
		f.keywords[word] = "keyword-" + itoa(len(f.keywords)+1)
	}
	f.hidden[hiddenKeyword]++
	return f.keywords[word]
}

// literal renames a folder that stands in front of whatever else is in its line.
func (f *folderNames) literal(s, delimiter string) string {
	name, rest := s, ""
	if at := strings.LastIndex(s, " ("); at >= 0 && f.wire[s] == "" {
		name, rest = s[:at], s[at:]
	}
	return f.named(name, delimiter) + rest
}

// named is the other name of a folder as a conversation has it. One that is not in the list
// was left out of it, or is written in a way of its own.
func (f *folderNames) named(name, delimiter string) string {
	other, known := f.wire[name]
	if !known {
		other = f.renamed(name, delimiter)
	}
	if other != name {
		f.hidden[hiddenFolder]++
	}
	return other
}

// quoted renames the folders that are known and stand between quotation marks.
func (f *folderNames) quoted(s string) string {
	return quotes().ReplaceAllStringFunc(s, func(shown string) string {
		inside, _ := unquoted(shown)
		other, known := f.wire[inside]
		if !known || other == inside {
			return shown
		}
		f.hidden[hiddenFolder]++
		return quoted(other)
	})
}

// unquoted takes the quotation marks off, if both are there.
func unquoted(s string) (string, bool) {
	inside := strings.TrimPrefix(s, `"`)
	rest, whole := strings.CutSuffix(inside, `"`)
	if escapes := len(rest) - len(strings.TrimRight(rest, `\`)); !whole || escapes%2 == 1 {
		return inside, false
	}
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(rest), true
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(s) + `"`
}

// mostWork bounds how often a folder is looked for in a sentence, of which a document may hold
// any number. What is beyond it is not shown.
const mostWork = 50_000_000

// all are the folders and their levels that have other names.
func (f *folderNames) all() map[string]string {
	if f.others == nil || f.known != len(f.given) {
		f.others, f.known = maps.Clone(f.given), len(f.given)
		maps.Copy(f.others, f.wire)
	}
	return f.others
}

// sentence renames folders in what a server says about them, by their whole names or by one
// level of them.
func (f *folderNames) sentence(s string) string {
	s = f.quoted(s)
	others := f.all()
	if f.work += len(others); f.work > mostWork {
		return answer().FindString(s) + " …"
	}
	var names []string
	for name, other := range others {
		if name != other && strings.Contains(s, name) && !f.names.ordinary(name) {
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
		s = replaceWords(s, name, false, f.stands, func(string) string {
			f.hidden[hiddenFolder]++
			return others[name]
		})
	}
	return below().ReplaceAllStringFunc(s, func(found string) string {
		parts := splitKeeping(found, `./\^`)
		for i := 2; i < len(parts); i += 2 {
			parts[i] = f.level(parts[i])
		}
		return strings.Join(parts, "")
	})
}

// stands tells whether a part of a text is a folder: a word by itself, or one with others
// below it, unless all of it together is the name of a server.
func (f *folderNames) stands(s string, from, to int) bool {
	if apart(s, from, to) {
		return true
	}
	return to < len(s) && strings.IndexByte(`./\^`, s[to]) >= 0 && apart(s[:to], from, to) && f.names.meant(s, from, to)
}

// below finds what a sentence names below a folder that was renamed, and which may be in no
// list.
var below = pattern(`\bfolder-[0-9]+(?:[./\\^][\p{L}\p{N}_-]+)+`)
