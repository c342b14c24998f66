package program_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// set is one setting as the program would read it from its file.
type set struct{ key, value string }

// readAs reads a file back by the rules of its format, each written after the program's
// manual and not after the writer.
func readAs(name, text string) ([]set, error) {
	switch {
	case strings.HasSuffix(name, ".xml"):
		return readXML(text)
	case strings.HasSuffix(name, ".mobileconfig"):
		return readPlist(text)
	}
	var all []set
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		one, err := map[string]func(string) (set, error){
			"mbsyncrc": readMbsync, "msmtprc": readMsmtp, "muttrc": readMutt, "accounts.conf": readINI,
		}[name](line)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		all = append(all, one)
	}
	return all, nil
}

// readMbsync: blanks separate words, double quotes hold them together, a backslash takes
// the meaning from what follows, and a hash mark begins a comment where a word could.
func readMbsync(line string) (set, error) {
	if len(line) > 1022 {
		return set{}, errors.New("mbsync would read this as two lines")
	}
	var words []string
	word, quoted, escaped, begun := "", false, false, false
	for _, r := range line {
		switch {
		case escaped:
			word, escaped = word+string(r), false
		case r == '\\':
			escaped, begun = true, true
		case r == '"':
			quoted, begun = !quoted, true
		case (r == ' ' || r == '\t') && !quoted:
			if begun {
				words = append(words, word)
			}
			word, begun = "", false
		case r == '#' && !begun && !quoted:
			return set{}, errors.New("a comment begins in the middle")
		default:
			word, begun = word+string(r), true
		}
	}
	if begun {
		words = append(words, word)
	}
	if quoted || escaped || len(words) != 1 && len(words) != 2 {
		return set{}, fmt.Errorf("%d words, quotes open: %t", len(words), quoted)
	}
	return set{words[0], strings.Join(words[1:], " ")}, nil
}

// readMsmtp: a command, and the rest of the line without the blanks and one pair of quotes
// at its ends.
func readMsmtp(line string) (set, error) {
	if len(line) > 498 {
		return set{}, errors.New("msmtp refuses a line of that length")
	}
	key, value, _ := strings.Cut(line, " ")
	value = strings.Trim(value, " \t")
	if len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"' {
		value = value[1 : len(value)-1]
	}
	return set{key, value}, nil
}

// readMutt reads "set name = value". Outside of quotes a hash mark, a semicolon, a dollar
// and a backtick do something; between double quotes the latter two and the backslash do.
func readMutt(line string) (set, error) {
	if strings.HasSuffix(line, `\`) {
		return set{}, errors.New("mutt would join the next line to this one")
	}
	rest, ok := strings.CutPrefix(line, "set ")
	key, rest, found := strings.Cut(rest, " = ")
	if !ok || !found {
		return set{}, errors.New("no setting")
	}
	value, quote := "", rune(0)
	for _, r := range rest {
		switch {
		case r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		case quote != '\'' && strings.ContainsRune("`$\\", r), quote == 0 && strings.ContainsRune(" #;", r):
			return set{}, fmt.Errorf("%q has a meaning where it stands", r)
		default:
			value += string(r)
		}
	}
	if quote != 0 {
		return set{}, errors.New("a quote is open")
	}
	return set{key, value}, nil
}

// readINI follows go-ini: between backquotes everything up to the last one, otherwise a
// value ends before a hash mark or a semicolon. %(name)s is replaced.
func readINI(line string) (set, error) {
	if line[0] == '[' {
		return set{"[]", strings.Trim(line, "[]")}, nil
	}
	key, value, found := strings.Cut(line, " = ")
	switch {
	case !found:
		return set{}, errors.New("no setting")
	case strings.HasPrefix(value, "`"):
		end := strings.LastIndexByte(value[1:], '`')
		if end < 0 || end+2 != len(value) {
			return set{}, errors.New("the value goes on in the next line, or behind its end")
		}
		value = value[1 : end+1]
	case strings.ContainsAny(value, "#;\"'") || strings.HasSuffix(value, `\`):
		return set{}, errors.New("a value without quotes needs some")
	}
	if _, rest, found := strings.Cut(value, "%("); found && strings.Contains(rest, ")s") {
		return set{}, errors.New("another value would be put into this one")
	}
	return set{key, value}, nil
}

// readXML gives path and text of every element without others in it.
func readXML(text string) ([]set, error) {
	var all []set
	var path []string
	value, leaf := "", false
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			path, value, leaf = append(path, t.Name.Local), "", true
			for _, a := range t.Attr {
				all = append(all, set{strings.Join(path, "/") + "@" + a.Name.Local, a.Value})
			}
		case xml.CharData:
			value += string(t)
		case xml.EndElement:
			if leaf {
				all = append(all, set{strings.Join(path, "/"), value})
			}
			path, leaf = path[:len(path)-1], false
		}
	}
}

// readPlist pairs the keys of all dictionaries with what stands behind them.
func readPlist(text string) ([]set, error) {
	elements, err := readXML(text)
	if err != nil {
		return nil, err
	}
	var all []set
	key := ""
	for _, e := range elements {
		kind := e.key[strings.LastIndexByte(e.key, '/')+1:]
		switch {
		case strings.Contains(e.key, "@"):
		case kind == "key":
			key = e.value
		case kind == "true" || kind == "false":
			all = append(all, set{key, kind})
		default:
			all = append(all, set{key, e.value})
		}
	}
	return all, nil
}

// readShell reads a command of words as sh does, without anything that it would expand.
func readShell(command string) ([]string, error) {
	var words []string
	word, quoted, escaped := "", false, false
	for _, r := range command {
		switch {
		case escaped:
			word, escaped = word+string(r), false
		case r == '\'':
			quoted = !quoted
		case quoted:
			word += string(r)
		case r == '\\':
			escaped = true
		case r == ' ':
			words, word = append(words, word), ""
		case r >= 'a' && r <= 'z' || r == '-':
			word += string(r)
		default:
			return nil, fmt.Errorf("%q has a meaning for sh where it stands", r)
		}
	}
	if quoted || escaped {
		return nil, errors.New("a quote is open")
	}
	return append(words, word), nil
}

// readURL gives the login name and the path of a URL, and the URL without the name.
func readURL(text string) (login, path, rest string, err error) {
	u, err := url.Parse(text)
	if err != nil || u.User == nil || u.RawQuery != "" || u.Fragment != "" {
		return "", "", "", fmt.Errorf("%q is no URL with a name and nothing behind its path: %w", text, err)
	}
	if _, has := u.User.Password(); has {
		return "", "", "", errors.New("the URL holds a password")
	}
	return u.User.Username(), strings.TrimPrefix(u.Path, "/"), u.Scheme + "://" + u.Host, nil
}
