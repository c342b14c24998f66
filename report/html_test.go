package report

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
)

// checkHTML reads a page as a browser does and holds what every page must be.
func checkHTML(t *testing.T, r *Report) (text string) {
	t.Helper()
	var b strings.Builder
	if err := HTML(&b, r); err != nil {
		t.Fatalf("HTML: %v", err)
	}
	if i := strings.IndexFunc(b.String(), func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }); i >= 0 {
		t.Errorf("a character that cannot be seen stands in the page at %d: %q", i, b.String()[i:min(i+20, b.Len())])
	}
	root, err := html.Parse(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	p := seenPage{ids: map[string]bool{}}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			p.element(t, n)
		} else if n.Type == html.TextNode && n.Parent.Data != "style" {
			text += n.Data + " "
		}
	}
	for _, id := range p.wanted {
		if !p.ids[id] {
			t.Errorf("a label is said to be in %q, and there is no such element", id)
		}
	}
	if p.headings[1] != 1 {
		t.Errorf("got %d headings of the first level, want one", p.headings[1])
	}
	if p.policy == "" || !strings.HasPrefix(p.policy, "default-src 'none'; style-src 'unsafe-inline'") {
		t.Errorf("got the policy %q, want one that lets nothing in", p.policy)
	}
	return text
}

// seenPage is what a reader has met so far.
type seenPage struct {
	ids      map[string]bool
	wanted   []string
	headings [7]int
	level    int
	policy   string
}

// element checks one element. None may act, load or lead away.
func (p *seenPage) element(t *testing.T, n *html.Node) {
	t.Helper()
	known := strings.Fields("html head meta title style body header footer main section article div span h1 h2 h3 p ul ol li dl dt dd code pre table thead tbody tr th td details summary svg desc defs pattern path text rect line")
	if !slices.Contains(known, n.Data) {
		t.Errorf("<%s> stands in the page, want none but %v", n.Data, known)
	}
	if level, err := strconv.Atoi(strings.TrimPrefix(n.Data, "h")); err == nil {
		if level > p.level+1 {
			t.Errorf("<%s> stands below a heading of level %d", n.Data, p.level)
		}
		p.headings[level], p.level = p.headings[level]+1, level
	}
	given := map[string]string{}
	for _, a := range n.Attr {
		given[a.Key] = a.Val
		if strings.HasPrefix(a.Key, "on") || slices.Contains(strings.Fields("src href style action srcdoc"), a.Key) {
			t.Errorf("<%s %s=%q> stands in the page", n.Data, a.Key, a.Val)
		}
		if a.Key == "id" {
			if p.ids[a.Val] {
				t.Errorf("the id %q is there twice", a.Val)
			}
			p.ids[a.Val] = true
		}
		if a.Key == "aria-labelledby" {
			p.wanted = append(p.wanted, strings.Fields(a.Val)...)
		}
	}
	switch {
	case n.Data == "html" && given["lang"] == "":
		t.Error("the page does not say its language")
	case n.Data == "th" && given["scope"] == "":
		t.Error("a heading of a table does not say what it is of")
	case given["http-equiv"] == "Content-Security-Policy":
		p.policy = given["content"]
	}
}

func TestHTML(t *testing.T) {
	for name, r := range situations() {
		text := strings.Join(strings.Fields(checkHTML(t, r)), " ")
		wants := []string{statusWord(string(r.Verdict.Status)), r.Verdict.Headline, Support(r)}
		for _, f := range counted(r) {
			wants = append(wants, string(f.Code), f.Title, f.Message)
			wants = append(wants, f.Actions...)
		}
		for _, want := range wants {
			if !strings.Contains(text, strings.Join(strings.Fields(want), " ")) {
				t.Errorf("%s: the page does not say %q", name, want)
			}
		}
		if strings.Contains(text, "Used for") != shown(r) || strings.Contains(text, "What took how long") != shown(r) {
			t.Errorf("%s: the page shows the ports, or the text does, and the other does not", name)
		}
		if strings.Contains(text, "SIMULATED") != r.Run.Simulated {
			t.Errorf("%s: simulated %t, and the page says otherwise", name, r.Run.Simulated)
		}
	}
	text := checkHTML(t, Failed(64, Tool{Version: "1.0.0"}, "unknown <flag>", "look it up"))
	if !strings.Contains(text, "unknown <flag>") || !strings.Contains(text, "look it up") {
		t.Errorf("got %q, want what is wrong and what to do", text)
	}
}

