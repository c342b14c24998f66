// Package pages holds what there is to say about each code: one code, one page in each
// language. The pages are embedded, so that they can be read where mail and the web are
// down.
package pages

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed MM*.md nb/MM*.md
var files embed.FS

// Page is everything that is known about one code.
type Page struct {
	Code     string    `json:"code"`   // "MM303"
	Slug     string    `json:"slug"`   // "smtp-port-blocked"
	Title    string    `json:"title"`  // the headline of a finding, at most 60 characters
	Kind     string    `json:"kind"`   // fault, warning, note, unknown, or two of them with a slash
	Notice   string    `json:"notice"` // what the person notices, at most 40 characters
	Cause    string    `json:"cause"`  // the usual cause, at most 45 characters
	Words    []string  `json:"words"`  // what mail programs and servers show for this
	Since    string    `json:"since"`  // the version of mailmedic that first knew the code
	Sections []Section `json:"sections"`

	hints map[string]string // of the page's language
}

// Section is a part of a page. Every page has the same ones in the same order.
type Section struct {
	ID      string `json:"id"` // "how-to-fix-it": the English heading as a slug, in every language
	Heading string `json:"heading"`
	Text    string `json:"text"` // as in the file: paragraphs, lists, and commands that are indented by four blanks
}

// Library is the pages in one language.
type Library struct{ language language }

// In is the library of a language by its tag, as nb, and the English one for a language in
// which there are no pages.
func In(tag string) Library { return Library{speaks(tag)} }

// All reads every page in English.
func All() ([]Page, error) { return In("").All() }

// Find reads a page in English.
func Find(query string) (Page, bool) { return In("").Find(query) }

// All reads every page, in the order of the codes. A test reads them all, so that an
// error cannot come up in a released binary.
func (l Library) All() ([]Page, error) {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("list pages: %w", err)
	}
	var all []Page
	for _, entry := range entries {
		if entry.IsDir() {
			continue // the other languages
		}
		page, err := l.read(entry.Name())
		if err != nil {
			return nil, fmt.Errorf("read page %s: %w", entry.Name(), err)
		}
		all = append(all, page)
	}
	slices.SortFunc(all, func(a, b Page) int { return strings.Compare(a.Code, b.Code) })
	return all, nil
}

// read reads a page by the name of its file. What is the same in every language, as the
// slug and the sources, stands in the English one alone.
func (l Library) read(name string) (Page, error) {
	text, err := files.ReadFile(name)
	if err != nil {
		return Page{}, err
	}
	page, err := parse(string(text))
	if err != nil || l.language.folder == "" {
		return page, err
	}
	if text, err = files.ReadFile(l.language.folder + "/" + name); err != nil {
		return Page{}, err
	}
	return page.in(l.language, string(text))
}

// Find reads a code as people write it: MM303, mm-303, 303, or the slug. A code's page is
// the file of its name; only for a slug all of them are read.
func (l Library) Find(query string) (Page, bool) {
	if code := codeOf(query); code != "" {
		page, err := l.read(code + ".md")
		return page, err == nil
	}
	all, err := l.All()
	if err != nil {
		return Page{}, false
	}
	slug := slugOf(query)
	for _, page := range all {
		if page.Slug == slug {
			return page, true
		}
	}
	return Page{}, false
}

// Near names what somebody may have meant by a code or slug that does not exist,
// nearest first, at most three: codes for what looks like a code, else slugs.
func Near(query string) []string {
	all, err := All()
	if err != nil {
		return nil
	}
	typed, name, limit := codeOf(query), func(p Page) string { return p.Code }, 1
	if typed == "" {
		typed, name, limit = slugOf(query), func(p Page) string { return p.Slug }, len(query)/3
	}
	steps := map[string]int{}
	var near []string
	for _, page := range all {
		n := name(page)
		steps[n] = distance(typed, n)
		if strings.Contains(n, typed) && len(typed) > 2 {
			steps[n] = 0
		}
		if steps[n] <= limit {
			near = append(near, n)
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return steps[a] - steps[b] })
	return near[:min(len(near), 3)]
}

// Section gives the text under a heading, or nothing if the page has no such heading. In
// every language the section is asked for by its English heading.
func (p Page) Section(heading string) string {
	for _, s := range p.Sections {
		if s.is(heading) {
			return s.Text
		}
	}
	return ""
}

// is tells whether the section is the one with an English heading.
func (s Section) is(heading string) bool {
	return s.ID == slugOf(heading) || s.ID == "" && strings.EqualFold(s.Heading, heading)
}

// codeOf reads up to three digits, with or without "MM" before them, as a code. It is
// empty for anything else.
func codeOf(query string) string {
	q := strings.ToUpper(strings.TrimSpace(query))
	digits := strings.TrimLeft(strings.TrimPrefix(q, "MM"), "-_ ")
	if digits == "" || len(digits) > 4 || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return "MM" + digits
}

func slugOf(query string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(query), func(r rune) bool {
		return r == '-' || r == '_' || r == ' ' || r == '\t'
	}), "-")
}

// distance counts the letters to insert, delete or replace to get from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := before
			if a[i] != b[j] {
				replace++
			}
			before = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
