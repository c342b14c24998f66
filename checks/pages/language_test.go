package pages

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func mustAllIn(t *testing.T, tag string) []Page {
	t.Helper()
	all, err := In(tag).All()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// inBoth gives a test each page in English and in Norwegian.
func inBoth(t *testing.T, test func(t *testing.T, en, nb Page)) {
	t.Helper()
	english, norwegian := mustAll(t), mustAllIn(t, "nb")
	if len(english) != len(norwegian) || len(english) == 0 {
		t.Fatalf("got %d pages in English and %d in Norwegian", len(english), len(norwegian))
	}
	for i, en := range english {
		test(t, en, norwegian[i])
	}
}

// A page of one language without its fellow would be found in the one and not in the other.
func TestEveryPageIsInBothLanguages(t *testing.T) {
	english, err := files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	norwegian, err := files.ReadDir(bokmal().folder)
	if err != nil {
		t.Fatal(err)
	}
	var en, nb []string
	for _, entry := range english {
		if !entry.IsDir() {
			en = append(en, entry.Name())
		}
	}
	for _, entry := range norwegian {
		nb = append(nb, entry.Name())
	}
	if !slices.Equal(en, nb) {
		t.Errorf("got the Norwegian pages\n%q\nwant\n%q", nb, en)
	}
}

func TestIn(t *testing.T) {
	for tag, want := range map[string]string{"": "In short", "en": "In short", "de": "In short", "nb": "Kort fortalt", "../nb": "In short"} {
		if p, _ := In(tag).Find("303"); len(p.Sections) == 0 || p.Sections[0].Heading != want {
			t.Errorf("in %q: got the sections %+v, want %q first", tag, p.Sections, want)
		}
	}
}

// TestPagesAgree: what one language tells, the other tells too, in as many items and steps
// and with the same commands.
func TestPagesAgree(t *testing.T) {
	inBoth(t, func(t *testing.T, en, nb Page) {
		if nb.Code != en.Code || nb.Slug != en.Slug || nb.Kind != en.Kind || nb.Since != en.Since {
			t.Errorf("%s: got %s %s, %s since %s", en.Code, nb.Code, nb.Slug, nb.Kind, nb.Since)
		}
		for i, s := range en.Sections {
			other := nb.Sections[i]
			if want := bokmal().headings[i]; other.ID != s.ID || other.Heading != want {
				t.Errorf("%s: section %d is %s %q, want %s %q", en.Code, i+1, other.ID, other.Heading, s.ID, want)
			}
			if nb.Section(s.Heading) != other.Text {
				t.Errorf("%s: the section %q is not found by its English heading", en.Code, s.Heading)
			}
			for what, of := range parts() {
				if got, want := of(other.Text), of(s.Text); !slices.Equal(got, want) {
					t.Errorf("%s, %s: got the %s %q, want %q as in English", en.Code, other.Heading, what, got, want)
				}
			}
		}
	})
}

// parts are what a section has in every language.
func parts() map[string]func(text string) []string {
	match := func(pattern string) func(string) []string {
		re := regexp.MustCompile(pattern)
		return func(text string) []string {
			found := re.FindAllString(text, -1)
			slices.Sort(found)
			return found
		}
	}
	return map[string]func(string) []string{
		"codes": func(text string) []string {
			return slices.Compact(match(`MM\d{3}`)(text))
		},
		"placeholders": match(`\{[a-z-]+\}`),
		"items":        match(`(?m)^- `),
		"steps":        match(`(?m)^\d+\. `),
		"code marks":   match("`"),
		"commands": func(text string) []string { // in their order
			return regexp.MustCompile(`(?m)^(    |<!--).*$`).FindAllString(text, -1)
		},
	}
}

func TestNorwegianCommandsAreTheEnglishOnes(t *testing.T) {
	inBoth(t, func(t *testing.T, en, nb Page) {
		for _, at := range []Place{{}, {Host: "mail.example", Port: 587, Protocol: "smtp", Encryption: "starttls", Login: "alice"}} {
			if got, want := nb.Commands(at), en.Commands(at); !slices.Equal(got, want) || len(want) == 0 && at.Host == "" {
				t.Errorf("%s: got the commands %q, want %q", en.Code, got, want)
			}
		}
	})
}

// A hint that stays English would stand among Norwegian sentences.
func TestHintsAreInTheLanguageOfThePage(t *testing.T) {
	if en, nb := english().hints, bokmal().hints; !slices.Equal(slices.Sorted(maps.Keys(en)), slices.Sorted(maps.Keys(nb))) {
		t.Errorf("got hints for %q, want them for %q", slices.Collect(maps.Keys(nb)), slices.Collect(maps.Keys(en)))
	}
	for tag, want := range map[string]string{"en": "For 143 and 1143 add", "nb": "For 143 og 1143 legger du til"} {
		p, _ := In(tag).Find("MM404")
		if got := p.At(Place{}).Section(byHand); !strings.Contains(got, want) {
			t.Errorf("%s: got\n%s\nwant it to say %q", tag, got, want)
		}
		if got := p.At(Place{Encryption: "tls"}).Section(byHand); strings.Contains(got, want) {
			t.Errorf("%s: got %q where the path is known", tag, want)
		}
	}
}

// Programs and servers speak English, whoever looks at them.
func TestNorwegianPagesHaveTheEnglishWordsToo(t *testing.T) {
	inBoth(t, func(t *testing.T, en, nb Page) {
		own := len(nb.Words) - len(en.Words)
		if own < 1 || !slices.Equal(nb.Words[own:], en.Words) || slices.Contains(nb.Words, "") {
			t.Errorf("%s: got the words %q, want some, then %q", en.Code, nb.Words, en.Words)
		}
	})
}

func TestParseNamesWhatIsWrongInATranslation(t *testing.T) {
	en, _ := Find("MM303")
	head, body := "# MM303\ntitle: T\nnotice: n\ncause: c\nwords: w; v\n", ""
	for _, h := range bokmal().headings[:6] {
		body += "\n## " + h + "\ntekst\n"
	}
	p, err := en.in(bokmal(), head+body)
	if err != nil || p.Title != "T" || p.Words[1] != "v" || p.Section("sources") != en.Section("Sources") || en.Title == "T" {
		t.Fatalf("got %+v, error %v", p, err)
	}
	for _, test := range []struct{ text, want string }{
		{strings.Replace(head, "303", "304", 1) + body, `want "# MM303"`},
		{strings.Replace(head, "MM303", "MM303 smtp-port-blocked", 1) + body, `want "# MM303"`},
		{strings.Replace(head, "title", "kind: fault\ntitle", 1) + body, `unknown key "kind"`},
		{strings.Replace(head, "words: w; v\n", "", 1) + body, "words is missing"},
		{head + strings.Replace(body, "Kort fortalt", "In short", 1), "sections are"},
		{head + body + "\n## Kilder\ntekst\n", "sections are"},
	} {
		if _, err := en.in(bokmal(), test.text); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got error %v, want one with %q", err, test.want)
		}
	}
}
