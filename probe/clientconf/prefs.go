package clientconf

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// prefs are settings of Thunderbird, each as the text of its value. Strings come without
// their quotes.
type prefs map[string]string

// text is a setting of one object, "mail.server.server1." in front, or what
// "mail.server.default." says, or what Thunderbird has built in.
func (p prefs) text(branch, key, name, builtIn string) string {
	if value, ok := p[branch+key+"."+name]; ok {
		return value
	}
	if value, ok := p[branch+"default."+name]; ok {
		return value
	}
	return builtIn
}

func (p prefs) yes(branch, key, name string, builtIn bool) bool {
	switch p.text(branch, key, name, "") {
	case "true":
		return true
	case "false":
		return false
	}
	return builtIn
}

func (p prefs) number(branch, key, name string, builtIn int) int {
	n, err := strconv.Atoi(p.text(branch, key, name, ""))
	if err != nil {
		return builtIn
	}
	return n
}

// prefs reads what Thunderbird writes as prefs.js and people write as user.js: calls
// user_pref("name", value); with comments between. Of a line that is broken the rest is
// left out, and the reading goes on with the next. What does not begin with "mail." is
// not kept.
func (r *reading) prefs(into prefs, text, file string) {
	s := prefScanner{text: r.clip(text), line: 1}
	for s.space(); s.text != ""; s.space() {
		start := s.line
		name, value, ok := s.call()
		if !ok {
			r.fault(0, file+" line "+strconv.Itoa(start)+": this is not a whole setting")
			s.skipLine(start)
			continue
		}
		if strings.HasPrefix(name, "mail.") {
			into[name] = value
		}
	}
}

// prefScanner goes through a prefs.js. Its methods take off the text what they read.
type prefScanner struct {
	text string
	line int
}

// take reads n bytes.
func (s *prefScanner) take(n int) string {
	out := s.text[:n]
	s.line += strings.Count(out, "\n")
	s.text = s.text[n:]
	return out
}

// skipLine goes to the line after the given one, where it is not there already.
func (s *prefScanner) skipLine(broken int) {
	if s.line > broken {
		return
	}
	if end := strings.IndexByte(s.text, '\n'); end >= 0 {
		s.take(end + 1)
		return
	}
	s.text = ""
}

// space goes over blanks and comments.
func (s *prefScanner) space() {
	for {
		s.take(len(s.text) - len(strings.TrimLeft(s.text, " \t\r\n\v\f")))
		switch {
		case strings.HasPrefix(s.text, "//"), strings.HasPrefix(s.text, "#"):
			s.skipLine(s.line)
		case strings.HasPrefix(s.text, "/*"):
			end := strings.Index(s.text[2:], "*/")
			if end < 0 {
				s.text = ""
				return
			}
			s.take(2 + end + 2)
		default:
			return
		}
	}
}

// word takes one of the words that can stand at this place.
func (s *prefScanner) word(words ...string) bool {
	s.space()
	for _, w := range words {
		if strings.HasPrefix(s.text, w) {
			s.take(len(w))
			return true
		}
	}
	return false
}

// call reads user_pref("name", value);
func (s *prefScanner) call() (name, value string, ok bool) {
	if !s.word("user_pref", "sticky_pref", "lockPref", "pref") || !s.word("(") {
		return "", "", false
	}
	s.space()
	if name, ok = s.quoted(); !ok || !s.word(",") {
		return "", "", false
	}
	s.space()
	if value, ok = s.value(); !ok || !s.word(")") || !s.word(";") {
		return "", "", false
	}
	return name, value, true
}

func (s *prefScanner) value() (string, bool) {
	if s.text != "" && (s.text[0] == '"' || s.text[0] == '\'') {
		return s.quoted()
	}
	end := strings.IndexFunc(s.text, func(r rune) bool { return !strings.ContainsRune("-+0123456789truefals", r) })
	if end <= 0 {
		return "", false
	}
	value := s.take(end)
	if _, err := strconv.Atoi(value); err != nil && value != "true" && value != "false" {
		return "", false
	}
	return value, true
}

// quoted reads a string of JavaScript, as far as settings use it.
func (s *prefScanner) quoted() (string, bool) {
	if s.text == "" || s.text[0] != '"' && s.text[0] != '\'' {
		return "", false
	}
	quote := s.text[0]
	var out []byte
	for i := 1; i < len(s.text); i++ {
		switch c := s.text[i]; c {
		case quote:
			s.take(i + 1)
			return string(out), true
		case '\n':
			return "", false // the file was cut here; Thunderbird writes \n
		case '\\':
			char, used := escaped(s.text[i:])
			if used == 0 {
				return "", false
			}
			out = utf8.AppendRune(out, char)
			i += used - 1
		default:
			out = append(out, c)
		}
	}
	return "", false
}

// escaped reads an escape sequence, and tells how many bytes it takes; 0 if it is none.
func escaped(text string) (rune, int) {
	if len(text) < 2 {
		return 0, 0
	}
	switch text[1] {
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case '"', '\'', '\\':
		return rune(text[1]), 2
	case 'x':
		return hexRune(text, 2)
	case 'u':
		char, used := hexRune(text, 4)
		if used == 0 || !utf16.IsSurrogate(char) {
			return char, used
		}
		if rest := text[used:]; strings.HasPrefix(rest, `\u`) {
			if low, more := hexRune(rest, 4); more > 0 {
				if both := utf16.DecodeRune(char, low); both != utf8.RuneError {
					return both, used + more
				}
			}
		}
		return utf8.RuneError, used
	}
	return 0, 0
}

func hexRune(text string, digits int) (rune, int) {
	if len(text) < 2+digits {
		return 0, 0
	}
	n, err := strconv.ParseUint(text[2:2+digits], 16, 32)
	if err != nil {
		return 0, 0
	}
	return rune(n), 2 + digits
}
