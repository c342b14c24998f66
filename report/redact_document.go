package report

import (
	"reflect"
	"strings"
	"unicode/utf8"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// exampleAddress stands in hints and is nobody's.
const exampleAddress = "you@example.net"

// withAt are words with an "@" in them. What somebody took for an address may be none.
var withAt = pattern(`[^\s"'<>(),;=]*@[^\s"'<>(),;=]*`)

// Masked is what is shown of an address that may be none, as somebody typed it.
func Masked(word string, level Level) string {
	first := strings.IndexByte(word, '@')
	last := strings.LastIndexByte(word, '@')
	switch {
	case word == exampleAddress || first > 0 && Hidden(word[:first]) && level != Strict:
		return word
	case first < 0 && level == Strict:
		return "user-1"
	case first < 0:
		return initial(word) + "***"
	case level == Strict:
		return "user-1" + strings.Repeat("@", strings.Count(word, "@")) + "domain-1"
	}
	return initial(word[:first]) + "***" + strings.Repeat("@", strings.Count(word, "@")) + word[last+1:]
}

// maskedIn hides such words in a text and counts them.
func maskedIn(s string, level Level, done *Redaction) string {
	return withAt().ReplaceAllStringFunc(s, func(word string) string {
		core := strings.TrimRight(word, ".:!?")
		masked := Masked(core, level)
		if utf8.RuneCountInString(core) < 2 || masked == core {
			return word
		}
		done.Hidden[hiddenAddress]++
		return masked + word[len(core):]
	})
}

// Scrub hides in a report what can be told to be somebody's where there is no evidence to
// judge anew: in the document of a run that could not start, and in a part of one.
func Scrub(r *Report, level Level) *Report {
	less := copied(reflect.ValueOf(r)).Interface().(*Report)
	done := Redaction{Level: string(level), Hidden: less.Redaction.Hidden}
	if done.Hidden == nil {
		done.Hidden = map[string]int{}
	}
	account := profile.Account{Address: r.Input.Address}
	if r.Input.Login != nil {
		account.Login = *r.Input.Login
	}
	n := newNames(&evidence.Evidence{Account: account}, Level(r.Redaction.Level), level, done.Hidden)
	scrub := func(s string) string { return n.words(maskedIn(s, level, &done), false) }
	eachText(reflect.ValueOf(less).Elem(), member{}, func(s string, at member) string {
		if at.of == reflect.TypeFor[Tool]() || at.of == reflect.TypeFor[Run]() || at.of == reflect.TypeFor[Path]() {
			return s
		}
		return scrub(s)
	})
	for _, f := range less.Findings {
		for key, value := range f.Params {
			f.Params[key] = scrub(value)
		}
	}
	less.Redaction = done
	return less
}
