package program

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"mailmedic/probe/profile"
)

// File is one file, ready to use. It never holds a password.
type File struct {
	Name string // without a folder: "mbsyncrc"
	Mode uint32 // of the file: 0600 where the program demands it
	Text string
}

// The modes. Programs refuse or warn of files that others could read where a password
// might stand in them.
const (
	mine   = 0o600
	public = 0o644
)

// longest is the most bytes of one value. A mail address has at most 254 (RFC 5321 section
// 4.5.3.1.3), and so does a host name.
const longest = 254

// Files makes the program's files. It fails, and makes none, where a value cannot stand in
// one: a control character would begin a new line, and with it a new setting. It also fails
// for a server without encryption, because the password would go out in clear text.
func (p Program) Files(s Settings) ([]File, error) {
	if p.files == nil {
		return nil, nil
	}
	if err := s.writable(); err != nil {
		return nil, err
	}
	files, err := p.files(s)
	if err != nil {
		return nil, fmt.Errorf("write a file for %s: %w", p.Title, err)
	}
	return files, nil
}

// writable tells what of the settings no file may hold.
func (s Settings) writable() error {
	for _, v := range []struct {
		what, value string
		needed      bool
	}{
		{"address", s.Address, true},
		{"sender's name", s.Name, false},
		{"provider", s.Provider, false},
		{"host for receiving", s.Receiving.Host, true},
		{"login name for receiving", s.Receiving.Login, true},
		{"host for sending", s.Sending.Host, true},
		{"login name for sending", s.Sending.Login, true},
		{"root folder path", s.RootPath, false},
		{"Sent folder", s.SentPath, false},
		{"Drafts folder", s.DraftsPath, false},
		{"delimiter", s.Delimiter, false},
		{"report", s.Seen.Report, false},
	} {
		if err := clean(v.value); err != nil {
			return fmt.Errorf("the %s cannot stand in a file: %w", v.what, err)
		}
		if v.needed && v.value == "" {
			return fmt.Errorf("the %s is missing", v.what)
		}
	}
	_, domain, ok := profile.Split(s.Address)
	if !ok {
		return errors.New("the address has no domain")
	}
	if strings.ContainsFunc(domain, func(r rune) bool {
		return notInHost(r) && !(r > unicode.MaxASCII && unicode.In(r, unicode.L, unicode.M, unicode.N))
	}) {
		return errors.New("the address has a domain with characters that no domain has")
	}
	for _, server := range []Server{s.Receiving, s.Sending} {
		if err := server.writable(); err != nil {
			return err
		}
	}
	return nil
}

func (s Server) writable() error {
	switch {
	case strings.ContainsFunc(s.Host, notInHost):
		return errors.New("the name of a host has characters that no host name has")
	case s.Port < 1 || s.Port > 65535:
		return fmt.Errorf("%d is no port", s.Port)
	case s.Encryption != profile.TLS && s.Encryption != profile.STARTTLS:
		return fmt.Errorf("port %d has no encryption, and a password must not go over it", s.Port)
	}
	return nil
}

// notInHost finds what stands in no host name (RFC 952, RFC 5890 for what is not ASCII)
// and in no IPv4 address. Hosts stand in URLs, so this is strict.
func notInHost(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-')
}

// clean refuses what a reader of the file would take for the end of a line or of the text,
// and what shows the text in another order than it has.
func clean(value string) error {
	if len(value) > longest {
		return fmt.Errorf("it has more than %d bytes", longest)
	}
	if !utf8.ValidString(value) {
		return errors.New("it is no UTF-8")
	}
	for _, r := range value {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || strings.ContainsRune("\u2028\u2029\ufeff\ufffe\uffff", r) {
			return fmt.Errorf("it holds the character U+%04X", r)
		}
	}
	return nil
}

// lines puts lines together and refuses what a program would cut in two: behind the cut a
// value would begin a line of its own. The limit is in bytes, 0 for none.
func lines(limit int, list []string) (string, error) {
	for _, line := range list {
		if limit > 0 && len(line) > limit {
			return "", fmt.Errorf("a line would have %d bytes, and it reads at most %d", len(line), limit)
		}
	}
	return strings.Join(list, "\n") + "\n", nil
}

// label is a word for an account made of an address: letters, digits and hyphens only, so
// that it needs no quotes anywhere.
func label(address string) string {
	word := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, address)
	if word = strings.Trim(word, "-"); word == "" {
		return "mail"
	}
	return word
}

// comment is the head of a text file, each line behind the mark.
func (s Settings) comment(mark string, more ...string) []string {
	said := []string{"For " + s.Address + " at " + s.Provider + ", by mailmedic."}
	said = append(said, s.Told()...)
	said = append(said, more...)
	list := make([]string, len(said))
	for i, line := range said {
		list[i] = strings.TrimRight(mark+" "+line, " ")
	}
	return list
}
