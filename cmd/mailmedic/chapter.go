package main

import (
	"regexp"
	"strings"

	"mailmedic/report"
	"mailmedic/report/messages"
)

// chapter says a longer text of help in the reader's language. It is laid out as the manual
// page reads it too: a line is a paragraph, set in it is there to be typed, and with a gap
// behind a name it explains that name. So each paragraph and each explanation is a message
// by itself, and what is typed stays the same in every language.
func chapter(text string, speak *messages.Speaker) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		words := strings.TrimSuffix(line, "\n")
		kept, said := prose(words)
		if name := saidName(kept); name != "" {
			kept = "  " + padded(speak.Recorded(name), report.Width(kept)-len("  "))
		}
		b.WriteString(kept + speak.Recorded(said) + line[len(words):])
	}
	return b.String()
}

// prose parts a line of a chapter into what stands as it is, and what is said.
func prose(line string) (kept, said string) {
	inner, in := strings.CutPrefix(line, "  ")
	if !in {
		return "", line
	}
	name, text, gap := strings.Cut(inner, "  ")
	if !gap || name == "" {
		return line, ""
	}
	said = strings.TrimLeft(text, " ")
	return line[:len(line)-len(said)], said
}

// saidName is the name of an explanation that nobody types, as "bad, then works": it is
// said too. Names of variables and files, and values, are none.
func saidName(kept string) string {
	name := strings.TrimSpace(kept)
	if !regexp.MustCompile(`^[a-z]+(,? [a-z]+)+$`).MatchString(name) {
		return ""
	}
	return name
}
