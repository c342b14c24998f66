package report

import (
	"fmt"
	"io"
	"mime/quotedprintable"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"mailmedic/checks"
)

// marked is a report as it is saved: the text between its two marks.
func marked(t *testing.T, r *Report, width int) string {
	t.Helper()
	body := text(t, r, TextOptions{Width: width})
	lines := strings.Count(body, "\n")
	return fmt.Sprintf("=== mail report %s begins ===\n%s=== mail report %s ends, %d lines, hidden: address 3, computer name 1 ===\n", r.Run.ID, body, r.Run.ID, lines)
}

// reflow breaks every line that is longer than width, as a mail program does.
func reflow(s string, width int) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, "\n")
		if line == "" {
			b.WriteString("\n")
		}
		for _, part := range Wrap(line, width) {
			b.WriteString(part + "\n")
		}
	}
	return b.String()
}

// quote puts a mark in front of every line.
func quote(s, mark string) string {
	return mark + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n"+mark) + "\n"
}

// smart does what word processors do to quotes, dashes and blanks.
func smart(s string) string {
	return strings.NewReplacer(`"`, "\u201D", "'", "\u2019", "--", "\u2014", "  ", "\u00A0 ", " - ", " \u2013 ").Replace(s)
}

func paste(t *testing.T, s string) (*Report, Part) {
	t.Helper()
	r, part, err := Paste([]byte(s))
	if err != nil {
		t.Fatalf("Paste: %v, in\n%s", err, s)
	}
	return r, part
}

// TestPasteInEveryShape reads one report in the shapes in which mail programs and people
// hand it on. Cause, ports, id and verdict come through each of them.
func TestPasteInEveryShape(t *testing.T) {
	r := blockedReport()
	whole := marked(t, r, 80)
	var page strings.Builder
	if err := HTML(&page, r); err != nil {
		t.Fatal(err)
	}
	shapes := map[string]string{
		"the page":         page.String(),
		"the page, copied": anyTag().ReplaceAllString(strings.ReplaceAll(unseenTag().ReplaceAllString(page.String(), ""), "</span><span>", "\n"), ""),
		"as it is":         whole,
		"quoted":           quote(whole, "> "),
		"quoted twice":     quote(whole, "> > "),
		"quoted by a bar":  quote(whole, "| "),
		"quoted mixed":     quote(quote(whole, "| "), ">"),
		"smart":            smart(whole),
		"CRLF":             strings.ReplaceAll(whole, "\n", "\r\n"),
		"CR":               strings.ReplaceAll(whole, "\n", "\r"),
		"set in":           quote(whole, "    "),
		"in a letter":      "Dear helpdesk,\n\nsee below. My mail does not work!\n\n" + whole + "\n-- \nJoe\nSent from my phone\n",
		"entities":         strings.NewReplacer(`"`, "&quot;", ">", "&gt;", "  ", "&nbsp; ").Replace(whole),
		"HTML":             "<html><head><style>p { color: red }</style></head><body><p>" + strings.ReplaceAll(whole, "\n", "<br>\n") + "</p></body></html>",
		"UTF-16":           string(Plain(utf16le(whole))),
		"UTF-16 unmarked":  string(Plain(utf16le(whole)[2:])),
		"UTF-16 swapped":   string(Plain(swapped(utf16le(whole)[2:]))),
		"Windows-1252":     strings.ReplaceAll(strings.ReplaceAll(whole, `"`, "\x94"), "--", "\x97\x97"),
		"quoted-printable": quotedPrintable(t, whole),
		"lines doubled":    strings.ReplaceAll(whole, "\n", "\n\n"),
		"one line":         strings.Join(strings.Fields(whole), " "),
		"narrow":           marked(t, r, 40),
		"short marks":      strings.NewReplacer("mail report ", "", ", hidden: address 3, computer name 1", "").Replace(marked(t, r, 40)),
		"without marks":    text(t, r, TextOptions{}),
		"screen of 40":     text(t, r, TextOptions{Width: 40}),
		"verbose":          text(t, r, TextOptions{Verbose: 3}),
	}
	for width := 40; width <= 79; width++ {
		shapes[fmt.Sprint("broken at ", width)] = reflow(whole, width)
		shapes[fmt.Sprint("broken at ", width, ", quoted and smart")] = smart(quote(reflow(whole, width), "> "))
		shapes[fmt.Sprint("quoted, then broken at ", width)] = reflow(quote(whole, "> "), width)
	}
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			got, part := paste(t, shape)
			if got.Run.ID != "K7Q-294-M" || got.Tool.Version != "1.0.0" || got.Verdict.Status != Warning {
				t.Errorf("got id %q, version %q, verdict %q; want K7Q-294-M, 1.0.0, warning", got.Run.ID, got.Tool.Version, got.Verdict.Status)
			}
			if len(got.Verdict.Codes) != 1 || got.Verdict.Codes[0] != "MM303" || got.Findings[0].Confidence != checks.Likely {
				t.Errorf("got codes %v, findings %+v; want MM303, likely", got.Verdict.Codes, got.Findings)
			}
			if got, want := Support(got), Support(r); got != want {
				t.Errorf("support line: got %q, want %q", got, want)
			}
			if !part.Whole || part.Kind != Marked && part.Kind != Screen {
				t.Errorf("got %+v, want the whole, and no support line only\n%s", part, shape)
			}
		})
	}
}

