// Package say holds what there is to say apart from the language that it is said in. A
// check writes English with gaps, and what belongs into them; package messages says it
// to somebody, in English or another language.
package say

import (
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
)

// Text is something to say. A constant of this type is a message: its English words are
// its name in the catalogue of every language, so each one in the module must be there,
// and a test sees to it. What With, Count, Join and List make of messages keeps the words
// and what goes into them apart. A Text is a string so that two of them can be compared;
// its inside is for this package alone, and people are shown what String or a language
// makes of it.
type Text string

// The marks that structure a Text. No value holds one of them: With writes them visibly.
const (
	open   = '\x02' // begins a message
	shut   = '\x03' // ends it
	next   = '\x1f' // begins a value: its kind, then itself
	plural = '\x1e' // between the words for one and those for several
)

// The kinds of values.
const (
	words  = 's'
	whole  = 'd'
	number = 'f'
	text   = 't'
)

// With fills the gaps of a message, which are fmt's: %s, %q, %d and %.1f. Values are
// strings, whole numbers, floats, or Texts, which are said in the same language.
func With(message Text, values ...any) Text {
	return Text(open) + message + fill(values) + Text(shut)
}

// Count is With for a message about n things: one says it of a single one, many of any
// other number. n is the first of the values.
func Count(n int, one, many Text, values ...any) Text {
	return Text(open) + one + Text(plural) + many + fill(append([]any{n}, values...)) + Text(shut)
}

// Join says one after the other, leaving out what is empty.
func Join(sentences ...Text) Text {
	var joined Text
	for _, s := range sentences {
		if s == "" {
			continue
		}
		if joined != "" {
			joined += " "
		}
		if s[0] != open {
			s = With(s)
		}
		joined += s
	}
	return joined
}

// List says several as a sentence does: "25, 26 and 587".
func List(items []string) Text {
	last := len(items) - 1
	if last < 1 {
		return Verbatim(strings.Join(items, ""))
	}
	return With("%s and %s", strings.Join(items[:last], ", "), items[last])
}

// Verbatim is what is the same in every language, as a name or a server's words.
func Verbatim(s string) Text {
	if s == "" {
		return ""
	}
	return With(verbatim, s)
}

// Recorded is a message that stands in data, as in a profile of ours, in English. Where the
// catalogue does not have it, as of somebody's own profile, it is said as it stands.
func Recorded(english string) Text { return Text(unmarked(english)) }

// verbatim is the one format that no language translates.
const verbatim = "%s"

func fill(values []any) Text {
	var b strings.Builder
	for _, v := range values {
		b.WriteRune(next)
		if t, ok := v.(Text); ok {
			b.WriteByte(text)
			b.WriteString(string(t))
			continue
		}
		switch at := reflect.ValueOf(v); {
		case at.CanInt():
			b.WriteByte(whole)
			b.WriteString(strconv.FormatInt(at.Int(), 10))
		case at.CanUint():
			b.WriteByte(whole)
			b.WriteString(strconv.FormatUint(at.Uint(), 10))
		case at.CanFloat():
			b.WriteByte(number)
			b.WriteString(strconv.FormatFloat(at.Float(), 'g', -1, 64))
		default:
			b.WriteByte(words)
			b.WriteString(unmarked(fmt.Sprint(v)))
		}
	}
	return Text(b.String())
}

// unmarked makes the marks of a Text visible in what a server or a person wrote.
func unmarked(s string) string {
	return strings.NewReplacer(string(open), `\x02`, string(shut), `\x03`, string(next), `\x1f`, string(plural), `\x1e`).Replace(s)
}

// Language is how something is said to somebody.
type Language struct {
	// Words gives the words for a message, with the same gaps: fmt's %[2]s may bring them
	// into another order. many is empty, and n 0, for a message that is not about a number.
	Words func(one, many Text, n int) string
	Comma bool // stands before the decimals
}

// English is the language of the messages themselves.
func English() Language {
	return Language{Words: func(one, many Text, n int) string {
		if many != "" && n != 1 {
			return string(many)
		}
		return string(one)
	}}
}

// String says it in English.
func (t Text) String() string { return t.In(English()) }

// In says it in a language.
func (t Text) In(l Language) string {
	s, _ := l.read(string(t))
	return s
}

// decimal is a number with a comma in it.
type decimal float64

// Format writes it as fmt would, but for the comma.
func (d decimal) Format(s fmt.State, verb rune) {
	io.WriteString(s, strings.Replace(fmt.Sprintf(fmt.FormatString(s, verb), float64(d)), ".", ",", 1))
}

// read says messages up to the end of the text, or of the value in which they stand, and
// gives the rest.
func (l Language) read(s string) (said, rest string) {
	var b strings.Builder
	for s != "" && s[0] != shut && s[0] != next {
		if s[0] == open {
			var one string
			one, s = l.message(s[1:])
			b.WriteString(one)
			continue
		}
		end := strings.IndexAny(s, string([]rune{open, shut, next}))
		if end < 0 {
			end = len(s)
		}
		if plain := s[:end]; strings.TrimSpace(plain) == "" {
			b.WriteString(plain)
		} else {
			b.WriteString(l.Words(Text(plain), "", 0))
		}
		s = s[end:]
	}
	return b.String(), s
}

// message says one message, behind its opening mark.
func (l Language) message(s string) (said, rest string) {
	end := strings.IndexAny(s, string([]rune{shut, next}))
	if end < 0 {
		return s, "" // cut off, as no text of ours is
	}
	one, many, _ := strings.Cut(s[:end], string(plural))
	s = s[end:]
	var values []any
	for s != "" && s[0] == next {
		var v any
		v, s = l.value(s[1:])
		values = append(values, v)
	}
	s = strings.TrimPrefix(s, string(shut))
	n := 0
	if many != "" && len(values) > 0 {
		n, _ = values[0].(int)
	}
	format := one
	if one != verbatim && one != "" { // a catalogue keeps its head where the message is empty
		format = l.Words(Text(one), Text(many), n)
	}
	if len(values) == 0 {
		return format, s
	}
	return fmt.Sprintf(format, values...), s
}

// value reads one value, behind its mark.
func (l Language) value(s string) (v any, rest string) {
	if s == "" {
		return "", ""
	}
	kind, s := s[0], s[1:]
	if kind == text {
		return l.read(s)
	}
	end := strings.IndexAny(s, string([]rune{shut, next}))
	if end < 0 {
		end = len(s)
	}
	raw, rest := s[:end], s[end:]
	switch kind {
	case whole:
		n, _ := strconv.Atoi(raw)
		return n, rest
	case number:
		f, _ := strconv.ParseFloat(raw, 64)
		if l.Comma {
			return decimal(f), rest
		}
		return f, rest
	}
	return raw, rest
}
