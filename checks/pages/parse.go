package pages

import (
	"fmt"
	"slices"
	"strings"
)

// file is a page as it stands in its file: a line with the code, lines of "key: value",
// then the sections, each under a line that begins with "## ".
type file struct {
	name     string // what follows "# " in the first line
	head     map[string]string
	sections []Section
}

// parse reads an English page.
func parse(text string) (Page, error) {
	f, err := split(text, english().headings, "title", "kind", "notice", "cause", "words", "since")
	if err != nil {
		return Page{}, err
	}
	code, slug, _ := strings.Cut(f.name, " ")
	if code == "" || slug == "" || strings.Contains(slug, " ") {
		return Page{}, fmt.Errorf("first line is %q, want \"# CODE slug\"", "# "+f.name)
	}
	return Page{
		Code: code, Slug: slug, Title: f.head["title"], Kind: f.head["kind"], Notice: f.head["notice"],
		Cause: f.head["cause"], Words: quotes(f.head["words"]), Since: f.head["since"],
		Sections: f.sections, hints: english().hints,
	}, nil
}

// in is the page in another language, in which the code stands alone in the first line.
// The sections that hold no sentences are not in that file, and its words add to those of
// the English page, which programs show whatever the language.
func (p Page) in(l language, text string) (Page, error) {
	said := l.headings[:len(l.headings)-len(unsaid())]
	f, err := split(text, said, "title", "notice", "cause", "words")
	if err != nil {
		return Page{}, err
	}
	if f.name != p.Code {
		return Page{}, fmt.Errorf("first line is %q, want \"# %s\"", "# "+f.name, p.Code)
	}
	for i, heading := range unsaid() {
		f.sections = append(f.sections, Section{slugOf(heading), l.headings[len(said)+i], p.Section(heading)})
	}
	p.Title, p.Notice, p.Cause = f.head["title"], f.head["notice"], f.head["cause"]
	p.Words = append(quotes(f.head["words"]), p.Words...)
	p.Sections, p.hints = f.sections, l.hints
	return p, nil
}

// unsaid are the last sections, of codes and of references.
func unsaid() []string { return []string{seeAlso, sources} }

// split reads a file that must have all these headings and keys and no others.
func split(text string, headings []string, keys ...string) (file, error) {
	head, body, _ := strings.Cut(strings.ReplaceAll(text, "\r\n", "\n"), "\n## ")
	first, rest, _ := strings.Cut(head, "\n")
	name, found := strings.CutPrefix(first, "# ")
	if !found {
		return file{}, fmt.Errorf("first line is %q, want \"# CODE\"", first)
	}
	f := file{name: name}
	var err error
	if f.head, err = fields(rest, keys); err != nil {
		return file{}, err
	}
	var have []string
	for i, part := range strings.Split(body, "\n## ") {
		heading, text, _ := strings.Cut(part, "\n")
		have = append(have, strings.TrimSpace(heading))
		if strings.Trim(text, "\n") == "" {
			return file{}, fmt.Errorf("section %q is empty", have[i])
		}
		id := slugOf(english().headings[min(i, len(english().headings)-1)])
		f.sections = append(f.sections, Section{id, have[i], strings.Trim(text, "\n")})
	}
	if !slices.Equal(have, headings) {
		return file{}, fmt.Errorf("sections are %q, want %q", have, headings)
	}
	return f, nil
}

// fields reads the lines of "key: value" of a head.
func fields(text string, keys []string) (map[string]string, error) {
	head := map[string]string{}
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		key, value, _ := strings.Cut(line, ":")
		if !slices.Contains(keys, key) {
			return nil, fmt.Errorf("unknown key %q", key)
		}
		head[key] = strings.TrimSpace(value)
	}
	for _, key := range keys {
		if head[key] == "" {
			return nil, fmt.Errorf("%s is missing", key)
		}
	}
	return head, nil
}

// quotes reads what programs and people say for a page, between semicolons.
func quotes(words string) []string {
	list := strings.Split(words, ";")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}