func utf16le(s string) []byte {
	out := []byte{0xFF, 0xFE}
	for _, unit := range utf16.Encode([]rune(s)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return out
}

// swapped puts the other byte of each pair first.
func swapped(text []byte) []byte {
	out := slices.Clone(text)
	for i := 0; i+1 < len(out); i += 2 {
		out[i], out[i+1] = out[i+1], out[i]
	}
	return out
}

func quotedPrintable(t *testing.T, s string) string {
	t.Helper()
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	if _, err := io.WriteString(w, strings.ReplaceAll(s, "===", "\u2550\u2550\u2550")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(b.String(), "=E2=95=90", "=3D")
}

// TestPasteHead reads what stands above the table.
func TestPasteHead(t *testing.T) {
	got, _ := paste(t, quote(marked(t, blockedReport(), 80), "> "))
	want := time.Date(2026, 9, 30, 14, 5, 0, 0, time.FixedZone("", 7200))
	if got.Run.StartedAt == nil || !got.Run.StartedAt.Equal(want) {
		t.Errorf("time: got %v, want %v", got.Run.StartedAt, want)
	}
	if got.Input.Address != "joe@example.net" || got.Input.Provider != "Example Mail" {
		t.Errorf("got %q at %q, want joe@example.net at Example Mail", got.Input.Address, got.Input.Provider)
	}
	if want := "You can receive mail. Sending works, but not through port 25."; got.Verdict.Headline != want {
		t.Errorf("headline: got %q, want %q", got.Verdict.Headline, want)
	}
}

// TestPasteCut cuts a report off behind each of its lines. What is left is read, and never
// taken for the whole before its last line is there.
func TestPasteCut(t *testing.T) {
	r := blockedReport()
	lines := strings.SplitAfter(strings.TrimRight(marked(t, r, 80), "\n"), "\n")
	support := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, supportLabel) })
	for n := 3; n < len(lines); n++ {
		got, part := paste(t, strings.Join(lines[:n], ""))
		if part.Whole != (n > support) {
			t.Errorf("first %d of %d lines: got %+v, want whole only with the support line", n, len(lines), part)
		}
		if !part.Whole && (part.Lines != n && strings.TrimSpace(lines[n-1]) != "" || part.Missing != End) {
			t.Errorf("first %d lines: got %+v, want as many lines and a missing end", n, part)
		}
		if n >= 6 && !slices.Contains(got.Verdict.Codes, "MM303") {
			t.Errorf("first %d lines: got codes %v, want MM303", n, got.Verdict.Codes)
		}
	}
	for n := 1; n < support; n++ {
		_, part := paste(t, strings.Join(lines[n:], ""))
		if part.Whole || part.Missing != Beginning || part.Of != len(lines)-2 {
			t.Errorf("without the first %d lines: got %+v, want a missing beginning of %d lines", n, part, len(lines)-2)
		}
	}
	middle := strings.Join(slices.Delete(slices.Clone(lines), 8, 12), "")
	if _, part := paste(t, middle); part.Whole || part.Missing != Middle || part.Lines != part.Of-4 {
		t.Errorf("without four lines in the middle: got %+v, want four fewer", part)
	}
}

