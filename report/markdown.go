package report

import (
	"fmt"
	"html"
	"io"
	"strings"
)

// Markdown writes the report for one text field of a form or a ticket: the verdict, a line
// for each root cause, and the whole text folded away. It also reads well as plain text.
func Markdown(w io.Writer, r *Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s** ", statusWord(string(r.Verdict.Status)))
	if r.Error != nil {
		b.WriteString(inert(words(" ", r.Error.Message, r.Error.Hint), 2000) + "\n")
	} else {
		b.WriteString(simulatedMark(r) + inert(r.Verdict.Headline, 300) + "\n")
		bullets(&b, r)
		if err := details(&b, r); err != nil {
			return err
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write report as Markdown: %w", err)
	}
	return nil
}

func bullets(b *strings.Builder, r *Report) {
	for _, f := range counted(r) {
		fmt.Fprintf(b, "- %s (%s) %s", code(Clean(string(f.Code), 20)), inert(string(f.Confidence), 20), inert(ending(f.Title), 200))
		if len(f.Actions) > 0 {
			b.WriteString(" " + inert(f.Actions[0], 600))
		}
		b.WriteString("\n")
	}
}

// details is the text report, as it stands, behind a line to click on.
func details(b *strings.Builder, r *Report) error {
	var text strings.Builder
	if err := Text(&text, r, TextOptions{Marks: true}); err != nil {
		return err
	}
	fence := strings.Repeat("`", max(3, 1+longestRun(text.String(), '`')))
	title := r.speak.Say("Report %s, mailmedic %s, %s", handle(r.Run.ID), handle(r.Tool.Version), handle(r.Environment.OS))
	fmt.Fprintf(b, "\n<details><summary>%s</summary>\n\n%s\n%s%s\n</details>\n", html.EscapeString(title), fence, text.String(), fence)
	return nil
}

// simulatedMark tells a demonstration from a report about somebody's mail.
func simulatedMark(r *Report) string {
	if !r.Run.Simulated {
		return ""
	}
	return "SIMULATED (" + inert(r.Run.Scenario, 60) + "). "
}

// handle keeps of a word what cannot be mistaken for a link, a mention or a tag.
func handle(s string) string {
	return strings.Map(func(c rune) rune {
		if c < 0x80 && (clip(string(c), 1) != "" || strings.ContainsRune("-.+", c)) {
			return c
		}
		return -1
	}, Clean(s, 60))
}

// inert makes text that may come from elsewhere into Markdown that shows it as it is. A
// word with anything in it that could become a link, a mention, a tag or a format stands
// between backquotes, which all of these leave alone.
func inert(text string, most int) string {
	words := strings.Split(Clean(text, most), " ")
	for i, word := range words {
		core := strings.Trim(word, `.,;:!?()"'`)
		if core != "" && live(core) {
			at := strings.Index(word, core)
			words[i] = word[:at] + code(core) + word[at+len(core):]
		} else if live(word) {
			words[i] = code(word)
		}
	}
	return strings.Join(words, " ")
}

// reference is what the sites make a link or a picture of, without any sign of Markdown: a
// merge request (!12) and a milestone (%5) on GitLab, and on GitHub an issue of another name
// (GH-12), a commit (seven digits of its hash, or more) and a picture (:tada:).
var reference = pattern(`(?i)(?:^|[^0-9a-z])(?:[!%][0-9]|GH-[0-9]|[0-9a-f]{7,64}(?:[^0-9a-z]|$)|:[0-9]+:)|:[0-9a-z_+-]*[a-z_+-][0-9a-z_+-]*:`)

// live tells whether Markdown, or one of the sites that extend it, may make something else
// of a word.
func live(word string) bool {
	return strings.ContainsAny(word, "\\`*_{}[]<>#|~&@$^=/") || strings.HasPrefix(strings.ToLower(word), "www.") || reference().MatchString(word)
}

// code puts text between backquotes: one more of them than it has in a row itself.
func code(s string) string {
	quote := strings.Repeat("`", 1+longestRun(s, '`'))
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " " // CommonMark takes one blank off each side
	}
	return quote + s + quote
}

// longestRun counts the most of a character that stand in a row.
func longestRun(s string, of rune) int {
	longest, n := 0, 0
	for _, c := range s {
		n++
		if c != of {
			n = 0
		}
		longest = max(longest, n)
	}
	return longest
}
