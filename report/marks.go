package report

import (
	"fmt"
	"strings"
)

// mark puts a line in front of the text and one behind it, with the number of lines between
// them, so that who is sent the text sees whether it is all there. The marks are English in
// every language, because programs read them. On a narrow screen they say less, and are
// still one line each.
func (t *printer) mark(r *Report) {
	text := t.b.String()
	name := t.clean(r.Run.ID, 20)
	if t.width >= narrow {
		name = "mail report " + name
	}
	lines := strings.Count(text, "\n")
	end := fmt.Sprintf("=== %s ends, %d %s", name, lines, plural(lines, "line"))
	if t.width >= narrow {
		end += hiddenText(r.Redaction, t.width-len(end)-len(" ==="))
	}
	t.b.Reset()
	fmt.Fprintf(&t.b, "=== %s begins, %d %s ===\n%s%s ===\n", name, lines, plural(lines, "line"), text, end)
}

// plural is an English noun for so many.
func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// hiddenText says what was hidden, in so much room: ", hidden: address 3, computer name 1".
// What does not fit is "more".
func hiddenText(r Redaction, room int) string {
	const before = ", hidden: "
	var parts []string
	for _, kind := range kinds() {
		if n := r.Hidden[kind]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", strings.ReplaceAll(kind, "_", " "), n))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	said := before + strings.Join(parts, ", ")
	for n := len(parts) - 1; n >= 0 && len(said) > room; n-- {
		said = before + strings.Join(append(parts[:n:n], "more"), ", ")
	}
	return said
}

// kinds lists what can be hidden, in the order of what a person asks for first.
func kinds() []string {
	return []string{
		hiddenAddress, hiddenLogin, hiddenFolder, hiddenKeyword, hiddenComputer, hiddenUser, hiddenPublic, hiddenMessage, hiddenDomain, hiddenLocal,
	}
}