// TestPasteMiddleCut cuts lines out of the middle. Lines that were broken or joined elsewhere
// do not hide it.
func TestPasteMiddleCut(t *testing.T) {
	r := blockedReport()
	lines := strings.SplitAfter(strings.TrimRight(marked(t, r, 80), "\n"), "\n")
	total := len(lines) - 2
	lines[0] = fmt.Sprintf("=== mail report %s begins, %d lines ===\n", r.Run.ID, total)
	support := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, supportLabel) })
	block := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "-- MM303") })
	cut := func(from int, to int, instead string) string {
		return strings.Join(lines[:from], "") + instead + strings.Join(lines[to:], "")
	}
	long := strings.Repeat("a word ", 13) + "\n"
	unended := strings.Join(append(slices.Clone(lines[:block]), lines[support]), "")
	var short strings.Builder
	if err := Short(&short, r); err != nil {
		t.Fatal(err)
	}
	shortLines := strings.SplitAfter(short.String(), "\n")
	for name, c := range map[string]struct {
		text  string
		whole bool
	}{
		"all":                                {cut(1, 1, ""), true},
		"with its cause, one long line":      {cut(block+5, support, long), false},
		"without its cause, one long line":   {cut(block, support, long), false},
		"without its cause, broken at 40":    {reflow(cut(block, block+12, ""), 40), false},
		"broken at 40":                       {reflow(cut(1, 1, ""), 40), true},
		"without the last mark":              {strings.Join(lines[:support+1], ""), true},
		"without the last mark, in one line": {strings.Join(strings.Fields(strings.Join(lines[:support+1], "")), " "), true},
		"without its cause and last mark":    {unended, false},
		"a screen without its cause":         {strings.Join(slices.Concat(lines[1:block], lines[support:support+1]), ""), false},
		"a short text without its cause":     {shortLines[0] + shortLines[2], false},
	} {
		got, part := paste(t, c.text)
		if part.Whole != c.whole || !c.whole && part.Missing != Middle {
			t.Errorf("%s: got %+v, want whole %v, else a missing middle\n%s", name, part, c.whole, c.text)
		}
		if !slices.Contains(got.Verdict.Codes, "MM303") {
			t.Errorf("%s: got codes %v, want MM303 of the support line", name, got.Verdict.Codes)
		}
	}
	if _, part := paste(t, unended); part.Of != total {
		t.Errorf("without its last mark: got %+v, want the %d lines that the first one says", part, total)
	}
}

// TestPasteBeginWithTotal reads a total that stands in the first mark, so that a cut text
// says of how many lines it has the first.
func TestPasteBeginWithTotal(t *testing.T) {
	whole := strings.Replace(marked(t, blockedReport(), 80), " begins ===", " begins, 31 lines ===", 1)
	_, part := paste(t, strings.Join(strings.SplitAfter(whole, "\n")[:12], ""))
	if part.Lines != 12 || part.Of != 31 {
		t.Errorf("got %+v, want 12 of the 31 lines that the mark says", part)
	}
}

