package program

import (
	"encoding/xml"
	"strings"
)

// xmlText is a value between tags or between the quotes of an attribute.
func xmlText(value string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(value)) // a Builder never fails
	return b.String()
}

func element(name, value string) string {
	return "<" + name + ">" + xmlText(value) + "</" + name + ">"
}

// xmlComment takes out what no comment may hold: two hyphens in a row, and one at the end
// (XML 1.0 section 2.5).
func xmlComment(text string) string {
	for strings.Contains(text, "--") {
		text = strings.ReplaceAll(text, "--", "- -")
	}
	if strings.HasSuffix(text, "-") {
		text += " "
	}
	return text
}
