package profile

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

//go:embed providers/*.yaml
var providers embed.FS

// maxBytes is far above what a profile needs; the built-in ones have under 8 KiB.
const maxBytes = 64 << 10

// Error says what is wrong with a profile and where.
type Error struct {
	Name    string // the built-in name or the file, as it was asked for
	Line    int    // from 1, or 0 when the fault is of the whole
	Message string
}

// Error gives the sentence for the person who wrote the profile.
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("read profile %s: %s", shown(e.Name), e.Message)
	}
	return fmt.Sprintf("read profile %s: line %d: %s", shown(e.Name), e.Line, e.Message)
}

// shown puts a name in quotes only where it would be hidden or obeyed by a terminal.
func shown(name string) string {
	if name == "" || strings.ContainsFunc(name, hidden) {
		return quote(name)
	}
	return name
}

// BuiltIn lists the names of the built-in profiles. An address in a domain that two
// of them share belongs to the first.
func BuiltIn() []string { return []string{"runbox", "runbox-2015"} }

// Load reads a built-in profile, or a file when the name has a slash in it or ends
// in .yaml or .yml. A file that does not exist is an error that satisfies
// errors.Is(err, fs.ErrNotExist); every other error is an *Error.
func Load(name string) (Profile, error) {
	if isFile(name) {
		return loadFile(name)
	}
	for _, known := range BuiltIn() {
		if name != known {
			continue
		}
		data, err := providers.ReadFile("providers/" + name + ".yaml")
		if err != nil {
			return Profile{}, &Error{Name: name, Message: err.Error()}
		}
		return Parse(name, data)
	}
	return Profile{}, &Error{Name: name, Message: "no such built-in profile" + meant(name, BuiltIn())}
}

func isFile(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

func loadFile(name string) (Profile, error) {
	data, err := readFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return Profile{}, fmt.Errorf("read profile %s: %w", shown(name), reason(err))
	}
	if err != nil {
		return Profile{}, &Error{Name: name, Message: reason(err).Error()}
	}
	return Parse(name, data)
}

// readFile reads at most one byte more than Parse accepts.
func readFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxBytes+1))
}

// reason leaves out the file name, which the message carries already.
func reason(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// ForAddress names the built-in profile whose own domains hold the address's domain. It
// is empty when no profile has it.
func ForAddress(address string) string {
	for _, name := range BuiltIn() {
		p, err := Load(name)
		if err == nil && p.Kind(address) == Own {
			return name
		}
	}
	return ""
}

// meant ends a message about an unknown word with the one that was probably meant.
func meant(word string, known []string) string {
	if near := Nearest(word, known); near != "" {
		return fmt.Sprintf(" (did you mean %q?)", near)
	}
	return ""
}

// quote shows a word from outside, made visible and kept short.
func quote(word string) string {
	if runes := []rune(word); len(runes) > longestWord {
		word = string(runes[:longestWord]) + "…"
	}
	return fmt.Sprintf("%q", word)
}
