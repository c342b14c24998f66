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
	return messages.ForLocale(cmp.Or(env("MAILMEDIC_LANG"), env("LC_ALL"), env("LC_MESSAGES"), env("LANG"), systemLanguage()))
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
	tag := strings.ToLower(l)
	if cut := strings.IndexAny(tag, "_-.@"); cut >= 0 {
		tag = tag[:cut]
	}
	if l == "" || messages.ForLocale(l) != messages.English || tag == string(messages.English) {
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
