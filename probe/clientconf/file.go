package clientconf

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	maxFile     = 8 << 20  // of a file of settings; Thunderbird's after ten years has a megabyte
	maxLine     = 64 << 10 // what is longer holds no setting that a person made
	maxAccounts = 500      // of a file
)

// load reads a file of settings as a text.
func load(path string) (string, error) {
	text, err := bytesOf(path)
	return decode(text), err
}

// bytesOf reads a file of settings, and nothing that is too large for one, or no file.
func bytesOf(path string) (string, error) {
	// A named pipe without a writer would keep the opening waiting, so it is looked at
	// first, and once more when it is open, because it may have been exchanged.
	info, err := os.Stat(path)
	if err != nil {
		return "", bare(err)
	}
	if err := fit(info); err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return "", bare(err)
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return "", bare(err)
	}
	if err := fit(info); err != nil {
		return "", err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return "", bare(err)
	}
	if len(data) > maxFile {
		return "", errLarge
	}
	return string(data), nil
}

var errLarge = errors.New("the file is larger than 8 MiB, which no settings file is")

func fit(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return errors.New("this is a folder, not a file")
	case !info.Mode().IsRegular():
		return errors.New("this is not a regular file")
	case info.Size() > maxFile:
		return errLarge
	}
	return nil
}

// bare takes the path off an error: whoever prints it has named the file.
func bare(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return fmt.Errorf("%s: %w", path.Op, path.Err)
	}
	return err
}

// decode makes a text of the bytes of a file. Old settings are in Latin-1 here and there,
// and a byte that is no UTF-8 is taken as such; Windows writes UTF-16 with a mark.
func decode(data string) string {
	if len(data) >= 2 && (data[0] == 0xff && data[1] == 0xfe || data[0] == 0xfe && data[1] == 0xff) {
		low, high := 0, 1
		if data[0] == 0xfe {
			low, high = 1, 0
		}
		var units []uint16
		for i := 2; i+1 < len(data); i += 2 {
			units = append(units, uint16(data[i+low])|uint16(data[i+high])<<8)
		}
		return string(utf16.Decode(units))
	}
	text := strings.TrimPrefix(data, "\ufeff")
	if utf8.ValidString(text) {
		return text
	}
	var out strings.Builder
	out.Grow(len(text))
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)) {
			r = rune(text[i])
		}
		out.WriteRune(r)
	}
	return out.String()
}
