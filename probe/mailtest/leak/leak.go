// Package leak finds a password that may never be seen again, in whatever form.
// It is imported by tests and by nothing else.
package leak

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"maps"
	"mime/quotedprintable"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Password has all special characters of ASCII, blanks in a row, a tab, letters of two,
// three and four bytes, what JSON, HTML, a shell and a URL escape, and, so that any way of
// writing it shows a part as it is, letters and digits in long rows.
const Password = "Kq7zJwVtR4mXb9Ls!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ pYg2DnHc6Wf8QaTe  " +
	"gr\u00f6\u00dfe\u20ac\u6f22\u5b57\u304b\u306a\U0001f511\u00a0ZxUv5KiMo3Rb\t" +
	"uN4jLq7sXw1EhGy%41%00\\n\\x41&amp;=? Cd0BtFk6Vp9JzRm2SaWx8 \u00bfQ\u00e9\u017eHr5 Pf3GyTb8LdNw6XcJ?"

// part is the length of a piece that counts as found. By chance, no text has so much of it.
// Of numbers as Go writes them it is two, and a list of goroutines is full of these; of them
// a longer piece is looked for.
const (
	part        = 12
	partNumbers = 36
)

// numbersInGo is the name of that form.
const numbersInGo = "numbers, in Go"

// Finder looks for one password.
type Finder struct {
	parts map[string]string // each part of a form: the form's name
	long  map[string]bool   // parts of numbersInGo
}

// NewFinder learns every form of a password.
func NewFinder(password string) *Finder {
	f := &Finder{map[string]string{}, map[string]bool{}}
	for name, form := range forms(password) {
		for _, text := range []string{level(form), unfolded(level(form))} {
			if name == numbersInGo {
				for i := 0; i+partNumbers <= len(text); i++ {
					f.long[text[i:i+partNumbers]] = true
				}
				continue
			}
			for i := 0; i+part <= len(text); i++ {
				f.parts[text[i:i+part]] = name
			}
		}
	}
	return f
}

// In names the forms of which a part stands in a text, in whatever letter case, also where
// the text was broken into lines.
func (f *Finder) In(text string) []string {
	found := map[string]bool{}
	for _, text := range []string{level(text), unfolded(level(text))} {
		for i := 0; i+part <= len(text); i++ {
			if name, ok := f.parts[text[i:i+part]]; ok {
				found[name] = true
			}
		}
		for i := 0; i+partNumbers <= len(text); i++ {
			if f.long[text[i:i+partNumbers]] {
				found[numbersInGo] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// forms are the ways in which programs, protocols and documents write a text, by name.
func forms(password string) map[string]string {
	raw := []byte(password)
	list := map[string]string{
		"plain":               password,
		"quoted by IMAP":      strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(password),
		"quoted by Go":        strconv.Quote(password),
		"quoted in ASCII":     strconv.QuoteToASCII(password),
		"JSON":                inJSON(password, false),
		"JSON for HTML":       inJSON(password, true),
		"HTML":                html.EscapeString(password),
		"XML":                 inXML(password),
		"hexadecimal":         hex.EncodeToString(raw),
		"hexadecimal, spaced": fmt.Sprintf("% x", raw),
		"every byte escaped":  strings.ReplaceAll(fmt.Sprintf("% x", raw), " ", "%"),
		"query of a URL":      url.QueryEscape(password),
		"path of a URL":       url.PathEscape(password),
		"user of a URL":       url.User(password).String(),
		"quoted-printable":    inMail(password),
		"numbers":             fmt.Sprint(raw),
		"numbers, in JSON":    strings.ReplaceAll(fmt.Sprint(raw), " ", ","),
		numbersInGo:           fmt.Sprintf("%#v", raw),
	}
	for shift := range 3 {
		// What depends on the neighbours too is left off at both ends.
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + password))
		encoded = encoded[(shift*8+5)/6 : (shift+len(password))*8/6]
		list[fmt.Sprint("base64 behind ", shift)] = encoded
		list[fmt.Sprint("base64 for URLs behind ", shift)] = strings.NewReplacer("+", "-", "/", "_").Replace(encoded)
	}
	return list
}

func inJSON(text string, escape bool) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(escape)
	_ = e.Encode(text) // a string has a form in JSON
	return b.String()
}

func inXML(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}

func inMail(text string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close() // a Builder takes everything
	return strings.ReplaceAll(b.String(), "=\r\n", "")
}

// level writes the letters of ASCII small, which hides no form. All other bytes stay, also
// those of a letter that was cut through.
func level(text string) string {
	small := []byte(text)
	for i, c := range small {
		if 'A' <= c && c <= 'Z' {
			small[i] = c + 'a' - 'A'
		}
	}
	return string(small)
}

// unfolded takes blanks and line ends out: a report breaks its lines where they stand.
func unfolded(text string) string {
	return string(slices.DeleteFunc([]byte(text), func(c byte) bool { return strings.IndexByte(" \t\r\n", c) >= 0 }))
}
