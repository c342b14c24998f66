package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"mailmedic/report"
)

// bundleFormat is the format of a bundle, which report bundle alone writes.
const bundleFormat = "zip"

// The modes of new files. A report gets what the user's umask leaves of the first, as a file
// that the shell makes; a bundle, with all that was said to the servers, is the user's alone.
const (
	reportMode fs.FileMode = 0o666
	bundleMode fs.FileMode = 0o600
)

// target is a file that a report goes to. It is opened before the run, so that a
// folder which cannot be written to is known before anybody waited.
type target struct {
	format string
	name   string
	file   *os.File // a temporary file in the same folder, or the device itself
	atomic bool
}

// openTarget prepares a file: readers see the old one or the whole new one, never half.
// A name that leads to something other than a file, as /dev/stderr, is written directly.
func openTarget(format, name string) (target, error) {
	t := target{format: format, name: linked(name)}
	at, err := os.Stat(t.name)
	if err == nil && at.IsDir() {
		return t, fail(exitOutput, "Name a file in a folder that you may write to.", "The report cannot be written to %s: it is a folder.", visible(name))
	}
	if err == nil && !at.Mode().IsRegular() {
		t.file, err = os.OpenFile(t.name, os.O_WRONLY, 0)
	} else {
		t.atomic = true
		t.file, err = besides(t.name, format, at)
	}
	if err != nil {
		return t, unwritable(name, err)
	}
	return t, nil
}

// overwrites tells whether what another target is written to would be lost. On a device one
// report follows the other.
func (t target) overwrites(other target) bool {
	return t.atomic && other.atomic && whereIs(t.name) == whereIs(other.name)
}

// whereIs is where a file is, in one spelling.
func whereIs(name string) string {
	if folder, err := filepath.EvalSymlinks(filepath.Dir(name)); err == nil {
		name = filepath.Join(folder, filepath.Base(name))
	}
	if whole, err := filepath.Abs(name); err == nil {
		return whole
	}
	return name
}

// linked is the file that a symbolic link leads to, whether it is there already or not.
func linked(name string) string {
	const deepest = 40 // as many as Linux follows
	for range deepest {
		if real, err := filepath.EvalSymlinks(name); err == nil {
			return real
		}
		if _, err := os.Stat(name); err == nil {
			return name // what /dev/stderr leads to has no name
		}
		to, err := os.Readlink(name)
		if err != nil {
			return name
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(name), to)
		}
		name = to
	}
	return name
}

// besides makes an empty file next to the one whose place it takes. Whoever may read the old
// one, nil if there is none, may read the new one, and nobody else.
func besides(name, format string, old fs.FileInfo) (*os.File, error) {
	mode := reportMode
	if format == bundleFormat {
		mode = bundleMode
	}
	for {
		file, err := os.OpenFile(filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"."+rand.Text()), os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil && old != nil && format != bundleFormat {
			err = file.Chmod(old.Mode().Perm())
		}
		return file, err
	}
}

// commit writes the file and puts it in its place.
func (t target) commit(text []byte) error {
	_, err := t.file.Write(text)
	err = errors.Join(err, t.file.Close())
	if err == nil && t.atomic {
		err = os.Rename(t.file.Name(), t.name)
	}
	if err != nil {
		return unwritable(t.name, err)
	}
	return nil
}

// before is what the file held until now, of which metrics carry something on.
func (t target) before() []byte {
	if !t.atomic {
		return nil // a device would be waited for
	}
	old, err := os.Open(t.name)
	if err != nil {
		return nil
	}
	defer old.Close()
	text, err := io.ReadAll(io.LimitReader(old, largestReport))
	if err != nil {
		return nil
	}
	return text
}

// discard cleans up whatever became of the file; after commit there is nothing left to do.
func (t target) discard() {
	t.file.Close()
	if t.atomic {
		os.Remove(t.file.Name())
	}
}

func unwritable(name string, err error) error {
	return fail(exitOutput, "Name a file in a folder that you may write to.", "The report cannot be written to %s: %s.", visible(name), plain(err))
}

// sameFile tells whether two names are of one file.
func sameFile(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}

// output is where a report goes and how it looks.
type output struct {
	format  string // on standard output
	choice  string // of --color
	theme   string // of --theme
	spoken  bool   // of --accessible
	verbose int
	quiet   bool
	account string // of the metrics, "" for the usual one
	targets []target
	silent  bool // --output was given: nothing on standard output
	hide    hiding
}

// write renders something for every place it goes to. One that fails does not keep
// the others from getting theirs; the first failure is returned.
func (o output) write(std stdio, render func(format string, s stream) ([]byte, error)) error {
	var failed []error
	if !o.silent {
		text, err := render(o.format, std.stdout(o.choice))
		if err == nil {
			err = std.print(text)
		}
		failed = append(failed, err)
	}
	for _, t := range o.targets {
		to := std.file(o.choice)
		to.before = t.before()
		text, err := render(t.format, to)
		if err == nil {
			err = t.commit(text)
		}
		failed = append(failed, err)
	}
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	return nil
}

// discard cleans up all files.
func (o output) discard() {
	for _, t := range o.targets {
		t.discard()
	}
}

// formats lists what --format and --write know.
func formats() []string {
	return []string{"text", "short", "markdown", "html", "json", "jsonl", "junit", "prometheus"}
}

// plainly refuses the formats in which there are only reports, for what is none.
func (o output) plainly(flag string) error {
	for _, format := range o.used() {
		if !slices.Contains([]string{"text", "short", "json"}, format) {
			return usage("Use text or json for it.", "%s is not written as %s.", flag, format)
		}
	}
	return nil
}

// used lists the formats that something is wanted in.
func (o output) used() []string {
	list := []string{o.format}
	for _, t := range o.targets {
		list = append(list, t.format)
	}
	return list
}

// render makes the report in one format.
func (o output) render(r *report.Report, format string, s stream) ([]byte, error) {
	var b bytes.Buffer
	var err error
	switch format {
	case "json":
		err = report.JSON(&b, r)
	case "jsonl":
		err = report.JSONL(&b, r)
	case "markdown":
		err = report.Markdown(&b, r)
	case "html":
		err = report.HTML(&b, r)
	case "junit":
		err = report.JUnit(&b, r)
	case "prometheus":
		err = report.Prometheus(&b, r, report.PrometheusOptions{Account: o.account, LastSuccess: report.LastSuccess(s.before, o.account)})
	case "short":
		err = report.Short(&b, r)
	default:
		err = report.Text(&b, r, report.TextOptions{
			Color: s.color, Width: s.width, ASCII: s.ascii, Verbose: o.verbose, Quiet: o.quiet, Marks: !s.terminal,
			Theme: o.theme, Spoken: o.spoken,
		})
	}
	if err != nil {
		return nil, fmt.Errorf("render the report as %s: %w", format, err)
	}
	return b.Bytes(), nil
}

// print writes to standard output in one piece. A reader that has gone away is not
// an error: the verdict is still the exit code.
func (io stdio) print(text []byte) error {
	_, err := io.out.Write(text)
	return writeFailure(err)
}

// writeFailure is what an error of standard output comes to.
func writeFailure(err error) error {
	if err == nil || readerGone(err) {
		return nil
	}
	return fail(exitOutput, "Write it to a file instead, with:  -o FILE", "Standard output cannot be written to: %s.", plain(err))
}

// plain is the innermost words of a file error, without the Go wrapping.
func plain(err error) string {
	var inner *fs.PathError
	if errors.As(err, &inner) {
		return inner.Err.Error()
	}
	return err.Error()
}
