package report

import (
	"regexp"
	"strings"
	"testing"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
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

// Whoever listens hears with -v what others read there, without a table and from the left edge.
func TestSpokenDetails(t *testing.T) {
	for name, r := range situations() {
		got := text(t, r, TextOptions{Spoken: true, Verbose: 3})
		for line := range strings.Lines(got) {
			if line == "\n" || strings.HasPrefix(line, " ") || strings.Contains(line, "   ") {
				t.Errorf("%s: something is set in: %q", name, line)
			}
		}
		for _, s := range observed(r).Sessions {
			if !strings.Contains(got, "\n"+s.ID()+": "+s.Path.Host) {
				t.Errorf("%s: got nothing of %s, want its steps:\n%s", name, s.ID(), got)
			}
		}
	}
}

// What the text report says beside its table and its blocks is said to a listener too.
func TestSpokenSaysAll(t *testing.T) {
	for name, wanted := range map[string][]string{
		"healthy":               {"Tested: ", "Time: ", "Does your mail program still not work?"},
		"port25-note-simulated": {"SIMULATED (port-25-blocked). Nothing here is about your real mail."},
		"antivirus":             {"Login: "},
	} {
		got := text(t, situations()[name], TextOptions{Spoken: true})
		for _, want := range wanted {
			if !strings.Contains(got, "\n"+want) {
				t.Errorf("%s: got\n%s\nwant a line with %q", name, got, want)
			}
		}
	}
	r := situations()["port25-send"]
	e := observed(r)
	e.Logins = []evidence.Login{{Name: "anna@example.net", Form: evidence.Typed, Result: evidence.RejectedIn}, {Name: "anna", Form: evidence.Needed, Result: evidence.Accepted}}
	for i := range r.Findings {
		r.Findings[i].Rivals = []checks.Code{"MM306"}
	}
	got := text(t, r, TextOptions{Spoken: true})
	for _, want := range []string{"Login: as anna, after anna@example.net was rejected.", "type: mailmedic explain MM306"} {
		if !strings.Contains(strings.ReplaceAll(got, "\n", " "), want) {
			t.Errorf("got\n%s\nwant %q", got, want)
		}
	}
}

// Where the table has become lines there is no dash to explain.
func TestLegendWithoutTable(t *testing.T) {
	for _, width := range []int{40, 59, 80} {
		got := text(t, situations()["antivirus"], TextOptions{Width: width})
		if has, want := strings.Contains(got, "- = not tried."), width == 80; has != want || !strings.Contains(got, "Login: ") {
			t.Errorf("%d columns: it explains the dash: %t, want %t, and why there was no login:\n%s", width, has, want, got)
		}
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
