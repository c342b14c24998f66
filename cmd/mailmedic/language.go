package main

import (
	"cmp"
	"strings"

	"mailmedic/report/messages"
)

// language is the one that the user reads: that of --lang anywhere on the line, which also
// holds for what is wrong with the rest of it, else that of the variables in POSIX's order,
// else that of the system.
func language(words []string, env lookup) messages.Language {
	if l := langFlag(words); l != "" {
		return messages.ForLocale(l)
	}
	if l := env("MAILMEDIC_LANG"); known(l) {
		return messages.ForLocale(l)
	}
	locale := cmp.Or(env("LC_ALL"), env("LC_MESSAGES"), env("LANG"))
	for l := range strings.SplitSeq(env("LANGUAGE"), ":") {
		if known(l) && !unset(locale) {
			return messages.ForLocale(l)
		}
	}
	return messages.ForLocale(cmp.Or(locale, systemLanguage()))
}

// unset tells whether a locale is that of no language, in which GNU's gettext does not ask
// LANGUAGE (its manual, section 2.3.3).
func unset(locale string) bool {
	tag := tagOf(locale)
	return tag == "" || tag == "c" || tag == "posix"
}

// known tells whether a locale is of a language that is spoken here.
func known(locale string) bool {
	return messages.ForLocale(locale) != messages.English || tagOf(locale) == string(messages.English)
}

// tagOf is the language of a locale: "nb" of "nb_NO.UTF-8".
func tagOf(locale string) string {
	tag := strings.ToLower(locale)
	if cut := strings.IndexAny(tag, "_-.@"); cut >= 0 {
		tag = tag[:cut]
	}
	return tag
}

// langFlag finds the value of --lang, or "".
func langFlag(words []string) string {
	for i, word := range words {
		if word == "--" {
			return ""
		}
		if value, found := strings.CutPrefix(word, "--lang="); found {
			return value
		}
		if word == "--lang" && i+1 < len(words) {
			return words[i+1]
		}
	}
	return ""
}

// spoken refuses a --lang that nobody here speaks. A locale that is not spoken is answered in
// English, because it was not chosen for mailmedic; a flag was.
func spoken(words []string) error {
	l := langFlag(words)
	if l == "" || known(l) {
		return nil
	}
	return oneOf("--lang", l, tags()...)
}

// tags lists what --lang knows.
func tags() []string {
	var all []string
	for _, l := range messages.Languages() {
		all = append(all, string(l))
	}
	return all
}
