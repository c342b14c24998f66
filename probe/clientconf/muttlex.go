package clientconf

import (
	"strings"
)

// maxValue is what a word may grow to by what $name stands for.
const maxValue = 4 << 10

// muttWord is one argument of a command of a muttrc.
type muttWord struct {
	text    string
	command string // what stands in backticks, the last of them if there are several
	only    bool   // the word is a command in backticks and nothing else
}

// muttLexer goes through one logical line. Its methods take off the text what they read.
type muttLexer struct {
	text   string
	expand func(name string) muttWord // the value of $name
	later  bool                       // the words are run as commands later, and backticks are kept for then
}

// more skips blanks and tells whether the command has a further argument.
func (l *muttLexer) more() bool {
	l.text = strings.TrimLeft(l.text, " \t\r\n")
	return l.text != "" && l.text[0] != ';' && l.text[0] != '#'
}

// next goes to the next command of the line, behind a semicolon.
func (l *muttLexer) next() bool {
	for l.more() {
		l.word()
	}
	l.text = strings.TrimLeft(l.text, " \t\r\n;")
	return l.more()
}

// name reads the name of a setting with what may stand in front of it.
func (l *muttLexer) name() string {
	end := strings.IndexAny(l.text, " \t\r\n=;#+?&\"'`")
	if end < 0 {
		end = len(l.text)
	}
	if strings.HasPrefix(l.text, "&") || strings.HasPrefix(l.text, "?") {
		end = 1
	}
	out := l.text[:end]
	l.text = l.text[end:]
	return out
}

// word reads an argument as the manual's chapter "Syntax of Initialization Files" has it:
// nothing is special between single quotes; between double quotes $ and backticks are.
// What stands in backticks is never run.
func (l *muttLexer) word() muttWord {
	var w muttWord
	var out []byte
	var quote byte
	parts := 0 // pieces that are no command
	i := 0
	for ; i < len(l.text); i++ {
		c := l.text[i]
		if quote == 0 && (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ';' || c == '#') {
			break
		}
		switch {
		case c == quote && quote != 0:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == '\\' && quote != '\'' && i+1 < len(l.text):
			i++
			out, parts = append(out, unbackslash(l.text[i])), parts+1
		case c == '`' && quote != '\'':
			end := strings.IndexByte(l.text[i+1:], '`')
			whole := end >= 0 && !strings.HasSuffix(l.text[i+1:i+1+end], `\`)
			if end < 0 {
				end = len(l.text) - i - 1
			}
			w.command = l.text[i+1 : i+1+end]
			// One that does not end, or has another one within, is not run even if the user
			// wants the password: what mutt would make of it is not known.
			if w.only = parts == 0 && whole; w.only {
				parts++
			} else {
				parts += 2
			}
			i = min(i+1+end, len(l.text)-1)
		case c == '$' && quote != '\'':
			name, used := muttVariable(l.text[i:])
			if used == 0 {
				out, parts = append(out, c), parts+1
				continue
			}
			i += used - 1
			value := l.expand(name)
			if value.command != "" && l.later {
				value.text = "`" + value.command + "`"
			} else if value.command != "" {
				w.command = value.command
				w.only = value.only && parts == 0
			}
			if len(out)+len(value.text) < maxValue {
				out = append(out, value.text...)
			}
			parts++
		default:
			out, parts = append(out, c), parts+1
		}
	}
	l.text = l.text[i:]
	w.text = string(out)
	w.only = w.only && parts == 1
	return w
}

func unbackslash(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// muttVariable reads $name or ${name}, and how many bytes it takes.
func muttVariable(text string) (name string, used int) {
	if rest, ok := strings.CutPrefix(text, "${"); ok {
		if end := strings.IndexByte(rest, '}'); end > 0 {
			return rest[:end], end + 3
		}
		return "", 0
	}
	rest := text[1:]
	end := strings.IndexFunc(rest, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end < 0 {
		end = len(rest)
	}
	if end == 0 {
		return "", 0
	}
	return rest[:end], end + 1
}

// muttLines joins the lines that end in a backslash, and gives the number of the first.
func muttLines(text string, each func(number int, line string)) {
	var joined strings.Builder
	number, first := 0, 0
	for line := range strings.Lines(text) {
		number++
		if joined.Len() == 0 {
			first = number
		}
		line = strings.TrimRight(line, "\r\n")
		slashes := len(line) - len(strings.TrimRight(line, `\`))
		if slashes%2 == 1 && joined.Len() < maxLine {
			joined.WriteString(line[:len(line)-1])
			continue
		}
		joined.WriteString(line)
		each(first, joined.String())
		joined.Reset()
	}
	if joined.Len() > 0 {
		each(first, joined.String())
	}
}