// TestPasteGuess: ports alone name MM303 where they mean it, as possible, and nothing else.
func TestPasteGuess(t *testing.T) {
	head := "mailmedic check 1.0.0    report K7Q-294-M\njoe@example.net at Example Mail   30 Sep 2026 14:05 +02:00\n\n"
	for _, c := range []struct{ text, want string }{
		{"  WARN    You can receive mail. Sending works, but not through port 25.\n", "MM303"},
		{"  WARN    You can receive mail. Sending works, but not through ports 25 and 26.\n", "MM303"},
		{"  FAIL    x\n\n  OK    587  sending (best)  ok    ok     ok      ok   0.2 s\n  FAIL   25  sending (old)   ok    no     -       -    10.0 s\n", "MM303"},
		{"  WARN    You can receive mail. Sending works, but not through port 587.\n", ""},
		{"  WARN    You can send mail. Receiving works, but not through port 143.\n", ""},
		{"  FAIL    You can receive mail but not send it.\n\n  FAIL   25  sending (old)   ok    no     -       -    10.0 s\n", ""},
		{"  OK    Mail works from this computer.\n", ""},
		{"  WARN    You can receive mail. Sending works, but not through port 25.\n\n  OK    587  sending (best)  ok    ok     ok      ok   0.2 s\n  WARN   25  sending (old)   ok    ok     no      -    0.2 s\n", ""},
		{"  WARN    You can receive mail. Sending works, but not through port 25.\n\n  OK    587  sending (best)\n  WARN   25  sending (old), Secure no\n", ""},
		{"  WARN    You can receive mail. Sending works, but not through port 25.\n\n  OK    587  sending (best)\n  WARN   25  sending (old), Reach no\n", "MM303"},
		{"  FAIL    x\n\n  OK    587  sending (best)  ok    ok     ok      ok   0.2 s\n  FAIL   25  sending (old)   ok    ok     ok      no    0.2 s\n", ""},
	} {
		got, _ := paste(t, head+c.text)
		codes := ""
		for _, f := range got.Findings {
			codes += string(f.Code)
			if f.Confidence != checks.Possible {
				t.Errorf("%q: got %s, want it to be possible only", c.text, f.Confidence)
			}
		}
		if codes != c.want {
			t.Errorf("%q: got %q, want %q", c.text, codes, c.want)
		}
	}
}

// TestPasteRows reads the table of a report that was cut off behind it, as the support line
// would have it: a port of which only the login failed works.
func TestPasteRows(t *testing.T) {
	head := "mailmedic check 1.0.0    report K7Q-294-M\n\n  FAIL    x\n\n"
	for row, want := range map[string]string{
		"  OK    993  receiving (best)        ok    ok     ok      -        0.2 s": "i993+",
		"  FAIL  993  receiving (best)        ok    ok     ok      no       0.2 s": "i993+",
		"  FAIL   25  sending (old)           ok    ok     no      -        0.2 s": "s25-",
		"  FAIL   25  sending (old)           ok    no     -       -        0.2 s": "s25-",
		"  FAIL   25  sending (old)           no    -      -       -            -": "s25-",
		"  WARN  993  receiving (best)        ok    ok     ok      ok       0.2 s": "i993?",
		"  SKIP  993  receiving (best)        -     -      -       -            -": "i993?",
		"  FAIL  993  receiving (best), Login no":                                  "i993+",
		"  FAIL  993  receiving (best), Secure no":                                 "i993-",
		"  FEIL  993  mottak (best)       ok    ok    ok      nei       0,2 s":     "i993+",
		"  FEIL  993  mottak (best)       ok    nei   -       -         0,2 s":     "i993-",
		"  FEIL  993  mottak (best), Sikker nei":                                   "i993-",
	} {
		in := head
		if strings.Contains(row, "mottak") {
			in = "mailmedic check 1.0.0    rapport K7Q-294-M\n\n  FEIL    Du kan ikke motta e-post.\n\n       Port  Brukes til\n"
		}
		got, _ := paste(t, in+row+"\n")
		if len(got.pasted.words) != 1 || got.pasted.words[0].about+got.pasted.words[0].state != want {
			t.Errorf("%q: got %v, want %s", row, got.pasted.words, want)
		}
	}
}

