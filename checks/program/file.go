package program

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

// File is one file, ready to use. It never holds a password. What it says of itself is in
// English: others may have to read it too, and not every program takes more than ASCII.
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

// Refusal is why no file is made, for the person who asked for one.
type Refusal struct{ Why say.Text }

// Error says it in English.
func (r Refusal) Error() string { return r.Why.String() }

// refuse is an error with a message, and what goes into its gaps.
func refuse(why say.Text, values ...any) error { return Refusal{say.With(why, values...)} }

// Files makes the program's files. It fails, and makes none, where a value cannot stand in
// one: a control character would begin a new line, and with it a new setting. It also fails
// for a server without encryption, because the password would go out in clear text. Its
// errors are Refusals.
func (p Program) Files(s Settings) ([]File, error) {
	if p.files == nil {
		return nil, nil
	}
	if err := s.writable(); err != nil {
		return nil, err
	}
	files, err := p.files(s)
	var r Refusal
	if errors.As(err, &r) {
		return nil, refuse("No file for %s can be written: %s.", say.Recorded(p.Title), r.Why)
	}
	return files, err
}

// writable tells what of the settings no file may hold.
func (s Settings) writable() error {
	for _, v := range []struct {
		value          string
		wrong, missing say.Text // missing is empty for what need not be there
	}{
		{s.Address, "The address cannot stand in a file: %s.", "The address is missing."},
		{s.Name, "The sender's name cannot stand in a file: %s.", ""},
		{s.Provider, "The provider cannot stand in a file: %s.", ""},
		{s.Receiving.Host, "The host for receiving cannot stand in a file: %s.", "The host for receiving is missing."},
		{s.Receiving.Login, "The login name for receiving cannot stand in a file: %s.", "The login name for receiving is missing."},
		{s.Sending.Host, "The host for sending cannot stand in a file: %s.", "The host for sending is missing."},
		{s.Sending.Login, "The login name for sending cannot stand in a file: %s.", "The login name for sending is missing."},
		{s.RootPath, "The root folder path cannot stand in a file: %s.", ""},
		{s.SentPath, "The Sent folder cannot stand in a file: %s.", ""},
		{s.DraftsPath, "The Drafts folder cannot stand in a file: %s.", ""},
		{s.Delimiter, "The delimiter cannot stand in a file: %s.", ""},
		{s.Seen.Report, "The report cannot stand in a file: %s.", ""},
	} {
		if why := clean(v.value); why != "" {
			return refuse(v.wrong, why)
		}
		if v.value == "" && v.missing != "" {
			return refuse(v.missing)
		}
	}
	_, domain, ok := profile.Split(s.Address)
	if !ok {
		return refuse("The address has no domain.")
	}
	if strings.ContainsFunc(domain, func(r rune) bool {
		return notInHost(r) && !(r > unicode.MaxASCII && unicode.In(r, unicode.L, unicode.M, unicode.N))
	}) {
		return refuse("The address has a domain with characters that no domain has.")
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
		return refuse("The name of a host has characters that no host name has.")
	case s.Port < 1 || s.Port > 65535:
		return refuse("%d is no port.", s.Port)
	case s.Encryption != profile.TLS && s.Encryption != profile.STARTTLS:
		return refuse("Port %d has no encryption, and a password must not go over it.", s.Port)
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
func clean(value string) (why say.Text) {
	if len(value) > longest {
		return say.With("it has more than %d bytes", longest)
	}
	if !utf8.ValidString(value) {
		return "it is no UTF-8"
	}
	for _, r := range value {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || strings.ContainsRune("\u2028\u2029\ufeff\ufffe\uffff", r) {
			return say.With("it holds the character U+%04X", r)
		}
	}
	return ""
}

// lines puts lines together and refuses what a program would cut in two: behind the cut a
// value would begin a line of its own. The limit is in bytes, 0 for none.
func lines(limit int, list []string) (string, error) {
	for _, line := range list {
		if limit > 0 && len(line) > limit {
			return "", refuse("a line would have %d bytes, and it reads at most %d", len(line), limit)
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
	for _, told := range s.Told() {
		said = append(said, told.String())
	}
	said = append(said, more...)
	list := make([]string, len(said))
	for i, line := range said {
		list[i] = strings.TrimRight(mark+" "+line, " ")
	}
	return list
}