// TestTimeline: bars begin and end where their steps did, and one that was waited for in
// vain does not press the others into a corner.
func TestTimeline(t *testing.T) {
	r := situations()["port25-send"]
	l := newTimeline(r, newPrinter(TextOptions{}, r.speak))
	if len(l.Rows) != 6 {
		t.Fatalf("got %d rows, want 6", len(l.Rows))
	}
	end := 249.0 + 62 // the folders of 993 were there at 249 ms, and a quarter of that is left
	for i, want := range []timeBar{
		{Left: percentage(2, end), Width: percentage(12, end), Class: "s1"}, {Left: percentage(14, end), Width: percentage(21, end), Class: "s2"},
		{Left: percentage(36, end), Width: percentage(23, end), Class: "s3"}, {Left: percentage(80, end), Width: percentage(44, end), Class: "s4"},
	} {
		if got := l.Rows[0].Bars[i]; got.Left != want.Left || got.Width != want.Width || got.Class != want.Class {
			t.Errorf("bar %d of 993: got %+v, want %+v", i, got, want)
		}
	}
	last := l.Rows[5].Bars[len(l.Rows[5].Bars)-1]
	if want := (timeBar{percentage(14, end), percentage(end-14, end), "failed", "Reach 10000 ms, no"}); last != want {
		t.Errorf("the last bar of 25: got %+v, want %+v", last, want)
	}
	for _, end := range []int64{1, 4, 99, 311, 12345, math.MaxInt64} {
		var axis timeline
		axis.ticks(r, end)
		if got := len(axis.Ticks); got < 2 || got > mostParts+1 {
			t.Errorf("an axis of %d ms: got %d marks, want 2 to %d", end, got, mostParts+1)
		}
	}
	if got := newTimeline(Failed(64, Tool{}, "", ""), newPrinter(TextOptions{}, nil)); got != nil {
		t.Errorf("got %+v where nothing was measured, want none", got)
	}
}

func percentage(part, whole float64) string { return fmt.Sprintf("%.2f%%", 100*part/whole) }

func TestTicks(t *testing.T) {
	for end, want := range map[int64]int64{1: 1, 4: 1, 5: 1, 6: 2, 311: 100, 500: 100, 501: 200, 9999: 2000, 10014: 5000, 45000: 10000} {
		if got := roundStep(end); got != want {
			t.Errorf("%d ms: got a tick each %d ms, want %d", end, got, want)
		}
	}
}

// TestContrast holds every colour of letters against every ground that they may stand on,
// by the formula of WCAG 2.2 for relative luminance, and the bars against theirs: 4.5 and
// 3 are what sections 1.4.3 and 1.4.11 ask for.
func TestContrast(t *testing.T) {
	letters, grounds, bars := usedIn(`[;{ ](?:color|fill): var\(--(\w+)\)`), usedIn(`background: var\(--(\w+)\)`), []string{"bad"}
	for i := range 7 {
		bars = append(bars, fmt.Sprintf("s%d", i+1))
	}
	isBar := func(name string) bool { return len(name) == 2 && name[0] == 's' }
	letters = slices.DeleteFunc(letters, func(name string) bool { return isBar(name) || name == "paper" }) // paper is what a bar lies on
	grounds = slices.DeleteFunc(grounds, isBar)
	if len(letters) < 6 || len(grounds) != 2 {
		t.Fatalf("got letters %v on %v, want all of the page", letters, grounds)
	}
	for scheme, colours := range schemes(t) {
		for _, ground := range grounds {
			for _, name := range letters {
				if got := contrast(colours[name], colours[ground]); got < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f, want 4.5", scheme, name, ground, got)
				}
			}
			for _, name := range bars {
				if got := contrast(colours[name], colours[ground]); got < 3 {
					t.Errorf("%s: bar %s on %s has a contrast of %.2f, want 3", scheme, name, ground, got)
				}
			}
		}
	}
}

// usedIn lists the colours that stand in a place of the page.
func usedIn(place string) (names []string) {
	for _, m := range regexp.MustCompile(place).FindAllStringSubmatch(sheetLayout, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// schemes reads the two lists of colours.
func schemes(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	lists := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllStringSubmatch(sheetLayout, -1)
	if len(lists) != 2 {
		t.Fatalf("got %d lists of colours, want one for light and one for dark", len(lists))
	}
	for i, scheme := range []string{"light", "dark"} {
		all[scheme] = map[string]string{}
		for _, m := range regexp.MustCompile(`--(\w+): (#[0-9a-f]{6});`).FindAllStringSubmatch(lists[i][1], -1) {
			all[scheme][m[1]] = m[2]
		}
	}
	if len(all["light"]) != len(all["dark"]) {
		t.Fatalf("got %d colours for light and %d for dark", len(all["light"]), len(all["dark"]))
	}
	return all
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(colour string) float64 {
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			panic(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
