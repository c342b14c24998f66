package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	mail "mailmedic/checks/program"
)

// folderMode is for a folder that is made for files which only their owner may read.
const folderMode = 0o700

// writeFile puts a file into a folder, which is made if it is not there, and gives its
// path. A file that is there stays as it is, unless it may be replaced.
func writeFile(folder string, f mail.File, replace bool) (string, error) {
	if err := os.Mkdir(folder, folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", unwritten(folder, err)
	}
	name := filepath.Join(folder, f.Name)
	write := newFile
	if replace {
		write = replaceFile
	}
	switch err := write(name, f); {
	case errors.Is(err, fs.ErrExist):
		return "", fail(exitOutput, "Add --force to replace it, or name another folder.", "%s is there already, and stays as it is.", visible(name))
	case err != nil:
		return "", unwritten(name, err)
	}
	return name, nil
}

// newFile fails where anything has the name already, a link that leads nowhere included.
func newFile(name string, f mail.File) error {
	to, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fs.FileMode(f.Mode))
	if err != nil {
		return err
	}
	_, err = to.WriteString(f.Text)
	if err = errors.Join(err, to.Chmod(fs.FileMode(f.Mode)), to.Close()); err != nil {
		os.Remove(name)
	}
	return err
}

// replaceFile shows readers the old file or the whole new one. A link is replaced, and not
// followed.
func replaceFile(name string, f mail.File) error {
	to, err := os.CreateTemp(filepath.Dir(name), "."+f.Name+".*")
	if err != nil {
		return err
	}
	_, err = to.WriteString(f.Text)
	err = errors.Join(err, to.Chmod(fs.FileMode(f.Mode)), to.Close())
	if err == nil {
		err = os.Rename(to.Name(), name)
	}
	if err != nil {
		os.Remove(to.Name())
	}
	return err
}

func unwritten(name string, err error) error {
	return fail(exitOutput, "Name a folder that you may write to.", "%s cannot be written: %s.", visible(name), plain(err))
}