// TestPasteSupportLine reads the line as people hand it on.
func TestPasteSupportLine(t *testing.T) {
	for _, line := range []string{
		"Support line: MM1 H3D718T WARN i993+ i143+ s587+ s25/303 name+ log+",
		"mm1 h3d718t warn i993+ i143+ s587+ s25/303 name+ log+",
		"Hello, the line is\n> MM1 H3D718T WARN i993+\n> i143+ s587+ s25/303\n> name+ log+\nThank you",
		"MM1 H3D718T WARN i993+ i143+ s587+ s25/303 name+ log+. Joe",
		"MM1 H3D-718-T WARN i993+ i143+ s587+ s25/303 name+ log+",
		"MM1 H3D718T WARN i993+, i143+, s587+, s25/303, name+, log+",
		"MM1 H3D718T WARN i993+ pop+ i143+ s587+ s25/303",
		"It says `MM1 H3D718T WARN i993+ i143+ s587+ s25/303`",
		"It says (MM1 H3D718T WARN i993+ i143+ s587+ s25/303).",
		"MM1 H3D718T WARN i993+ i143+ s587+ s25/303.",
		"MM1 H3D718T WARN i993+ i143+ s587+ s25/303\nJoe",
		"Our switch MM1 fail 3 times. MM1 H3D718T WARN i993+ i143+ s587+ s25/303",
	} {
		got, part := paste(t, line)
		if !part.Whole || part.Kind != Line {
			t.Errorf("%q: got %+v, want a whole support line", line, part)
		}
		if got.Run.ID != "H3D-718-T" || !slices.Equal(got.Verdict.Codes, []checks.Code{"MM303"}) || got.Verdict.ExitCode != 1 {
			t.Errorf("%q: got id %q, codes %v, exit %d", line, got.Run.ID, got.Verdict.Codes, got.Verdict.ExitCode)
		}
		if len(got.Paths) != 4 || got.Paths[3].ID != "smtp-25" || !slices.Equal(got.Findings[0].Paths, []string{"smtp-25"}) {
			t.Errorf("%q: got paths %+v", line, got.Paths)
		}
	}
}

// TestPasteSupportLineCut: a line that breaks off in a word, or before it says what is wrong,
// is not taken for the whole.
func TestPasteSupportLineCut(t *testing.T) {
	for line, whole := range map[string]bool{
		"MM1 H3D718T WARN i993+ i143+ s26+ s2":       false,
		"MM1 H3D718T WARN i993+ s25/303 s2\nThanks":  false,
		"MM1 H3D718T WARN i993+ s25/30":              false,
		"MM1 H3D718T WARN i993+ s25/303 lo":          false,
		"MM1 H3D718T WARN i993+ s25/303 log/":        false,
		"MM1 H3D718T WARN i993+ i143+":               false,
		"MM1 H3D718T FAIL i993+ i143+ s587?":         false,
		"MM1 H3D718T WARN i993+ s25-":                true,
		"MM1 H3D718T OK i993+ i143+":                 true,
		"MM1 H3D718T UNSURE i993? i143?":             true,
		"MM1 H3D718T FAIL net/101":                   true,
		"MM1 H3D718T WARN i993+ s25/303\nin a hotel": true,
	} {
		if _, part := paste(t, line); part.Kind != Line || part.Whole != whole || !whole && part.Missing != End {
			t.Errorf("%q: got %+v, want a support line, whole %v, else with a missing end", line, part, whole)
		}
	}
}

// TestPasteSupportLineLong reads a line that no report has in good time, and little of it.
func TestPasteSupportLineLong(t *testing.T) {
	var b strings.Builder
	b.WriteString("MM1 H3D718T WARN")
	for port := 1; b.Len() < LargestPaste-10; port++ {
		fmt.Fprintf(&b, " s%d+", port%100000)
	}
	got, _ := paste(t, b.String())
	if len(got.Paths) > supportMost {
		t.Errorf("got %d paths, want at most %d", len(got.Paths), supportMost)
	}
}

// TestSupportRoundTrip reads what Support writes, for every situation.
func TestSupportRoundTrip(t *testing.T) {
	for name, r := range situations() {
		got, _ := paste(t, supportLabel+Support(r))
		if Support(got) != Support(r) || got.Verdict.Status != r.Verdict.Status {
			t.Errorf("%s: got %q (%s), want %q (%s)", name, Support(got), got.Verdict.Status, Support(r), r.Verdict.Status)
		}
	}
}

