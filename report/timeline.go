package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// timeline is when each path was at which step. Across, places are in per cent of the
// width, so that the letters stay as large as all others on the page; down, in pixels.
type timeline struct {
	Title, Text, Numbers string
	Height, Foot         int // of the picture, and where the axis is
	Rows                 []timeRow
	Ticks                []timeTick
	Legend               []sheetWord // each step and its colour
	Columns              []string    // of the same in numbers
}

type timeRow struct {
	Name, Words, Said string // what it is, how long it took, and the whole row read out
	Label, Top        int    // where the letters stand, and where the bars begin
	Class             string
	Bars              []timeBar
	Port              string
	Numbers           []string
}

type timeBar struct {
	Left, Width string
	Class, Said string
}

// timeTick is a line across the rows. Anchor says which side of its letters it is on.
type timeTick struct{ Left, Anchor, Text string }

// The heights of a row, of its bars, and of what stands above them, in pixels.
const (
	rowHeight = 40
	barTop    = 20
	letters   = 14
)

// newTimeline is nil where nothing was measured.
func newTimeline(r *Report, t *printer) *timeline {
	end := lastStep(r)
	if end == 0 {
		return nil
	}
	say := r.speak.Say
	names := []string{say("Find"), say("Reach"), say("Greeting"), say("Secure"), say("Offers"), say("Login"), say("Folders")}
	l := &timeline{
		Title: say("What took how long"), Text: say("One row for each port, one bar for each step."), Numbers: say("The same in numbers, in milliseconds"),
		Height: len(r.Paths)*rowHeight + 24, Foot: len(r.Paths) * rowHeight, Columns: append([]string{say("Port")}, names...),
	}
	for i, p := range r.Paths {
		row := l.row(r, t, p, names, end)
		row.Name = fmt.Sprintf("%d  %s", p.Port, t.use(r, p))
		row.Label, row.Top = i*rowHeight+letters, i*rowHeight+barTop
		l.Rows = append(l.Rows, row)
	}
	for i, name := range names {
		if l.has(stepClass(i)) {
			l.Legend = append(l.Legend, sheetWord{name, stepClass(i)})
		}
	}
	l.ticks(r, end)
	return l
}

// lastStep is where the axis ends: with the last step that was done. What failed later than
// that by far runs out of the picture, or a port that was waited for in vain would press
// all the others into a corner.
func lastStep(r *Report) int64 {
	var done, all int64
	for _, p := range r.Paths {
		for _, s := range stages(r, p) {
			if !s.timed {
				continue
			}
			all = max(all, s.at+s.took)
			if s.step.Done() {
				done = max(done, s.at+s.took)
			}
		}
	}
	if done > 0 && all > 2*done {
		return done + done/4
	}
	return all
}

// row has the bars of a path, cut off where the axis ends.
func (l *timeline) row(r *Report, t *printer, p Path, names []string, end int64) timeRow {
	row := timeRow{Port: fmt.Sprintf("%s %d", protocolName(p.Protocol), p.Port), Words: t.took(p), Class: "quiet"}
	said := []string{row.Port}
	for i, s := range stages(r, p) {
		if !s.timed {
			row.Numbers = append(row.Numbers, "-")
			continue
		}
		words, class := fmt.Sprintf("%s %d ms", names[i], s.took), stepClass(i)
		if s.word == stepProblem {
			words, class = words+", "+t.say("no"), "failed"
			row.Words, row.Class = t.say("no")+"  "+t.took(p), "bad"
		}
		said = append(said, words)
		row.Numbers = append(row.Numbers, fmt.Sprint(s.took))
		from, to := min(max(s.at, 0), end), min(max(s.at+s.took, 0), end)
		if from < end {
			row.Bars = append(row.Bars, timeBar{percent(from, end), percent(max(to-from, end/200), end), class, words})
		}
	}
	row.Said = strings.Join(said, ", ")
	return row
}

// has tells whether there is a bar of a colour.
func (l *timeline) has(class string) bool {
	return slices.ContainsFunc(l.Rows, func(row timeRow) bool {
		return slices.ContainsFunc(row.Bars, func(b timeBar) bool { return b.Class == class })
	})
}

func stepClass(i int) string { return fmt.Sprintf("s%d", i+1) }

func percent(part, whole int64) string {
	return fmt.Sprintf("%.2f%%", 100*float64(part)/float64(whole))
}

// mostParts is in how many parts the axis is divided.
const mostParts = 5

// ticks divides the axis at round numbers. It counts them, so that no length of it can keep
// it from coming to an end.
func (l *timeline) ticks(r *Report, end int64) {
	step := roundStep(end)
	for n := range int64(mostParts + 1) {
		at := n * step
		if at > end {
			return
		}
		tick := timeTick{Left: percent(at, end), Anchor: "middle", Text: r.speak.Say("%d ms", at)}
		if step >= 1000 {
			tick.Text = r.speak.Say("%d s", at/1000)
		}
		if at == 0 {
			tick.Anchor = "start"
		} else if at > end-end/10 {
			tick.Anchor = "end"
		}
		l.Ticks = append(l.Ticks, tick)
	}
}

// roundStep is 1, 2 or 5 with noughts behind it, and at least a fifth of the whole.
func roundStep(end int64) int64 {
	size := int64(math.Pow10(len(fmt.Sprint(max(end/mostParts, 1))) - 1))
	for _, n := range []int64{1, 2, 5, 10} {
		if n*size*mostParts >= end {
			return n * size
		}
	}
	return 10 * size
}
