package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	mail "mailmedic/checks/program"
)

// folderMode is for a folder that is made for files which only their owner may read.
const folderMode = 0o700

// writeFile puts a file into a folder, which is made if it is not there. A file that is
// there stays as it is, unless it may be replaced: then readers see the old one or the
// whole new one, and a link is replaced and not followed.
func writeFile(folder string, f mail.File, replace bool) (string, error) {
	if err := os.Mkdir(folder, folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", unwritten(folder, err)
	}
	name := filepath.Join(folder, f.Name)
	if _, err := os.Lstat(name); err == nil && !replace {
		return "", fail(exitOutput, "Add --force to replace it, or name another folder.", "%s is there already, and stays as it is.", visible(name))
	}
	t, err := os.CreateTemp(folder, "."+f.Name+".*")
	if err != nil {
		return "", unwritten(name, err)
	}
	defer os.Remove(t.Name()) // nothing is left of it where all goes well
	_, err = t.WriteString(f.Text)
	err = errors.Join(err, t.Chmod(fs.FileMode(f.Mode)), t.Close())
	if err == nil && replace {
		err = os.Rename(t.Name(), name)
	} else if err == nil {
		err = os.Link(t.Name(), name) // unlike a rename, it fails where a file has come up meanwhile
	}
	if err != nil {
		return "", unwritten(name, err)
	}
	return name, nil
}

func unwritten(name string, err error) error {
	return fail(exitOutput, "Name a folder that you may write to.", "%s cannot be written: %s.", visible(name), plain(err))
}

// sentence begins with a capital letter.
func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:]
}
