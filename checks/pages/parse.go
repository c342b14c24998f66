package pages

import (
	"fmt"
	"slices"
	"strings"
)

// headings are the sections of every page, in order.
func headings() []string {
	return []string{
		"In short", "How mailmedic knows", "How to fix it", "What else it could be",
		byHand, "For the helpdesk", "See also", "Sources",
	}
}

// parse reads a page: a line with code and slug, lines of "key: value", then the
// sections, each under a line that begins with "## ".
func parse(text string) (Page, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	head, body, _ := strings.Cut(text, "\n## ")
	page, err := parseHead(head)
	if err != nil {
		return Page{}, err
	}
	for _, part := range strings.Split(body, "\n## ") {
		heading, text, _ := strings.Cut(part, "\n")
		section := Section{strings.TrimSpace(heading), strings.Trim(text, "\n")}
		if section.Text == "" {
			return Page{}, fmt.Errorf("section %q is empty", section.Heading)
		}
		page.Sections = append(page.Sections, section)
	}
	found := make([]string, len(page.Sections))
	for i, s := range page.Sections {
		found[i] = s.Heading
	}
	if !slices.Equal(found, headings()) {
		return Page{}, fmt.Errorf("sections are %q, want %q", found, headings())
	}
	return page, nil
}

func parseHead(head string) (Page, error) {
	first, rest, _ := strings.Cut(head, "\n")
	name := strings.Fields(strings.TrimPrefix(first, "# "))
	if !strings.HasPrefix(first, "# ") || len(name) != 2 {
		return Page{}, fmt.Errorf("first line is %q, want \"# CODE slug\"", first)
	}
	page := Page{Code: name[0], Slug: name[1]}
	words := ""
	into := map[string]*string{
		"title": &page.Title, "kind": &page.Kind, "notice": &page.Notice,
		"cause": &page.Cause, "words": &words, "since": &page.Since,
	}
	for line := range strings.SplitSeq(strings.TrimSpace(rest), "\n") {
		key, value, _ := strings.Cut(line, ":")
		field, known := into[key]
		if !known {
			return Page{}, fmt.Errorf("unknown key %q", key)
		}
		*field = strings.TrimSpace(value)
	}
	for key, field := range into {
		if *field == "" {
			return Page{}, fmt.Errorf("%s is missing", key)
		}
	}
	for phrase := range strings.SplitSeq(words, ";") {
		page.Words = append(page.Words, strings.TrimSpace(phrase))
	}
	return page, nil
}
