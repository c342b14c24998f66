package report

import (
	"regexp"
	"strings"
	"testing"
)

// Whoever listens hears every fact of the text report, and nothing that is drawn.
func TestSpoken(t *testing.T) {
	for name, r := range situations() {
		t.Run(name, func(t *testing.T) {
			got := text(t, r, TextOptions{Spoken: true, Color: true})
			golden(t, name+".spoken", got)
			for line := range strings.Lines(got) {
				if !regexp.MustCompile(`^[A-Za-z0-9(]`).MatchString(line) {
					t.Errorf("a line begins with no word: %q", line)
				}
				if regexp.MustCompile(`---|==|\x1b|\r| {2}|\bok\b|MM\d{3}:`).MatchString(line) {
					t.Errorf("something is drawn or shortened: %q", line)
				}
			}
			for _, f := range counted(r) {
				if !strings.Contains(got, spelled(f.Code)) {
					t.Errorf("%s is not said:\n%s", f.Code, got)
				}
			}
			for _, p := range r.Paths {
				if shown(r) && strings.Count(got, "\nPort "+portOf(p.ID)+",") != 1 {
					t.Errorf("port %s is not said once:\n%s", portOf(p.ID), got)
				}
			}
		})
	}
}

// A theme changes escape codes and not a letter.
func TestThemes(t *testing.T) {
	r := situations()["port25-send"]
	plain := text(t, r, TextOptions{})
	seen := map[string]string{}
	for _, theme := range Themes() {
		got := text(t, r, TextOptions{Color: true, Theme: theme})
		if stripped := regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(got, ""); stripped != plain {
			t.Errorf("theme %s without its colours:\n%s\nwant\n%s", theme, stripped, plain)
		}
		if other, twice := seen[got]; twice {
			t.Errorf("the themes %s and %s look the same", other, theme)
		}
		seen[got] = theme
		if theme == "cb" && strings.Contains(got, "\x1b[32m") || theme == "mono" && regexp.MustCompile(`\x1b\[(3[0-7]|9[0-7])`).MatchString(got) {
			t.Errorf("theme %s uses a colour that it is to do without", theme)
		}
	}
}
