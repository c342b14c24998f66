package clientconf

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Find looks in the usual places of all programs. What is not there is left out.
func Find(p Place) []Found {
	var all []Found
	var seen []os.FileInfo
	for _, k := range kinds() {
		for _, pattern := range k.places(p) {
			for _, path := range expand(pattern) {
				info, err := os.Stat(path)
				if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || err == nil && info.IsDir() {
					continue
				}
				// Two of the usual paths can lead to one file.
				if err == nil && slices.ContainsFunc(seen, func(i os.FileInfo) bool { return os.SameFile(i, info) }) {
					continue
				}
				if err == nil {
					seen = append(seen, info)
				}
				all = append(all, read(k, path, p))
			}
		}
	}
	return all
}

// Read reads one file that the user gave, or the folder of a Thunderbird profile.
func Read(path string, p Place) Found {
	shown := p.shown(path)
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, "prefs.js")
		if _, err := os.Stat(path); err != nil {
			return Found{File: shown, Err: errors.New("this folder is no Thunderbird profile: it has no prefs.js")}
		}
	}
	text, err := load(path)
	if err != nil {
		return Found{File: shown, Err: err}
	}
	k := recognise(filepath.Base(path), text)
	if k == nil {
		return Found{File: shown, Err: fmt.Errorf("this is no settings file of a mail program that can be read: %s", strings.Join(programs(), ", "))}
	}
	return found(*k, text, path, p)
}

// recognise asks for the name first: a comment in one program's file can speak of another.
func recognise(name, text string) *kind {
	all := kinds()
	for i := range all {
		if all[i].is(name, "") {
			return &all[i]
		}
	}
	for i := range all {
		if all[i].is("", text) {
			return &all[i]
		}
	}
	return nil
}

func programs() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.program)
	}
	return names
}

func read(k kind, path string, p Place) Found {
	text, err := load(path)
	if err != nil {
		return Found{Program: k.program, File: p.shown(path), Err: err}
	}
	return found(k, text, path, p)
}

func found(k kind, text, path string, p Place) Found {
	accounts, err := k.read(text, p.origin(path))
	return Found{Program: k.program, File: p.shown(path), Accounts: accounts, Err: err}
}

// expand lists the files that a pattern stands for, one level of folders for each "*". It
// is not filepath.Glob because a home folder can have brackets in its name.
func expand(pattern string) []string {
	star := strings.IndexByte(pattern, '*')
	if pattern == "" {
		return nil
	}
	if star < 0 {
		return []string{pattern}
	}
	start := strings.LastIndexByte(pattern[:star], filepath.Separator) + 1
	segment, rest := pattern[start:], ""
	if end := strings.IndexByte(segment, filepath.Separator); end >= 0 {
		segment, rest = segment[:end], segment[end:]
	}
	entries, err := os.ReadDir(filepath.Clean(pattern[:start]))
	if err != nil {
		return nil
	}
	var all []string
	for _, e := range entries {
		if ok, _ := filepath.Match(segment, e.Name()); ok && !strings.Contains(e.Name(), "*") {
			all = append(all, expand(pattern[:start]+e.Name()+rest)...)
		}
	}
	return all
}
