package report

import (
	"fmt"
	"strings"
	"testing"
)

// TestMarks counts what stands between the marks, on every width, and holds it against what
// the last one says.
func TestMarks(t *testing.T) {
	hidden := Redaction{Level: "share", Hidden: map[string]int{
		hiddenAddress: 3, hiddenLogin: 12, hiddenFolder: 1840, hiddenComputer: 1, hiddenUser: 2, hiddenPublic: 4, hiddenMessage: 3,
	}}
	for name, r := range situations() {
		r.Run.ID = "K7Q-294-M"
		for _, with := range []Redaction{{}, {Hidden: map[string]int{hiddenAddress: 3, hiddenComputer: 1}}, hidden} {
			r.Redaction = with
			for _, width := range []int{0, 40, 59, 60, 72, 80, 200} {
				marked := text(t, r, TextOptions{Width: width, Marks: true})
				plain := text(t, r, TextOptions{Width: width})
				begin, rest, _ := strings.Cut(marked, "\n")
				inside, found := strings.CutPrefix(rest, plain)
				about := "mail report K7Q-294-M"
				if width != 0 && width < narrow {
					about = "K7Q-294-M"
				}
				if want := fmt.Sprintf("=== %s begins, %d lines ===", about, strings.Count(plain, "\n")); begin != want || !found {
					t.Fatalf("%s at width %d: begins with %q, want %q and the report as it is", name, width, begin, want)
				}
				if want := fmt.Sprintf("=== %s ends, %d lines", about, strings.Count(plain, "\n")); !strings.HasPrefix(inside, want) || !strings.HasSuffix(inside, " ===\n") {
					t.Errorf("%s at width %d: ends with %q, want %q", name, width, inside, want)
				}
				if limit := min(max(width, 40), 80); width != 0 && Width(strings.TrimSpace(inside)) > limit {
					t.Errorf("%s at width %d: the last mark has %d columns: %s", name, width, Width(strings.TrimSpace(inside)), inside)
				}
			}
		}
	}
	for _, c := range []struct {
		of   Redaction
		room int
		want string
	}{
		{Redaction{}, 80, ""},
		{Redaction{Hidden: map[string]int{hiddenComputer: 1, hiddenAddress: 3, hiddenUser: 0}}, 80, ", hidden: address 3, computer name 1"},
		{hidden, 40, ", hidden: address 3, login 12, more"},
		{hidden, 20, ", hidden: more"},
	} {
		if got := hiddenText(c.of, c.room); got != c.want {
			t.Errorf("%v in %d columns: got %q, want %q", c.of.Hidden, c.room, got, c.want)
		}
	}
	for _, o := range []TextOptions{{Marks: true, Quiet: true}} {
		if got := text(t, situations()["healthy"], o); strings.Contains(got, "===") {
			t.Errorf("the verdict alone has marks: %q", got)
		}
	}
	if got := text(t, Failed(64, Tool{}, "No such flag.", "Leave it out."), TextOptions{Marks: true}); strings.Contains(got, "===") {
		t.Errorf("an error has marks: %q", got)
	}
}