// TestPasteShort reads the form for chats.
func TestPasteShort(t *testing.T) {
	for name, r := range situations() {
		var b strings.Builder
		if err := Short(&b, r); err != nil {
			t.Fatal(err)
		}
		got, part := paste(t, b.String())
		if !part.Whole || part.Kind != Chat || got.Run.ID != r.Run.ID || got.Verdict.Status != r.Verdict.Status {
			t.Errorf("%s: got %+v, id %q, verdict %s", name, part, got.Run.ID, got.Verdict.Status)
		}
		for _, code := range r.Verdict.Codes {
			if !slices.Contains(got.Verdict.Codes, code) {
				t.Errorf("%s: got codes %v, want %v", name, got.Verdict.Codes, r.Verdict.Codes)
			}
		}
		first, _, _ := strings.Cut(b.String(), "\n")
		if _, part := paste(t, first); part.Whole {
			t.Errorf("%s: the first line alone is taken for the whole", name)
		}
	}
}

// TestPasteOthers names further reports in a text, and reads the first.
func TestPasteOthers(t *testing.T) {
	first := marked(t, blockedReport(), 80)
	got, part := paste(t, first+"\nand before that\n"+quote(strings.ReplaceAll(first, "K7Q-294-M", "A1B-222-C"), "> "))
	if got.Run.ID != "K7Q-294-M" || !slices.Equal(part.Others, []string{"A1B-222-C"}) || !part.Whole {
		t.Errorf("got id %q, %+v; want K7Q-294-M whole and A1B-222-C left aside", got.Run.ID, part)
	}
}

