package main

import (
	"fmt"
	"slices"
	"strings"

	mail "mailmedic/checks/program"
	"mailmedic/checks/say"
	"mailmedic/report"
	"mailmedic/report/messages"
)

// besideKey is the column in which a value starts behind the name of its setting.
const besideKey = 34

// group is the settings that stand in one place of an app.
type group struct {
	place string
	rows  [][2]string // name of the setting, and its value
}

// grouped collects steps by the place that their paths share, in the order in which the
// places come up: "Account Settings > Server Settings" holds server name, port and login.
func grouped(steps []step) []group {
	var groups []group
	for _, s := range steps {
		place, name := cutPath(s.Where)
		value := s.said
		if s.Remark != "" {
			value += " (" + s.Remark + ")"
		}
		at := slices.IndexFunc(groups, func(g group) bool { return g.place == place })
		if at < 0 {
			at, groups = len(groups), append(groups, group{place: place})
		}
		groups[at].rows = append(groups[at].rows, [2]string{visible(name), visible(value)})
	}
	return groups
}

// cutPath parts a menu path before its last name, or a file from its key.
func cutPath(where string) (place, name string) {
	if at := strings.LastIndex(where, " > "); at >= 0 {
		return where[:at], where[at+len(" > "):]
	}
	if place, name, found := strings.Cut(where, ": "); found {
		return place, name
	}
	return "", where
}

// guideText is the guide as a person reads it, in lines that fold can break.
func (a advised) guideText(speak *messages.Speaker, width int) string {
	t, g := &sheet{speak: speak, width: width}, a.Guide
	t.line("Settings for %s in %s", visible(t.say(a.who())), g.Title)
	for _, told := range g.Told {
		t.WriteString(visible(told) + "\n")
	}
	if a.Successor != "" && g.Report == "" {
		t.line(newerSettings, fmt.Sprintf("mailmedic settings %s--provider %s --app %s", forAddress(a.Address), a.Successor, g.App))
	}
	if a.Guessed {
		t.line(guessedSettings)
	}
	switch {
	case a.Address == "":
		t.line("With your address, the login name too:  mailmedic settings you@example.net --app %s", g.App)
	case g.Report == "":
		t.line("Only what works from here:  --test")
	}
	if slices.ContainsFunc(g.Files, func(f made) bool { return f.Written != "" }) {
		t.files(g)
		return t.String()
	}
	app, _ := mail.Find(g.App)
	t.WriteString("\n")
	t.line("A new account: %s", app.Begin)
	for _, group := range grouped(g.Steps) {
		if group.place != "" {
			fmt.Fprintf(t, "\n%s\n", group.place)
		} else {
			t.WriteString("\n")
		}
		for _, row := range group.rows {
			t.setting(row[0], row[1])
		}
	}
	if len(g.Notes) > 0 {
		t.heading(goodToKnow)
		for _, note := range g.Notes {
			code, text, _ := strings.Cut(note, ": ")
			t.row(besideCode, code, visible(text))
		}
	}
	t.files(g)
	return t.String()
}

// setting writes the name of a setting and its value, below the name if that is long.
func (t *sheet) setting(name, value string) {
	if report.Width(name) > besideKey-4 {
		fmt.Fprintf(t, "  %s\n      %s\n", name, value)
		return
	}
	fmt.Fprintf(t, "  %s  %s\n", padded(name, besideKey-4), value)
}

// files names those that were written, or says how to get them.
func (t *sheet) files(g *guide) {
	for _, f := range g.Files {
		if f.Written == "" {
			t.heading("The same as a file:  --files FOLDER")
			return
		}
		t.heading(say.With("Written: %s", visible(f.Written)))
		t.line("Its first lines say where it belongs. No password is in it.")
	}
}
