package report

import (
	"fmt"
	"slices"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// The support line must survive chat, phone notes and ticket systems that break
// lines at 80, also with its label in front.
const (
	supportLabel = "Support line: "
	supportMax   = 79 - len(supportLabel)
)

// Support is the whole report in one line for the helpdesk, at most 79 characters
// with its label: the line's version, the run, the verdict, then one word for each
// path and topic. A word ends in + when it works, in /303 when code MM303 stands
// against it, in - when it does not work and no code says why, in ? when it was not
// tested. A cause in front of all paths takes their place as net/101. Where there is
// no room, topics that are fine are left out, and paths of one protocol that fare
// alike are written as one: i/401.
func Support(r *Report) string {
	if r.pasted != nil {
		return r.pasted.String()
	}
	line := "MM1 " + clip(r.Run.ID, 12) + " " + statusWord(string(r.Verdict.Status))
	for _, word := range supportWords(r, supportMax-len(line)) {
		if len(line)+1+len(word) > supportMax {
			break
		}
		line += " " + word
	}
	return line
}

// clip keeps letters and digits of a run's id, at most max.
func clip(s string, max int) string {
	keep := func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			return c
		}
		return -1
	}
	s = strings.Map(keep, s)
	return s[:min(len(s), max)]
}

// supportWords fits the words of paths and topics into a room.
func supportWords(r *Report, room int) []string {
	var topics []string
	for _, t := range []string{"name" + nameSuffix(r), "log" + loginSuffix(r), "dir" + folderSuffix(r), "app" + programSuffix(r)} {
		if !strings.HasSuffix(t, "?") {
			topics = append(topics, t)
		}
	}
	paths := pathWords(r)
	if net := codeOf(r, '1'); net != "" && !reached(r) {
		paths = []string{"net" + net}
	}
	for i := len(topics) - 1; i >= 0 && length(paths, topics) > room; i-- {
		if strings.HasSuffix(topics[i], "+") {
			topics = slices.Delete(topics, i, i+1)
		}
	}
	if length(paths, topics) > room {
		paths = shared(r)
	}
	return append(paths, topics...)
}

// length counts the words with a blank before each.
func length(paths, topics []string) int {
	n := 0
	for _, word := range slices.Concat(paths, topics) {
		n += 1 + len(word)
	}
	return n
}

// reached tells whether any path got as far as a connection.
func reached(r *Report) bool {
	return slices.ContainsFunc(r.Paths, func(p Path) bool { return p.Steps.TCP == stepOK || p.Steps.TCP == stepWarning })
}

// pathWords writes a word for each path: i993+ s25/303.
func pathWords(r *Report) []string {
	var words []string
	for _, p := range r.Paths {
		words = append(words, letter(p)+fmt.Sprint(p.Port)+pathSuffix(r, p))
	}
	return words
}

// shared is pathWords with one word where all paths of a protocol fare alike.
func shared(r *Report) []string {
	suffixes := map[string][]string{}
	for _, p := range r.Paths {
		if s := pathSuffix(r, p); !slices.Contains(suffixes[letter(p)], s) {
			suffixes[letter(p)] = append(suffixes[letter(p)], s)
		}
	}
	var words []string
	for i, word := range pathWords(r) {
		l := letter(r.Paths[i])
		if len(suffixes[l]) == 1 {
			word = l + suffixes[l][0]
		}
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

func letter(p Path) string {
	if p.Protocol == profile.SMTP {
		return "s"
	}
	return "i"
}

// pathSuffix tells how a path fares. A cause that is about the name, the login or
// the folders has its own word and leaves the path alone.
func pathSuffix(r *Report, p Path) string {
	for _, f := range r.Findings {
		topic := len(f.Code) > 2 && strings.ContainsRune("06789", rune(f.Code[2]))
		if f.Root && !topic && p.Status != stepOK && slices.Contains(f.Paths, p.ID) {
			return "/" + digits(f)
		}
	}
	before := []string{p.Steps.DNS, p.Steps.TCP, p.Steps.Greeting, p.Steps.TLS, p.Steps.Capability}
	switch {
	case slices.Contains(before, stepProblem):
		return "-"
	case slices.Contains(before, stepSkipped):
		return "?"
	}
	return "+"
}

func nameSuffix(r *Report) string {
	if s := codeOf(r, '6'); s != "" {
		return s
	}
	return acceptedSuffix(r)
}

func loginSuffix(r *Report) string {
	if s := codeOf(r, '7'); s != "" {
		return s
	}
	return acceptedSuffix(r)
}

func acceptedSuffix(r *Report) string {
	if slices.ContainsFunc(observed(r).Logins, func(l evidence.Login) bool { return l.Result == evidence.Accepted }) {
		return "+"
	}
	return "?"
}

func folderSuffix(r *Report) string {
	if s := codeOf(r, '8'); s != "" {
		return s
	}
	if len(mailboxes(observed(r))) > 0 {
		return "+"
	}
	return "?"
}

// programSuffix tells of the settings of mail programs that were read.
func programSuffix(r *Report) string {
	for _, f := range counted(r) {
		if f.Params["program"] != "" {
			return "/" + digits(f)
		}
	}
	if len(observed(r).Clients) > 0 {
		return "+"
	}
	return "?"
}

// codeOf gives "/601" for the first root cause of a stage that weighs in the verdict.
func codeOf(r *Report, stage byte) string {
	for _, f := range counted(r) {
		if len(f.Code) > 2 && f.Code[2] == stage {
			return "/" + digits(f)
		}
	}
	return ""
}

func digits(f Finding) string { return clip(strings.TrimPrefix(string(f.Code), "MM"), 5) }