// TestPasteTwo reads one of two reports in a text and nothing of the other, however little
// there is of either.
func TestPasteTwo(t *testing.T) {
	rename := strings.NewReplacer("K7Q-294-M", "A1B-222-C", "K7Q294M", "A1B222C").Replace
	short := func(r *Report) string {
		var b strings.Builder
		if err := Short(&b, r); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	lines := func(s string, from, to int) string { return strings.Join(strings.SplitAfter(s, "\n")[from:to], "") }
	blocked, name := blockedReport(), situations()["wrong-name"]
	a, aScreen := marked(t, blocked, 80), text(t, blocked, TextOptions{})
	b, bScreen := rename(marked(t, name, 80)), rename(text(t, name, TextOptions{}))
	spoken, bSpoken := text(t, blocked, TextOptions{Spoken: true}), rename(text(t, name, TextOptions{Spoken: true}))
	bEnd := lines(b, 14, strings.Count(b, "\n"))
	for _, c := range []struct {
		name, text string
		id, codes  string // codes with a blank behind each
		whole      bool
	}{
		{"two marked", a + b, "K7Q-294-M", "MM303 ", true},
		{"two screens", aScreen + bScreen, "K7Q-294-M", "MM303 ", true},
		{"two screens, the other first", bScreen + "and from home:\n" + aScreen, "A1B-222-C", "MM601 ", true},
		{"a screen cut off before its cause, and a whole one", lines(bScreen, 0, 5) + aScreen, "A1B-222-C", "", false},
		{"a screen cut off behind its cause, and a whole one", lines(aScreen, 0, 20) + bScreen, "K7Q-294-M", "MM303 ", false},
		{"two short", short(blocked) + rename(short(name)), "K7Q-294-M", "MM303 ", true},
		{"two spoken", spoken + bSpoken, "K7Q-294-M", "MM303 ", true},
		{"a spoken one that is cut off, and a whole one", lines(spoken, 0, 1) + bSpoken, "", "MM303 ", false},
		{"the beginning of one and the end of another", lines(a, 0, 7) + bEnd, "K7Q-294-M", "MM303 ", false},
		{"the same between screens", lines(aScreen, 0, 6) + lines(bScreen, 12, strings.Count(bScreen, "\n")), "K7Q-294-M", "MM303 ", false},
		{"marked and cut off, and marked", lines(b, 0, 4) + a, "A1B-222-C", "", false},
		{"marked and cut off, and the same again", lines(a, 0, 14) + a, "K7Q-294-M", "MM303 ", true},
		{"a letter that quotes a line", "Yesterday it was MM1 A1B222C FAIL i993+ name/601\n" + aScreen, "K7Q-294-M", "MM303 ", true},
		{"a line below", aScreen + "Yesterday it was MM1 A1B222C FAIL i993+ name/601\n", "K7Q-294-M", "MM303 ", true},
		{"its own line in the letter", Support(blocked) + "\n" + lines(aScreen, 0, 20), "K7Q-294-M", "MM303 ", true},
	} {
		got, part := paste(t, c.text)
		codes := ""
		for _, f := range got.Findings {
			if f.Severity != checks.Note {
				codes += string(f.Code) + " "
			}
		}
		if got.Run.ID != c.id || codes != c.codes || part.Whole != c.whole {
			t.Errorf("%s: got id %q, codes %q, %+v; want %q, %q, whole %v", c.name, got.Run.ID, codes, part, c.id, c.codes, c.whole)
		}
		both := c.name != "marked and cut off, and the same again" && c.name != "its own line in the letter"
		if both != (len(part.Others) == 1) {
			t.Errorf("%s: got others %v, want the other one if there is one", c.name, part.Others)
		}
	}
}

// TestPasteLetter takes no code for a cause that a letter around the report names.
func TestPasteLetter(t *testing.T) {
	screen := text(t, situations()["wrong-name"], TextOptions{})
	for _, letter := range []string{
		"\u2014 MM303  An SMTP port is blocked \u2014 likely\n", "Is it MM303 likely: An SMTP port is blocked?\n", "-- MM303 --- likely\n",
	} {
		for _, text := range []string{letter + screen, screen + letter, letter + Support(situations()["wrong-name"])} {
			got, _ := paste(t, text)
			if !slices.Equal(got.Verdict.Codes, []checks.Code{"MM601"}) {
				t.Errorf("%q: got codes %v, want MM601", letter, got.Verdict.Codes)
			}
		}
	}
}

// TestPasteNothing refuses what is not of mailmedic.
func TestPasteNothing(t *testing.T) {
	for _, s := range []string{
		"Hello, my mail does not work.", "MM303", "mailmedic check you@example.net", "MM1", "===",
		"Our switch MM1 fail 3 times.", "MM1 X OK", "MM1 X FAIL pop+", "=== x begins ===",
		strings.Repeat("> ", 1000), "<html><body>no</body></html>",
	} {
		if r, _, err := Paste([]byte(s)); err == nil {
			t.Errorf("%q: got %+v, want an error", s, r)
		}
	}
	if _, _, err := Paste(make([]byte, LargestPaste+1)); err == nil {
		t.Error("a text that is too long was read")
	}
}

// TestPasswordLines finds what people write beside a report, and nothing that mailmedic
// writes.
func TestPasswordLines(t *testing.T) {
	for line, want := range map[string]bool{
		"My password is: hunter2":                             true,
		"Passord: hemmelig":                                   true,
		"> password = hunter2":                                true,
		"AUTH PLAIN AGpvZQBodW50ZXIy":                         true,
		"a1 LOGIN joe hunter2":                                true,
		"password: nocturne99":                                true,
		"password: yesterday1":                                true,
		"password: none-of-it":                                true,
		"password: *secret*":                                  true,
		"password is hunter22":                                true,
		"Passordet mitt er hunter22.":                         true,
		"password: ****, no, password: hunter22":              true,
		"pw: hunter22":                                        true,
		"pass: hunter22":                                      true,
		"**Password:** hunter22":                              true,
		"Password:\nhunter22":                                 true,
		"Passord:\n\nhemmelig":                                true,
		`{"comment": "password: hunter22"}`:                   true,
		`{"password": "hunter22"}`:                            true,
		"Password:\nThe server does not accept it":            false,
		"Password:\n****":                                     false,
		"password: none.":                                     false,
		"password: (hidden)":                                  false,
		"Password: \"...\"":                                   false,
		"password: \u2022\u2022\u2022\u2022":                  false,
		"Passord: ja, det er riktig":                          false,
		"The password is wrong":                               false,
		"Passordet er feil.":                                  false,
		"The password was kept back on port 25.":              false,
		"spf=pass smtp.mailfrom=example.net; dkim=pass":       false,
		"Password inside: no.":                                false,
		"Your mailbox and password are fine":                  false,
		"password: ****":                                      false,
		"AUTH PLAIN LOGIN":                                    false,
		"- = not tried: your password was not sent.":          false,
		"AUTH=PLAIN AUTH=LOGIN SASL-IR":                       false,
		"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready now": false,
	} {
		if got := len(PasswordLines([]byte(line))) > 0; got != want {
			t.Errorf("%q: got %v, want %v", line, got, want)
		}
	}
	if got := DocumentPasswords([]byte("{\n\"a\": \"password: \\u003chidden\\u003e\",\n\"b\": \"password: hunter22\"\n}")); !slices.Equal(got, []int{3}) {
		t.Errorf("a document: got lines %v, want 3", got)
	}
	for name, r := range situations() {
		var document strings.Builder
		if err := JSON(&document, r); err != nil {
			t.Fatal(err)
		}
		if got := DocumentPasswords([]byte(document.String())); len(got) > 0 {
			t.Errorf("%s as a document: lines %v are taken for passwords", name, got)
		}
		for _, verbose := range []int{0, 3} {
			if got := PasswordLines([]byte(text(t, r, TextOptions{Verbose: verbose}))); len(got) > 0 {
				t.Errorf("%s at %d: lines %v are taken for passwords", name, verbose, got)
			}
		}
	}
}

// FuzzPaste feeds whatever somebody may paste. It is read in good time, and what is read
// can be shown and compared.
func FuzzPaste(f *testing.F) {
	r := blockedReport()
	for _, o := range []TextOptions{{}, {Width: 40}, {Verbose: 3}} {
		var b strings.Builder
		if err := Text(&b, r, o); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte("=== mail report K7Q-294-M begins ===\n" + b.String() + "=== mail report K7Q-294-M ends, 31 lines ===\n"))
		f.Add([]byte(smart(quote(b.String(), "> "))))
	}
	f.Add([]byte(supportLabel + Support(r)))
	f.Add([]byte("WARN mailmedic 1.0.0 K7Q-294-M: receive yes, send not tested\nMM303 likely: x\nMM1 K7Q294M WARN i+ s/303"))
	f.Add(utf16le("MM1 K7Q294M FAIL net/101"))
	f.Add([]byte("<html>MM1 A OK &#99999; i993?"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, part, err := Paste(Plain(data))
		if err != nil {
			return
		}
		brief := NewBrief(got, part, nil, "1.0.0")
		for _, width := range []int{40, 80} {
			var b strings.Builder
			if err := BriefText(&b, brief, nil, TextOptions{Width: width}); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				if line = strings.TrimRight(line, "\n"); Width(line) > width || Clean(line, 0) != line {
					t.Errorf("at %d columns: %q", width, line)
				}
			}
		}
		if c := Compare(got, got); c.Outcome != Unchanged {
			t.Errorf("compared with itself: got %+v", c)
		}
		if err := ComparisonText(io.Discard, Compare(r, got), nil, TextOptions{}); err != nil {
			t.Error(err)
		}
	})
}

// TestPasteOfManyMarks reads as much as is read at all, and in it first marks above a last
// one. It took a minute when the text was looked through from each of them anew.
func TestPasteOfManyMarks(t *testing.T) {
	text := strings.Repeat("=== mail report K7Q-294-M begins, 33 lines ===\n", LargestPaste/47-2) + "=== mail report K7Q-294-M ends, 33 lines ===\n"
	began := time.Now()
	_, part, err := Paste([]byte(text))
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("took %s, want some tenths of a second", took)
	}
	if err == nil && part.Whole {
		t.Errorf("got %+v, want no whole report", part)
	}
}
