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

	"mailmedic/probe/evidence"
)

// Find looks in the usual places of all programs. What is not there is left out.
func Find(p Place) []Found {
	var all []Found
	var seen []os.FileInfo
	for _, k := range kinds() {
		before := len(all)
		for _, pattern := range k.places(p) {
			if k.single && len(all) > before {
				break
			}
			for _, path := range expand(pattern) {
				info, err := os.Stat(path)
				if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || err == nil && info.IsDir() != (k.folder != nil) {
					continue
				}
				// Two of the usual paths can lead to one file.
				if err == nil && slices.ContainsFunc(seen, func(i os.FileInfo) bool { return os.SameFile(i, info) }) {
					continue
				}
				if err == nil {
					seen = append(seen, info)
				}
				if k.folder != nil {
					all = append(all, k.folder(path, p))
				} else {
					all = append(all, read(k, path, p))
				}
			}
		}
	}
	return all
}

// Read reads one file that the user gave, the folder of a Thunderbird profile, or that of
// Evolution's sources.
func Read(path string, p Place) Found {
	shown := p.shown(path)
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		if sources, _ := filepath.Glob(filepath.Join(literally(path), "*.source")); len(sources) > 0 {
			return evolutionFolder(path, p)
		}
		path = filepath.Join(path, "prefs.js")
		if _, err := os.Stat(path); err != nil {
			return Found{File: shown, Err: errors.New("this folder is no Thunderbird profile: it has no prefs.js")}
		}
	}
	text, err := bytesOf(path)
	if err != nil {
		return Found{File: shown, Err: err}
	}
	k := recognise(filepath.Base(path), text)
	if k == nil {
		return Found{File: shown, Err: fmt.Errorf("this is no settings file of a mail program that can be read: %s", strings.Join(programs(), ", "))}
	}
	if k.folder != nil {
		return inFile(k.folder(filepath.Dir(path), p), shown)
	}
	return found(*k, text, path, p)
}

// inFile keeps of a folder the account that stands in one file, or all of them where the
// file is only a part of each.
func inFile(f Found, shown string) Found {
	mine := slices.DeleteFunc(slices.Clone(f.Accounts), func(c evidence.Client) bool { return filepath.FromSlash(c.File) != shown })
	if len(mine) > 0 {
		f.File, f.Accounts = shown, mine
	}
	return f
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
		if all[i].is("", all[i].text(text)) || all[i].is(name, all[i].text(text)) {
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
	text, err := bytesOf(path)
	if err != nil {
		return Found{Program: k.program, File: p.shown(path), Err: err}
	}
	return found(k, text, path, p)
}

func found(k kind, text, path string, p Place) Found {
	accounts, err := k.read(k.text(text), p.origin(path))
	for i := range accounts {
		reticent(&accounts[i])
	}
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
