// Package messages says things in the reader's language: the English words of a message
// are its name in a catalogue for each other language, in gettext's format, which
// translators have tools for.
package messages

import (
	"embed"
	"slices"
	"strings"

	"github.com/leonelquinteros/gotext"

	"mailmedic/checks/say"
)

//go:embed *.po
var catalogues embed.FS

// Language is one that mailmedic speaks, by its tag (RFC 5646).
type Language string

// The languages. Each is whole: a test refuses a message that one of them lacks.
const (
	English Language = "en"
	Bokmal  Language = "nb"
)

// Languages lists them.
func Languages() []Language { return []Language{English, Bokmal} }

// ForLocale is the language of a locale as POSIX writes it, "nb_NO.UTF-8", and English for
// one that mailmedic does not speak. Norwegian without saying which, and Nynorsk, which is
// written Norwegian too, are answered in Bokmål.
func ForLocale(locale string) Language {
	tag := strings.ToLower(locale)
	if cut := strings.IndexAny(tag, "_-.@"); cut >= 0 {
		tag = tag[:cut]
	}
	if slices.Contains([]string{"no", "nn"}, tag) {
		return Bokmal
	}
	if slices.Contains(Languages(), Language(tag)) {
		return Language(tag)
	}
	return English
}

// Speaker says things in one language. A nil Speaker speaks English.
type Speaker struct {
	language  Language
	catalogue *gotext.Po
}

// In speaks a language. One that there is no catalogue for is spoken in English.
func In(l Language) *Speaker {
	data, err := catalogues.ReadFile(string(l) + ".po")
	if err != nil {
		return nil
	}
	s := &Speaker{language: l, catalogue: gotext.NewPo()}
	s.catalogue.Parse(data)
	return s
}

// Language is the one that is spoken.
func (s *Speaker) Language() Language {
	if s == nil {
		return English
	}
	return s.language
}

// Say says a text, with values in its gaps if there are any.
func (s *Speaker) Say(t say.Text, values ...any) string {
	if len(values) > 0 {
		t = say.With(t, values...)
	}
	if s == nil {
		return t.String()
	}
	return t.In(say.Language{Words: s.words, Comma: s.language == Bokmal})
}

// Count says a message about n things: one of a single one, many of any other number.
func (s *Speaker) Count(n int, one, many say.Text, values ...any) string {
	return s.Say(say.Count(n, one, many, values...))
}

// Recorded says a message that is known by its English words alone: where it was written
// down, or where somebody else's type has room for a string only. There are no gaps in it.
func (s *Speaker) Recorded(english string) string {
	if s == nil || english == "" { // gettext keeps its head under no words
		return english
	}
	return s.words(say.Text(english), "", 0)
}

// words looks a message up. What is missing is said in English, though a test sees to it
// that nothing is: a report of an older version holds words that are not in the catalogue.
func (s *Speaker) words(one, many say.Text, n int) string {
	if many != "" {
		return s.catalogue.GetN(string(one), string(many), n)
	}
	return s.catalogue.GetN(string(one), string(one), 1) // vet takes Get for a printf
}

// Lacks tells whether the language has no words for a message.
func (s *Speaker) Lacks(one, many say.Text) bool {
	if s == nil {
		return false
	}
	if many != "" {
		return !s.catalogue.IsTranslatedN(string(one), 1) || !s.catalogue.IsTranslatedN(string(one), 2)
	}
	return !s.catalogue.IsTranslated(string(one))
}
