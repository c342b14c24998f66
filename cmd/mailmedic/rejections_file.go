package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	rejectionsSize = 256 << 10

	// A run holds the lock for the moment of a reading and a writing.
	lockPatience = 3 * time.Second
	lockPause    = 3 * time.Millisecond
)

// read gives what is known. Who only looks leaves no folder behind.
func (r rejections) read(now time.Time) (lines []byte) {
	if r.file == "" {
		return r.remembered()
	}
	if _, err := os.Stat(r.file); err != nil {
		return nil
	}
	err := r.change(now, func(known []byte) []byte {
		lines = known
		return known
	})
	if err == nil {
		return lines
	}
	if lines, err = r.saved(); err != nil {
		return nil
	}
	return inThePast(lines, now)
}

// remembered is what this process knows by itself.
func (r rejections) remembered() []byte {
	if r.own == nil {
		return nil
	}
	return *r.own
}

// saved gives the file, or its newest part where it is too large. One that is not there holds
// nothing.
func (r rejections) saved() ([]byte, error) {
	f, err := os.Open(r.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	at, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if at.Size() > rejectionsSize {
		if _, err := f.Seek(-rejectionsSize, io.SeekEnd); err != nil {
			return nil, err
		}
	}
	return io.ReadAll(io.LimitReader(f, rejectionsSize))
}

// usable tells why nothing can be remembered, or nothing.
func (r rejections) usable() error {
	return r.change(time.Now(), func(lines []byte) []byte { return lines })
}

// change puts new lines in the place of the old ones. No other run comes between the reading
// and the writing; readers see the old lines or the new ones.
func (r rejections) change(now time.Time, edit func(lines []byte) []byte) error {
	if r.file == "" && r.wanted {
		return errNoPlace
	}
	if r.file == "" {
		if r.own != nil {
			*r.own = edit(*r.own)
		}
		return nil
	}
	release, err := r.hold()
	if err != nil {
		return err
	}
	defer release()
	lines, err := r.saved()
	if err != nil {
		return err
	}
	if len(lines) > 0 && lines[len(lines)-1] != '\n' {
		lines = append(lines, '\n') // of a line that was cut off
	}
	before := bytes.Clone(lines)
	if lines = edit(inThePast(lines, now)); bytes.Equal(before, lines) {
		return nil
	}
	return replace(r.file, bounded(lines, now))
}

// hold keeps other runs out until it is released. The lock is on a file of its own, because
// that of the lines is a new one each time.
func (r rejections) hold() (release func(), err error) {
	if err := os.MkdirAll(filepath.Dir(r.file), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(filepath.Dir(r.file), "rejections.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for end := time.Now().Add(lockPatience); lock(f); time.Sleep(lockPause) {
		if time.Now().After(end) {
			f.Close()
			return nil, os.ErrDeadlineExceeded
		}
	}
	return func() { f.Close() }, nil
}

// bounded keeps the lines that can still count, once there are many, and of too many the newest.
func bounded(lines []byte, now time.Time) []byte {
	if len(lines) <= rejectionsSize/2 {
		return lines
	}
	var kept []byte
	for line := range bytes.Lines(lines) {
		if _, m, ok := entry(line); ok && now.Sub(m.at) < 24*time.Hour {
			kept = append(kept, line...)
		}
	}
	if len(kept) <= rejectionsSize {
		return kept
	}
	kept = kept[len(kept)-rejectionsSize:]
	return kept[bytes.IndexByte(kept, '\n')+1:]
}
